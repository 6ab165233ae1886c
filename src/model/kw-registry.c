/* kw-registry.c: folders and one symbolic link
 *
 * Everything visible appears by one rename(): a version when its folder gets its name, a
 * promotion when a new link takes the place of the old one. So a process that is killed at any
 * point, or a disk that is full, leaves either the old state or the new one. A table in the
 * database was considered: the files would still have to be there, and two truths can differ.
 *
 * Promotions are recorded in "history", a line each, before the switch: a version that was in
 * use and is not listed could not be rolled back to. A line too many, of a switch that failed
 * or that a crash has prevented, is told by what was in use then, which each line names: when
 * the next one names the same again, nothing had changed. To take such a line back would need
 * a disk that can be written to. */
#include "kw-registry.h"

#include <glib/gstdio.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINK_NAME "promoted"
#define HISTORY_NAME "history"
#define BACK_WORD "back"
#define FROM_WORD "from"
#define NOTHING "-"
#define N_BACK 2 /* versions to go back to that prune leaves */
#define MAX_NAME 32

struct _KwRegistry {
    gchar *folder; /* ROOT/models/NAME, owned */
};

static gboolean
refuse(GError **error, KwModelRefusal code, const gchar *what)
{
    g_set_error_literal(error, KW_MODEL_REFUSAL, (gint) code, what);
    return FALSE;
}

static gboolean
refuse_errno(GError **error, const gchar *what)
{
    g_set_error(error, KW_MODEL_REFUSAL, KW_MODEL_REFUSAL_IO, "%s: %s", what,
                g_strerror(errno));
    return FALSE;
}

/* -- versions -- */

gboolean
kw_model_version_parse(const gchar *text, KwModelVersion *out)
{
    g_auto(GStrv) parts = NULL;
    guint64 numbers[3];
    KwModelVersion version;
    gchar again[KW_MODEL_VERSION_TEXT_SIZE];

    if (text[0] != 'v')
        return FALSE;
    parts = g_strsplit(text + 1, ".", 4);
    if (g_strv_length(parts) != 3)
        return FALSE;
    for (guint i = 0; i < 3; i++) {
        if (!g_ascii_string_to_unsigned(parts[i], 10, 0, 999999, &numbers[i], NULL))
            return FALSE;
    }
    version = (KwModelVersion){(guint) numbers[0], (guint) numbers[1], (guint) numbers[2]};
    if (!g_str_equal(kw_model_version_to_text(version, again), text))
        return FALSE; /* leading zeroes */
    *out = version;
    return TRUE;
}

const gchar *
kw_model_version_to_text(KwModelVersion version, gchar *buffer)
{
    g_snprintf(buffer, KW_MODEL_VERSION_TEXT_SIZE, "v%u.%u.%u", version.major, version.minor,
               version.patch);
    return buffer;
}

gint
kw_model_version_cmp(KwModelVersion a, KwModelVersion b)
{
    if (a.major != b.major)
        return a.major < b.major ? -1 : 1;
    if (a.minor != b.minor)
        return a.minor < b.minor ? -1 : 1;
    return (a.patch > b.patch) - (a.patch < b.patch);
}

static gint
compare_versions(gconstpointer a, gconstpointer b)
{
    return kw_model_version_cmp(*(const KwModelVersion *) a, *(const KwModelVersion *) b);
}

/* -- looking -- */

gboolean
kw_registry_is_name(const gchar *name)
{
    if (!g_ascii_islower(name[0]) || strlen(name) > MAX_NAME)
        return FALSE;
    return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
}

KwRegistry *
kw_registry_new(const gchar *root, const gchar *name)
{
    KwRegistry *self;

    g_return_val_if_fail(kw_registry_is_name(name), NULL);

    self = g_new0(KwRegistry, 1);
    self->folder = g_build_filename(root, KW_REGISTRY_FOLDER, name, NULL);
    return self;
}

