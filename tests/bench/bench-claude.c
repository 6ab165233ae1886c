/* bench-claude.c: what asking the language model adds to the vendor's own time
 *
 * A Messages API on loopback answers after a fixed delay. The whole path of a message (rules,
 * tools, request, stream, checks, reply) is run beside a bare request with the same body over
 * the same server; what is above the delay is our own. Once with an answer in words, once with
 * a call of a tool before it, which is two requests. */
#include "kw-analyst.h"
#include "kw-fake-claude.h"
#include "kw-fake-day.h"
#include "kw-test.h"

#include <stdlib.h>
#include <string.h>

#define N_RUNS 60
#define DELAY_MS 40
#define TARGET_MS 20.0
#define MODELS                                                                                 \
    "[table]\ndate = d\n[m]\ninput = 1\noutput = 5\nwrite_5m = 1\nwrite_1h = 1\nread = 1\n"    \
    "sampling = true\n"

typedef struct {
    GMainLoop *loop;
    KwFakeClaude *vendor;
    KwFakeDesk *desk;
    KwFakeClock *market;
    KwClock *clock;
    KwHttp *http;
    KwZone *zone;
    KwDialog *dialog;
    KwAnalyst *analyst;
    gboolean uses_tool;
} Bench;

static void
give_code(gchar *code, gpointer user_data)
{
    g_strlcpy(code, "0000", KW_DIALOG_CODE_SIZE);
}

static void
drop_use(const gchar *text, gpointer user_data)
{
}

static gchar *
answer(JsonObject *request, gpointer user_data)
{
    const Bench *bench = user_data;
    JsonArray *messages = json_object_get_array_member(request, "messages");
    JsonObject *last =
        json_array_get_object_element(messages, json_array_get_length(messages) - 1);
    JsonNode *content = json_object_get_member(last, "content");

    if (bench->uses_tool && JSON_NODE_HOLDS_VALUE(content))
        return kw_fake_claude_call("trade_history", "{\"zeitraum\":\"gesamt\"}");
    return kw_fake_claude_say("Das lag vermutlich an den Gebühren.");
}

static void
on_answered(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Bench *bench = user_data;
    g_autofree gchar *reply = kw_analyst_answer_finish(KW_ANALYST(source), result);

    g_assert_nonnull(strstr(reply, "💬"));
    g_main_loop_quit(bench->loop);
}

static void
ask(Bench *bench)
{
    static const gchar text[] = "Warum haben wir diese Woche Verlust gemacht?";
    KwInbound inbound = {
        .chat = "admin",
        .sender = "1000",
        .text = text,
        .length = sizeof text - 1,
        .sent_us = kw_clock_now_us(KW_CLOCK(bench->market)),
    };
    g_autofree gchar *reply = kw_dialog_handle(bench->dialog, &inbound);

    kw_analyst_answer_async(bench->analyst, &inbound, kw_dialog_get_outcome(bench->dialog),
                            reply, on_answered, bench);
    g_main_loop_run(bench->loop);
}

static void
on_bare(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Bench *bench = user_data;
    g_autoptr(KwHttpResponse) response = kw_http_send_finish(KW_HTTP(source), result, NULL);

    g_assert_nonnull(response);
    g_main_loop_quit(bench->loop);
}

/* The last request once more, and nothing else */
static void
ask_bare(Bench *bench)
{
    const gchar *text = kw_fake_claude_get_body(
        bench->vendor, kw_fake_claude_get_n_requests(bench->vendor) - 1);
    g_autoptr(GBytes) body = g_bytes_new(text, strlen(text));
    KwHttpRequest request = {
        .method = "POST",
        .url = kw_fake_claude_get_url(bench->vendor),
        .body = body,
        .max_bytes = 1 << 20,
        .timeout_ms = 10000,
    };

    kw_http_send_async(bench->http, &request, NULL, on_bare, bench);
    g_main_loop_run(bench->loop);
}

static int
compare(const void *a, const void *b)
{
    gdouble difference = *(const gdouble *) a - *(const gdouble *) b;

    return (difference > 0) - (difference < 0);
}

