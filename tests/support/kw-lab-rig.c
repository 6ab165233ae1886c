#include "kw-lab-rig.h"

#include <string.h>

static const gchar strategy_text[] =
    "return { name = 'given', timeframe = '1h', startup_candles = 0, stoploss = -0.99,\n"
    "  entry = function(c) return ge(c.extra('enter'), 1) end,\n"
    "  exit = function(c) return ge(c.extra('exit'), 1) end,\n"
    "  tags = function(c) return c.extra_label('enter_tag') end,\n"
    "  exit_tags = function(c) return c.extra_label('exit_tag') end }\n";

void
kw_lab_rig_init(KwLabRig *self)
{
    g_autoptr(GBytes) source = g_bytes_new_static(strategy_text, strlen(strategy_text));
    g_autoptr(GError) error = NULL;

    *self = (KwLabRig){0};
    kw_backtest_options_init(&self->options);
    self->options.stake.is_unlimited = FALSE;
    self->strategy = kw_strategy_load_bytes("given.lua", source, NULL, &error);
    g_assert_no_error(error);
}

void
kw_lab_rig_clear(KwLabRig *self)
{
    g_clear_pointer(&self->backtest, kw_backtest_free);
    for (guint i = 0; i < self->n_pairs; i++) {
        g_array_unref(self->pairs[i].rows);
        kw_strategy_columns_free(self->pairs[i].columns);
        kw_frame_free(self->pairs[i].frame);
        kw_series_free(self->pairs[i].detail);
    }
    kw_strategy_free(self->strategy);
}

KwLabPair *
kw_lab_rig_add_pair(KwLabRig *self, const gchar *name, KwDecimal price_tick)
{
    KwLabPair *pair = &self->pairs[self->n_pairs++];

    g_assert_cmpuint(self->n_pairs, <=, KW_LAB_RIG_MAX_PAIRS);
    g_strlcpy(pair->pair.name, name, sizeof pair->pair.name);
    pair->pair.price_tick = price_tick;
    pair->pair.amount_tick = (KwDecimal){.mant = 1, .scale = 8};
    pair->rows = g_array_new(FALSE, FALSE, sizeof(KwLabRow));
    return pair;
}

void
kw_lab_pair_add_row(KwLabPair *self, const KwLabRow *row)
{
    g_array_append_val(self->rows, *row);
}

static KwCandleExtras *
make_extras(const GArray *rows)
{
    KwCandleExtras *extras = kw_candle_extras_new(rows->len);
    guint enter = kw_candle_extras_add_column(extras, "enter");
    guint leave = kw_candle_extras_add_column(extras, "exit");
    guint enter_tag = kw_candle_extras_add_column(extras, "enter_tag");
    guint exit_tag = kw_candle_extras_add_column(extras, "exit_tag");

    for (guint i = 0; i < rows->len; i++) {
        const KwLabRow *row = &g_array_index(rows, KwLabRow, i);

        kw_candle_extras_set(extras, enter, i, row->enter ? "1" : "0");
        kw_candle_extras_set(extras, leave, i, row->exit ? "1" : "0");
        kw_candle_extras_set(extras, enter_tag, i, row->enter_tag);
        kw_candle_extras_set(extras, exit_tag, i, row->exit_tag);
    }
    return extras;
}

static void
make_frame(KwLabRig *self, KwLabPair *pair, KwNeighbours *neighbours)
{
    KwSeries *series = kw_series_new(self->options.terms.timeframe_us);

    for (guint i = 0; i < pair->rows->len; i++)
        g_assert_true(kw_series_append(series, &g_array_index(pair->rows, KwLabRow, i).candle));
    pair->frame = kw_frame_new(series);
    kw_frame_set_extras(pair->frame, make_extras(pair->rows));
    kw_frame_set_neighbours(pair->frame, neighbours);
    kw_neighbours_add(neighbours, pair->pair.name, series);
}

static void
build_pair(KwLabRig *self, KwLabPair *pair)
{
    g_autoptr(GError) error = NULL;

    pair->columns = kw_strategy_build(self->strategy, pair->frame, &error);
    g_assert_no_error(error);
    kw_frame_update(pair->frame);
}

void
kw_lab_rig_run(KwLabRig *self)
{
    g_autoptr(KwNeighbours) neighbours = kw_neighbours_new();
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < self->n_pairs; i++)
        make_frame(self, &self->pairs[i], neighbours);
    self->backtest = kw_backtest_new(&self->options);
    for (guint i = 0; i < self->n_pairs; i++) {
        KwLabPair *pair = &self->pairs[i];
        KwBacktestRange range = {.first = self->options.terms.startup_candles,
                                 .end = pair->rows->len};

        build_pair(self, pair);
        kw_backtest_add_pair(self->backtest, &pair->pair, kw_frame_get_series(pair->frame),
                             pair->columns, range);
        if (pair->detail != NULL)
            kw_backtest_set_detail(self->backtest, pair->detail);
    }
    (void) kw_backtest_run(self->backtest, &error);
    g_assert_no_error(error);
}

guint
kw_lab_rig_get_n_trades(const KwLabRig *self)
{
    return kw_portfolio_get_n_closed(kw_backtest_get_portfolio(self->backtest));
}

const KwTrade *
kw_lab_rig_get_trade(const KwLabRig *self, guint index)
{
    return kw_portfolio_get_closed(kw_backtest_get_portfolio(self->backtest), index);
}
