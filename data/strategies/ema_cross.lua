-- ema_cross.lua: kauft, wenn der schnelle Durchschnitt den langsamen nach oben kreuzt
--
-- Diese Datei ist zugleich die erste Lektüre für alle, die eine eigene Strategie schreiben:
-- kopieren, umbenennen, ändern. Sie gibt am Ende eine Tabelle zurück; darin steht alles, was
-- Kurswart wissen muss. Ein Tippfehler in einem Feldnamen wird beim Laden gemeldet.
--
-- Das Wichtigste zuerst: Hier wird nicht Kerze für Kerze gerechnet. Die Funktionen unten laufen
-- ein einziges Mal und beschreiben, welche Spalten es gibt. Eine Spalte hat einen Wert je Kerze;
-- gerechnet wird sie von Kurswart. Jede Rechnung kann nur zurückschauen, niemals in die Zukunft.

return {
  -- Kleinbuchstaben, Ziffern und _; steht in jedem Signal und in jedem Bericht.
  name = "ema_cross",

  -- Länge einer Kerze: 1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d
  timeframe = "1h",

  -- So viele Kerzen werden am Anfang nur gelesen, nicht gehandelt. Durchschnitte brauchen
  -- Anlauf; als Faustregel: das Doppelte der längsten Periode, die unten vorkommt.
  startup_candles = 100,

  -- Verkauft wird spätestens 10 % unter dem Kaufkurs. Pflichtfeld, zwischen -1 und 0.
  stoploss = -0.10,

  -- Gewinn mitnehmen: sofort ab 8 %, nach einem Tag (1440 Minuten) schon ab 2 %.
  minimal_roi = { [0] = 0.08, [1440] = 0.02 },

  -- Zahlen, an denen man drehen darf, mit erlaubtem Bereich. "kurswart optimize" sucht darin.
  params = {
    fast = { default = 9, min = 3, max = 30 },
    slow = { default = 21, min = 10, max = 100 },
    rsi_max = { default = 70, min = 50, max = 90 },
  },

  -- c: die Kerzen mit c.open, c.high, c.low, c.close, c.volume
  -- p: die Werte von params
  -- Was hier einen Namen bekommt, wird bei jeder Kerze mitgeschrieben und ist unten als i.NAME da.
  indicators = function(c, p)
    return {
      fast = ema(c.close, p.fast),
      slow = ema(c.close, p.slow),
      rsi = rsi(c.close, 14),
      trend = ema(c.close, 50),
      atr = atr(c, 14),
    }
  end,

  -- Kaufen: eine Spalte aus Ja und Nein. Vergleiche heißen above, below, ge, le, eq und
  -- crossed_above, crossed_below. Verbunden wird mit & (und), | (oder), ~ (nicht);
  -- die Wörter and, or, not und die Zeichen < > gehen bei Spalten nicht.
  entry = function(c, i, p)
    return crossed_above(i.fast, i.slow) & below(i.rsi, p.rsi_max)
  end,

  -- Verkaufen, wenn es in die andere Richtung kreuzt. Stop und Gewinnmitnahme von oben gelten
  -- unabhängig davon.
  exit = function(c, i)
    return crossed_below(i.fast, i.slow)
  end,

  -- Ein Wort für die Marktlage, je Kerze. Es ändert keinen Handel, steht aber bei jedem Signal,
  -- damit man später sieht, in welcher Lage die Strategie verdient. Die erste Bedingung, die
  -- zutrifft, gewinnt.
  regime = function(c, i)
    return pick{
      { above(i.atr / c.close, 0.02), "volatil" },
      { above(c.close, i.trend) & above(i.fast, i.slow), "aufwärts" },
      { below(c.close, i.trend) & below(i.fast, i.slow), "abwärts" },
      default = "seitwärts",
    }
  end,
}
