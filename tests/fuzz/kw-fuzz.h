/* kw-fuzz.h: one function that takes any bytes; run by libFuzzer or over a corpus */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The target. Whatever the bytes are, it returns; a broken promise is a failed assertion. */
void kw_fuzz_one(const guint8 *bytes, gsize length);

/* What libFuzzer calls */
int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize length);

G_END_DECLS
