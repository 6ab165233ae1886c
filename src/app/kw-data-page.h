/* kw-data-page.h: what the parts of `kurswart data` share: output, places, failing */
#pragma once

#include "kw-format.h"
#include "kw-market-store.h"

G_BEGIN_DECLS

#define KW_DATA_EXIT_NO 1
#define KW_DATA_EXIT_USAGE 2

/**
 * KwDataPage:
 * @out: what goes to standard output when the part is done
 * @format: German numbers
 * @now_us: when the program was started
 */
typedef struct {
    GString *out;
    KwFormat *format;
    gint64 now_us;
} KwDataPage;

/* (transfer full): NULL with an error when this machine has no time zones */
KwDataPage *kw_data_page_new(GError **error);
void kw_data_page_free(KwDataPage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwDataPage, kw_data_page_free)

/* Prints what was gathered. Returns @status. */
int kw_data_page_end(KwDataPage *self, int status);

/* "8.784"; owned by the page */
const gchar *kw_data_page_count(KwDataPage *self, guint64 count);

/* "2024-01-01 00:00", UTC; @buffer has KW_UTC_TEXT_SIZE bytes. Returns @buffer. */
const gchar *kw_data_page_minute(gint64 time_us, gchar *buffer);

/**
 * kw_data_page_parse:
 * @usage: "import FILE..."; without a second word only options are taken
 * @example: for --help
 * @out_status: exit status when the part should end here
 *
 * Reads the options of a part out of @argv.
 *
 * Returns: %FALSE after help, or after saying what is wrong
 */
gboolean kw_data_page_parse(int *argc,
                            char ***argv,
                            const GOptionEntry *entries,
                            const gchar *usage,
                            const gchar *example,
                            int *out_status);

/* Says "kurswart: TEXT" on standard error. Returns @status. */
int kw_data_page_fail(int status, const gchar *text);

/* The same with what the English message of @error means, and the message */
int kw_data_page_fail_as(int status, const GError *error);

/* (transfer full): @root (nullable), or the usual data root */
gchar *kw_data_page_dup_root(const gchar *root);

/**
 * kw_data_page_open_store:
 * @root: (nullable): data root; %NULL for the usual one
 * @out_status: exit status on failure, after saying what is wrong
 *
 * Returns: (transfer full): the store, or %NULL
 */
KwMarketStore *kw_data_page_open_store(const gchar *root, int *out_status);

G_END_DECLS
