/* kw-golden.h: texts that were read by a person once and must not change unseen */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * kw_golden_check:
 * @path: below tests/golden
 * @text: what the code gives now
 *
 * Fails the test when the file holds something else. With KW_UPDATE_GOLDEN=1 the file is
 * written instead; read the difference before it is kept.
 */
void kw_golden_check(const gchar *path, const gchar *text);

G_END_DECLS
