/* kw-kraken-book.c: two sorted arrays of scaled integers
 *
 * The checksum runs over "x * 10^decimals" as text, which is what the integers are; so no
 * number is ever formatted in another way than it was read. Order of a frame, as Kraken wants
 * it: all levels one by one (the same price may come twice), then cut to the depth, then the
 * checksum. A side has at most 1,000 levels and changes mostly near its front: moving memory in
 * an array is faster than any tree here. */
#include "kw-kraken-book.h"

#include "kw-error.h"

#include <math.h>
#include <string.h>
#include <zlib.h>

#define N_CHECKED 10
#define MAX_TOKEN 40 /* bytes of a number */
#define MAX_FRAME_LEVELS 4096
#define MAX_DEPTH 16

/* -- scanner -- */

typedef struct {
    const gchar *at, *end;
} Scan;

static gboolean
fail(KwParseError code, const gchar *what, GError **error)
{
    g_set_error(error, KW_PARSE_ERROR, code, "book: %s", what);
    return FALSE;
}

static void
skip_blanks(Scan *scan)
{
    while (scan->at < scan->end && strchr(" \t\r\n", *scan->at) != NULL && *scan->at != '\0')
        scan->at++;
}

/* Takes @wanted and blanks round it, or nothing. */
static gboolean
take(Scan *scan, gchar wanted)
{
    skip_blanks(scan);
    if (scan->at >= scan->end || *scan->at != wanted)
        return FALSE;
    scan->at++;
    skip_blanks(scan);
    return TRUE;
}

/* A text without escapes undone; they do not occur where we look */
static gboolean
take_text(Scan *scan, const gchar **out, gsize *out_length)
{
    const gchar *start;

    if (!take(scan, '"'))
        return FALSE;
    start = scan->at;
    for (; scan->at < scan->end && *scan->at != '"'; scan->at++) {
        if (*scan->at == '\\')
            scan->at++;
    }
    if (scan->at >= scan->end)
        return FALSE;
    *out = start;
    *out_length = (gsize) (scan->at - start);
    scan->at++;
    return TRUE;
}

/* A number, true, false, null, or a number written as text */
static gboolean
take_token(Scan *scan, const gchar **out, gsize *out_length)
{
    skip_blanks(scan);
    if (scan->at < scan->end && *scan->at == '"')
        return take_text(scan, out, out_length);
    *out = scan->at;
    while (scan->at < scan->end &&
           (g_ascii_isalnum(*scan->at) || strchr("+-.", *scan->at) != NULL) &&
           *scan->at != '\0')
        scan->at++;
    *out_length = (gsize) (scan->at - *out);
    return *out_length > 0;
}

static gboolean skip_value(Scan *scan, guint depth);

static gboolean
skip_list(Scan *scan, guint depth, gboolean has_names)
{
    const gchar close = has_names ? '}' : ']';
    const gchar *text;
    gsize length;

    if (take(scan, close))
        return TRUE;
    do {
        if (has_names && (!take_text(scan, &text, &length) || !take(scan, ':')))
            return FALSE;
        if (!skip_value(scan, depth + 1))
            return FALSE;
    } while (take(scan, ','));
    return take(scan, close);
}

static gboolean
skip_value(Scan *scan, guint depth)
{
    const gchar *text;
    gsize length;

    if (depth > MAX_DEPTH)
        return FALSE;
    if (take(scan, '{'))
        return skip_list(scan, depth, TRUE);
    if (take(scan, '['))
        return skip_list(scan, depth, FALSE);
    return take_token(scan, &text, &length);
}

static gboolean
is_name(const gchar *text, gsize length, const gchar *name)
{
    return strlen(name) == length && memcmp(text, name, length) == 0;
}

/* Calls @member for each member of the object that begins here */
typedef gboolean (*MemberFunc)(Scan *scan, const gchar *name, gsize n_name, gpointer user_data);

static gboolean
scan_object(Scan *scan, MemberFunc member, gpointer user_data)
{
    const gchar *name;
    gsize n_name;

    if (!take(scan, '{'))
        return FALSE;
    if (take(scan, '}'))
        return TRUE;
    do {
        if (!take_text(scan, &name, &n_name) || !take(scan, ':') ||
            !member(scan, name, n_name, user_data))
            return FALSE;
    } while (take(scan, ','));
    return take(scan, '}');
}

/* -- a frame -- */

void
kw_kraken_book_frame_init(KwKrakenBookFrame *self)
{
    *self = (KwKrakenBookFrame){
        .bids = g_array_new(FALSE, FALSE, sizeof(KwKrakenBookLevel)),
        .asks = g_array_new(FALSE, FALSE, sizeof(KwKrakenBookLevel)),
    };
}

