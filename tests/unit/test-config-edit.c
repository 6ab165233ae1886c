/* test-config-edit.c: one key changes, no other byte does */
#include "kw-config-edit.h"

#include "kw-config-table.h"

#include <string.h>

static void
test_places(void)
{
    static const struct {
        const gchar *what, *text, *expected;
    } rows[] = {
        {"empty file", "", "[signal]\naccount = +43\n"},
        {"set before", "# a\n[signal]\n account=1 \n# b\n",
         "# a\n[signal]\naccount = +43\n# b\n"},
        {"the sample's line", "[signal]\n# number\n#account = \n#owners = \n",
         "[signal]\n# number\naccount = +43\n#owners = \n"},
        {"set and sample", "[signal]\n#account = 1\naccount = 2\n",
         "[signal]\n#account = 1\naccount = +43\n"},
        {"section without the key", "[signal]\naddress = /x\n\n[log]\nlevel = info\n",
         "[signal]\naddress = /x\naccount = +43\n\n[log]\nlevel = info\n"},
        {"the key elsewhere", "[telegram]\naccount = 1\n[signals]\naccount = 2\n",
         "[telegram]\naccount = 1\n[signals]\naccount = 2\n\n[signal]\naccount = +43\n"},
        {"longer name", "[signal]\naccounts = 1\n", "[signal]\naccounts = 1\naccount = +43\n"},
        {"no line end", "[signal]\naccount = 1", "[signal]\naccount = +43\n"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree gchar *text = kw_config_edit_set(rows[i].text, "signal", "account", "+43");

        g_test_message("row %s", rows[i].what);
        g_assert_cmpstr(text, ==, rows[i].expected);
    }
}

/* Property: any keys of the real table, set in any order, are read back; a repetition changes
 * nothing. */
static void
test_read_back(void)
{
    const KwConfigTable *table = kw_config_table_get_bot();

    for (guint round = 0; round < 200; round++) {
        g_autofree gchar *text = g_strdup("# mine\n[signal]\n#account = \n\n[log]\n");
        g_autoptr(GKeyFile) file = g_key_file_new();
        g_autoptr(GHashTable) wanted =
            g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
        GHashTableIter iter;
        gpointer row, value;

        for (guint i = 0; i < 8; i++) {
            gint index = g_test_rand_int_range(0, (gint) table->n_rows);
            gchar *number = g_strdup_printf("%u", g_test_rand_int() % 1000);
            gchar *next, *again;

            next = kw_config_edit_set(text, table->rows[index].section, table->rows[index].key,
                                      number);
            again = kw_config_edit_set(next, table->rows[index].section, table->rows[index].key,
                                       number);
            g_assert_cmpstr(again, ==, next);
            g_free(again);
            g_free(text);
            text = next;
            (void) g_hash_table_insert(wanted, GINT_TO_POINTER(index + 1), number);
        }
        g_assert_true(g_key_file_load_from_data(file, text, strlen(text), 0, NULL));
        g_hash_table_iter_init(&iter, wanted);
        while (g_hash_table_iter_next(&iter, &row, &value)) {
            const KwConfigRow *known = &table->rows[GPOINTER_TO_INT(row) - 1];
            g_autofree gchar *found =
                g_key_file_get_value(file, known->section, known->key, NULL);

            g_assert_cmpstr(found, ==, value);
        }
        g_assert_true(g_str_has_prefix(text, "# mine\n"));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/config-edit/places", test_places);
    g_test_add_func("/base/config-edit/read-back", test_read_back);
    return g_test_run();
}
