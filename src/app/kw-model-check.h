/* kw-model-check.h: "kurswart model check": whether it is time to train anew */
#pragma once

#include "kw-data-page.h"
#include "kw-registry.h"

G_BEGIN_DECLS

/**
 * KwModelCheck:
 * @root: data root, whose stored candles and trades are looked at
 */
typedef struct {
    const gchar *root, *name;
    const KwRegistry *registry;
    KwDataPage *page;
} KwModelCheck;

/**
 * kw_model_check_run:
 *
 * Asks the model in use about all stored candles that came after those it was made from, and
 * holds each reason to train anew against its limit. Prints on the page.
 *
 * Returns: exit status: 0 without a reason, %KW_EXIT_NO with one, another after saying what
 *   went wrong
 */
int kw_model_check_run(const KwModelCheck *self);

G_END_DECLS
