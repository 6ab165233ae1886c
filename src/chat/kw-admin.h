/* kw-admin.h: the owner at the machine itself: JSON lines over the admin socket */
#pragma once

#include "kw-channel.h"

G_BEGIN_DECLS

#define KW_ADMIN_CHAT "admin"    /* the one conversation, over any connection */
#define KW_ADMIN_MAX_PENDING 256 /* messages of a connection that wait for their reply */
#define KW_ADMIN_MAX_PICTURE (384 * 1024) /* bytes; a larger one is left out */

/**
 * KwAdminTexts: what the channel says by itself, in the owner's language; all are set
 * @bad_json: the line is no JSON object
 * @bad_message: a member is missing, of the wrong type or out of range
 * @zero_byte: the text has zero bytes
 * @too_long: the line was too long and was not read
 * @too_many: too many messages of this connection wait for their reply
 * @full: too many connections
 * @denied: the peer is another user
 */
typedef struct {
    const gchar *bad_json;
    const gchar *bad_message;
    const gchar *zero_byte;
    const gchar *too_long;
    const gchar *too_many;
    const gchar *full;
    const gchar *denied;
} KwAdminTexts;

/**
 * KwAdmin:
 *
 * A KwChannel. A client sends lines, each a JSON object:
 *
 * {"id":1,"text":"Status","sent_us":1773235800000000}: answered by {"id":1,"reply":"..."}; "id"
 * and "sent_us" may be left out. With "picture":true, a picture that belongs to the reply goes
 * directly before it, in parts that a line can hold: {"id":1,"picture":"BASE64"}; the bytes of
 * all parts in their order are a PNG.
 *
 * {"subscribe":true}: from now on {"event":"KEY","text":"..."} for each broadcast; answered by
 * {"subscribed":true}. false ends it.
 *
 * What cannot be read is answered by {"error":"..."}, with the "id" if there was one, and the
 * connection stays. The sender of a message is the user id that the kernel names.
 */
#define KW_TYPE_ADMIN (kw_admin_get_type())
G_DECLARE_FINAL_TYPE(KwAdmin, kw_admin, KW, ADMIN, GObject)

/**
 * kw_admin_new:
 * @path: of the socket
 * @owner: user whose processes may connect, besides root
 * @texts: copied
 *
 * Returns: (transfer full)
 */
KwAdmin *kw_admin_new(const gchar *path, guint owner, const KwAdminTexts *texts);

G_END_DECLS