void
kw_kraken_book_frame_clear(KwKrakenBookFrame *self)
{
    g_clear_pointer(&self->bids, g_array_unref);
    g_clear_pointer(&self->asks, g_array_unref);
}

static gboolean
on_level_member(Scan *scan, const gchar *name, gsize n_name, gpointer user_data)
{
    KwKrakenBookLevel *level = user_data;
    gboolean is_price = is_name(name, n_name, "price");
    const gchar *token;
    gsize length;

    if (!is_price && !is_name(name, n_name, "qty"))
        return skip_value(scan, 0);
    if (!take_token(scan, &token, &length) || length > MAX_TOKEN)
        return FALSE;
    if (is_price) {
        level->price = token;
        level->n_price = (guint8) length;
    } else {
        level->amount = token;
        level->n_amount = (guint8) length;
    }
    return TRUE;
}

static gboolean
scan_levels(Scan *scan, GArray *levels)
{
    if (!take(scan, '['))
        return FALSE;
    if (take(scan, ']'))
        return TRUE;
    do {
        KwKrakenBookLevel level = {0};

        if (levels->len >= MAX_FRAME_LEVELS || !scan_object(scan, on_level_member, &level) ||
            level.price == NULL || level.amount == NULL)
            return FALSE;
        g_array_append_val(levels, level);
    } while (take(scan, ','));
    return take(scan, ']');
}

/* What has been found of a frame; @levels is set once a side was there */
typedef struct {
    KwKrakenBookFrame *frame;
    gboolean has_data, has_type, has_symbol, has_checksum;
} Find;

static gboolean
scan_symbol(Scan *scan, Find *find)
{
    const gchar *text;
    gsize length;

    if (!take_text(scan, &text, &length) || length >= sizeof find->frame->symbol)
        return FALSE;
    memcpy(find->frame->symbol, text, length);
    find->frame->symbol[length] = '\0';
    find->has_symbol = TRUE;
    return TRUE;
}

static gboolean
scan_checksum(Scan *scan, Find *find)
{
    const gchar *token;
    gsize length;
    guint64 value = 0;

    if (!take_token(scan, &token, &length) || length > 10)
        return FALSE;
    for (gsize i = 0; i < length; i++) {
        if (!g_ascii_isdigit(token[i]))
            return FALSE;
        value = value * 10 + (guint64) g_ascii_digit_value(token[i]);
    }
    find->frame->checksum = (guint32) value;
    find->has_checksum = value <= G_MAXUINT32;
    return find->has_checksum;
}

static gboolean
on_data_member(Scan *scan, const gchar *name, gsize n_name, gpointer user_data)
{
    Find *find = user_data;

    if (is_name(name, n_name, "symbol"))
        return scan_symbol(scan, find);
    if (is_name(name, n_name, "checksum"))
        return scan_checksum(scan, find);
    if (is_name(name, n_name, "bids"))
        return scan_levels(scan, find->frame->bids);
    if (is_name(name, n_name, "asks"))
        return scan_levels(scan, find->frame->asks);
    return skip_value(scan, 0);
}

static gboolean
on_frame_member(Scan *scan, const gchar *name, gsize n_name, gpointer user_data)
{
    Find *find = user_data;
    const gchar *text;
    gsize length;

    if (is_name(name, n_name, "type")) {
        find->has_type = take_text(scan, &text, &length);
        find->frame->is_snapshot = find->has_type && is_name(text, length, "snapshot");
        return find->has_type;
    }
    if (!is_name(name, n_name, "data"))
        return skip_value(scan, 0);
    if (find->has_data) /* one book a frame */
        return FALSE;
    find->has_data = TRUE;
    return take(scan, '[') && scan_object(scan, on_data_member, find) && take(scan, ']');
}

gboolean
kw_kraken_book_frame_parse(const gchar *text,
                           gsize length,
                           KwKrakenBookFrame *out,
                           GError **error)
{
    Scan scan = {text, text + length};
    Find find = {.frame = out};

    g_return_val_if_fail(text != NULL && out != NULL && out->bids != NULL, FALSE);

    g_array_set_size(out->bids, 0);
    g_array_set_size(out->asks, 0);
    if (!scan_object(&scan, on_frame_member, &find) || scan.at != scan.end)
        return fail(KW_PARSE_ERROR_SYNTAX, "no such frame", error);
    if (!find.has_data || !find.has_type || !find.has_symbol || !find.has_checksum)
        return fail(KW_PARSE_ERROR_MEMBER, "a member is missing", error);
    return TRUE;
}

/* -- numbers -- */

