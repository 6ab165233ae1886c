/* kw-fuzz.c: the entry of libFuzzer */
#include "kw-fuzz.h"

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize length)
{
    kw_fuzz_one(bytes, length);
    return 0;
}
