/* kw-simulate-faults.c: seeds of faults one after the other, and what came of them
 *
 * A seed that breaks a rule is told at once with the command that plays it again; the others
 * go on, so that one run shows them all. */
#define G_LOG_DOMAIN "kw-app"

#include "kw-simulate-faults.h"

#include "kw-cli.h"
#include "kw-fault-plan.h"
#include "kw-fault-run.h"
#include "kw-i18n.h"

#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#define MAX_SEEDS 1000000

typedef struct {
    const KwSimulateFaults *options;
    guint64 first, last;
    guint n_seeds, n_broken, n_with_stops;
    guint n_happened[KW_N_FAULT_KINDS];
    guint64 n_orders, n_lives, n_candles, n_messages, n_replies;
    gint64 worst_bare_us, run_us;
} Tally;

/* -- seeds -- */

static gboolean
parse_seeds(Tally *self, const gchar *text)
{
    g_auto(GStrv) ends = g_strsplit(text, "..", 2);

    if (!g_ascii_string_to_unsigned(ends[0], 10, 0, G_MAXUINT32, &self->first, NULL))
        return FALSE;
    self->last = self->first;
    if (ends[1] != NULL &&
        !g_ascii_string_to_unsigned(ends[1], 10, self->first, G_MAXUINT32, &self->last, NULL))
        return FALSE;
    return self->last - self->first < MAX_SEEDS;
}

/* (transfer full): in memory, when that can be: the disk has no part in this */
static gchar *
make_scratch(GError **error)
{
    g_autofree gchar *path = g_strdup("/dev/shm/kurswart-XXXXXX");

    if (g_mkdtemp(path) != NULL)
        return g_steal_pointer(&path);
    return kw_cli_make_scratch(error);
}

/* -- telling -- */

static void
tell_broken(const Tally *self, guint64 seed, const KwShamMemory *memory)
{
    g_autofree gchar *days = self->options->n_days > 0
                                 ? g_strdup_printf(" --days %u", self->options->n_days)
                                 : g_strdup("");
    g_autofree gchar *replay = g_strdup_printf(
        "kurswart simulate --faults %" G_GUINT64_FORMAT "%s --verbose", seed, days);

    g_printerr("%s %" G_GUINT64_FORMAT ": %s\n  %s %s\n", _("Broken at seed"), seed,
               memory->note, _("play it again:"), replay);
}

static void
print_json(const Tally *self)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autoptr(JsonNode) root = NULL;
    g_autofree gchar *text = NULL;

    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "seeds");
    json_builder_add_int_value(builder, self->n_seeds);
    json_builder_set_member_name(builder, "broken");
    json_builder_add_int_value(builder, self->n_broken);
    json_builder_set_member_name(builder, "processes");
    json_builder_add_int_value(builder, (gint64) self->n_lives);
    json_builder_set_member_name(builder, "orders");
    json_builder_add_int_value(builder, (gint64) self->n_orders);
    json_builder_set_member_name(builder, "candles");
    json_builder_add_int_value(builder, (gint64) self->n_candles);
    json_builder_set_member_name(builder, "messages");
    json_builder_add_int_value(builder, (gint64) self->n_messages);
    json_builder_set_member_name(builder, "replies");
    json_builder_add_int_value(builder, (gint64) self->n_replies);
    json_builder_set_member_name(builder, "seeds_with_stops");
    json_builder_add_int_value(builder, self->n_with_stops);
    json_builder_set_member_name(builder, "longest_without_stop_s");
    json_builder_add_int_value(builder, self->worst_bare_us / (gint64) G_USEC_PER_SEC);
    json_builder_set_member_name(builder, "seconds");
    json_builder_add_double_value(builder, (gdouble) self->run_us / G_USEC_PER_SEC);
    json_builder_set_member_name(builder, "faults");
    json_builder_begin_object(builder);
    for (guint i = 0; i < KW_N_FAULT_KINDS; i++) {
        json_builder_set_member_name(builder, kw_fault_kind_to_string((KwFaultKind) i));
        json_builder_add_int_value(builder, self->n_happened[i]);
    }
    json_builder_end_object(builder);
    json_builder_end_object(builder);
    root = json_builder_get_root(builder);
    text = json_to_string(root, FALSE);
    g_print("%s\n", text);
}

