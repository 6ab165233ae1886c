/* test-kraken-book.c: recorded books verify frame by frame; edge cases, and what is no frame */
#include "kw-error.h"
#include "kw-json.h"
#include "kw-kraken-book.h"
#include "kw-test.h"

#include <string.h>

static void
check_top(const KwKrakenBook *book, JsonObject *top)
{
    static const gchar *const names[] = {"bid", "ask"};

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        KwSide side = i == 0 ? KW_SIDE_BUY : KW_SIDE_SELL;
        KwDecimal best, wanted;
        KwFeedLevel levels[2];
        gboolean is_there = kw_kraken_book_get_best(book, side, &best);

        g_assert_cmpint(is_there, ==, kw_json_has(top, names[i]));
        if (!is_there)
            continue;
        g_assert_true(kw_json_get_decimal(top, names[i], &wanted, NULL));
        g_assert_cmpint(kw_decimal_cmp(best, wanted), ==, 0);
        g_assert_cmpuint(kw_kraken_book_copy_levels(book, side, levels, 1), ==, 1);
        g_assert_cmpint(kw_decimal_cmp(levels[0].price, wanted), ==, 0);
        g_assert_cmpint(kw_decimal_sign(levels[0].amount), >, 0);
    }
}

static void
apply_text(KwKrakenBook *book, KwKrakenBookFrame *frame, const gchar *text)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(kw_kraken_book_frame_parse(text, strlen(text), frame, &error));
    g_assert_no_error(error);
    g_assert_true(kw_kraken_book_apply(book, frame, &error));
    g_assert_no_error(error);
}

/* First line: precisions, depth, and the best prices at the end */
static void
replay(const gchar *name)
{
    g_autofree gchar *path = kw_test_fixture_path(name);
    g_autofree gchar *content = NULL;
    g_auto(GStrv) lines = NULL;
    g_auto(KwKrakenBookFrame) frame = {0};
    g_autoptr(JsonNode) root = NULL;
    g_autoptr(KwKrakenBook) book = NULL;
    JsonObject *header;
    guint n = 0;

    g_assert_true(g_file_get_contents(path, &content, NULL, NULL));
    lines = g_strsplit(content, "\n", -1);
    root = kw_json_parse_text(lines[0], -1, NULL);
    header = json_node_get_object(root);
    book = kw_kraken_book_new((guint8) json_object_get_int_member(header, "price_precision"),
                              (guint8) json_object_get_int_member(header, "qty_precision"),
                              (guint) json_object_get_int_member(header, "depth"));
    kw_kraken_book_frame_init(&frame);
    for (guint i = 1; lines[i] != NULL && *lines[i] != '\0'; i++, n++)
        apply_text(book, &frame, lines[i]);
    g_assert_cmpuint(n, >, 0);
    g_assert_true(kw_kraken_book_is_whole(book));
    check_top(book, json_object_get_object_member(header, "final_top"));
}

static void
test_recorded(void)
{
    static const gchar *const names[] = {
        "kraken/book/btcusd_recorded_a.jsonl",    "kraken/book/doc_example_btcusd.jsonl",
        "kraken/book/doc_example_maticusd.jsonl", "kraken/book/syn_depth10_eur.jsonl",
        "kraken/book/syn_depth25_thin.jsonl",     "kraken/book/syn_tiny_price.jsonl",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_test_message("%s", names[i]);
        replay(names[i]);
    }
}

/* (transfer full): the next frame as it stands in the file, digits and all */
static gchar *
next_frame(const gchar **at)
{
    const gchar *start = strstr(*at, "{\"channel\"");
    guint depth = 0;

    if (start == NULL)
        g_error("there is no further frame");
    for (*at = start; **at != '\0'; (*at)++) {
        depth += **at == '{';
        if (**at == '}' && --depth == 0)
            break;
    }
    return g_strndup(start, (gsize) (*at - start) + 1);
}

static void
test_edges(void)
{
    g_autofree gchar *path = kw_test_fixture_path("kraken/book/edge_cases.json");
    g_autofree gchar *content = NULL;
    g_autoptr(JsonNode) root = NULL;
    g_auto(KwKrakenBookFrame) frame = {0};
    JsonArray *cases;
    const gchar *at;

    g_assert_true(g_file_get_contents(path, &content, NULL, NULL));
    root = kw_json_parse_text(content, -1, NULL);
    at = content;
    cases = json_node_get_array(root);
    g_assert_cmpuint(json_array_get_length(cases), >=, 3);
    kw_kraken_book_frame_init(&frame);
    for (guint i = 0; i < json_array_get_length(cases); i++) {
        JsonObject *row = json_array_get_object_element(cases, i);
        JsonArray *frames = json_object_get_array_member(row, "frames");
        g_autoptr(KwKrakenBook) book =
            kw_kraken_book_new((guint8) json_object_get_int_member(row, "price_precision"),
                               (guint8) json_object_get_int_member(row, "qty_precision"),
                               (guint) json_object_get_int_member(row, "depth"));

        g_test_message("%s", json_object_get_string_member(row, "name"));
        for (guint k = 0; k < json_array_get_length(frames); k++) {
            g_autofree gchar *text = next_frame(&at);

            apply_text(book, &frame, text);
        }
        check_top(book, json_object_get_object_member(row, "final_top"));
    }
}

