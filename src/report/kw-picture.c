/* kw-picture.c: paper, inks, letters, PNG
 *
 * A light sheet with dark letters is readable in a light chat and in a dark one, and a dark one
 * does not dazzle at night; a transparent one would be readable in one of them only. Each paper
 * has inks of its own: every letter keeps a contrast of 4.5 to 1 to it. Fonts are looked up
 * once for the process and guarded by a lock, since finding them costs more than a whole
 * picture. */
#include "kw-picture.h"

#include <pango/pangocairo.h>
#include <png.h>
#include <string.h>

#define FONT "DejaVu Sans, Noto Sans, Sans"

struct _KwPicture {
    cairo_surface_t *surface; /* owned */
    cairo_t *cr;              /* owned */
    PangoLayout *layout;      /* owned */
    KwPaper paper;
};

static const guint32 inks[KW_N_PAPERS][KW_N_INKS] = {
    [KW_PAPER_LIGHT] =
        {
            [KW_INK_TEXT] = 0x1f2430,
            [KW_INK_MUTED] = 0x5b6472,
            [KW_INK_GRID] = 0xdfe2e8,
            [KW_INK_PAPER] = 0xfbfbf8,
            [KW_INK_LINE] = 0x1f6fb2,
            [KW_INK_GAIN] = 0x157a4c,
            [KW_INK_LOSS] = 0xc43d3d,
            [KW_INK_STOP] = 0xa85705,
            [KW_INK_ENTRY] = 0x0b5394,
            [KW_INK_EXIT] = 0x6a329f,
        },
    [KW_PAPER_DARK] =
        {
            [KW_INK_TEXT] = 0xeceff4,
            [KW_INK_MUTED] = 0xa7b0be,
            [KW_INK_GRID] = 0x333a45,
            [KW_INK_PAPER] = 0x15181d,
            [KW_INK_LINE] = 0x6db3f2,
            [KW_INK_GAIN] = 0x4cc38a,
            [KW_INK_LOSS] = 0xff7b72,
            [KW_INK_STOP] = 0xf0a04b,
            [KW_INK_ENTRY] = 0x8ab8ff,
            [KW_INK_EXIT] = 0xd2a8ff,
        },
};

static GRecMutex fonts_lock;
static PangoFontMap *fonts; /* under fonts_lock; lives as long as the process */

guint32
kw_ink_get_rgb(KwPaper paper, KwInk ink)
{
    return inks[paper][ink];
}

void
kw_picture_set_ink(KwPicture *self, KwInk ink, gdouble alpha)
{
    guint32 rgb = inks[self->paper][ink];

    cairo_set_source_rgba(self->cr, (rgb >> 16 & 0xff) / 255.0, (rgb >> 8 & 0xff) / 255.0,
                          (rgb & 0xff) / 255.0, alpha);
}

static PangoLayout *
make_layout(cairo_t *cr)
{
    PangoContext *context;
    PangoLayout *layout;

    if (fonts == NULL)
        fonts = pango_cairo_font_map_new();
    context = pango_font_map_create_context(fonts);
    pango_cairo_update_context(cr, context);
    layout = pango_layout_new(context);
    g_object_unref(context);
    return layout;
}

KwPicture *
kw_picture_new(KwPaper paper)
{
    KwPicture *self = g_new0(KwPicture, 1);

    self->paper = paper;
    g_rec_mutex_lock(&fonts_lock);
    self->surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, KW_PICTURE_WIDTH, KW_PICTURE_HEIGHT);
    self->cr = cairo_create(self->surface);
    self->layout = make_layout(self->cr);
    kw_picture_set_ink(self, KW_INK_PAPER, 1);
    cairo_paint(self->cr);
    return self;
}

void
kw_picture_free(KwPicture *self)
{
    if (self == NULL)
        return;
    g_object_unref(self->layout);
    cairo_destroy(self->cr);
    cairo_surface_destroy(self->surface);
    g_free(self);
    g_rec_mutex_unlock(&fonts_lock);
}

cairo_t *
kw_picture_get_cairo(KwPicture *self)
{
    return self->cr;
}

