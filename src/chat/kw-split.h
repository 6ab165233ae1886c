/* kw-split.h: a long text in pieces that a messenger takes */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KwSplitUnit: what a messenger counts
 * @KW_SPLIT_BYTES: bytes of UTF-8
 * @KW_SPLIT_UTF16: UTF-16 code units: two for what is beyond U+FFFF
 */
typedef enum {
    KW_SPLIT_BYTES,
    KW_SPLIT_UTF16,
} KwSplitUnit;

/* Length of valid UTF-8 in @unit; @length may be -1 */
gsize kw_split_count(const gchar *text, gssize length, KwSplitUnit unit);

/**
 * kw_split_text:
 * @text: valid UTF-8
 * @max: units of a piece, >= 4
 *
 * Cuts between paragraphs, else between lines, else at a blank, else between characters; white
 * space at a cut is dropped.
 *
 * Returns: (transfer full): at least one piece; only an empty text gives an empty one
 */
gchar **kw_split_text(const gchar *text, gsize max, KwSplitUnit unit);

G_END_DECLS
