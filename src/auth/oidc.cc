#include "auth/oidc.h"

#include <arpa/inet.h>

#include <functional>
#include <utility>
#include <vector>

#include "auth/secrets.h"
#include "auth/token.h"
#include "config/checks.h"
#include "config/file.h"
#include "config/kubeconfig.h"
#include "config/kubeconfig_edit.h"
#include "config/kubeconfig_write.h"
#include "config/system_authorities.h"
#include "core/pem.h"
#include "core/url.h"
#include "net/exchange.h"
#include "json/draft.h"
#include "json/object.h"

namespace k8sc {
namespace {

constexpr int64_t early_ms = 10000;
constexpr int64_t answer_within_ms = 60000;
constexpr int64_t silent_for_ms = 30000;
constexpr size_t largest_answer = 1 << 20;

SecretText setting(const AuthProvider &provider, const char *name)
{
    auto at = provider.config.find(name);
    return at == provider.config.end() ? SecretText() : at->second;
}

bool is_loopback(const std::string &host)
{
    unsigned char v4[4];
    // A name may begin with "127.", too.
    return host == "localhost" || host == "::1" || (inet_pton(AF_INET, host.c_str(), v4) == 1 && v4[0] == 127);
}

// Secrets go there: only over TLS, or, where `plain_allowed`, within this machine. The scheme has to be said, since
// curl takes none for http.
void check_url(const std::string &text, std::string_view what, bool plain_allowed)
{
    if (text.starts_with("https://")) {
        parse_server_url(text, true);
        return;
    }
    bool here = plain_allowed && text.starts_with("http://") && is_loopback(parse_server_url(text, true).host);
    if (!here) fail(K8SC_E_CONFIG, concat(what, " ", quote(text), " is not https"));
}

// One request to the provider, and its whole answer.
class Fetch : public RefCounted, private ExchangeSink {
  public:
    using Done = std::function<void(const Error *error, int status, const std::string &body)>;

    Fetch(const Ref<IoLoop> &io_loop, Done done) : io_loop_(io_loop), done_(std::move(done)) {}

    void start(const Ref<Endpoint> &endpoint, HttpRequest request) K8SC_REQUIRES(io_thread)
    {
        self_ = Ref<Fetch>(this);
        exchange_ = Exchange::start(io_loop_, endpoint, std::move(request), this);
    }

    void cancel() K8SC_REQUIRES(io_thread)
    {
        done_ = nullptr;
        if (exchange_) std::exchange(exchange_, nullptr)->cancel();
        self_ = nullptr;
    }

  private:
    void on_head(const HttpHead &head) override { status_ = head.status; }
    bool on_data(std::string_view data) override
    {
        if (body_.size() + data.size() > largest_answer) fail(K8SC_E_TOO_LARGE, "its answer is larger than a megabyte");
        body_.append(data);
        return true;
    }
    void on_end(const Error *error) override K8SC_REQUIRES(io_thread)
    {
        Ref<Fetch> self = std::exchange(self_, nullptr);
        exchange_ = nullptr;
        if (Done done = std::exchange(done_, nullptr)) done(error, status_, body_);
    }

    const Ref<IoLoop> io_loop_;
    Done done_;
    Ref<Exchange> exchange_;
    Ref<Fetch> self_;  // while it runs
    int status_ = 0;
    std::string body_;
};

// Into the kubeconfig that it came from, so that the next program does not have to ask again; some providers take a
// refresh-token only once.
void keep(const AuthProvider &provider, const std::string &id_token, const std::string &refresh_token)
{
    Kubeconfig files = load_kubeconfig(provider.file);
    const Stanza *stanza = find_stanza(files, StanzaKind::user, provider.user);
    if (!stanza) return;
    Json entry = load_json(stanza->json, provider.file);
    json_t *body = json_object_get(entry.get(), "user");
    json_t *settings = json_object_get(json_object_get(body, "auth-provider"), "config");
    // Somebody made something else of this user meanwhile.
    if (!json_is_object(settings)) return;
    if (json_object_set_new(settings, "id-token", json_string(id_token.c_str())) != 0) throw std::bad_alloc();
    if (json_object_set_new(settings, "refresh-token", json_string(refresh_token.c_str())) != 0) throw std::bad_alloc();
    set_stanza(files, StanzaKind::user, provider.user, body);
    write_kubeconfig(files, "");
}

class OidcCredentials : public RenewedCredentials {
  public:
    OidcCredentials(const AuthProvider &provider, const Ref<IoLoop> &io_loop, const Ref<Log> &log)
        : RenewedCredentials(pause_after_failure_ms),
          provider_(provider),
          io_loop_(io_loop),
          log_(log),
          endpoint_(make<Endpoint>())
    {
        // One short request now and then.
        endpoint_->http2 = false;
        issuer_ = setting(provider, "idp-issuer-url");
        client_id_ = setting(provider, "client-id");
        secret_ = setting(provider, "client-secret");
        refresh_token_ = setting(provider, "refresh-token");
        if (issuer_.empty()) fail(K8SC_E_CONFIG, "the auth-provider oidc has no idp-issuer-url");
        if (client_id_.empty()) fail(K8SC_E_CONFIG, "the auth-provider oidc has no client-id");
        while (issuer_.ends_with('/')) issuer_.pop_back();
        check_url(issuer_, "idp-issuer-url", true);
        read_authority();
        std::string token = setting(provider, "id-token");
        if (token.empty()) return;
        auto expiry = id_token_expiry(token);
        if (!expiry || has_control_character(token))
            fail(K8SC_E_CONFIG,
                 "the id-token of the auth-provider oidc is not a JSON Web Token that says when it expires");
        begin_with(renewal(token, *expiry));
    }