static void
set_text(KwPicture *self, const KwTextSpot *spot, const gchar *text)
{
    PangoFontDescription *font = pango_font_description_from_string(FONT);
    gint size = spot->size_px > 0 ? spot->size_px : KW_PICTURE_TEXT_PX;

    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    if (spot->is_bold)
        pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(self->layout, font);
    pango_layout_set_text(self->layout, text, -1);
    pango_font_description_free(font);
}

/* Paper round the letters, so that they can be read over candles and curves */
static void
draw_halo(KwPicture *self, gdouble x, gdouble y)
{
    cairo_move_to(self->cr, x, y);
    pango_cairo_layout_path(self->cr, self->layout);
    kw_picture_set_ink(self, KW_INK_PAPER, 0.85);
    cairo_set_line_join(self->cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_width(self->cr, 7);
    cairo_stroke(self->cr);
}

void
kw_picture_add_text(KwPicture *self, const KwTextSpot *spot, const gchar *text)
{
    gint width = 0, height = 0;
    gdouble x, y;

    set_text(self, spot, text);
    pango_layout_get_pixel_size(self->layout, &width, &height);
    x = CLAMP(spot->x - spot->anchor_x * width, 4, MAX(4, KW_PICTURE_WIDTH - width - 4));
    y = CLAMP(spot->y - spot->anchor_y * height, 0, MAX(0, KW_PICTURE_HEIGHT - height));
    draw_halo(self, x, y);
    cairo_move_to(self->cr, x, y);
    kw_picture_set_ink(self, spot->ink, 1);
    pango_cairo_show_layout(self->cr, self->layout);
    cairo_new_path(self->cr);
}

gdouble
kw_picture_measure(KwPicture *self, const gchar *text)
{
    gint width = 0;

    set_text(self, &(KwTextSpot){0}, text);
    pango_layout_get_pixel_size(self->layout, &width, NULL);
    return width;
}

/* Blue, green, red: three bytes a pixel instead of the four of the surface */
static guint8 *
pack(cairo_surface_t *surface)
{
    const guint8 *rows = cairo_image_surface_get_data(surface);
    gsize stride = (gsize) cairo_image_surface_get_stride(surface);
    guint8 *packed = g_malloc((gsize) KW_PICTURE_WIDTH * KW_PICTURE_HEIGHT * 3);
    guint8 *out = packed;

    for (gsize y = 0; y < KW_PICTURE_HEIGHT; y++) {
        const guint8 *row = rows + y * stride;

        for (gsize x = 0; x < KW_PICTURE_WIDTH; x++, out += 3) {
            guint32 pixel;

            memcpy(&pixel, row + x * 4, sizeof pixel);
            out[0] = (guint8) (pixel & 0xff);
            out[1] = (guint8) (pixel >> 8 & 0xff);
            out[2] = (guint8) (pixel >> 16 & 0xff);
        }
    }
    return packed;
}

/* cairo's own writer tries every filter on every row, which takes longer than all the drawing.
 */
static GBytes *
encode(cairo_surface_t *surface, GError **error)
{
    g_autofree guint8 *packed = pack(surface);
    g_autofree guint8 *file = NULL;
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = KW_PICTURE_WIDTH,
                       .height = KW_PICTURE_HEIGHT,
                       .format = PNG_FORMAT_BGR,
                       .flags = PNG_IMAGE_FLAG_FAST};
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);

    file = g_malloc(size);
    if (!png_image_write_to_memory(&image, file, &size, 0, packed, 0, NULL)) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "picture: %s", image.message);
        return NULL;
    }
    return g_bytes_new(file, size);
}

GBytes *
kw_picture_to_png(KwPicture *self, GError **error)
{
    cairo_status_t status;

    g_return_val_if_fail(self != NULL, NULL);

    cairo_surface_flush(self->surface);
    status = cairo_status(self->cr);
    if (status != CAIRO_STATUS_SUCCESS) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "picture: %s",
                    cairo_status_to_string(status));
        return NULL;
    }
    return encode(self->surface, error);
}
