/* kw-fault-text.h: the owner's words for the messages of SQLite, Lua and the system */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * kw_fault_text:
 * @message: of a GError, English
 *
 * Returns: (transfer full): what it means in the language that is set, with the message itself
 * in brackets; the message alone when it is none of the common ones
 */
gchar *kw_fault_text(const gchar *message);

G_END_DECLS
