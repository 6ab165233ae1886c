/* kw-jobs.h: what the calendar asks for: digest, weekly report, reset of the day, reminder */
#pragma once

#include "kw-book.h"
#include "kw-event.h"
#include "kw-query.h"
#include "kw-store.h"

G_BEGIN_DECLS

#define KW_TYPE_JOBS (kw_jobs_get_type())
G_DECLARE_FINAL_TYPE(KwJobs, kw_jobs, KW, JOBS, GObject)

/**
 * kw_jobs_new:
 * @book: borrowed; outlives the jobs
 * @state: what was done before, and a training that was not finished; copied
 *
 * Signal "event" (KwEvent *): digests, reminder, end of a halt, models to train anew,
 * and how a training ended.
 * Signal "day": a new day of the daily limit has begun; the engine judges the limits again.
 * Signal "nightly": time for backup and tiering.
 */
KwJobs *
kw_jobs_new(KwBook *book, KwJournal *journal, KwQuery *query, const KwStoreState *state);

/**
 * kw_jobs_start:
 * @last_us: market time when the bot last worked, 0 on the first start
 *
 * Sets the timers, and makes up for what was due between @last_us and now: once, marked late.
 */
void kw_jobs_start(KwJobs *self, gint64 last_us);
void kw_jobs_stop(KwJobs *self);

/* A row is counted: the day that waits for the one at its midnight begins. */
void kw_jobs_note_row(KwJobs *self);

/* Call it when the reminder time has changed. */
void kw_jobs_update_reminder(KwJobs *self);

G_END_DECLS