static void
print_text(const Tally *self)
{
    guint n_faults = 0;

    for (guint i = 0; i < KW_N_FAULT_KINDS; i++)
        n_faults += self->n_happened[i];
    g_print("%s %u\n%s %u\n%s %" G_GUINT64_FORMAT "\n%s %" G_GUINT64_FORMAT "\n", _("Seeds:"),
            self->n_seeds, _("Faults that happened:"), n_faults, _("Processes:"), self->n_lives,
            _("Orders at the exchange:"), self->n_orders);
    if (self->n_replies > 0)
        g_print("%s %" G_GUINT64_FORMAT "\n%s %" G_GUINT64_FORMAT "\n",
                _("Questions and orders answered:"), self->n_replies, _("Messages sent:"),
                self->n_messages);
    for (guint i = 0; i < KW_N_FAULT_KINDS; i++)
        if (self->n_happened[i] > 0)
            g_print("  %-16s %u\n", kw_fault_kind_to_string((KwFaultKind) i),
                    self->n_happened[i]);
    if (self->n_with_stops > 0)
        g_print("%s %" G_GINT64_FORMAT " s\n", _("Longest time without a stop:"),
                self->worst_bare_us / (gint64) G_USEC_PER_SEC);
    else
        g_print("%s\n", _("The bot placed no stops; nothing is said of positions without."));
    g_print("%s %.1f s\n", _("Real time:"), (gdouble) self->run_us / G_USEC_PER_SEC);
    if (self->n_broken == 0)
        g_print("%s\n", _("Every rule held."));
    else
        g_print("%s %u\n", _("Seeds that broke a rule:"), self->n_broken);
}

/* -- running -- */

static void
add_result(Tally *self, guint64 seed, const KwFaultResult *result)
{
    self->n_seeds++;
    self->n_with_stops += result->has_stops;
    self->n_lives += result->memory.n_lives;
    self->n_orders += result->n_orders;
    self->n_candles += result->memory.n_candles;
    self->n_messages += result->memory.n_messages;
    self->n_replies += result->memory.n_replies;
    self->worst_bare_us = MAX(self->worst_bare_us, result->worst_bare_us);
    self->run_us += result->run_us;
    for (guint i = 0; i < KW_N_FAULT_KINDS; i++)
        self->n_happened[i] += result->memory.n_happened[i];
    if (result->memory.note[0] == '\0')
        return;
    self->n_broken++;
    tell_broken(self, seed, &result->memory);
}

static gboolean
play_seed(Tally *self, guint64 seed, GError **error)
{
    g_autofree gchar *scratch = NULL;
    KwFaultPlay play = {
        .seed = seed, .n_days = self->options->n_days, .is_verbose = self->options->is_verbose};
    KwFaultResult result = {0};
    gboolean is_played;

    if (self->options->root == NULL && (scratch = make_scratch(error)) == NULL)
        return FALSE;
    play.root = scratch != NULL ? scratch : self->options->root;
    is_played = kw_fault_run_play(&play, &result, error);
    if (scratch != NULL)
        kw_cli_remove_scratch(scratch);
    if (is_played)
        add_result(self, seed, &result);
    return is_played;
}

int
kw_simulate_faults(const KwSimulateFaults *options)
{
    Tally tally = {.options = options};
    g_autoptr(GError) error = NULL;

    if (!parse_seeds(&tally, options->seeds))
        return kw_cli_fail(KW_EXIT_USAGE, _("--faults takes a seed, as 17, or seeds, as 1..9"),
                           NULL);
    if (options->root != NULL && tally.first != tally.last)
        return kw_cli_fail(KW_EXIT_USAGE, _("--root keeps the data of one seed only"), NULL);
    if (options->root != NULL) {
        int status = kw_cli_check_new_root(options->root);

        if (status != 0)
            return status;
        if (g_mkdir_with_parents(options->root, 0700) != 0)
            return kw_cli_fail(EX_CANTCREAT, options->root, NULL);
    }
    for (guint64 seed = tally.first; seed <= tally.last; seed++)
        if (!play_seed(&tally, seed, &error))
            return kw_cli_fail_error(error, NULL);
    if (options->is_json)
        print_json(&tally);
    else
        print_text(&tally);
    return tally.n_broken > 0 ? KW_EXIT_NO : EX_OK;
}
