// k8sc_clientset_*.
#include "discovery/clientset.h"

#include "api/guard.h"

using namespace k8sc;
using namespace k8sc::api;

extern "C" {

k8sc_status k8sc_clientset_new(const k8sc_config *config, k8sc_clientset **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need(config, "config");
        *out = hand_out(make<Clientset>(Client::create(*config, nullptr)));
    });
}

k8sc_status k8sc_clientset_new_shared(const k8sc_config *config, k8sc_client *other, k8sc_clientset **out,
                                      k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need(config, "config");
        need_handle(other, "other");
        *out = hand_out(make<Clientset>(Client::create(*config, other)));
    });
}

k8sc_status k8sc_clientset_new_for_client(k8sc_client *client, k8sc_clientset **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(client, "client");
        client->need_open();
        *out = hand_out(make<Clientset>(Ref<Client>(client)));
    });
}

k8sc_clientset *k8sc_clientset_ref(k8sc_clientset *clientset)
{
    if (clientset) clientset->user_retain();
    return clientset;
}

void k8sc_clientset_unref(k8sc_clientset *clientset)
{
    if (clientset) clientset->user_release();
}

k8sc_client *k8sc_clientset_client(k8sc_clientset *clientset)
{
    return clientset ? clientset->client().get() : nullptr;
}

k8sc_discovery *k8sc_clientset_discovery(k8sc_clientset *clientset)
{
    if (!clientset || clientset->forked()) return nullptr;
    return guard_value<k8sc_discovery *>(nullptr, [&] { return clientset->discovery(); });
}

}  // extern "C"