/* Milliseconds of each run, sorted */
static void
measure(Bench *bench, void (*run)(Bench *bench), gdouble *out)
{
    run(bench);
    for (guint i = 0; i < N_RUNS; i++) {
        gint64 start_us = kw_stopwatch_us();

        run(bench);
        out[i] = (gdouble) (kw_stopwatch_us() - start_us) / 1000;
    }
    qsort(out, N_RUNS, sizeof *out, compare);
}

static void
bench_path(Bench *bench, const gchar *name, guint n_requests)
{
    gdouble ours[N_RUNS], bare[N_RUNS];
    gdouble delay = (gdouble) n_requests * DELAY_MS;

    bench->uses_tool = n_requests > 1;
    measure(bench, ask, ours);
    measure(bench, ask_bare, bare);
    g_print("{\"bench\":\"claude\",\"path\":\"%s\",\"requests\":%u,\"delay_ms\":%.0f,"
            "\"added_p50_ms\":%.2f,\"added_p99_ms\":%.2f,\"target_ms\":%.0f,"
            "\"bare_request_added_p50_ms\":%.2f,\"ratio_to_bare\":%.2f}\n",
            name, n_requests, delay, ours[N_RUNS / 2] - delay, ours[N_RUNS * 99 / 100] - delay,
            TARGET_MS, bare[N_RUNS / 2] - DELAY_MS,
            ours[N_RUNS / 2] / (bare[N_RUNS / 2] * n_requests));
}

static void
open_analyst(Bench *bench, KwRedactor *redactor, const KwLlmModelTable *models)
{
    g_autoptr(KwSecret) key = kw_secret_new("sk-bench", 8);
    KwLlmEndpoint endpoint = {
        .base_url = kw_fake_claude_get_url(bench->vendor),
        .key = key,
        .model = "m",
        .max_tokens = 1024,
        .first_ms = 5000,
        .idle_ms = 5000,
    };
    g_autoptr(KwLlmClient) client = kw_llm_client_new(bench->http, bench->clock, &endpoint);
    KwAnalystOptions options = {
        .client = client,
        .dialog = bench->dialog,
        .query = KW_QUERY(bench->desk),
        .control = KW_CONTROL(bench->desk),
        .clock = bench->clock,
        .market_clock = KW_CLOCK(bench->market),
        .zone = bench->zone,
        .redactor = redactor,
        .models = models,
        .prompt = "Du bist Analyst.",
        .budget = {.day_limit = G_MAXINT64, .month_limit = G_MAXINT64},
        .message_tokens = 30000,
        .save = drop_use,
    };

    bench->analyst = kw_analyst_new(&options);
}

int
main(void)
{
    Bench bench = {0};
    KwDialogSettings settings = {.language = KW_LANGUAGE_DE, .address = KW_ADDRESS_DU};
    g_autoptr(KwRedactor) redactor = kw_redactor_new();
    g_autoptr(KwLlmModelTable) models = kw_llm_model_table_parse(MODELS, NULL);

    bench.loop = g_main_loop_new(NULL, FALSE);
    bench.vendor = kw_fake_claude_new();
    bench.desk = kw_fake_desk_new();
    bench.market = kw_fake_clock_new(KW_TEST_T0_US);
    bench.clock = KW_CLOCK(kw_system_clock_new());
    bench.http = kw_http_new("kurswart-bench", NULL);
    bench.zone = settings.zone = kw_zone_new("Europe/Vienna", NULL);
    bench.dialog = kw_dialog_new(KW_QUERY(bench.desk), KW_CONTROL(bench.desk),
                                 KW_CLOCK(bench.market), &settings, give_code, NULL);
    kw_fake_claude_set_model(bench.vendor, answer, &bench);
    kw_fake_claude_set_delay_ms(bench.vendor, DELAY_MS);
    open_analyst(&bench, redactor, models);
    bench_path(&bench, "words", 1);
    bench_path(&bench, "tool", 2);
    g_object_unref(bench.analyst);
    kw_dialog_free(bench.dialog);
    kw_fake_claude_free(bench.vendor);
    g_object_unref(bench.http);
    g_object_unref(bench.desk);
    g_object_unref(bench.market);
    g_object_unref(bench.clock);
    kw_zone_unref(bench.zone);
    g_main_loop_unref(bench.loop);
    return 0;
}
