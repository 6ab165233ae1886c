-- flip.lua: handelt so oft es geht; nur für "kurswart simulate --faults", nie für Geld
return {
  name = "flip",
  timeframe = "1m",
  startup_candles = 20,
  stoploss = -0.006,
  minimal_roi = { [0] = 0.012 },
  indicators = function(c, p)
    return { fast = ema(c.close, 2), slow = ema(c.close, 7) }
  end,
  entry = function(c, i) return crossed_above(i.fast, i.slow) end,
  exit = function(c, i) return crossed_below(i.fast, i.slow) end,
}
