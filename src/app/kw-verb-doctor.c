/* kw-verb-doctor.c: kurswart doctor
 *
 * When the configuration has faults, everything else is checked against the defaults, so that
 * one run names all that is wrong. */
#define G_LOG_DOMAIN "kw-app"

#include "kw-verb-doctor.h"

#include "kw-cli.h"
#include "kw-clock.h"
#include "kw-doctor-channels.h"
#include "kw-doctor-data.h"
#include "kw-doctor-machine.h"
#include "kw-doctor-models.h"
#include "kw-i18n.h"
#include "kw-options.h"

static void
check_configuration(KwDoctor *doctor, const KwSettingsPaths *paths, const GPtrArray *problems)
{
    const KwSettings *settings = doctor->settings;
    const gchar *none = _("no file; the defaults count");

    for (guint i = 0; i < problems->len; i++) {
        g_autofree gchar *text = kw_config_problem_to_string(problems->pdata[i]);
        g_autofree gchar *mend =
            paths->config != NULL
                ? g_strdup_printf("kurswart config check --config %s", paths->config)
                : g_strdup("kurswart config check");

        kw_doctor_add(doctor, KW_DOCTOR_FAULT, _("Configuration"),
                      i + 1 == problems->len ? mend : NULL, "%s", text);
    }
    if (problems->len == 0)
        kw_doctor_add(doctor, KW_DOCTOR_OK, _("Configuration"), NULL,
                      "kurswart.conf: %s; limits.conf: %s",
                      settings->config_path != NULL ? settings->config_path : none,
                      settings->limits_path != NULL ? settings->limits_path : none);
}

/* The wanted settings, or the defaults when they have faults */
static KwSettings *
load_settings(const KwSettingsPaths *paths, GPtrArray *problems)
{
    const KwSettingsPaths defaults = {KW_SETTINGS_NO_FILE, KW_SETTINGS_NO_FILE, paths->root};
    g_autoptr(GPtrArray) unlikely = kw_config_problems_new();
    g_auto(GStrv) environment = g_get_environ();
    KwSettings *settings =
        kw_settings_load(paths, (const gchar *const *) environment, NULL, problems);

    return settings != NULL ? settings : kw_settings_load(&defaults, NULL, NULL, unlikely);
}

static int
examine(const KwSettingsPaths *paths, gboolean is_json)
{
    g_autoptr(KwSystemClock) clock = kw_system_clock_new();
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    g_autoptr(KwSettings) settings = load_settings(paths, problems);
    g_autoptr(KwDoctor) doctor = NULL;
    g_autofree gchar *page = NULL;

    if (settings == NULL) /* not even the defaults hold here: no time zones */
        return kw_cli_report_problems(problems);
    doctor = kw_doctor_new(settings, kw_clock_now_us(KW_CLOCK(clock)));
    check_configuration(doctor, paths, problems);
    kw_doctor_check_data(doctor);
    kw_doctor_check_models(doctor);
    kw_doctor_check_machine(doctor);
    kw_doctor_check_channels(doctor);
    page = is_json ? kw_doctor_to_json(doctor) : kw_doctor_to_text(doctor);
    g_print("%s%s", page, is_json ? "\n" : "");
    return kw_doctor_get_grade(doctor) == KW_DOCTOR_FAULT ? KW_EXIT_NO : 0;
}

int
kw_verb_doctor(int argc, char **argv)
{
    g_autofree gchar *config = NULL;
    g_autofree gchar *limits = NULL;
    g_autofree gchar *root = NULL;
    gboolean is_json = FALSE;
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &config, N_("kurswart.conf to read"), "FILE"},
        {"limits", 0, 0, G_OPTION_ARG_FILENAME, &limits, N_("limits.conf to read"), "FILE"},
        {"root", 0, 0, G_OPTION_ARG_FILENAME, &root, N_("data root"), "DIR"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_("machine-readable output"), NULL},
        G_OPTION_ENTRY_NULL,
    };
    KwSettingsPaths paths;
    int status = 0;

    if (!kw_cli_parse(&argc, &argv, entries,
                      _("What is missing or wrong, and the command that mends it."),
                      "kurswart doctor --root /var/lib/kurswart", &status))
        return status;
    paths = (KwSettingsPaths){config, limits, root};
    return examine(&paths, is_json);
}
