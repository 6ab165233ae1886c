/* kw-trainer.h: trains a model anew beside the bot, in a process of its own */
#pragma once

#include "kw-book.h"
#include "kw-event.h"
#include "kw-model-view.h"
#include "kw-retrain.h"

G_BEGIN_DECLS

#define KW_TRAINER_META "training" /* the command under way, its words by line; "" = none */
#define KW_TRAINER_MAX_KILLS 2     /* so often a killed training is begun again by itself */

/**
 * KwTrainer:
 *
 * One training at a time, with the lowest priority; it ends with the bot and goes on with the
 * next start, from what it has written. Main thread only.
 */

typedef void (*KwTrainerFunc)(const KwEvent *event, gpointer user_data);

/* @book: borrowed; outlives the trainer. @func: is told how trainings end */
KwTrainer *kw_trainer_new(KwBook *book, KwJournal *journal, KwTrainerFunc func, gpointer data);
void kw_trainer_free(KwTrainer *self);

/* Goes on with what the run before has not finished; @stored: (nullable): of KW_TRAINER_META */
void kw_trainer_resume(KwTrainer *self, const gchar *stored);

/* Begins what @advice asks for. %FALSE when a training runs or the settings only suggest */
gboolean kw_trainer_offer(KwTrainer *self, const KwRetrainAdvice *advice);

/* Begins without a reason, because somebody wants it. Returns: "" or the reason not to, as in
 * KwControlResult. @self may be %NULL */
const gchar *kw_trainer_request(KwTrainer *self);

/* What runs and what came of the last one; @self may be %NULL */
void kw_trainer_get_view(const KwTrainer *self, KwTrainingView *out);

G_END_DECLS