    void shut_down() override K8SC_REQUIRES(io_thread)
    {
        stop();
        RenewedCredentials::shut_down();
    }

  private:
    static Renewal renewal(const std::string &token, int64_t expiry)
    {
        Renewal renewal;
        renewal.credential.authorization = bearer(token);
        renewal.expires_at_ms = expiry - early_ms;
        return renewal;
    }

    void read_authority()
    {
        std::string data = setting(provider_, "idp-certificate-authority-data"),
                    path = setting(provider_, "idp-certificate-authority");
        if (!data.empty()) {
            endpoint_->ca_pem = decode_base64(data, "idp-certificate-authority-data");
        } else if (!path.empty()) {
            std::string full = absolute_path(path_below(directory_of(provider_.file), path));
            FileText file = read_file(full);
            if (file.fault)
                fail(K8SC_E_CONFIG, concat("idp-certificate-authority ", quoted_path(full),
                                           " cannot be read: ", fault_text(file.fault)));
            endpoint_->ca_pem = std::move(file.text);
        }
        // The client tells what is wrong with those of the system.
        std::vector<std::string> told;
        if (endpoint_->ca_pem.empty())
            endpoint_->ca_pem = system_authorities(told);
        else
            endpoint_->ca_pem = read_certificates(endpoint_->ca_pem, "idp-certificate-authority");
    }

    void renew(bool) override K8SC_REQUIRES(io_thread)
    {
        if (refresh_token_.empty())
            fail(K8SC_E_CREDENTIALS, "the id-token of the auth-provider oidc has expired, or was refused, and there is "
                                     "no refresh-token: log in again");
        stop();
        timer_set_ = true;
        timer_ = io_loop_->at(now_ms() + answer_within_ms, [self = Ref<OidcCredentials>(this)] {
            assert_on_io_thread();
            self->timer_set_ = false;
            self->give_up("it did not answer within " + std::to_string(answer_within_ms) + " ms");
        });
        HttpRequest request;
        request.method = "GET";
        request.url = issuer_ + "/.well-known/openid-configuration";
        auto read_configuration = [this](int status, const std::string &body) {
            assert_on_io_thread();
            if (status != 200) return give_up("its openid-configuration has HTTP status " + std::to_string(status));
            std::string endpoint = Object::parse(body)->root().member("token_endpoint").string().value_or("");
            if (endpoint.empty()) return give_up("its openid-configuration names no token_endpoint");
            token_endpoint_ = endpoint;
            ask_for_token(false);
        };
        try {
            send(std::move(request), read_configuration);
        } catch (...) {
            stop();
            throw;
        }
    }

    // Some providers want the client's secret in a header, some in the body; like Go's library this tries both.
    void ask_for_token(bool secret_in_body) K8SC_REQUIRES(io_thread)
    {
        check_url(token_endpoint_, "its token_endpoint", issuer_.starts_with("http://"));
        HttpRequest request;
        request.method = "POST";
        request.url = token_endpoint_;
        request.headers = {"Content-Type: application/x-www-form-urlencoded", "Accept: application/json"};
        Query form;
        form.add("grant_type", "refresh_token");
        form.add("refresh_token", refresh_token_);
        if (secret_.empty() || secret_in_body) form.add("client_id", client_id_);
        if (!secret_.empty() && secret_in_body) form.add("client_secret", secret_);
        if (!secret_.empty() && !secret_in_body)
            request.headers.push_back("Authorization: " + basic(escape_query(client_id_), escape_query(secret_)));
        request.body = form.encoded();
        send(std::move(request), [this, secret_in_body](int status, const std::string &body) {
            assert_on_io_thread();
            bool other_way = !secret_.empty() && !secret_in_body && (status == 400 || status == 401);
            if (other_way) return ask_for_token(true);
            read_tokens(status, body);
        });
    }

