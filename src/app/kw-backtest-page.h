/* kw-backtest-page.h: a finished backtest as its owner reads it */
#pragma once

#include "kw-format.h"
#include "kw-lab-input.h"
#include "kw-result.h"

G_BEGIN_DECLS

/* Head, tables and figures of @result, appended to @out */
void kw_backtest_page_print(GString *out,
                            KwFormat *format,
                            const KwLabInput *input,
                            const KwResult *result);

G_END_DECLS
