/* kw-signal-people.h: who may talk over Signal, and the keys they came with */
#pragma once

#include "kw-signal-envelope.h"

G_BEGIN_DECLS

#define KW_SIGNAL_N_SEEN 32 /* messages that are known when they come again after a restart */

/**
 * KwSignalPerson:
 * @name: as the configuration has it: identity or number
 * @uuid: (nullable): account identity; of a number the one it first came with
 * @fingerprint: (nullable): of the key
 * @is_held: identity or key has changed: read-only
 */
typedef struct {
    gchar *name;
    gchar *uuid;
    gchar *fingerprint;
    gboolean is_owner;
    gboolean is_held;
} KwSignalPerson;

/* What to write to: the identity where it is known, else the number; borrowed */
const gchar *kw_signal_person_get_address(const KwSignalPerson *self);

typedef struct _KwSignalPeople KwSignalPeople;

/**
 * kw_signal_people_new:
 * @owners, @readers: (array zero-terminated=1)
 * @mark: (nullable): of kw_signal_people_to_mark(); what cannot be read of it is left out
 *
 * Returns: (transfer full)
 */
KwSignalPeople *kw_signal_people_new(const gchar *const *owners,
                                     const gchar *const *readers,
                                     const gchar *mark);
void kw_signal_people_free(KwSignalPeople *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwSignalPeople, kw_signal_people_free)

/* (transfer none) (element-type KwSignalPerson) */
const GPtrArray *kw_signal_people_list(const KwSignalPeople *self);

/* (transfer none) (nullable) */
KwSignalPerson *kw_signal_people_find_name(const KwSignalPeople *self, const gchar *name);

/**
 * kw_signal_people_recognise:
 *
 * A number that is met for the first time is bound to the identity it comes with.
 *
 * Returns: (transfer none) (nullable): %NULL for a stranger
 */
KwSignalPerson *kw_signal_people_recognise(KwSignalPeople *self,
                                           const KwSignalEnvelope *envelope);

/* %TRUE when @envelope has the number of @person and another identity: the number has been
 * given to somebody else, or he has begun anew */
gboolean kw_signal_person_is_other(const KwSignalPerson *person,
                                   const KwSignalEnvelope *envelope);

/* The key of @uuid now. Returns: (nullable): whose key is another than before */
KwSignalPerson *
kw_signal_people_check_key(KwSignalPeople *self, const gchar *uuid, const gchar *fingerprint);

/* Returns: %FALSE when the message was here before */
gboolean kw_signal_people_remember(KwSignalPeople *self, const gchar *key);

/* (transfer full): all that must outlive the process, as JSON */
gchar *kw_signal_people_to_mark(const KwSignalPeople *self);

G_END_DECLS
