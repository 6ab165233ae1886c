/* kw-corpus.h: a labelled corpus of messages, read and scored line by line */
#pragma once

#include "kw-intent.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What all lines are read at: Wednesday, 2026-03-11, 14:30 in Vienna */
#define KW_CORPUS_NOW_US G_GINT64_CONSTANT(1773235800000000)
#define KW_CORPUS_ZONE "Europe/Vienna"

/**
 * KwCorpusScore:
 * @n_lines: without those that need a model ("llm")
 * @n_slots_right: lines with the right intent and exactly its slots
 * @n_model: lines that need a model; @n_model_right of them read all the same, @n_abstained
 *   answered with "unclear"
 * @n_false_actions: something is done where nothing was asked for, or more risk instead of less
 * @n_missed_safety: a stop, pause or kill was not seen, in lines that are neither mistyped nor
 *   dialect
 * @n_safety: stops, pauses and kills that had to be seen
 */
typedef struct {
    guint n_lines, n_right, n_slots_right;
    guint n_model, n_model_right, n_abstained;
    guint n_false_actions, n_missed_safety, n_safety;
} KwCorpusScore;

/* @slots: what was read, as the corpus writes it; owned */
typedef struct {
    gchar *id, *text; /* owned */
    KwIntentId gold;
    KwIntent got;
    JsonNode *slots, *gold_slots; /* owned */
    gboolean needs_model, is_right, has_slots_right, is_false_action, is_missed_safety;
} KwCorpusLine;

void kw_corpus_line_clear(KwCorpusLine *line);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KwCorpusLine, kw_corpus_line_clear)

/* (transfer full): the slots of @intent as the corpus writes them */
JsonNode *kw_corpus_slots_to_json(const KwIntent *intent, KwZone *zone);

/**
 * kw_corpus_read:
 * @json: one line: id, text, intent, slots, note
 * @score: what it counts for is added
 * @out: (out caller-allocates): to be cleared
 *
 * Returns: %FALSE with #KwParseError when the line is none of a corpus; nothing is counted then
 */
gboolean kw_corpus_read(
    const gchar *json, KwZone *zone, KwCorpusScore *score, KwCorpusLine *out, GError **error);

G_END_DECLS