/* @value times ten to the @shift, exactly */
static gboolean
shift_digits(guint64 value, gint shift, guint64 *out)
{
    for (; shift > 0 && value > 0; shift--) {
        if (__builtin_mul_overflow(value, 10, &value))
            return FALSE;
    }
    for (; shift < 0 && value > 0; shift++) {
        if (value % 10 != 0)
            return FALSE;
        value /= 10;
    }
    *out = value;
    return TRUE;
}

/* The digits from @at on, up to @end or what is none; @shift goes down with each behind the
 * point. Returns the place behind them, or %NULL when there are too many or none. */
static const gchar *
read_digits(const gchar *at, const gchar *end, guint64 *value, gint *shift)
{
    gboolean seen_point = FALSE, seen_digit = FALSE;

    for (; at < end && (g_ascii_isdigit(*at) || (*at == '.' && !seen_point)); at++) {
        if (*at == '.') {
            seen_point = TRUE;
            continue;
        }
        if (__builtin_mul_overflow(*value, 10, value) ||
            __builtin_add_overflow(*value, (guint64) g_ascii_digit_value(*at), value))
            return NULL;
        seen_digit = TRUE;
        *shift -= seen_point;
    }
    return seen_digit ? at : NULL;
}

/* "12.50" with two decimals is 1250; "1e-05" is a number as well. */
static gboolean
read_scaled(const gchar *token, gsize length, guint8 decimals, guint64 *out)
{
    const gchar *end = token + length, *at;
    guint64 value = 0, exponent = 0;
    gint shift = decimals, unused = 0;
    gboolean is_negative = FALSE;

    at = read_digits(token, end, &value, &shift);
    if (at == NULL)
        return FALSE;
    if (at < end && (*at == 'e' || *at == 'E')) {
        at++;
        is_negative = at < end && *at == '-';
        if (is_negative || (at < end && *at == '+'))
            at++;
        at = read_digits(at, end, &exponent, &unused);
        if (at == NULL || exponent > 99)
            return FALSE;
        shift += is_negative ? -(gint) exponent : (gint) exponent;
    }
    return at == end && shift_digits(value, shift, out);
}

/* -- the book -- */

typedef struct {
    guint64 price, amount;
} Level;

typedef struct {
    Level *levels; /* owned; best first */
    guint n_levels, n_room;
    gboolean is_bids;
} Half;

struct _KwKrakenBook {
    Half bids, asks;
    guint8 price_decimals, lot_decimals;
    guint depth;
    gboolean is_whole;
};

KwKrakenBook *
kw_kraken_book_new(guint8 price_decimals, guint8 lot_decimals, guint depth)
{
    KwKrakenBook *self;

    g_return_val_if_fail(depth > 0 && depth <= KW_KRAKEN_BOOK_MAX_DEPTH, NULL);

    self = g_new0(KwKrakenBook, 1);
    self->bids.is_bids = TRUE;
    self->price_decimals = price_decimals;
    self->lot_decimals = lot_decimals;
    self->depth = depth;
    return self;
}

void
kw_kraken_book_free(KwKrakenBook *self)
{
    if (self == NULL)
        return;
    g_free(self->bids.levels);
    g_free(self->asks.levels);
    g_free(self);
}

