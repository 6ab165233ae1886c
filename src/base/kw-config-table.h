/* kw-config-table.h: the keys of kurswart.conf and limits.conf */
#pragma once

#include "kw-config.h"

G_BEGIN_DECLS

/* kurswart.conf; every key can be overridden by KURSWART_SECTION_KEY */
const KwConfigTable *kw_config_table_get_bot(void);

/* limits.conf: the file alone; no environment, so that what started the service cannot widen
 * a limit */
const KwConfigTable *kw_config_table_get_limits(void);

G_END_DECLS