#define SNAPSHOT                                                                               \
    "{\"channel\":\"book\",\"type\":\"snapshot\",\"data\":[{\"symbol\":\"TST/EUR\",\"bids\":"  \
    "[{\"price\":99.0,\"qty\":1.00000000}],\"asks\":[{\"price\":101.0,\"qty\":1.00000000}],"   \
    "\"checksum\":3849696165}]}"

static void
test_mismatch(void)
{
    static const gchar wrong[] =
        "{\"channel\":\"book\",\"type\":\"update\",\"data\":[{\"symbol\":\"TST/EUR\",\"bids\":"
        "[{\"price\":98.0,\"qty\":1.0}],\"asks\":[],\"checksum\":1}]}";
    g_autoptr(KwKrakenBook) book = kw_kraken_book_new(1, 8, 10);
    g_auto(KwKrakenBookFrame) frame = {0};
    g_autoptr(GError) error = NULL;

    kw_kraken_book_frame_init(&frame);
    g_assert_true(kw_kraken_book_frame_parse(wrong, strlen(wrong), &frame, NULL));
    g_assert_false(kw_kraken_book_apply(book, &frame, &error)); /* before any snapshot */
    g_assert_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX);
    g_clear_error(&error);
    apply_text(book, &frame, SNAPSHOT);
    g_assert_true(kw_kraken_book_frame_parse(wrong, strlen(wrong), &frame, NULL));
    g_assert_false(kw_kraken_book_apply(book, &frame, &error));
    g_assert_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX);
    g_assert_false(kw_kraken_book_is_whole(book));
    g_assert_cmpuint(kw_kraken_book_get_n_levels(book, KW_SIDE_BUY), ==, 0);
    apply_text(book, &frame, SNAPSHOT);
    g_assert_true(kw_kraken_book_is_whole(book));
}

static void
test_depth(void)
{
    g_autoptr(KwKrakenBook) book = kw_kraken_book_new(1, 8, 10);
    g_auto(KwKrakenBookFrame) frame = {0};

    kw_kraken_book_frame_init(&frame);
    apply_text(book, &frame, SNAPSHOT);
    g_assert_cmpfloat(kw_kraken_book_sum_within(book, KW_SIDE_BUY, 100), ==, 1);
    g_assert_cmpfloat(kw_kraken_book_sum_within(book, KW_SIDE_BUY, 99), ==, 0);
}

static void
test_rejects(void)
{
    static const gchar *const texts[] = {
        "",
        "CloudFlare WebSocket proxy restarting",
        "{}",
        "[]",
        "{\"type\":\"update\",\"data\":[]}",
        "{\"type\":\"update\",\"data\":[{\"symbol\":\"A/B\"}]}",
        "{\"type\":\"update\",\"data\":[{\"symbol\":\"A/B\",\"checksum\":99999999999}]}",
        "{\"type\":\"update\",\"data\":[{\"symbol\":\"A/B\",\"checksum\":-1}]}",
        "{\"type\":\"update\",\"data\":[{\"symbol\":\"A/B\",\"bids\":[{\"price\":1}]}]}",
        "{\"type\":\"update\",\"data\":[{\"symbol\":\"A/B\",\"checksum\":1}]}x",
        "{\"type\":\"update\",\"data\":[{\"symbol\":\"A/B\",\"checksum\":1},{}]}",
        "{\"type\":\"update\",\"data\":[{\"symbol\":\"A/B\",\"checksum\":1}]",
    };
    g_auto(KwKrakenBookFrame) frame = {0};

    kw_kraken_book_frame_init(&frame);
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("%s", texts[i]);
        g_assert_false(kw_kraken_book_frame_parse(texts[i], strlen(texts[i]), &frame, &error));
        g_assert_nonnull(error);
    }
}

static void
test_bad_numbers(void)
{
    static const gchar *const numbers[] = {
        "-1", "NaN", "1.23456", "1e", "1e9999", "99999999999999999999", ".", "1.2.3", "0",
    };
    g_auto(KwKrakenBookFrame) frame = {0};

    kw_kraken_book_frame_init(&frame);
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_autofree gchar *text = g_strdup_printf(
            "{\"type\":\"snapshot\",\"data\":[{\"symbol\":\"A/B\",\"bids\":[{\"price\":%s,"
            "\"qty\":1}],\"asks\":[],\"checksum\":1}]}",
            numbers[i]);
        g_autoptr(KwKrakenBook) book = kw_kraken_book_new(1, 8, 10);
        g_autoptr(GError) error = NULL;

        g_test_message("%s", numbers[i]);
        g_assert_true(kw_kraken_book_frame_parse(text, strlen(text), &frame, NULL));
        g_assert_false(kw_kraken_book_apply(book, &frame, &error));
        g_assert_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/exchange/kraken-book/recorded", test_recorded);
    g_test_add_func("/exchange/kraken-book/edges", test_edges);
    g_test_add_func("/exchange/kraken-book/mismatch", test_mismatch);
    g_test_add_func("/exchange/kraken-book/depth", test_depth);
    g_test_add_func("/exchange/kraken-book/rejects", test_rejects);
    g_test_add_func("/exchange/kraken-book/bad-numbers", test_bad_numbers);
    return g_test_run();
}
