/* kw-settings.h: the configuration as the values that the parts of the bot take */
#pragma once

#include "kw-book.h"
#include "kw-config.h"
#include "kw-dialog.h"
#include "kw-event.h"
#include "kw-log.h"
#include "kw-nightly.h"
#include "kw-picture.h"
#include "kw-vault.h"
#include "kw-venue.h"

G_BEGIN_DECLS

/**
 * KwSettings:
 *
 * Both configuration files and what is made from them. Struct members are owned by it.
 */
typedef struct {
    KwConfig *bot;
    KwConfig *limits;
    KwBookSettings book;
    KwLimits hard;
    KwVenueRules venue;    /* of a real exchange */
    KwNightlyPlan nightly; /* its folder belongs to @bot */
    KwZone *zone;
    KwDialogSettings text;
    KwVault *vault;     /* where every part loads its secrets from */
    gchar *root;        /* data root */
    gchar *socket;      /* of the admin channel */
    KwPaper paper;      /* of pictures */
    gchar *config_path; /* NULL: defaults only */
    gchar *limits_path; /* NULL: defaults only */
} KwSettings;

#define KW_SETTINGS_NO_FILE "" /* in place of a path: the defaults count */

/**
 * KwSettingsPaths: from the command line; %NULL takes the usual places
 */
typedef struct {
    const gchar *config;
    const gchar *limits;
    const gchar *root;
} KwSettingsPaths;

/**
 * kw_settings_load:
 * @environment: (array zero-terminated=1) (nullable): overrides; %NULL for none
 * @overrides: (array zero-terminated=1) (nullable): "section.key=value", from options
 * @problems: (element-type KwConfigProblem): all that is wrong is added
 *
 * Opens nothing but the two files. A configuration file that was named must exist; the usual
 * ones may be missing, then defaults count.
 *
 * Returns: (transfer full): %NULL when there are problems
 */
KwSettings *kw_settings_load(const KwSettingsPaths *paths,
                             const gchar *const *environment,
                             const gchar *const *overrides,
                             GPtrArray *problems);
void kw_settings_free(KwSettings *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwSettings, kw_settings_free)

/* (transfer full) (element-type KwConfigView): both files, for "config_show" */
GArray *kw_settings_list(const KwSettings *self);

/* As the owner wants a kind of message; in the order of the words of [notify] */
typedef enum {
    KW_SOUND_ON,
    KW_SOUND_SILENT,
    KW_SOUND_OFF,
} KwSound;

/* Never off for alarms */
KwSound kw_settings_get_sound(const KwSettings *self, KwEventKind kind);

/* The log as the settings want it; its clock may be any. */
void kw_settings_apply_log(const KwSettings *self, KwLog *log);

/* (transfer full): usual place of a configuration file: the XDG folder's if it is there, else
 * the system's if that is there, else %NULL */
gchar *kw_settings_find_file(const gchar *name);

/* (transfer full): data root when none is named */
gchar *kw_settings_dup_usual_root(void);

/* (transfer full): folder of strategies: the one named KURSWART_DATA_DIR, the build's or the
 * installed one */
gchar *kw_settings_find_strategy(const gchar *name, GError **error);

G_END_DECLS
