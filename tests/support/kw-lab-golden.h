/* kw-lab-golden.h: the golden runs of the reference engine, set up from their descriptions */
#pragma once

#include "kw-lab-rig.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* (transfer full): a JSON file below tests/fixtures/freqtrade */
JsonNode *kw_lab_golden_load(const gchar *name);

/**
 * kw_lab_golden_set_up:
 * @name: of the scenario, "g1_fixed_roi"
 * @protections: room for four; must live as long as @rig
 *
 * Settings, candles and signals of golden/scenarios.json and its candle files.
 */
void kw_lab_golden_set_up(KwLabRig *rig, const gchar *name, KwProtection *protections);

/* minimal_roi of @object, sorted by minutes */
void kw_lab_golden_read_roi(KwStrategyTerms *terms, JsonObject *object);

/* One line of a CSV file below golden/ at a time, the first one left out */
typedef void (*KwLabLineFunc)(gchar **fields, gpointer user_data);
void kw_lab_golden_each_line(const gchar *file, KwLabLineFunc func, gpointer user_data);

G_END_DECLS
