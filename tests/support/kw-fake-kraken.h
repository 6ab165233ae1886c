/* kw-fake-kraken.h: the fake Kraken as a child of a test, over TLS */
#pragma once

#include "kw-clock.h"
#include "kw-kraken-pairs.h"
#include "kw-secret.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A child process with tests/kraken/fake-kraken.py; what it can do stands at the top of that
 * file. It ends with the test, however that ends. */
typedef struct _KwFakeKraken KwFakeKraken;

/**
 * kw_fake_kraken_new:
 * @now_us: its virtual time, which then stands still; 0: it follows the machine's clock
 *
 * Starts it with a certificate of its own; a failure ends the test.
 */
KwFakeKraken *kw_fake_kraken_new(gint64 now_us);

/* The one of another process, by its address and certificate, to be steered only: it does not
 * end with this process */
KwFakeKraken *kw_fake_kraken_attach(const gchar *rest, const gchar *ca_file);
void kw_fake_kraken_free(KwFakeKraken *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwFakeKraken, kw_fake_kraken_free)

/* (transfer none): "https://127.0.0.1:port", "wss://...", file with its certificate */
const gchar *kw_fake_kraken_get_rest(const KwFakeKraken *self);
const gchar *kw_fake_kraken_get_ws(const KwFakeKraken *self);
const gchar *kw_fake_kraken_get_ws_auth(const KwFakeKraken *self);
const gchar *kw_fake_kraken_get_ca_file(const KwFakeKraken *self);

#define KW_FAKE_KRAKEN_KEY "kw-test-key"

/* (transfer full): private key of %KW_FAKE_KRAKEN_KEY */
KwSecret *kw_fake_kraken_make_secret(void);

/* (transfer full): the pairs that it trades */
KwKrakenPairs *kw_fake_kraken_make_pairs(void);

/**
 * kw_fake_kraken_steer:
 * @name: of the command, "advance"
 * @args: (nullable): JSON object as text
 *
 * Runs the main context until the answer is there, so that clients hear what it causes; a
 * command that fails ends the test.
 *
 * Returns: (transfer full): the answer
 */
JsonNode *kw_fake_kraken_steer(KwFakeKraken *self, const gchar *name, const gchar *args);

/* The same without an answer, with a text to fill in */
void kw_fake_kraken_tell(KwFakeKraken *self, const gchar *name, const gchar *format, ...)
    G_GNUC_PRINTF(3, 4);

/* Both clocks go on by @seconds, the fake's first, one second at a time. */
void kw_fake_kraken_advance(KwFakeKraken *self, KwFakeClock *clock, guint seconds);

/* Both clocks go on by a second, which lasts @least_us of real time and as long as some
 * questions of the test need to be answered: on a busy machine these take longer, as the calls
 * of the program do, so that no deadline of the clock comes before an answer that is on its
 * way. */
void kw_fake_kraken_pass_second(KwFakeKraken *self, KwFakeClock *clock, gint64 least_us);

/* Both clocks go on second by second until @is_done says so, @seconds of them at most: for what
 * the program does after a delay that begins when the news of it arrives. Each of them lasts
 * some real milliseconds, so that a slow machine does not run into every deadline. */
void kw_fake_kraken_await(KwFakeKraken *self,
                          KwFakeClock *clock,
                          guint seconds,
                          gboolean (*is_done)(gpointer user_data),
                          gpointer user_data,
                          const gchar *what);

/* Number of requests to the private call or public path that ends with @name so far */
guint kw_fake_kraken_count(KwFakeKraken *self, const gchar *name);

/* Runs the main context until @is_done says so; ten real seconds are a failure that shows @what
 */
void kw_fake_kraken_wait(gboolean (*is_done)(gpointer user_data),
                         gpointer user_data,
                         const gchar *what);

G_END_DECLS