/* First place whose price is not better than @price */
static guint
find_place(const Half *half, guint64 price)
{
    guint low = 0, high = half->n_levels;

    while (low < high) {
        guint middle = (low + high) / 2;
        guint64 other = half->levels[middle].price;

        if (half->is_bids ? other > price : other < price)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void
set_level(Half *half, Level level)
{
    guint at = find_place(half, level.price);
    gboolean is_there = at < half->n_levels && half->levels[at].price == level.price;
    gsize n_behind = (half->n_levels - at) * sizeof *half->levels;

    if (is_there && level.amount == 0) {
        half->n_levels--;
        memmove(&half->levels[at], &half->levels[at + 1], n_behind - sizeof *half->levels);
    } else if (is_there) {
        half->levels[at] = level;
    } else if (level.amount > 0) {
        memmove(&half->levels[at + 1], &half->levels[at], n_behind);
        half->levels[at] = level;
        half->n_levels++;
    }
}

/* Between two levels of a frame a side may be deeper than the depth; what is beyond may come
 * back into view before the frame ends, so the cut is the last thing. */
static gboolean
apply_levels(KwKrakenBook *self, Half *half, const GArray *levels)
{
    if (half->n_levels + levels->len > half->n_room) {
        half->n_room = half->n_levels + levels->len;
        half->levels = g_renew(Level, half->levels, half->n_room);
    }
    for (guint i = 0; i < levels->len; i++) {
        const KwKrakenBookLevel *raw = &g_array_index(levels, KwKrakenBookLevel, i);
        Level level;

        if (!read_scaled(raw->price, raw->n_price, self->price_decimals, &level.price) ||
            !read_scaled(raw->amount, raw->n_amount, self->lot_decimals, &level.amount) ||
            level.price == 0)
            return FALSE;
        set_level(half, level);
    }
    half->n_levels = MIN(half->n_levels, self->depth);
    return TRUE;
}

static gchar *
write_number(gchar *to, guint64 value)
{
    gchar digits[20];
    guint n = 0;

    do {
        digits[n++] = (gchar) ('0' + value % 10);
        value /= 10;
    } while (value > 0);
    while (n > 0)
        *to++ = digits[--n];
    return to;
}

static guint32
compute_checksum(const KwKrakenBook *self)
{
    const Half *const halves[] = {&self->asks, &self->bids};
    gchar text[2 * N_CHECKED * 2 * 20], *to = text;

    for (gsize i = 0; i < G_N_ELEMENTS(halves); i++) {
        for (guint k = 0; k < MIN(halves[i]->n_levels, N_CHECKED); k++) {
            to = write_number(to, halves[i]->levels[k].price);
            to = write_number(to, halves[i]->levels[k].amount);
        }
    }
    return (guint32) crc32(0, (const Bytef *) text, (uInt) (to - text));
}

gboolean
kw_kraken_book_apply(KwKrakenBook *self, const KwKrakenBookFrame *frame, GError **error)
{
    gboolean may_apply;

    g_return_val_if_fail(self != NULL && frame != NULL, FALSE);

    may_apply = self->is_whole || frame->is_snapshot;
    self->is_whole = FALSE;
    if (frame->is_snapshot || !may_apply)
        self->bids.n_levels = self->asks.n_levels = 0;
    if (!may_apply)
        return fail(KW_PARSE_ERROR_SYNTAX, "an update without a snapshot", error);
    if (!apply_levels(self, &self->bids, frame->bids) ||
        !apply_levels(self, &self->asks, frame->asks)) {
        self->bids.n_levels = self->asks.n_levels = 0;
        return fail(KW_PARSE_ERROR_RANGE, "a level cannot be read", error);
    }
    if (compute_checksum(self) != frame->checksum) {
        self->bids.n_levels = self->asks.n_levels = 0;
        return fail(KW_PARSE_ERROR_SYNTAX, "the checksum differs", error);
    }
    self->is_whole = TRUE;
    return TRUE;
}

gboolean
kw_kraken_book_is_whole(const KwKrakenBook *self)
{
    g_return_val_if_fail(self != NULL, FALSE);

    return self->is_whole;
}

static const Half *
half_of(const KwKrakenBook *self, KwSide side)
{
    return side == KW_SIDE_BUY ? &self->bids : &self->asks;
}

guint
kw_kraken_book_get_n_levels(const KwKrakenBook *self, KwSide side)
{
    g_return_val_if_fail(self != NULL, 0);

    return half_of(self, side)->n_levels;
}

gboolean
kw_kraken_book_get_best(const KwKrakenBook *self, KwSide side, KwDecimal *out_price)
{
    const Half *half;

    g_return_val_if_fail(self != NULL && out_price != NULL, FALSE);

    half = half_of(self, side);
    if (half->n_levels == 0 || half->levels[0].price >= G_GUINT64_CONSTANT(1000000000000000000))
        return FALSE;
    *out_price = (KwDecimal){(gint64) half->levels[0].price, self->price_decimals};
    return TRUE;
}

guint
kw_kraken_book_copy_levels(const KwKrakenBook *self,
                           KwSide side,
                           KwFeedLevel *out,
                           guint max_levels)
{
    const Half *half;
    guint n;

    g_return_val_if_fail(self != NULL && out != NULL, 0);

    half = half_of(self, side);
    n = MIN(half->n_levels, max_levels);
    for (guint i = 0; i < n; i++)
        out[i] = (KwFeedLevel){
            .price = {.mant = (gint64) half->levels[i].price, .scale = self->price_decimals},
            .amount = {.mant = (gint64) half->levels[i].amount, .scale = self->lot_decimals}};
    return n;
}

gdouble
kw_kraken_book_sum_within(const KwKrakenBook *self, KwSide side, gdouble bps)
{
    const Half *half;
    gdouble middle, sum = 0;

    g_return_val_if_fail(self != NULL, 0);

    if (self->bids.n_levels == 0 || self->asks.n_levels == 0)
        return 0;
    half = half_of(self, side);
    middle = ((gdouble) self->bids.levels[0].price + (gdouble) self->asks.levels[0].price) / 2;
    for (guint i = 0; i < half->n_levels; i++) {
        if (fabs((gdouble) half->levels[i].price - middle) <= middle * bps / 10000)
            sum += (gdouble) half->levels[i].amount;
    }
    return sum / pow(10, self->lot_decimals);
}
