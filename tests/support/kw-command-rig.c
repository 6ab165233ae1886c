/* kw-command-rig.c: one run of one command, as the dialog runs it */
#include "kw-command-rig.h"

#include "kw-dialog.h"
#include "kw-golden.h"
#include "kw-reply.h"
#include "kw-test.h"

#include <string.h>

void
kw_command_rig_set_up(KwCommandRig *fixture, gconstpointer data)
{
    (void) data;
    fixture->desk = kw_fake_desk_new();
    fixture->zone = kw_zone_new("Europe/Vienna", NULL);
    g_assert_nonnull(fixture->zone);
    kw_slots_init(&fixture->intent.slots);
}

void
kw_command_rig_tear_down(KwCommandRig *fixture, gconstpointer data)
{
    (void) data;
    g_object_unref(fixture->desk);
    kw_zone_unref(fixture->zone);
    kw_i18n_set_language(KW_LANGUAGE_DE, KW_ADDRESS_DU);
}

void
kw_command_rig_use_empty_desk(KwCommandRig *fixture)
{
    g_object_unref(fixture->desk);
    fixture->desk = kw_fake_desk_new_empty();
}

KwSlots *
kw_command_rig_fresh_slots(KwCommandRig *fixture)
{
    kw_slots_init(&fixture->intent.slots);
    return &fixture->intent.slots;
}

void
kw_command_rig_set_pair(KwSlots *slots, const gchar *pair)
{
    g_strlcpy(slots->pairs[slots->n_pairs++], pair, KW_SLOTS_PAIR_SIZE);
}

gchar *
kw_command_rig_run(KwCommandRig *fixture, KwIntentId id)
{
    const KwCommand *command = kw_command_find(id);
    gint64 now_us = fixture->desk->status.now_us;
    g_autoptr(KwFormat) format = kw_format_new(fixture->zone, now_us);
    KwCommandCtx ctx = {
        .query = KW_QUERY(fixture->desk),
        .control = KW_CONTROL(fixture->desk),
        .format = format,
        .zone = fixture->zone,
        .intent = &fixture->intent,
        .slots = fixture->intent.slots,
        .by = "signal:+431",
        .sender = "+431",
        .now_us = now_us,
        .status = fixture->desk->status,
        .pending = &fixture->pending,
        .reply = g_string_new(NULL),
        .is_first = TRUE,
        .is_confirmed = fixture->is_confirmed,
        .is_stale = fixture->is_stale,
        .is_synthetic = fixture->is_synthetic,
    };

    g_assert_nonnull(command);
    kw_i18n_set_language(fixture->language, fixture->address);
    fixture->intent.id = id;
    command->run(&ctx);
    fixture->ctx = ctx;
    fixture->ctx.reply = NULL;
    fixture->ctx.format = NULL;
    return kw_reply_finish(ctx.reply);
}

/* A minus before a digit is U+2212; a hyphen there would be a slip. */
static void
assert_no_hyphen_minus(const gchar *text)
{
    for (const gchar *at = strchr(text, '-'); at != NULL; at = strchr(at + 1, '-'))
        g_assert_false(g_ascii_isdigit(at[1]) && (at == text || at[-1] == ' '));
}

void
kw_command_rig_check(KwCommandRig *fixture, KwIntentId id, const gchar *name)
{
    g_autofree gchar *text = kw_command_rig_run(fixture, id);
    g_autofree gchar *path = g_strdup_printf("replies/%s.txt", name);
    const gchar *end = strchr(text, '\n');

    g_test_message("%s: %s", name, text);
    g_assert_true(g_utf8_validate(text, -1, NULL));
    g_assert_cmpuint(strlen(text), >, 0);
    g_assert_cmpuint(strlen(text), <=, KW_DIALOG_MAX_BYTES);
    if (g_str_has_prefix(text, "["))
        g_assert_cmpint(g_utf8_strlen(text, end != NULL ? end - text : -1), <=, 80);
    assert_no_hyphen_minus(text);
    kw_golden_check(path, text);
}

void
kw_command_rig_set_days(KwSlots *slots, KwDate from, KwDate to)
{
    slots->span = (KwSpan){.kind = KW_SPAN_DAYS, .from = from, .to = to};
}
