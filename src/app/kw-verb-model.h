/* kw-verb-model.h: "kurswart model": what is in the registry, and which version is in use */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Exit status: 0, 1 refused, 2 usage */
int kw_verb_model(int argc, char **argv);

G_END_DECLS
