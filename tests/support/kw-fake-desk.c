/* Results of a period are summed from the closed trades, as the real desk does; everything
 * else is a view that the test may change. */
#include "kw-fake-desk.h"

#include <string.h>

static void query_init(KwQueryInterface *iface);
static void control_init(KwControlInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(KwFakeDesk,
                              kw_fake_desk,
                              G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(KW_TYPE_QUERY, query_init)
                                  G_IMPLEMENT_INTERFACE(KW_TYPE_CONTROL, control_init))

KwDecimal
kw_fake_decimal(const gchar *text)
{
    KwDecimal value = KW_DECIMAL_ZERO;
    g_autoptr(GError) error = NULL;

    (void) kw_decimal_parse(text, &value, &error);
    g_assert_no_error(error);
    return value;
}

static KwDecimal
plus(KwDecimal a, KwDecimal b)
{
    KwDecimal sum = a;

    g_assert_true(kw_decimal_add(a, b, &sum, NULL));
    return sum;
}

/* -- KwQuery -- */

static void
desk_get_status(KwQuery *query, KwStatusView *out)
{
    *out = KW_FAKE_DESK(query)->status;
}

static GArray *
desk_list_open(KwQuery *query)
{
    return g_array_copy(KW_FAKE_DESK(query)->open);
}

static gboolean
find_in(const GArray *list, gint64 id, const gchar *pair, KwTradeView *out)
{
    for (guint i = 0; i < list->len; i++) {
        const KwTradeView *trade = &g_array_index(list, KwTradeView, i);

        if (id > 0 ? trade->id == id : pair != NULL && strcmp(trade->pair, pair) == 0) {
            *out = *trade;
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
desk_find_trade(KwQuery *query, gint64 id, const gchar *pair, KwTradeView *out)
{
    KwFakeDesk *self = KW_FAKE_DESK(query);

    return find_in(self->open, id, pair, out) || find_in(self->closed, id, pair, out);
}

static gboolean
is_wanted(const KwTradeView *trade, KwPeriod period, const gchar *pair)
{
    return trade->close_us >= period.from_us && trade->close_us < period.to_us &&
           (pair == NULL || strcmp(trade->pair, pair) == 0);
}

static GArray *
desk_list_closed(KwQuery *query, KwPeriod period, const gchar *pair, guint max)
{
    const GArray *closed = KW_FAKE_DESK(query)->closed;
    GArray *list = g_array_new(FALSE, FALSE, sizeof(KwTradeView));

    for (guint i = 0; i < closed->len && (max == 0 || list->len < max); i++) {
        const KwTradeView *trade = &g_array_index(closed, KwTradeView, i);

        if (is_wanted(trade, period, pair))
            g_array_append_vals(list, trade, 1);
    }
    return list;
}

static void
add_result(const KwTradeView *trade, KwProfitView *out)
{
    out->realised = plus(out->realised, trade->profit_abs);
    out->fees = plus(out->fees, trade->fees);
    out->n_trades++;
    out->wins += kw_decimal_sign(trade->profit_abs) > 0;
    out->losses += kw_decimal_sign(trade->profit_abs) < 0;
    if (!out->has_trade || kw_decimal_cmp(trade->profit_abs, out->best.profit_abs) > 0)
        out->best = *trade;
    if (!out->has_trade || kw_decimal_cmp(trade->profit_abs, out->worst.profit_abs) < 0)
        out->worst = *trade;
    out->has_trade = TRUE;
}

static void
desk_get_profit(KwQuery *query, KwPeriod period, const gchar *pair, KwProfitView *out)
{
    KwFakeDesk *self = KW_FAKE_DESK(query);
    g_autoptr(GArray) list = desk_list_closed(query, period, pair, 0);
    KwDecimal sum;

    *out = (KwProfitView){.period = period};
    for (guint i = 0; i < list->len; i++)
        add_result(&g_array_index(list, KwTradeView, i), out);
    if (period.to_us > self->status.now_us && pair == NULL)
        out->unrealised = self->status.today_unrealised;
    sum = plus(out->realised, out->unrealised);
    out->ratio = kw_decimal_to_double(sum) / 1041.10;
    out->n_opened = out->n_trades;
}

static GArray *
desk_list_pair_results(KwQuery *query, KwPeriod period)
{
    (void) period;
    return g_array_copy(KW_FAKE_DESK(query)->pair_results);
}

static void
desk_get_balance(KwQuery *query, KwBalanceView *out)
{
    *out = KW_FAKE_DESK(query)->balance;
}

static void
desk_get_drawdown(KwQuery *query, KwPeriod period, KwDrawdownView *out)
{
    (void) period;
    *out = KW_FAKE_DESK(query)->drawdown;
}

static void
desk_get_stats(KwQuery *query, KwPeriod period, const gchar *pair, KwStatsView *out)
{
    (void) period;
    (void) pair;
    *out = KW_FAKE_DESK(query)->stats;
}

static void
desk_get_risk(KwQuery *query, KwRiskView *out)
{
    *out = KW_FAKE_DESK(query)->risk;
}

static GArray *
desk_list_errors(KwQuery *query, KwPeriod period, guint max)
{
    const GArray *errors = KW_FAKE_DESK(query)->errors;
    GArray *list = g_array_new(FALSE, FALSE, sizeof(KwErrorView));

    for (guint i = 0; i < errors->len && (max == 0 || list->len < max); i++) {
        const KwErrorView *view = &g_array_index(errors, KwErrorView, i);

        if (view->time_us >= period.from_us && view->time_us < period.to_us)
            g_array_append_vals(list, view, 1);
    }
    return list;
}

static GArray *
desk_list_health(KwQuery *query)
{
    return g_array_copy(KW_FAKE_DESK(query)->health);
}

static gboolean
desk_get_price(KwQuery *query, const gchar *pair, KwPriceView *out)
{
    const GArray *prices = KW_FAKE_DESK(query)->prices;

    for (guint i = 0; i < prices->len; i++) {
        const KwPriceView *view = &g_array_index(prices, KwPriceView, i);

        if (strcmp(view->pair, pair) == 0) {
            *out = *view;
            return TRUE;
        }
    }
    return FALSE;
}

static void
desk_get_fees(KwQuery *query, KwPeriod period, KwFeesView *out)
{
    (void) period;
    *out = KW_FAKE_DESK(query)->fees;
}

static GArray *
desk_list_config(KwQuery *query)
{
    return g_array_copy(KW_FAKE_DESK(query)->config);
}

static GArray *
desk_list_pairs(KwQuery *query)
{
    return g_array_copy(KW_FAKE_DESK(query)->pairs);
}

static void
desk_get_digest(KwQuery *query, KwPeriod period, KwDigestView *out)
{
    KwFakeDesk *self = KW_FAKE_DESK(query);
    KwPeriod month = {self->month_us, G_MAXINT64};

    *out = self->digest;
    out->status = self->status;
    desk_get_profit(query, period, NULL, &out->period);
    desk_get_profit(query, month, NULL, &out->month);
}

static guint64
desk_get_serial(KwQuery *query)
{
    return KW_FAKE_DESK(query)->serial;
}

/* Rows of @list within @period, by the time that each begins with */
static GArray *
copy_period(const GArray *list, KwPeriod period)
{
    guint size = g_array_get_element_size((GArray *) list);
    GArray *copy = g_array_new(FALSE, FALSE, size);

    for (guint i = 0; i < list->len; i++) {
        const gchar *row = list->data + (gsize) i * size;
        gint64 time_us;

        memcpy(&time_us, row, sizeof time_us);
        if (time_us >= period.from_us && time_us < period.to_us)
            g_array_append_vals(copy, row, 1);
    }
    return copy;
}

static GArray *
desk_list_equity(KwQuery *query, KwPeriod period)
{
    return copy_period(KW_FAKE_DESK(query)->equity, period);
}

static GArray *
desk_list_candles(KwQuery *query, const gchar *pair, KwPeriod period)
{
    KwPriceView price;

    if (!kw_query_get_price(query, pair, &price) || !price.is_traded)
        return g_array_new(FALSE, FALSE, sizeof(KwCandleView));
    return copy_period(KW_FAKE_DESK(query)->candles, period);
}

static GArray *
desk_list_signals(KwQuery *query, KwPeriod period, const gchar *pair, guint max)
{
    GArray *list = copy_period(KW_FAKE_DESK(query)->signals, period);

    for (guint i = list->len; pair != NULL && i > 0; i--) {
        if (strcmp(g_array_index(list, KwSignalView, i - 1).pair, pair) != 0)
            g_array_remove_index(list, i - 1);
    }
    if (max > 0 && list->len > max)
        g_array_set_size(list, max);
    return list;
}

static GArray *
desk_list_steps(KwQuery *query, KwPeriod period)
{
    GArray *list = g_array_copy(KW_FAKE_DESK(query)->steps);

    for (guint i = list->len; i > 0; i--) {
        gint64 time_us = g_array_index(list, KwStepView, i - 1).time_us;

        if (time_us < period.from_us || time_us >= period.to_us)
            g_array_remove_index(list, i - 1);
    }
    return list;
}

static GArray *
desk_list_differences(KwQuery *query)
{
    return g_array_copy(KW_FAKE_DESK(query)->differences);
}

static GArray *
desk_list_models(KwQuery *query)
{
    return g_array_copy(KW_FAKE_DESK(query)->models);
}

static gboolean
desk_get_gate(KwQuery *query, KwGateView *out)
{
    *out = KW_FAKE_DESK(query)->gate;
    return KW_FAKE_DESK(query)->has_gate;
}

static void
desk_get_training(KwQuery *query, KwTrainingView *out)
{
    *out = KW_FAKE_DESK(query)->training;
}

static gchar *
desk_dup_preference(KwQuery *query, const gchar *key)
{
    return g_strdup(g_hash_table_lookup(KW_FAKE_DESK(query)->preferences, key));
}

static void
query_init(KwQueryInterface *iface)
{
    iface->get_status = desk_get_status;
    iface->list_open = desk_list_open;
    iface->find_trade = desk_find_trade;
    iface->list_closed = desk_list_closed;
    iface->get_profit = desk_get_profit;
    iface->list_pair_results = desk_list_pair_results;
    iface->get_balance = desk_get_balance;
    iface->get_drawdown = desk_get_drawdown;
    iface->get_stats = desk_get_stats;
    iface->get_risk = desk_get_risk;
    iface->list_errors = desk_list_errors;
    iface->list_health = desk_list_health;
    iface->get_price = desk_get_price;
    iface->get_fees = desk_get_fees;
    iface->list_config = desk_list_config;
    iface->list_pairs = desk_list_pairs;
    iface->get_digest = desk_get_digest;
    iface->get_serial = desk_get_serial;
    iface->list_equity = desk_list_equity;
    iface->list_candles = desk_list_candles;
    iface->list_signals = desk_list_signals;
    iface->list_steps = desk_list_steps;
    iface->list_models = desk_list_models;
    iface->list_differences = desk_list_differences;
    iface->get_gate = desk_get_gate;
    iface->get_training = desk_get_training;
    iface->dup_preference = desk_dup_preference;
}

/* -- KwControl -- */

/* FALSE: refused */
static gboolean
begin(KwFakeDesk *self, const gchar *action, KwControlResult *out)
{
    *out = (KwControlResult){
        .at_us = self->status.now_us,
        .n_open = self->status.n_open,
        .open_profit = self->status.open_profit,
    };
    if (self->refusal[0] != '\0') {
        out->is_refused = TRUE;
        g_strlcpy(out->refusal, self->refusal, sizeof out->refusal);
        return FALSE;
    }
    out->is_changed = TRUE;
    self->n_actions++;
    self->serial++;
    g_strlcpy(self->last_action, action, sizeof self->last_action);
    return TRUE;
}

static void
change_state(KwFakeDesk *self, KwRunState state, const gchar *by, KwControlResult *out)
{
    if (self->status.state == state) {
        *out = (KwControlResult){
            .at_us = self->status.since_us,
            .n_open = self->status.n_open,
            .open_profit = self->status.open_profit,
        };
        g_strlcpy(out->by, self->status.by, sizeof out->by);
        return;
    }
    if (!begin(self, kw_run_state_to_string(state), out))
        return;
    self->status.state = state;
    self->status.since_us = self->status.now_us;
    g_strlcpy(self->status.by, by, sizeof self->status.by);
}

static void
desk_start(KwControl *control, const gchar *by, KwControlResult *out)
{
    change_state(KW_FAKE_DESK(control), KW_RUN_STATE_RUNNING, by, out);
}

static void
desk_stop(KwControl *control, const gchar *by, gint64 reminder_us, KwControlResult *out)
{
    KwFakeDesk *self = KW_FAKE_DESK(control);

    self->last_reminder_us = reminder_us;
    change_state(self, KW_RUN_STATE_STOPPED, by, out);
}

static void
desk_pause(KwControl *control, const gchar *by, gint64 reminder_us, KwControlResult *out)
{
    KwFakeDesk *self = KW_FAKE_DESK(control);

    self->last_reminder_us = reminder_us;
    change_state(self, KW_RUN_STATE_PAUSED, by, out);
}

static void
desk_kill_on(KwControl *control, const gchar *by, KwControlResult *out)
{
    KwFakeDesk *self = KW_FAKE_DESK(control);

    if (self->status.is_killed) {
        *out = (KwControlResult){.at_us = self->status.killed_us};
        g_strlcpy(out->by, self->status.kill_reason, sizeof out->by);
        return;
    }
    if (!begin(self, "kill_on", out))
        return;
    self->status.is_killed = TRUE;
    self->status.killed_us = self->status.now_us;
    g_strlcpy(self->status.kill_reason, by, sizeof self->status.kill_reason);
}

static void
desk_kill_off(KwControl *control, const gchar *by, KwControlResult *out)
{
    KwFakeDesk *self = KW_FAKE_DESK(control);

    if (!begin(self, "kill_off", out))
        return;
    self->status.is_killed = FALSE;
    self->status.state = KW_RUN_STATE_STOPPED;
    g_strlcpy(self->status.by, by, sizeof self->status.by);
}

static void
desk_set_threshold(KwControl *control, const gchar *by, gdouble value, KwControlResult *out)
{
    KwFakeDesk *self = KW_FAKE_DESK(control);
    gchar number[G_ASCII_DTOSTR_BUF_SIZE];
    g_autofree gchar *action = NULL;

    (void) by;
    g_ascii_formatd(number, sizeof number, "%.3f", value);
    action = g_strdup_printf("threshold %s", number);
    if (!begin(self, action, out))
        return;
    out->old_value = self->status.threshold;
    out->new_value = value;
    self->status.threshold = value;
}

static void
desk_lock_pair(KwControl *control,
               const gchar *by,
               const gchar *pair,
               gint64 until_us,
               KwControlResult *out)
{
    KwFakeDesk *self = KW_FAKE_DESK(control);
    g_autofree gchar *action = g_strdup_printf("lock %s", pair);

    (void) by;
    self->last_until_us = until_us;
    (void) begin(self, action, out);
}

static void
desk_unlock_pair(KwControl *control, const gchar *by, const gchar *pair, KwControlResult *out)
{
    g_autofree gchar *action = g_strdup_printf("unlock %s", pair);

    (void) by;
    (void) begin(KW_FAKE_DESK(control), action, out);
}

static void
desk_audit(KwControl *control, const gchar *by, const gchar *action, const gchar *detail)
{
    KwFakeDesk *self = KW_FAKE_DESK(control);

    (void) by;
    self->n_audits++;
    g_snprintf(self->last_audit, sizeof self->last_audit, "%s %s", action,
               detail != NULL ? detail : "");
    if (self->all_audits != NULL)
        g_string_append_printf(self->all_audits, "%s %s\n", action,
                               detail != NULL ? detail : "");
}

static void
desk_retrain(KwControl *control, const gchar *by, KwControlResult *out)
{
    (void) by;
    (void) begin(KW_FAKE_DESK(control), "retrain", out);
}

static void
desk_deploy(KwControl *control, const gchar *by, const gchar *tag, KwControlResult *out)
{
    g_autofree gchar *action = g_strdup_printf("deploy %s", tag);

    (void) by;
    (void) begin(KW_FAKE_DESK(control), action, out);
}

static void
desk_rollback(KwControl *control, const gchar *by, const gchar *tag, KwControlResult *out)
{
    g_autofree gchar *action = g_strdup_printf("rollback %s", tag);

    (void) by;
    (void) begin(KW_FAKE_DESK(control), action, out);
}

static void
desk_set_preference(KwControl *control, const gchar *by, const gchar *key, const gchar *value)
{
    GHashTable *preferences = KW_FAKE_DESK(control)->preferences;

    (void) by;
    if (value == NULL)
        g_hash_table_remove(preferences, key);
    else
        g_hash_table_insert(preferences, g_strdup(key), g_strdup(value));
}

/* As the real one: what waits has to be what was shown. */
static void
desk_accept(KwControl *control, const gchar *by, const gchar *mark, KwControlResult *out)
{
    KwFakeDesk *self = KW_FAKE_DESK(control);
    KwVenueView *venue = &self->status.venue;

    (void) by;
    if (strcmp(venue->mark, mark) != 0) {
        *out = (KwControlResult){.is_refused = TRUE, .refusal = "changed"};
        return;
    }
    if (!begin(self, "accept", out))
        return;
    for (guint i = 0; i < self->differences->len; i++)
        g_array_index(self->differences, KwDifferenceView, i).is_accepted = TRUE;
    venue->n_accepted = venue->n_waiting;
    venue->n_waiting = 0;
    venue->mark[0] = '\0';
    venue->is_doubtful = venue->is_broken;
}

static void
control_init(KwControlInterface *iface)
{
    iface->accept = desk_accept;
    iface->start = desk_start;
    iface->stop = desk_stop;
    iface->pause = desk_pause;
    iface->kill_on = desk_kill_on;
    iface->kill_off = desk_kill_off;
    iface->set_threshold = desk_set_threshold;
    iface->lock_pair = desk_lock_pair;
    iface->unlock_pair = desk_unlock_pair;
    iface->audit = desk_audit;
    iface->retrain = desk_retrain;
    iface->deploy = desk_deploy;
    iface->rollback = desk_rollback;
    iface->set_preference = desk_set_preference;
}

static void
kw_fake_desk_finalize(GObject *object)
{
    KwFakeDesk *self = KW_FAKE_DESK(object);

    g_array_unref(self->open);
    g_array_unref(self->closed);
    g_array_unref(self->pair_results);
    g_array_unref(self->errors);
    g_array_unref(self->health);
    g_array_unref(self->config);
    g_array_unref(self->pairs);
    g_array_unref(self->prices);
    g_array_unref(self->equity);
    g_array_unref(self->candles);
    g_array_unref(self->signals);
    g_array_unref(self->steps);
    g_array_unref(self->models);
    g_array_unref(self->differences);
    g_hash_table_unref(self->preferences);

    G_OBJECT_CLASS(kw_fake_desk_parent_class)->finalize(object);
}

static void
kw_fake_desk_class_init(KwFakeDeskClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = kw_fake_desk_finalize;
}

static void
kw_fake_desk_init(KwFakeDesk *self)
{
    self->open = g_array_new(FALSE, FALSE, sizeof(KwTradeView));
    self->closed = g_array_new(FALSE, FALSE, sizeof(KwTradeView));
    self->pair_results = g_array_new(FALSE, FALSE, sizeof(KwPairResultView));
    self->errors = g_array_new(FALSE, FALSE, sizeof(KwErrorView));
    self->health = g_array_new(FALSE, FALSE, sizeof(KwHealthView));
    self->config = g_array_new(FALSE, FALSE, sizeof(KwConfigView));
    self->pairs = g_array_new(FALSE, FALSE, sizeof(KwPairView));
    self->prices = g_array_new(FALSE, FALSE, sizeof(KwPriceView));
    self->equity = g_array_new(FALSE, FALSE, sizeof(KwEquityView));
    self->candles = g_array_new(FALSE, FALSE, sizeof(KwCandleView));
    self->signals = g_array_new(FALSE, FALSE, sizeof(KwSignalView));
    self->steps = g_array_new(FALSE, FALSE, sizeof(KwStepView));
    self->models = g_array_new(FALSE, FALSE, sizeof(KwModelView));
    self->differences = g_array_new(FALSE, FALSE, sizeof(KwDifferenceView));
    self->preferences = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}
