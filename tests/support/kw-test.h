/* kw-test.h: what several tests need: files of the source tree, scratch folders */
#pragma once

#include "kw-decimal.h"

G_BEGIN_DECLS

#define KW_TEST_T0_US G_GINT64_CONSTANT(1773235800000000) /* 2026-03-11 14:30 Europe/Vienna */

/**
 * kw_test_fixture_path:
 * @relative: path below tests/fixtures
 *
 * Returns: (transfer full): absolute path
 */
gchar *kw_test_fixture_path(const gchar *relative);

/**
 * kw_test_tmp_dir_new:
 *
 * Returns: (transfer full): a fresh folder; give it to kw_test_tmp_dir_free()
 */
gchar *kw_test_tmp_dir_new(void);

/* Scratch folders are made in memory from now on, where the system has such a place: for tests
 * that sync often. Call it before the first one is made. */
void kw_test_prefer_memory(void);

/* What the product logs is not printed from now on, and a critical message does not end the
 * test: for tests in which things fail. Broken preconditions still do. */
void kw_test_quiet_log(void);

/* Critical messages logged since kw_test_quiet_log() or the last call */
guint kw_test_take_criticals(void);

/* The same for warnings */
guint kw_test_take_warnings(void);

/* Removes the folder @dir with all that is in it, and frees the string. NULL is allowed. */
void kw_test_tmp_dir_free(gchar *dir);

/* "12.5" as a decimal; the test fails for anything else */
KwDecimal kw_test_decimal(const gchar *text);

G_END_DECLS
