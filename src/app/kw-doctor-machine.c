#include "kw-doctor-machine.h"

#include "kw-i18n.h"

#include <lua.h>
#include <sqlite3.h>

#include <gio/gio.h>
#include <string.h>

#define MIN_SQLITE 3037000 /* STRICT tables */
#define JOURNAL_SOCKET "/run/systemd/journal/socket"

static void
check_zone(KwDoctor *doctor, const gchar *identifier)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KwZone) zone = kw_zone_new(identifier, &error);
    KwLocalTime now;

    if (zone == NULL) {
        kw_doctor_add(doctor, KW_DOCTOR_FAULT, _("Time zone"), "sudo apt install tzdata",
                      "%s: %s", identifier, error->message);
        return;
    }
    now = kw_zone_split(zone, doctor->now_us);
    kw_doctor_add(doctor, KW_DOCTOR_OK, _("Time zone"), NULL, _("%s, it is %02u:%02u there"),
                  identifier, now.hour, now.minute);
}

static void
check_zones(KwDoctor *doctor)
{
    const KwBookSettings *book = &doctor->settings->book;

    check_zone(doctor, book->zone);
    if (strcmp(book->zone, book->daily_zone) != 0)
        check_zone(doctor, book->daily_zone);
}

/* Numbers must look the same whatever the machine is set to. */
static void
check_numbers(KwDoctor *doctor)
{
    g_autofree gchar *text = g_strdup_printf("%.1f", 0.5);

    if (strcmp(text, "0.5") == 0)
        kw_doctor_add(doctor, KW_DOCTOR_OK, _("Numbers"), NULL, "%s",
                      _("independent of the machine's language"));
    else
        kw_doctor_add(doctor, KW_DOCTOR_FAULT, _("Numbers"), "LC_ALL=C.UTF-8 kurswart ...",
                      _("one half is written %s; numbers in files would be misread"), text);
}

static void
check_libraries(KwDoctor *doctor)
{
    gboolean is_old = sqlite3_libversion_number() < MIN_SQLITE;

    kw_doctor_add(doctor, is_old ? KW_DOCTOR_FAULT : KW_DOCTOR_OK, _("Libraries"),
                  is_old ? "sudo apt install libsqlite3-0" : NULL,
                  _("SQLite %s (built with %s), %s, GLib %u.%u.%u"), sqlite3_libversion(),
                  SQLITE_VERSION, LUA_RELEASE, glib_major_version, glib_minor_version,
                  glib_micro_version);
}

static void
check_log(KwDoctor *doctor)
{
    const gchar *level = kw_config_get_string(doctor->settings->bot, "log", "level");

    if (g_file_test(JOURNAL_SOCKET, G_FILE_TEST_EXISTS))
        kw_doctor_add(doctor, KW_DOCTOR_OK, _("Log"), NULL,
                      _("level %s; the service writes to the journal: journalctl -u kurswart"),
                      level);
    else
        kw_doctor_add(doctor, KW_DOCTOR_OK, _("Log"), NULL,
                      _("level %s; no journal here, JSON lines on standard error instead"),
                      level);
}

static void
check_unit(KwDoctor *doctor)
{
    static const gchar *const folders[] = {"/etc/systemd/system",
                                           "/usr/local/lib/systemd/system",
                                           "/usr/lib/systemd/system", "/lib/systemd/system"};

    for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree gchar *path = g_build_filename(folders[i], "kurswart.service", NULL);

        if (!g_file_test(path, G_FILE_TEST_EXISTS))
            continue;
        kw_doctor_add(doctor, KW_DOCTOR_OK, _("Service"), NULL, _("installed: %s"), path);
        return;
    }
    kw_doctor_add(doctor, KW_DOCTOR_WARNING, _("Service"), "sudo meson install -C build", "%s",
                  _("no systemd unit is installed; kurswart run runs as long as you let it"));
}

void
kw_doctor_check_machine(KwDoctor *doctor)
{
    check_zones(doctor);
    check_numbers(doctor);
    check_libraries(doctor);
    check_log(doctor);
    check_unit(doctor);
}
