/* kw-model-folder.h: the files of one model version, written whole, read verified */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Why a model is not used */
#define KW_MODEL_REFUSAL (kw_model_refusal_quark())

typedef enum {
    KW_MODEL_REFUSAL_ABSENT,    /* no such version */
    KW_MODEL_REFUSAL_MANIFEST,  /* the list of files is missing or damaged */
    KW_MODEL_REFUSAL_HASH,      /* a file is not what the manifest says */
    KW_MODEL_REFUSAL_FORMAT,    /* a file cannot be read; also models of newer libraries */
    KW_MODEL_REFUSAL_FEATURES,  /* model, scaler and feature list disagree */
    KW_MODEL_REFUSAL_PROBE,     /* predictions differ from those recorded in training */
    KW_MODEL_REFUSAL_NAN,       /* a prediction is not a number */
    KW_MODEL_REFUSAL_SYNTHETIC, /* trained on synthetic candles */
    KW_MODEL_REFUSAL_GATE,      /* did not pass the gate */
    KW_MODEL_REFUSAL_NEVER,     /* rollback to a version that was never promoted */
    KW_MODEL_REFUSAL_IO,        /* disk full, no rights */
} KwModelRefusal;

GQuark kw_model_refusal_quark(void);

#define KW_MODEL_FOLDER_MANIFEST "MANIFEST"
#define KW_MODEL_FOLDER_MAX_FILES 64

/**
 * kw_model_folder_write:
 * @folder: is made; must not be there
 * @names: (array zero-terminated=1): file names
 * @contents: (array): one for each name
 *
 * Writes and syncs every file, then the manifest with the SHA-256 of each. Until the manifest
 * is there the folder is no model.
 *
 * Returns: %FALSE with %KW_MODEL_REFUSAL_IO
 */
gboolean kw_model_folder_write(const gchar *folder,
                               const gchar *const *names,
                               GBytes *const *contents,
                               GError **error);

/**
 * kw_model_folder_verify:
 * @out_hash: (out) (transfer full) (optional): SHA-256 of the manifest: identity of the model
 *
 * Returns: %FALSE with %KW_MODEL_REFUSAL_ABSENT, _MANIFEST or _HASH; the message names the file
 */
gboolean kw_model_folder_verify(const gchar *folder, gchar **out_hash, GError **error);

/* (transfer full): one file; %NULL with %KW_MODEL_REFUSAL_FORMAT */
GBytes *kw_model_folder_read(const gchar *folder, const gchar *name, GError **error);

/* Removes @path with all that is in it, as far as it can; links are not followed */
void kw_model_folder_remove(const gchar *path);

/* Syncs the folder itself, so that names in it last. %FALSE with %KW_MODEL_REFUSAL_IO */
gboolean kw_model_folder_sync(const gchar *folder, GError **error);

G_END_DECLS
