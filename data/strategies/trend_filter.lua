-- trend_filter.lua: kauft wie ema_cross, aber nur mit dem Trend der Tage und nicht gegen Bitcoin
--
-- Die dritte Lektüre. Neu ist informative(): Kerzen eines längeren Abstands oder eines anderen
-- Paares, so wie sie zu dem Zeitpunkt abgeschlossen waren. Wer freqtrade kennt: das ist
-- @informative, und verbunden (merge_informative_pair) wird von selbst.

return {
  name = "trend_filter",
  timeframe = "1h",

  -- 30 Tageskerzen und etwas mehr, damit auch der Tagestrend einen Wert hat
  startup_candles = 800,

  stoploss = -0.08,
  minimal_roi = { [0] = 0.12, [2880] = 0.04 },

  params = {
    fast = { default = 9, min = 3, max = 30 },
    slow = { default = 21, min = 10, max = 100 },
    trend = { default = 20, min = 5, max = 30 },
  },

  indicators = function(c, p)
    -- Tageskerzen dieses Paares, und die von Bitcoin, auch wenn er nicht gehandelt wird
    local day = informative("1d")
    local btc = informative("4h", "BTC/USDT")
    return {
      fast = ema(c.close, p.fast),
      slow = ema(c.close, p.slow),
      -- Gerechnet wird über Tageskerzen: p.trend sind Tage. In der Stunde steht dann der
      -- Wert des letzten abgeschlossenen Tages.
      day_trend = sma(day.close, p.trend),
      btc_adx = adx(btc, 14),
      btc_change = pct_change(btc.close, 6),
    }
  end,

  entry = function(c, i)
    return crossed_above(i.fast, i.slow)
      & above(c.close, i.day_trend)
      & above(i.btc_change, -0.02)
  end,

  exit = function(c, i)
    return crossed_below(i.fast, i.slow) & below(c.close, i.day_trend)
  end,

  regime = function(c, i)
    return pick{
      { below(i.btc_adx, 20), "ruhig" },
      { above(c.close, i.day_trend), "aufwärts" },
      default = "abwärts",
    }
  end,
}
