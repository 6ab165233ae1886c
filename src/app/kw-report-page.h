/* kw-report-page.h: results of a period as text and as JSON */
#pragma once

#include "kw-query.h"
#include "kw-schedule.h"
#include "kw-slots.h"

G_BEGIN_DECLS

/**
 * KwReportPage: all borrowed
 * @span: what the report is about; %KW_SPAN_ALL or days
 */
typedef struct {
    KwQuery *query;
    KwZone *zone;
    const KwSpan *span;
} KwReportPage;

/* (transfer full): the answers that the chat gives about profit, pairs, trades, drawdown and
 * fees, in the language that is set */
gchar *kw_report_page_to_text(const KwReportPage *self);

/* (transfer full): one object; money as text, ratios as numbers, times in ISO 8601 */
gchar *kw_report_page_to_json(const KwReportPage *self);

/* The instants of the span; open ends are %G_MININT64 and %G_MAXINT64 */
KwPeriod kw_report_page_get_period(const KwReportPage *self);

G_END_DECLS
