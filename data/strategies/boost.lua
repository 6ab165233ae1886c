-- boost.lua: kauft, wenn ein gelerntes Modell einen deutlichen Anstieg erwartet
--
-- Das Modell heißt "boost" und liegt im Datenordner. Ein neues macht
--   kurswart train --pairs BTC/USDT,ETH/USDT
-- und in Gebrauch ist die Version, die "kurswart model promote" dazu macht. Ohne Modell lädt
-- diese Strategie nicht, und es wird nicht gehandelt. Sie rechnet mit dem erwarteten Anstieg, also
-- mit einem Modell, das Erträge gelernt hat (--label return, das Übliche); eines für Richtungen
-- gibt statt dessen eine Wahrscheinlichkeit, und die läge immer über den Werten unten.

return {
  name = "boost",
  timeframe = "1h",

  -- Das Modell sieht bis zu 500 Kerzen zurück (Schwankung im Vergleich zu den letzten 500).
  startup_candles = 520,

  stoploss = -0.10,

  -- Ab 3 % im Plus zieht der Stop mit 1,5 % Abstand nach.
  trailing_stop = true,
  trailing_stop_positive = 0.015,
  trailing_stop_positive_offset = 0.03,
  trailing_only_offset_is_reached = true,

  params = {
    -- erwarteter Anstieg bis zum Horizont des Modells, ab dem gekauft wird: 0.02 sind 2 %
    entry = { default = 0.02, min = 0.001, max = 0.1 },
    -- erwartete Änderung, unter der verkauft wird
    exit = { default = -0.005, min = -0.1, max = 0.05 },
  },

  indicators = function(c, p)
    local m = model("boost")
    return { prediction = m.prediction, confidence = m.confidence }
  end,

  entry = function(c, i, p)
    return above(i.prediction, p.entry)
  end,

  exit = function(c, i, p)
    return below(i.prediction, p.exit)
  end,

  confidence = function(c, i)
    return i.confidence
  end,
}
