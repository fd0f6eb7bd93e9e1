// Credentials that the host gives: k8sc_token_request_*, k8sc_client_set_token, and what a configuration says about
// where to ask.
#include "auth/provider.h"

#include "api/guard.h"
#include "config/checks.h"
#include "rest/client.h"

using namespace k8sc;
using namespace k8sc::api;

namespace {

// Never shown.
void need_token(const char *token)
{
    need(token, "token");
    if (!*token) fail(K8SC_E_INVALID, "token is empty");
    if (has_control_character(token)) fail(K8SC_E_INVALID, "token holds a line break or another control character");
}

}  // namespace

extern "C" {

k8sc_status k8sc_config_set_token_provider(k8sc_config *config, k8sc_token_fn fn, void *user_data,
                                           k8sc_destroy_fn destroy, k8sc_error **err)
{
    Destroyer destroyer(destroy, user_data);
    return guard(err, [&] {
        need(config, "config");
        if (!fn) fail(K8SC_E_INVALID, "argument fn is NULL");
        auto provider = std::make_shared<TokenProvider>(fn, user_data, destroy);
        destroyer.disarm();
        config->token_provider = std::move(provider);
        config->token.clear();
        config->token_file.clear();
    });
}

int k8sc_token_request_is_refused(const k8sc_token_request *request) { return request ? request->refused : 0; }

k8sc_status k8sc_token_request_answer(k8sc_token_request *request, const char *token, int64_t valid_ms,
                                      k8sc_error **err)
{
    return guard(err, [&] {
        need(request, "request");
        need_token(token);
        if (valid_ms < -1)
            fail(K8SC_E_INVALID, concat("valid_ms is ", std::to_string(valid_ms),
                                        "; it must be -1 (until it is refused) or at least 0"));
        request->token = token;
        request->valid_ms = valid_ms;
    });
}

k8sc_status k8sc_config_set_exec_interactive(k8sc_config *config, int allowed, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        config->exec_interactive = allowed != 0;
    });
}

k8sc_status k8sc_client_set_token(k8sc_client *client, const char *token, k8sc_error **err)
{
    return guard(err, [&] {
        need_handle(client, "client");
        need_token(token);
        client->set_token(token);
    });
}

}  // extern "C"
