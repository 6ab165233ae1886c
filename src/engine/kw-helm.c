/* kw-helm.c: start, stop, pause, kill, threshold, locks
 *
 * Every change takes effect in memory at once and is journaled after: a store that cannot be
 * written must not keep the owner from stopping. The kill switch also goes into a file of its
 * own, because it has to hold when the database is broken. */
#define G_LOG_DOMAIN "kw-engine"

#include "kw-helm.h"

#include "kw-kill-file.h"
#include "kw-log.h"
#include "kw-notice.h"
#include "kw-promoter.h"
#include "kw-trainer.h"
#include "kw-venue.h"

#include <string.h>

struct _KwHelm {
    GObject parent_instance;

    KwBook *book;         /* borrowed */
    KwJournal *journal;   /* owned */
    gchar *root;          /* owned */
    KwPromoter *promoter; /* owned */
    gboolean is_unsaved;  /* a change is in force and not stored: saying it again stores it */
};

enum { SIGNAL_EVENT, N_SIGNALS };
static guint signals[N_SIGNALS];

static void control_init(KwControlInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(KwHelm,
                              kw_helm,
                              G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(KW_TYPE_CONTROL, control_init))

/* -- writing down and telling -- */

static void
on_written(GObject *source, GAsyncResult *result, gpointer user_data)
{
    G_GNUC_UNUSED g_autoptr(KwHelm) self = user_data;
    g_autoptr(GError) error = NULL;

    if (kw_journal_append_finish(KW_JOURNAL(source), result, &error))
        return;
    self->is_unsaved = TRUE;
    kw_log_critical("a change by the user is in force but not stored", "KW_ERROR",
                    error->message);
}

static void
write_batch(KwHelm *self, KwBatch *batch)
{
    kw_journal_append_async(self->journal, batch, NULL, on_written, g_object_ref(self));
}

static void
emit_event(KwHelm *self, KwEventKind kind, const gchar *text)
{
    KwEvent event = {
        .kind = kind,
        .time_us = kw_clock_now_us(self->book->clock),
        .mode = self->book->settings->mode,
    };

    g_snprintf(event.key, sizeof event.key, "%s:%" G_GINT64_FORMAT ":%" G_GUINT64_FORMAT,
               kw_event_kind_to_string(kind), event.time_us / G_USEC_PER_SEC,
               self->book->serial);
    g_strlcpy(event.text, text, sizeof event.text);
    g_signal_emit(self, signals[SIGNAL_EVENT], 0, &event);
}

static void
result_init(KwHelm *self, KwControlResult *out)
{
    KwBook *book = self->book;

    *out = (KwControlResult){
        .at_us = kw_clock_now_us(book->clock),
        .n_open = kw_portfolio_get_n_open(book->portfolio),
        .open_profit = book->tracker.open_profit,
    };
}

static void
refuse(KwControlResult *out, const gchar *why)
{
    out->is_refused = TRUE;
    g_strlcpy(out->refusal, why, sizeof out->refusal);
}

/* The disk has room again and the owner repeats the word: now it also holds after a restart. */
static void
store_state_again(KwHelm *self)
{
    g_autoptr(KwBatch) batch = NULL;

    if (!self->is_unsaved)
        return;
    self->is_unsaved = FALSE;
    batch = kw_batch_new();
    kw_book_add_state(self->book, batch);
    write_batch(self, g_steal_pointer(&batch));
}

static void
change_state(
    KwHelm *self, KwRunState state, const gchar *by, gint64 reminder_us, KwControlResult *out)
{
    KwBook *book = self->book;
    g_autoptr(KwBatch) batch = NULL;

    result_init(self, out);
    if (book->state == state && book->reminder_us == reminder_us) {
        out->at_us = book->state_us;
        g_strlcpy(out->by, book->state_by, sizeof out->by);
        store_state_again(self);
        return;
    }
    out->is_changed = TRUE;
    book->reminder_us = reminder_us;
    kw_book_set_state(book, state, by, NULL);
    batch = kw_batch_new();
    kw_book_add_state(book, batch);
    kw_batch_add_audit(batch, out->at_us, book->settings->mode, by,
                       kw_run_state_to_string(state), NULL);
    write_batch(self, g_steal_pointer(&batch));
    kw_log_message("run state changed", "KW_STATE", kw_run_state_to_string(state), "KW_PEER",
                   by);
    emit_event(self, KW_EVENT_STATE, by);
}

/* -- KwControl -- */

static gboolean
is_still_breached(KwHelm *self, gchar *out_reason, gsize size)
{
    KwRiskInput input;
    KwRiskVerdict verdict;
    KwRiskReason reason;

    kw_book_fill_risk_input(self->book, NULL, &input);
    reason = kw_risk_judge(self->book->risk, &input, &verdict);
    g_snprintf(out_reason, size, "halted:%s", kw_risk_reason_to_string(reason));
    return kw_risk_reason_is_breach(reason);
}

static void
helm_start(KwControl *control, const gchar *by, KwControlResult *out)
{
    KwHelm *self = KW_HELM(control);
    gchar reason[KW_VIEW_TEXT_SIZE];

    result_init(self, out);
    if (kw_kill_switch_is_tripped(self->book->kill)) {
        refuse(out, "kill_switch");
        return;
    }
    if (self->book->strategy == NULL) {
        refuse(out, "no_strategy");
        return;
    }
    /* a row of losses ends with the owner's decision to go on; money limits do not */
    kw_risk_reset_losses(self->book->risk);
    self->book->losses_from = kw_portfolio_get_n_closed(self->book->portfolio);
    if (is_still_breached(self, reason, sizeof reason)) {
        refuse(out, reason);
        return;
    }
    change_state(self, KW_RUN_STATE_RUNNING, by, 0, out);
}

static void
helm_stop(KwControl *control, const gchar *by, gint64 reminder_us, KwControlResult *out)
{
    change_state(KW_HELM(control), KW_RUN_STATE_STOPPED, by, reminder_us, out);
}

static void
helm_pause(KwControl *control, const gchar *by, gint64 reminder_us, KwControlResult *out)
{
    KwHelm *self = KW_HELM(control);

    /* stopped and halted are stronger: a pause must not weaken them */
    if (self->book->state == KW_RUN_STATE_STOPPED || self->book->state == KW_RUN_STATE_HALTED) {
        result_init(self, out);
        out->at_us = self->book->state_us;
        g_strlcpy(out->by, self->book->state_by, sizeof out->by);
        return;
    }
    change_state(self, KW_RUN_STATE_PAUSED, by, reminder_us, out);
}

static void
on_latch_synced(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;

    (void) source;
    (void) user_data;
    if (!g_task_propagate_boolean(G_TASK(result), &error))
        kw_log_critical("kill latch file not synced", "KW_ERROR", error->message);
}

static void
sync_latch(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
    GError *error = NULL;

    (void) source;
    (void) cancellable;
    if (kw_kill_file_sync(task_data, &error))
        g_task_return_boolean(task, TRUE);
    else
        g_task_return_error(task, error);
}

/* The latch holds in memory and in the file before this; the reply waits for its row in the
 * ledger. The two syncs of the file are a third net, and no reason to keep the loop waiting. */
static void
sync_latch_later(KwHelm *self)
{
    g_autoptr(GTask) task = g_task_new(self, NULL, on_latch_synced, NULL);

    g_task_set_source_tag(task, sync_latch_later);
    g_task_set_task_data(task, g_strdup(self->root), g_free);
    g_task_run_in_thread(task, sync_latch);
}

static void
store_kill(KwHelm *self, const gchar *by, const gchar *action)
{
    KwBook *book = self->book;
    KwKillState state = kw_kill_switch_get_state(book->kill);
    gint64 now_us = kw_clock_now_us(book->clock);
    const gchar *reason = kw_kill_switch_get_reason(book->kill);
    g_autofree gchar *text = kw_kill_record_to_text(state, now_us, reason);
    g_autoptr(KwBatch) batch = kw_batch_new();
    g_autoptr(GError) error = NULL;

    if (!kw_kill_file_write(self->root, state, now_us, reason, &error))
        kw_log_critical("kill latch file not written", "KW_ERROR", error->message);
    else
        sync_latch_later(self);
    kw_batch_add_meta(batch, KW_KILL_META_KEY, text, now_us);
    kw_batch_add_audit(batch, now_us, book->settings->mode, by, action, NULL);
    kw_book_add_state(book, batch);
    write_batch(self, g_steal_pointer(&batch));
}

static void
helm_kill_on(KwControl *control, const gchar *by, KwControlResult *out)
{
    KwHelm *self = KW_HELM(control);

    result_init(self, out);
    if (!kw_kill_switch_trip(self->book->kill, by)) {
        out->at_us = kw_kill_switch_get_tripped_us(self->book->kill);
        g_strlcpy(out->by, kw_kill_switch_get_reason(self->book->kill), sizeof out->by);
        if (self->is_unsaved) {
            self->is_unsaved = FALSE;
            store_kill(self, by, "kill_on");
        }
        return;
    }
    out->is_changed = TRUE;
    self->book->serial++;
    store_kill(self, by, "kill_on");
    kw_log_message("kill switch on", "KW_PEER", by);
    emit_event(self, KW_EVENT_KILL_ON, by);
}

static void
helm_kill_off(KwControl *control, const gchar *by, KwControlResult *out)
{
    KwHelm *self = KW_HELM(control);

    result_init(self, out);
    if (!kw_kill_switch_release(self->book->kill))
        return;
    out->is_changed = TRUE;
    self->book->reminder_us = 0;
    kw_book_set_state(self->book, KW_RUN_STATE_STOPPED, by, NULL);
    store_kill(self, by, "kill_off");
    kw_log_message("kill switch off", "KW_PEER", by);
    emit_event(self, KW_EVENT_KILL_OFF, by);
}

static void
helm_set_threshold(KwControl *control, const gchar *by, gdouble value, KwControlResult *out)
{
    KwHelm *self = KW_HELM(control);
    KwBook *book = self->book;
    g_autoptr(KwBatch) batch = NULL;
    gchar text[G_ASCII_DTOSTR_BUF_SIZE];

    result_init(self, out);
    out->old_value = book->threshold;
    out->new_value = value;
    if (ABS(value - book->threshold) < 1e-9)
        return;
    out->is_changed = TRUE;
    book->threshold = value;
    book->serial++;
    batch = kw_batch_new();
    kw_book_add_state(book, batch);
    kw_batch_add_audit(batch, out->at_us, book->settings->mode, by, "set_threshold",
                       g_ascii_dtostr(text, sizeof text, value));
    write_batch(self, g_steal_pointer(&batch));
}

/* Not part of what confirmations are bound to: nothing of it touches trading. */
static void
helm_set_preference(KwControl *control, const gchar *by, const gchar *key, const gchar *value)
{
    KwHelm *self = KW_HELM(control);
    KwBook *book = self->book;
    gint64 now_us = kw_clock_now_us(book->clock);
    g_autofree gchar *meta = g_strconcat(KW_BOOK_META_PREFERENCE, key, NULL);
    g_autoptr(KwBatch) batch = kw_batch_new();

    if (value != NULL)
        g_hash_table_insert(book->preferences, g_strdup(key), g_strdup(value));
    else
        g_hash_table_remove(book->preferences, key);
    kw_batch_add_meta(batch, meta, value != NULL ? value : "", now_us);
    kw_batch_add_audit(batch, now_us, book->settings->mode, by, "set_preference", key);
    write_batch(self, g_steal_pointer(&batch));
}

static void
store_lock(KwHelm *self, const KwLock *lock, const gchar *by, const gchar *action)
{
    g_autoptr(KwBatch) batch = kw_batch_new();

    self->book->serial++;
    kw_batch_add_lock(batch, lock);
    kw_batch_add_audit(batch, kw_clock_now_us(self->book->clock), self->book->settings->mode,
                       by, action, lock->pair);
    write_batch(self, g_steal_pointer(&batch));
}

static void
helm_lock_pair(KwControl *control,
               const gchar *by,
               const gchar *pair,
               gint64 until_us,
               KwControlResult *out)
{
    KwHelm *self = KW_HELM(control);
    KwLock lock = {.until_us = until_us, .reason = "user", .by = "user"};

    result_init(self, out);
    if (kw_book_find_slot(self->book, pair) == NULL) {
        refuse(out, "unknown_pair");
        return;
    }
    /* locking needs no code, so it must not shorten a lock that is in force */
    if (kw_lock_list_get_until_us(self->book->locks, pair, out->at_us) >= until_us)
        return;
    out->is_changed = TRUE;
    lock.from_us = out->at_us;
    g_strlcpy(lock.pair, pair, sizeof lock.pair);
    (void) kw_lock_list_add(self->book->locks, &lock);
    store_lock(self, &lock, by, "lock_pair");
}

static void
helm_unlock_pair(KwControl *control, const gchar *by, const gchar *pair, KwControlResult *out)
{
    KwHelm *self = KW_HELM(control);
    KwLockList *locks = self->book->locks;

    result_init(self, out);
    if (kw_book_find_slot(self->book, pair) == NULL) {
        refuse(out, "unknown_pair");
        return;
    }
    /* a protection's lock is one of its own, and may not come back after a restart either */
    if (kw_lock_list_unlock(locks, pair, out->at_us) == 0)
        return;
    out->is_changed = TRUE;
    for (guint i = 0; i < kw_lock_list_get_length(locks); i++) {
        const KwLock *lock = kw_lock_list_get(locks, i);

        if (strcmp(lock->pair, pair) == 0 && lock->until_us == out->at_us - 1)
            store_lock(self, lock, by, "unlock_pair");
    }
}

static void
helm_audit(KwControl *control, const gchar *by, const gchar *action, const gchar *detail)
{
    KwHelm *self = KW_HELM(control);
    g_autoptr(KwBatch) batch = kw_batch_new();

    kw_batch_add_audit(batch, kw_clock_now_us(self->book->clock), self->book->settings->mode,
                       by, action, detail);
    write_batch(self, g_steal_pointer(&batch));
}

/* -- models -- */

/* That it is in use is told by kw-model-watch.c, when it is. */
static void
on_promoted(const gchar *tag, const GError *error, gpointer user_data)
{
    KwHelm *self = user_data;
    KwEvent event = kw_notice_new(self->book, KW_EVENT_MODEL, "");

    if (error == NULL) {
        kw_log_message("model promoted", "KW_MODEL", tag);
        return;
    }
    kw_log_warning("model not promoted; the one before stays", "KW_MODEL", tag, "KW_ERROR",
                   error->message);
    event.count = 1;
    g_strlcpy(event.trade.model, tag, sizeof event.trade.model);
    g_strlcpy(event.text, error->message, sizeof event.text);
    g_snprintf(event.key, sizeof event.key, "%s:%s:%" G_GINT64_FORMAT,
               kw_event_kind_to_string(event.kind), tag, event.time_us);
    g_signal_emit(self, signals[SIGNAL_EVENT], 0, &event);
}

static void
change_model(
    KwHelm *self, KwPromoterWay way, const gchar *by, const gchar *tag, KwControlResult *out)
{
    g_autoptr(KwBatch) batch = NULL;
    const gchar *refusal;

    result_init(self, out);
    refusal = kw_promoter_begin(self->promoter, way, tag, out->at_us);
    if (*refusal != '\0') {
        refuse(out, refusal);
        return;
    }
    out->is_changed = TRUE;
    self->book->serial++;
    batch = kw_batch_new();
    kw_batch_add_audit(batch, out->at_us, self->book->settings->mode, by,
                       way == KW_PROMOTER_DEPLOY ? "deploy" : "rollback", tag);
    write_batch(self, g_steal_pointer(&batch));
}

static void
helm_deploy(KwControl *control, const gchar *by, const gchar *tag, KwControlResult *out)
{
    change_model(KW_HELM(control), KW_PROMOTER_DEPLOY, by, tag, out);
}

static void
helm_rollback(KwControl *control, const gchar *by, const gchar *tag, KwControlResult *out)
{
    change_model(KW_HELM(control), KW_PROMOTER_ROLLBACK, by, tag, out);
}

/* -- differences to the exchange -- */

static void
helm_accept(KwControl *control, const gchar *by, const gchar *mark, KwControlResult *out)
{
    KwHelm *self = KW_HELM(control);

    result_init(self, out);
    if (self->book->venue == NULL) {
        refuse(out, "not_set_up");
        return;
    }
    if (!kw_venue_accept(self->book->venue, mark, by)) {
        refuse(out, "changed");
        return;
    }
    out->is_changed = TRUE;
    self->book->serial++;
}

static void
helm_retrain(KwControl *control, const gchar *by, KwControlResult *out)
{
    KwHelm *self = KW_HELM(control);
    g_autoptr(KwBatch) batch = NULL;
    const gchar *refusal = kw_trainer_request(self->book->trainer);

    result_init(self, out);
    if (*refusal != '\0') {
        refuse(out, refusal);
        return;
    }
    out->is_changed = TRUE;
    batch = kw_batch_new();
    kw_batch_add_audit(batch, out->at_us, self->book->settings->mode, by, "retrain", NULL);
    write_batch(self, g_steal_pointer(&batch));
}

static void
control_init(KwControlInterface *iface)
{
    iface->accept = helm_accept;
    iface->retrain = helm_retrain;
    iface->deploy = helm_deploy;
    iface->rollback = helm_rollback;
    iface->start = helm_start;
    iface->stop = helm_stop;
    iface->pause = helm_pause;
    iface->kill_on = helm_kill_on;
    iface->kill_off = helm_kill_off;
    iface->set_threshold = helm_set_threshold;
    iface->lock_pair = helm_lock_pair;
    iface->unlock_pair = helm_unlock_pair;
    iface->audit = helm_audit;
    iface->set_preference = helm_set_preference;
}

/* -- object -- */

KwHelm *
kw_helm_new(KwBook *book, KwJournal *journal, const gchar *root)
{
    KwHelm *self = g_object_new(KW_TYPE_HELM, NULL);

    self->book = book;
    self->journal = g_object_ref(journal);
    self->root = g_strdup(root);
    self->promoter = kw_promoter_new(root, on_promoted, self);
    return self;
}

static void
kw_helm_finalize(GObject *object)
{
    KwHelm *self = KW_HELM(object);

    g_clear_pointer(&self->promoter, kw_promoter_free);
    g_clear_object(&self->journal);
    g_clear_pointer(&self->root, g_free);

    G_OBJECT_CLASS(kw_helm_parent_class)->finalize(object);
}

static void
kw_helm_class_init(KwHelmClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = kw_helm_finalize;

    signals[SIGNAL_EVENT] = g_signal_new("event", KW_TYPE_HELM, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
kw_helm_init(KwHelm *self)
{
    (void) self;
}