void
kw_registry_free(KwRegistry *self)
{
    if (self == NULL)
        return;
    g_free(self->folder);
    g_free(self);
}

static gint
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const gchar *const *) a, *(const gchar *const *) b);
}

GStrv
kw_registry_list_names(const gchar *root)
{
    g_autofree gchar *folder = g_build_filename(root, KW_REGISTRY_FOLDER, NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    GPtrArray *names = g_ptr_array_new();
    const gchar *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        if (kw_registry_is_name(name))
            g_ptr_array_add(names, g_strdup(name));
    }
    g_ptr_array_sort(names, compare_names);
    g_ptr_array_add(names, NULL);
    return (GStrv) g_ptr_array_free(names, FALSE);
}

GArray *
kw_registry_list(const KwRegistry *self)
{
    GArray *versions = g_array_new(FALSE, FALSE, sizeof(KwModelVersion));
    g_autoptr(GDir) dir = g_dir_open(self->folder, 0, NULL);
    const gchar *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        KwModelVersion version;

        if (kw_model_version_parse(name, &version))
            g_array_append_val(versions, version);
    }
    g_array_sort(versions, compare_versions);
    return versions;
}

gboolean
kw_registry_get_promoted(const KwRegistry *self, KwModelVersion *out)
{
    g_autofree gchar *path = g_build_filename(self->folder, LINK_NAME, NULL);
    g_autofree gchar *target = g_file_read_link(path, NULL);

    return target != NULL && kw_model_version_parse(target, out);
}

gboolean
kw_registry_get_promotion(const KwRegistry *self, KwPromotion *out)
{
    g_autofree gchar *path = g_build_filename(self->folder, LINK_NAME, NULL);
    struct stat link;

    if (lstat(path, &link) != 0)
        return FALSE;
    *out = (KwPromotion){link.st_ino, link.st_ctim.tv_sec, link.st_ctim.tv_nsec};
    return TRUE;
}

gboolean
kw_promotion_is_same(const KwPromotion *a, const KwPromotion *b)
{
    return a->inode == b->inode && a->changed_s == b->changed_s &&
           a->changed_ns == b->changed_ns;
}

gchar *
kw_registry_dup_path(const KwRegistry *self, KwModelVersion version)
{
    gchar text[KW_MODEL_VERSION_TEXT_SIZE];

    return g_build_filename(self->folder, kw_model_version_to_text(version, text), NULL);
}

KwModel *
kw_registry_load_promoted(const KwRegistry *self, GError **error)
{
    g_autofree gchar *path = NULL;
    KwModelVersion version;

    if (!kw_registry_get_promoted(self, &version)) {
        (void) refuse(error, KW_MODEL_REFUSAL_ABSENT, "no version is promoted");
        return NULL;
    }
    path = kw_registry_dup_path(self, version);
    return kw_model_load(path, error);
}

/* -- history -- */

/* A line: "1773235800000000 v1.2.0 back from v1.3.0"; BACK_WORD when it was a rollback */
typedef struct {
    KwModelVersion version;
    gint64 time_us;
    gboolean is_back;
    gboolean has_from;   /* older lines do not tell */
    KwModelVersion from; /* in use before; v0.0.0: none */
} Promotion;

static gboolean
parse_promotion(const gchar *line, Promotion *out)
{
    g_auto(GStrv) words = g_strsplit(line, " ", -1);
    guint n_words = g_strv_length(words), at = 2;

    *out = (Promotion){0};
    if (n_words < 2 || !kw_model_version_parse(words[1], &out->version))
        return FALSE;
    out->time_us = g_ascii_strtoll(words[0], NULL, 10);
    out->is_back = at < n_words && g_str_equal(words[at], BACK_WORD);
    at += out->is_back;
    if (at + 1 < n_words && g_str_equal(words[at], FROM_WORD))
        out->has_from = g_str_equal(words[at + 1], NOTHING) ||
                        kw_model_version_parse(words[at + 1], &out->from);
    return TRUE;
}

