/* kw-command.h: the table of chat commands */
#pragma once

#include "kw-assistant.h"
#include "kw-chart-request.h"
#include "kw-control.h"
#include "kw-format.h"
#include "kw-intent.h"
#include "kw-pending.h"
#include "kw-query.h"

G_BEGIN_DECLS

typedef enum {
    KW_ACCESS_READ, /* answers, changes nothing */
    KW_ACCESS_HALT, /* makes the bot do less: at once, never stale */
    KW_ACCESS_RUN,  /* makes the bot do more: asks back, expires after five minutes */
} KwAccess;

typedef enum {
    KW_TOOL_NONE, /* never offered to a model */
    KW_TOOL_OFFERED,
} KwTool;

/**
 * KwCommandCtx: one run of one command
 * @status: taken once for the whole message
 * @pending: of this chat; its intent is %KW_INTENT_NONE when nothing waits for a code
 * @reply: the answer is appended; a command prints and sends nothing
 * @is_first: FALSE: another part of the same message has been answered above
 * @is_confirmed: the code was right: carry the action out
 * @is_stale: too old a message for anything that raises the risk
 * @wants_code: set by a command whose action waits for its code
 * @confirmed: set by confirm: the action to carry out now
 * @effect: what was done, for the audit trail; "" = nothing
 * @offset: rows of a list that were shown before ("mehr"); @n_shown: set by a list
 * @chart: the picture that the answer should come with
 */
typedef struct {
    KwQuery *query;         /* borrowed */
    KwControl *control;     /* borrowed */
    KwAssistant *assistant; /* borrowed; NULL: no language model is set up */
    KwFormat *format;       /* borrowed */
    KwZone *zone;           /* borrowed */
    const KwIntent *intent;
    KwSlots slots;
    const gchar *by;
    const gchar *sender;
    gint64 now_us;
    KwStatusView status;
    KwPending *pending; /* borrowed */
    GString *reply;
    gboolean is_first;
    gboolean is_confirmed;
    gboolean is_stale;
    gboolean is_synthetic;
    gboolean wants_code;
    KwIntentId confirmed;
    gchar effect[64];
    KwChartRequest chart;
    guint offset, n_shown;
} KwCommandCtx;

/**
 * KwCommand:
 * @name: of the intent; also the tool name shown to a model
 * @slash: slash forms, space separated, the shown one first
 * @summary: message id; one line for help
 */
typedef struct {
    KwIntentId intent;
    const gchar *slash;
    guint8 min_args, max_args;
    KwAccess access;
    KwTool tool;
    const gchar *summary;
    void (*run)(KwCommandCtx *ctx);
} KwCommand;

/* The row of an intent; every one but %KW_INTENT_NONE has one */
const KwCommand *kw_command_find(KwIntentId intent);

/* (array length=out_n) (transfer none) */
const KwCommand *kw_command_list(guint *out_n);

G_END_DECLS
