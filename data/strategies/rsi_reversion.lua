-- rsi_reversion.lua: kauft nach einem starken Rückgang und hofft auf die Rückkehr zur Mitte
--
-- Die zweite Lektüre nach ema_cross.lua. Neu sind hier: Bollinger-Bänder, ein nachgezogener
-- Stop, ein Stop-Kurs als Spalte, Namen für die Art des Einstiegs und eine Zuversicht.

return {
  name = "rsi_reversion",
  timeframe = "1h",
  startup_candles = 200,

  -- Die Grenze, die immer gilt. Der Stop-Kurs weiter unten liegt meist näher.
  stoploss = -0.06,

  -- Ab 3 % Gewinn wird der Stop nachgezogen und bleibt dann 1.5 % unter dem Höchstkurs.
  trailing_stop = true,
  trailing_stop_positive = 0.015,
  trailing_stop_positive_offset = 0.03,
  trailing_only_offset_is_reached = true,

  -- Nach zwei Tagen genügt 1 %, nach vier Tagen jeder Gewinn.
  minimal_roi = { [0] = 0.06, [2880] = 0.01, [5760] = 0 },

  params = {
    rsi_low = { default = 30, min = 15, max = 40 },
    rsi_high = { default = 60, min = 50, max = 80 },
    width = { default = 2.0, min = 1.0, max = 3.5 },
    stop_atr = { default = 2.5, min = 1.0, max = 6.0 },
  },

  indicators = function(c, p)
    -- bollinger gibt drei Spalten in einer Tabelle: upper, middle, lower
    local bb = bollinger(c.close, 20, p.width)
    return {
      rsi = rsi(c.close, 14),
      bb_upper = bb.upper,
      bb_middle = bb.middle,
      bb_lower = bb.lower,
      atr = atr(c, 14),
      trend = sma(c.close, 200),
    }
  end,

  -- Der RSI kommt aus dem überverkauften Bereich zurück, und der Kurs war eine Kerze vorher noch
  -- unter dem unteren Band: shift(x, 1) ist der Wert der Kerze davor. Gegen einen steilen
  -- Abwärtstrend wird nicht gekauft.
  entry = function(c, i, p)
    return crossed_above(i.rsi, p.rsi_low)
      & below(shift(c.close, 1), shift(i.bb_lower, 1) + i.atr)
      & above(i.trend, shift(i.trend, 24) * 0.98)
  end,

  -- Das Ziel ist die Mitte; wer es bis zum oberen Band schafft, geht auch.
  exit = function(c, i, p)
    return crossed_above(i.rsi, p.rsi_high) | crossed_above(c.close, i.bb_upper)
  end,

  -- Stop-Kurs bei einem Einstieg: einige übliche Schwankungen unter dem Schlusskurs
  stop = function(c, i, p)
    return c.close - i.atr * p.stop_atr
  end,

  -- Wie tief der RSI in den letzten fünf Kerzen war, als Zahl von 0 bis 1
  confidence = function(c, i, p)
    local depth = (p.rsi_low - rolling_min(i.rsi, 5)) / p.rsi_low
    return min(max(0.5 + depth, 0), 1)
  end,

  -- Die Art des Einstiegs; steht beim Handel und in der Auswertung
  tags = function(c, i)
    return pick{
      { below(c.close, i.bb_lower), "unter_band" },
      default = "am_band",
    }
  end,

  regime = function(c, i)
    local width = (i.bb_upper - i.bb_lower) / i.bb_middle
    return pick{
      { above(width, 0.10), "volatil" },
      { above(c.close, i.trend), "aufwärts" },
      { below(c.close, i.trend), "abwärts" },
      default = "seitwärts",
    }
  end,
}

-- Alle Funktionen zum Nachschlagen. a und b sind Spalten oder Zahlen, x ist eine Spalte, n eine
-- ganze Zahl ab 1 (bei shift ab 0), k eine Bedingung, also eine Spalte aus Ja und Nein.
--
-- Rechnen        a + b  a - b  a * b  a / b  -a  abs(a)  min(a, b)  max(a, b)
--                where(a, b): a, wo b einen Wert hat
-- Vergleichen    above(a, b)  below(a, b)  ge(a, b)  le(a, b)  eq(a, b)
--                crossed_above(a, b)  crossed_below(a, b): nur auf der Kerze, auf der es kreuzt
-- Verbinden      k & k  k | k  ~k
-- Früher         shift(x, n)  pct_change(x, n): Änderung als Anteil, 0.02 sind 2 %
-- Durchschnitte  sma(x, n)  ema(x, n)
-- Fenster        rolling_min(x, n)  rolling_max(x, n)  rolling_mean(x, n)  rolling_stddev(x, n)
-- Indikatoren    rsi(x, n)  atr(c, n)
--                macd(x, 12, 26, 9).line  .signal  .hist
--                bollinger(x, 20, 2).upper  .middle  .lower
-- Beschriften    pick{ {k, "text"}, {k, "text"}, default = "text" }
--
-- Was noch keinen Wert hat (zu wenige Kerzen, Teilung durch 0), ist nicht definiert; jeder
-- Vergleich damit ist Nein. Aus Lua selbst gibt es if, for, local, function, math, table und
-- einfache Textfunktionen; Dateien, Netz, Uhrzeit und Zufall gibt es nicht.
