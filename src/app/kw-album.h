/* kw-album.h: the pictures of replies as files, for a terminal that cannot show them */
#pragma once

#include "kw-bot.h"

G_BEGIN_DECLS

/* Main thread; opaque. */
typedef struct _KwAlbum KwAlbum;

/* @folder: made when the first picture comes */
KwAlbum *kw_album_new(const gchar *folder);
void kw_album_free(KwAlbum *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwAlbum, kw_album_free)

/**
 * kw_album_add_async:
 * @chart: copied
 *
 * Draws it and writes FOLDER/01.png, 02.png and so on, over what an earlier run has left.
 */
void kw_album_add_async(KwAlbum *self,
                        KwBot *bot,
                        const KwChartRequest *chart,
                        GAsyncReadyCallback callback,
                        gpointer user_data);

/* Returns: (transfer full): path of the file; %NULL with %G_IO_ERROR, _NOT_FOUND when there is
 * too little to show */
gchar *kw_album_add_finish(KwBot *bot, GAsyncResult *result, GError **error);

G_END_DECLS
