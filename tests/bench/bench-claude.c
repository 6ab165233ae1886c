/* bench-claude.c: what asking the language model adds to the vendor's own time
 *
 * A Messages API on loopback answers after a fixed delay. The whole path of a message (rules,
 * tools, request, stream, checks, reply) is run beside a bare request with the same body over
 * the same server; what is above the delay is our own. Once with an answer in words, once with
 * a call of a tool before it, which is two requests. */
#include "kw-analyst-rig.h"
#include "kw-test.h"

#include <stdlib.h>
#include <string.h>

#define N_RUNS 60
#define DELAY_MS 40
#define TARGET_MS 20.0

typedef struct {
    KwAnalystRig rig;
    gboolean uses_tool;
} Bench;

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
ask(Bench *bench)
{
    const gchar *reply =
        kw_analyst_rig_say(&bench->rig, "Warum haben wir diese Woche Verlust gemacht?");

    g_assert_nonnull(strstr(reply, "💬"));
}

static void
on_bare(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Bench *bench = user_data;
    g_autoptr(KwHttpResponse) response = kw_http_send_finish(KW_HTTP(source), result, NULL);

    g_assert_nonnull(response);
    g_main_loop_quit(bench->rig.loop);
}

/* The last request once more, and nothing else */
static void
ask_bare(Bench *bench)
{
    const gchar *text = kw_fake_claude_get_body(
        bench->rig.vendor, kw_fake_claude_get_n_requests(bench->rig.vendor) - 1);
    g_autoptr(GBytes) body = g_bytes_new(text, strlen(text));
    KwHttpRequest request = {
        .method = "POST",
        .url = kw_fake_claude_get_url(bench->rig.vendor),
        .body = body,
        .max_bytes = 1 << 20,
        .timeout_ms = 10000,
    };

    kw_http_send_async(bench->rig.http, &request, NULL, on_bare, bench);
    g_main_loop_run(bench->rig.loop);
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

int
main(void)
{
    Bench bench = {0};

    kw_analyst_rig_set_up(&bench.rig, NULL);
    bench.rig.options.budget =
        (KwLlmBudget){.day_limit = G_MAXINT64, .month_limit = G_MAXINT64};
    bench.rig.first_ms = 5000;
    kw_analyst_rig_remake(&bench.rig);
    kw_fake_claude_set_model(bench.rig.vendor, answer, &bench);
    kw_fake_claude_set_delay_ms(bench.rig.vendor, DELAY_MS);
    bench_path(&bench, "words", 1);
    bench_path(&bench, "tool", 2);
    kw_analyst_rig_tear_down(&bench.rig, NULL);
    return 0;
}