    void read_tokens(int status, const std::string &body) K8SC_REQUIRES(io_thread)
    {
        Ref<Object> answer = Object::parse(body);
        auto member = [&](const char *name) { return answer->root().member(name).string().value_or(""); };
        if (status != 200) {
            std::string why = member("error"), more = member("error_description");
            // Some repeat what they were sent.
            Secrets sent;
            sent.add(refresh_token_);
            sent.add(secret_);
            for (auto text : {&why, &more}) sent.hide_in(*text);
            auto shown = [](const std::string &text) { return text.empty() ? text : ": " + quote(text); };
            return give_up(concat("it refused with HTTP status ", std::to_string(status), shown(why), shown(more)));
        }
        std::string token = member("id_token");
        auto expiry = id_token_expiry(token);
        if (!expiry || has_control_character(token))
            return give_up("its answer holds no id_token that says when it expires");
        if (std::string fresh = member("refresh_token"); !fresh.empty()) refresh_token_ = fresh;
        stop();
        keep_aside(token);
        log_->write(LogLevel::debug, "auth", "the OpenID Connect provider has renewed the id-token");
        Renewal got = renewal(token, *expiry);
        renewed(nullptr, got);
    }

    void keep_aside(const std::string &token) K8SC_REQUIRES(io_thread)
    {
        if (provider_.file.empty()) return;
        auto job = [provider = provider_, token, refresh_token = refresh_token_, log = log_] {
            try {
                keep(provider, token, refresh_token);
            } catch (const Error &error) {
                log->write(LogLevel::warning, "auth",
                           concat("the renewed tokens could not be kept in the kubeconfig: ", error.message));
            }
        };
        try {
            io_loop_->run_blocking(std::move(job));
        } catch (const Error &error) {
            // They serve all the same.
            log_->write(LogLevel::warning, "auth",
                        concat("the renewed tokens could not be kept in the kubeconfig: ", error.message));
        }
    }

    // `next` may fail as give_up says.
    void send(HttpRequest request, std::function<void(int, const std::string &)> next) K8SC_REQUIRES(io_thread)
    {
        request.idle_timeout_ms = silent_for_ms;
        auto endpoint = make<Endpoint>(static_cast<const EndpointSettings &>(*endpoint_));
        endpoint->proxy = choose_proxy("", ProxyEnvironment::of_process(), parse_server_url(request.url, true));
        Ref<OidcCredentials> self(this);
        fetch_ = make<Fetch>(io_loop_, [self, next](const Error *error, int status, const std::string &body) {
            assert_on_io_thread();
            self->fetch_ = nullptr;
            if (error) return self->give_up(error->message);
            try {
                next(status, body);
            } catch (const Error &failure) {
                // What came may be a secret in the wrong form.
                self->give_up(failure.code == K8SC_E_PARSE
                                  ? "its answer is not a JSON object (HTTP status " + std::to_string(status) + ")"
                                  : failure.message);
            }
        });
        fetch_->start(endpoint, std::move(request));
    }

    void stop() K8SC_REQUIRES(io_thread)
    {
        if (timer_set_) io_loop_->cancel_timer(timer_);
        timer_set_ = false;
        if (auto fetch = std::exchange(fetch_, nullptr)) fetch->cancel();
    }

    void give_up(const std::string &why) K8SC_REQUIRES(io_thread)
    {
        stop();
        Error error(K8SC_E_CREDENTIALS, concat("the OpenID Connect provider ", quote(issuer_), ": ", why));
        log_->write(LogLevel::warning, "auth", error.message);
        renewed(&error, {});
    }

    const AuthProvider provider_;
    const Ref<IoLoop> io_loop_;
    const Ref<Log> log_;
    const Ref<Endpoint> endpoint_;
    std::string issuer_, client_id_, token_endpoint_;
    SecretText secret_, refresh_token_;
    Ref<Fetch> fetch_;
    IoLoop::TimerId timer_{};
    bool timer_set_ = false;
};

std::string decode_base64url(std::string_view text)
{
    std::string plain;
    for (char c : text) plain += c == '-' ? '+' : c == '_' ? '/' : c;
    while (plain.size() % 4) plain += '=';
    return decode_base64(plain, "the token");
}

}  // namespace

std::optional<int64_t> id_token_expiry(std::string_view token)
{
    auto first = token.find('.'), second = token.find('.', first == std::string_view::npos ? first : first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos ||
        token.find('.', second + 1) != std::string_view::npos)
        return {};
    try {
        Ref<Object> claims = Object::parse(decode_base64url(token.substr(first + 1, second - first - 1)));
        auto seconds = claims->root().member("exp").number();
        if (!seconds || !(*seconds > 0) || !(*seconds < 1e12)) return {};
        return static_cast<int64_t>(*seconds) * 1000;
    } catch (const Error &) {
        return {};
    }
}

Ref<Credentials> oidc_credentials(const AuthProvider &provider, const Ref<IoLoop> &io_loop, const Ref<Log> &log)
{
    return make<OidcCredentials>(provider, io_loop, log);
}

}  // namespace k8sc