/* (transfer full) (element-type Promotion): what was tried, oldest first */
static GArray *
read_lines(const KwRegistry *self)
{
    g_autofree gchar *path = g_build_filename(self->folder, HISTORY_NAME, NULL);
    GArray *promotions = g_array_new(FALSE, FALSE, sizeof(Promotion));
    g_autofree gchar *text = NULL;
    g_auto(GStrv) lines = NULL;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return promotions;
    lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        Promotion promotion;

        if (parse_promotion(lines[i], &promotion))
            g_array_append_val(promotions, promotion);
    }
    return promotions;
}

/* Afterwards the same was in use as before, and not what @self says. */
static gboolean
has_failed(const Promotion *self, KwModelVersion in_use_after)
{
    return self->has_from && kw_model_version_cmp(self->from, self->version) != 0 &&
           kw_model_version_cmp(self->from, in_use_after) == 0;
}

/* (transfer full) (element-type Promotion): what has happened, oldest first */
static GArray *
read_history(const KwRegistry *self)
{
    g_autoptr(GArray) lines = read_lines(self);
    GArray *history = g_array_new(FALSE, FALSE, sizeof(Promotion));
    KwModelVersion in_use = {0};

    (void) kw_registry_get_promoted(self, &in_use);
    for (guint i = 0; i < lines->len; i++) {
        const Promotion *line = &g_array_index(lines, Promotion, i);
        const Promotion *next = i + 1 < lines->len ? line + 1 : NULL;

        if (next != NULL && !next->has_from)
            g_array_append_val(history, *line);
        else if (!has_failed(line, next != NULL ? next->from : in_use))
            g_array_append_val(history, *line);
    }
    return history;
}

/* Takes away all behind the last place of @version. Returns: %FALSE when it is not in @line */
static gboolean
cut_behind(GArray *line, KwModelVersion version)
{
    for (guint i = line->len; i-- > 0;) {
        if (kw_model_version_cmp(g_array_index(line, KwModelVersion, i), version) != 0)
            continue;
        g_array_set_size(line, i + 1);
        return TRUE;
    }
    return FALSE;
}

/* One and the same is not there twice in a row. */
static void
append_version(GArray *line, KwModelVersion version)
{
    if (line->len == 0 ||
        kw_model_version_cmp(g_array_index(line, KwModelVersion, line->len - 1), version) != 0)
        g_array_append_val(line, version);
}

static gboolean
has_folder(const KwRegistry *self, KwModelVersion version)
{
    g_autofree gchar *path = kw_registry_dup_path(self, version);

    return g_file_test(path, G_FILE_TEST_IS_DIR);
}

/* Nobody can go back to what was removed. */
static GArray *
leave_missing_out(const KwRegistry *self, const GArray *line, KwModelVersion promoted)
{
    GArray *left = g_array_new(FALSE, FALSE, sizeof(KwModelVersion));

    for (guint i = 0; i < line->len; i++) {
        KwModelVersion version = g_array_index(line, KwModelVersion, i);

        if (kw_model_version_cmp(version, promoted) == 0 || has_folder(self, version))
            append_version(left, version);
    }
    return left;
}

GArray *
kw_registry_list_line(const KwRegistry *self)
{
    g_autoptr(GArray) history = read_history(self);
    g_autoptr(GArray) line = g_array_new(FALSE, FALSE, sizeof(KwModelVersion));
    KwModelVersion promoted;

    if (!kw_registry_get_promoted(self, &promoted))
        return g_steal_pointer(&line);
    for (guint i = 0; i < history->len; i++) {
        const Promotion *promotion = &g_array_index(history, Promotion, i);

        if (!(promotion->is_back && cut_behind(line, promotion->version)))
            append_version(line, promotion->version);
    }
    /* the last line may be of a switch that a crash has prevented */
    if (!cut_behind(line, promoted))
        g_array_append_val(line, promoted);
    return leave_missing_out(self, line, promoted);
}

