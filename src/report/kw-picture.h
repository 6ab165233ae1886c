/* kw-picture.h: a sheet of 1000 x 700 pixels to draw on, and its PNG bytes */
#pragma once

#include <cairo.h>
#include <gio/gio.h>

G_BEGIN_DECLS

#define KW_PICTURE_WIDTH 1000
#define KW_PICTURE_HEIGHT 700
#define KW_PICTURE_TITLE_PX 32 /* sizes that a phone still shows well */
#define KW_PICTURE_TEXT_PX 24

/* Colours of one meaning each; shapes and signs say the same, for eyes that see no colours */
typedef enum {
    KW_INK_TEXT,
    KW_INK_MUTED,
    KW_INK_GRID,
    KW_INK_PAPER,
    KW_INK_LINE,
    KW_INK_GAIN,
    KW_INK_LOSS,
    KW_INK_STOP,
    KW_INK_ENTRY,
    KW_INK_EXIT,
} KwInk;
#define KW_N_INKS 10

/* What is drawn on, as the owner's chat looks */
typedef enum {
    KW_PAPER_LIGHT,
    KW_PAPER_DARK,
} KwPaper;
#define KW_N_PAPERS 2

typedef struct _KwPicture KwPicture;

/* An empty sheet. One thread at a time draws: the fonts are shared, and another thread waits
 * here until the sheet is freed. */
KwPicture *kw_picture_new(KwPaper paper);
void kw_picture_free(KwPicture *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwPicture, kw_picture_free)

/* (transfer none): where to draw */
cairo_t *kw_picture_get_cairo(KwPicture *self);

/* Colour of what is drawn next; @alpha 0..1 */
void kw_picture_set_ink(KwPicture *self, KwInk ink, gdouble alpha);

/* 0xRRGGBB, for tests that look for it */
guint32 kw_ink_get_rgb(KwPaper paper, KwInk ink);

/**
 * KwTextSpot:
 * @x: what part of the text lies at this pixel says @anchor_x: 0 its left, 1 its right end
 * @y: likewise with @anchor_y: 0 its top, 1 its bottom
 * @size_px: height of the letters' line, %KW_PICTURE_TEXT_PX when 0
 */
typedef struct {
    gdouble x, y;
    gdouble anchor_x, anchor_y;
    gint size_px;
    gboolean is_bold;
    KwInk ink;
} KwTextSpot;

/* Texts are moved as far as needed to stay on the sheet. */
void kw_picture_add_text(KwPicture *self, const KwTextSpot *spot, const gchar *text);

/* Width in pixels at %KW_PICTURE_TEXT_PX */
gdouble kw_picture_measure(KwPicture *self, const gchar *text);

/* Returns: (transfer full): the PNG file, or %NULL with an error */
GBytes *kw_picture_to_png(KwPicture *self, GError **error);

G_END_DECLS
