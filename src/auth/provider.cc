#include "auth/provider.h"

#include "auth/renewed.h"
#include "auth/token.h"

namespace k8sc {
namespace {

class ProvidedToken : public RenewedCredentials {
  public:
    ProvidedToken(const Config &config, const Ref<IoLoop> &io_loop)
        : io_loop_(io_loop), provider_(config.token_provider)
    {
    }

  private:
    void renew(bool refused) override K8SC_REQUIRES(io_thread)
    {
        renew_blocking(
            io_loop_, [provider = provider_, refused] { return ask(*provider, refused); },
            [self = Ref<ProvidedToken>(this)](const Error *error, const Renewal &renewal) {
                assert_on_io_thread();
                self->renewed(error, renewal);
            });
    }

    static Renewal ask(TokenProvider &provider, bool refused)
    {
        k8sc_token_request request;
        request.refused = refused;
        int answer = provider.call(&request);
        if (answer) fail(K8SC_E_CREDENTIALS, "the token provider returned " + std::to_string(answer));
        if (!request.token) fail(K8SC_E_CREDENTIALS, "the token provider gave no token");
        Renewal renewal;
        renewal.credential.authorization = bearer(*request.token);
        int64_t now = wall_now_ms();
        if (request.valid_ms >= 0 && request.valid_ms < never - now) renewal.expires_at_ms = now + request.valid_ms;
        return renewal;
    }

    const Ref<IoLoop> io_loop_;
    const std::shared_ptr<TokenProvider> provider_;
};

}  // namespace

Ref<Credentials> provided_token(const Config &config, const Ref<IoLoop> &io_loop)
{
    return make<ProvidedToken>(config, io_loop);
}

}  // namespace k8sc