gint64
kw_registry_get_promoted_us(const KwRegistry *self, KwModelVersion version)
{
    g_autoptr(GArray) history = read_history(self);
    gint64 time_us = 0;

    for (guint i = 0; i < history->len; i++) {
        const Promotion *promotion = &g_array_index(history, Promotion, i);

        if (kw_model_version_cmp(promotion->version, version) == 0)
            time_us = promotion->time_us;
    }
    return time_us;
}

static gboolean
add_history(const KwRegistry *self, const Promotion *promotion, GError **error)
{
    g_autofree gchar *path = g_build_filename(self->folder, HISTORY_NAME, NULL);
    gchar text[KW_MODEL_VERSION_TEXT_SIZE], from_text[KW_MODEL_VERSION_TEXT_SIZE];
    const gchar *from = NOTHING;
    KwModelVersion promoted;
    FILE *file = g_fopen(path, "ae");
    gboolean is_ok;

    if (kw_registry_get_promoted(self, &promoted))
        from = kw_model_version_to_text(promoted, from_text);

    if (file == NULL)
        return refuse_errno(error, HISTORY_NAME);
    is_ok = fprintf(file, "%" G_GINT64_FORMAT " %s%s " FROM_WORD " %s\n", promotion->time_us,
                    kw_model_version_to_text(promotion->version, text),
                    promotion->is_back ? " " BACK_WORD : "", from) > 0 &&
            fflush(file) == 0 && fsync(fileno(file)) == 0;
    is_ok = fclose(file) == 0 && is_ok;
    return is_ok || refuse_errno(error, HISTORY_NAME);
}

gboolean
kw_registry_get_previous(const KwRegistry *self, KwModelVersion *out)
{
    g_autoptr(GArray) line = kw_registry_list_line(self);

    if (line->len < 2)
        return FALSE;
    *out = g_array_index(line, KwModelVersion, line->len - 2);
    return TRUE;
}

/* -- changing -- */

static KwModelVersion
next_version(const KwRegistry *self)
{
    g_autoptr(GArray) versions = kw_registry_list(self);
    KwModelVersion version = {1, 0, 0};

    if (versions->len > 0) {
        version = g_array_index(versions, KwModelVersion, versions->len - 1);
        version.minor++;
        version.patch = 0;
    }
    return version;
}

gboolean
kw_registry_add(KwRegistry *self,
                const KwModelParts *parts,
                KwModelVersion *out,
                GError **error)
{
    KwModelVersion version = next_version(self);
    g_autofree gchar *hidden =
        g_strdup_printf("%s/.new-%" G_GINT64_FORMAT, self->folder, (gint64) getpid());
    g_autofree gchar *path = kw_registry_dup_path(self, version);
    g_autoptr(KwModel) model = NULL;

    if (g_mkdir_with_parents(self->folder, 0700) != 0)
        return refuse_errno(error, self->folder);
    kw_model_folder_remove(hidden);
    if (kw_model_write(parts, hidden, error))
        model = kw_model_load(hidden, error);
    if (model == NULL) {
        kw_model_folder_remove(hidden);
        return FALSE;
    }
    if (g_rename(hidden, path) != 0) {
        (void) refuse_errno(error, path);
        kw_model_folder_remove(hidden);
        return FALSE;
    }
    *out = version;
    return kw_model_folder_sync(self->folder, error);
}

static gboolean
switch_link(const KwRegistry *self, KwModelVersion version, GError **error)
{
    g_autofree gchar *path = g_build_filename(self->folder, LINK_NAME, NULL);
    g_autofree gchar *next =
        g_strdup_printf("%s/.link-%" G_GINT64_FORMAT, self->folder, (gint64) getpid());
    gchar text[KW_MODEL_VERSION_TEXT_SIZE];

    (void) g_unlink(next);
    if (symlink(kw_model_version_to_text(version, text), next) != 0)
        return refuse_errno(error, LINK_NAME);
    if (g_rename(next, path) != 0) {
        (void) refuse_errno(error, LINK_NAME);
        (void) g_unlink(next);
        return FALSE;
    }
    return kw_model_folder_sync(self->folder, error);
}

