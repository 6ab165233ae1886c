#include "kw-assistant.h"

G_DEFINE_INTERFACE(KwAssistant, kw_assistant, G_TYPE_OBJECT)

static void
kw_assistant_default_init(KwAssistantInterface *iface)
{
    (void) iface;
}

void
kw_assistant_get_view(KwAssistant *self, KwAssistantView *out)
{
    KW_ASSISTANT_GET_IFACE(self)->get_view(self, out);
}
