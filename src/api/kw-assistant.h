/* kw-assistant.h: port: what the chat may ask about the language model */
#pragma once

#include "kw-view.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define KW_ASSISTANT_OUTLOOK_SIZE 1024

/**
 * KwAssistantView:
 * @tokens_day, @tokens_month: in and out, of the present day and month
 * @cost_day, @budget_day, ...: US dollars; a budget of 0 allows nothing
 * @n_questions_day: messages that the model was asked about
 * @price_date: when the prices were looked up
 * @down_since_us: since when it has not answered; 0 = it does, as far as is known
 * @down_reason: "unavailable", "limit", "key", "model", "request", "budget", "nonsense"
 * @outlook: what it wrote last night, or ""; @outlook_us: when
 */
typedef struct {
    gchar model[KW_VIEW_TEXT_SIZE];
    gint64 tokens_day, tokens_month;
    guint n_questions_day;
    KwDecimal cost_day, cost_month, budget_day, budget_month;
    gchar price_date[16];
    gint64 down_since_us;
    gchar down_reason[16];
    gint64 outlook_us;
    gchar outlook[KW_ASSISTANT_OUTLOOK_SIZE];
} KwAssistantView;

#define KW_TYPE_ASSISTANT (kw_assistant_get_type())
G_DECLARE_INTERFACE(KwAssistant, kw_assistant, KW, ASSISTANT, GObject)

struct _KwAssistantInterface {
    GTypeInterface parent_iface;

    void (*get_view)(KwAssistant *self, KwAssistantView *out);
};

void kw_assistant_get_view(KwAssistant *self, KwAssistantView *out);

G_END_DECLS