static gboolean
promote(KwRegistry *self, const Promotion *promotion, KwPromoteRule rule, GError **error)
{
    KwModelVersion version = promotion->version;
    g_autofree gchar *path = kw_registry_dup_path(self, version);
    g_autoptr(KwModel) model = kw_model_load(path, error);
    const KwModelFacts *facts;

    if (model == NULL)
        return FALSE;
    facts = kw_model_get_facts(model);
    if (!g_str_equal(facts->source, "exchange"))
        return refuse(error, KW_MODEL_REFUSAL_SYNTHETIC, "trained on synthetic candles");
    if (rule == KW_PROMOTE_GATED && !facts->passed_gate)
        return refuse(error, KW_MODEL_REFUSAL_GATE, "has not passed the gate");
    return add_history(self, promotion, error) && switch_link(self, version, error);
}

gboolean
kw_registry_promote(
    KwRegistry *self, KwModelVersion version, KwPromoteRule rule, gint64 now_us, GError **error)
{
    const Promotion promotion = {.version = version, .time_us = now_us};

    return promote(self, &promotion, rule, error);
}

static gboolean
was_promoted(const KwRegistry *self, KwModelVersion version)
{
    g_autoptr(GArray) history = read_history(self);

    for (guint i = 0; i < history->len; i++) {
        if (kw_model_version_cmp(g_array_index(history, Promotion, i).version, version) == 0)
            return TRUE;
    }
    return FALSE;
}

gboolean
kw_registry_rollback(KwRegistry *self, KwModelVersion version, gint64 now_us, GError **error)
{
    const Promotion promotion = {.version = version, .time_us = now_us, .is_back = TRUE};

    if (!was_promoted(self, version))
        return refuse(error, KW_MODEL_REFUSAL_NEVER, "was never promoted");
    return promote(self, &promotion, KW_PROMOTE_UNGATED, error);
}

/* Work that was not finished, of a process that is gone or of this one */
static void
remove_unfinished(const KwRegistry *self)
{
    g_autoptr(GDir) dir = g_dir_open(self->folder, 0, NULL);
    const gchar *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree gchar *path = g_build_filename(self->folder, name, NULL);

        if (g_str_has_prefix(name, ".new-") || g_str_has_prefix(name, ".old-"))
            kw_model_folder_remove(path);
        else if (g_str_has_prefix(name, ".link-"))
            (void) g_unlink(path);
    }
}

/* In use, or what one would go back to from there */
static gboolean
is_needed(const GArray *line, KwModelVersion version)
{
    for (guint i = line->len; i-- > 0 && i + N_BACK + 1 >= line->len;) {
        if (kw_model_version_cmp(g_array_index(line, KwModelVersion, i), version) == 0)
            return TRUE;
    }
    return FALSE;
}

guint
kw_registry_prune(KwRegistry *self, guint keep)
{
    g_autoptr(GArray) versions = kw_registry_list(self);
    g_autoptr(GArray) line = kw_registry_list_line(self);
    guint n_removed = 0;

    for (guint i = 0; i + keep < versions->len; i++) {
        KwModelVersion version = g_array_index(versions, KwModelVersion, i);
        g_autofree gchar *path = kw_registry_dup_path(self, version);
        g_autofree gchar *hidden = NULL;

        if (is_needed(line, version))
            continue;
        /* out of sight first: half a version must never be seen */
        hidden = g_strdup_printf("%s/.old-%u", self->folder, i);
        kw_model_folder_remove(hidden);
        if (g_rename(path, hidden) == 0)
            n_removed++;
    }
    remove_unfinished(self);
    return n_removed;
}
