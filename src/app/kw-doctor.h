/* kw-doctor.h: what a check found, and how it is shown */
#pragma once

#include "kw-settings.h"

G_BEGIN_DECLS

/**
 * KwDoctorGrade:
 * @KW_DOCTOR_WARNING: works, but not as it should for long
 * @KW_DOCTOR_FAULT: something does not work, or data are damaged
 */
typedef enum { KW_DOCTOR_OK, KW_DOCTOR_WARNING, KW_DOCTOR_FAULT } KwDoctorGrade;

/**
 * KwDoctor:
 * @settings: what the checks are made against
 * @now_us: when the program was started
 * @findings: in the order in which they were made
 */
typedef struct {
    const KwSettings *settings;
    gint64 now_us;
    GPtrArray *findings;
} KwDoctor;

/* @settings: must outlive it */
KwDoctor *kw_doctor_new(const KwSettings *settings, gint64 now_us);
void kw_doctor_free(KwDoctor *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwDoctor, kw_doctor_free)

/**
 * kw_doctor_add:
 * @name: static, translated: "Sicherung"
 * @mend: (nullable): command or advice; copied
 * @format: what was found
 */
void kw_doctor_add(KwDoctor *self,
                   KwDoctorGrade grade,
                   const gchar *name,
                   const gchar *mend,
                   const gchar *format,
                   ...) G_GNUC_PRINTF(5, 6);

/* The worst of all findings */
KwDoctorGrade kw_doctor_get_grade(const KwDoctor *self);

/* (transfer full): one line for each finding, the mend below it, a verdict at the end */
gchar *kw_doctor_to_text(const KwDoctor *self);

/* (transfer full): {"ok":...,"checks":[{"name","state","text","mend"}]} */
gchar *kw_doctor_to_json(const KwDoctor *self);

G_END_DECLS
