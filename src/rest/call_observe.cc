// What a call tells of itself: logs, metrics, traces. On the I/O thread.
#include "core/clock.h"
#include "core/redact.h"
#include "core/visible.h"
#include "rest/call.h"
#include "rest/warnings.h"
#include "json/cursor.h"
#include "json/write.h"

using namespace k8sc;

namespace {

constexpr size_t most_logged_body = 1024;
constexpr int64_t long_wait_ms = 1000;

std::string masked(std::string_view header)
{
    std::string_view name = header.substr(0, header.find(':'));
    if (sounds_secret(name)) return concat(name, ": ", secret_stand_in);
    return visible(header);
}

// Without the line breaks that belong to it, nothing of a body moves a terminal's cursor either.
std::string logged_body(std::string_view body)
{
    bool cut = body.size() > most_logged_body;
    std::string text;
    for (body = body.substr(0, most_logged_body); !body.empty();) {
        auto end = body.find('\n');
        text += concat(visible(body.substr(0, end)), end == std::string_view::npos ? "" : "\n");
        body.remove_prefix(end == std::string_view::npos ? body.size() : end + 1);
    }
    return text + (cut ? "..." : "");
}

std::string_view failure_class(const Error &error)
{
    switch (error.code) {
    case K8SC_E_TIMEOUT: return "<timeout>";
    case K8SC_E_CONNECT: return "<connect>";
    case K8SC_E_RESOLVE: return "<resolve>";
    case K8SC_E_TLS: return "<tls>";
    case K8SC_E_TRANSPORT: return "<transport>";
    case K8SC_E_CANCELLED: return "<cancelled>";
    default: return "<error>";
    }
}

std::string code_of(const Error *error, int status)
{
    return error && error->http_status == 0 ? std::string(failure_class(*error)) : std::to_string(status);
}

std::string ms_text(int64_t us) { return std::to_string(us / 1000) + "." + std::to_string(1000 + us % 1000).substr(1); }

}  // namespace

std::string k8sc_call::without_secrets(std::string text) const
{
    secrets_.hide_in(text);
    return text;
}

void k8sc_call::hide_secrets(Error &error) const
{
    secrets_.hide_in(error);
    if (error.code != K8SC_E_DECODE || !may_hold_secrets(spec_.name.url)) return;
    // What is quoted of the answer may be what was asked for.
    if (auto quote = error.message.find(": \""); quote != std::string::npos)
        error.message.replace(quote, std::string::npos, ": (an answer that may hold secrets)");
}

void k8sc_call::note_throttled(int64_t wait_ms)
{
    client_->metrics().throttled[spec_.target.verb].add(static_cast<double>(wait_ms) / 1000);
    if (wait_ms > long_wait_ms && client_->wants(LogLevel::info) && client_->may_tell_of_throttling(now_ms()))
        client_->log(LogLevel::info, "throttle",
                     without_secrets(concat("the client-side rate limit lets a request wait for ",
                                            std::to_string(wait_ms), " ms: ", spec_.name.method, " ", spec_.name.url)));
}

void k8sc_call::note_sent(const HttpRequest &request)
{
    sent_at_ = now_ms();
    facts_.reset();
    in_flight_ = true;
    head_seen_ = false;
    body_seen_.clear();
    if (!client_->wants(LogLevel::trace)) return;
    std::string text = concat("> ", request.method, " ", request.url);
    for (auto &header : request.headers) text += "\n> " + masked(header);
    if (!request.body.empty())
        text += "\n" + (may_hold_secrets(request.url) ? "(a body that may hold secrets)" : logged_body(request.body));
    client_->log(LogLevel::trace, "http", without_secrets(std::move(text)));
}

void k8sc_call::note_head(const HttpHead &head)
{
    result_.warnings = warnings_of(head);
    for (auto &warning : result_.warnings) {
        warning = without_secrets(visible(warning));
        client_->observers()->warn(warning);
    }
    bool fine = head.status >= 200 && head.status <= 206;
    if (spec_.stream && fine) {
        head_seen_ = true;
        client_->metrics().requests[{std::to_string(head.status), spec_.http.method, spec_.target.verb}]++;
        client_->metrics().durations[spec_.target.verb].add(static_cast<double>(now_ms() - began_at_) / 1000);
        if (client_->wants(LogLevel::debug))
            client_->log(LogLevel::debug, "http",
                         without_secrets(
                             concat(spec_.name.method, " ", spec_.name.url, " opened: ", std::to_string(head.status))));
    }
    if (!client_->wants(LogLevel::trace)) return;
    std::string text = "< " + std::to_string(head.status);
    for (auto &[name, value] : head.headers) text += "\n< " + masked(concat(name, ": ", value));
    client_->log(LogLevel::trace, "http", without_secrets(std::move(text)));
}

void k8sc_call::note_data(std::string_view data)
{
    // One byte more tells that there is more.
    if (body_seen_.size() <= most_logged_body && client_->wants(LogLevel::trace))
        body_seen_.append(data.substr(0, most_logged_body + 1 - body_seen_.size()));
}

// An attempt is over; its exchange is still there.
void k8sc_call::note_attempt(const Error *error)
{
    if (!std::exchange(in_flight_, false)) return;
    if (exchange_) facts_ = exchange_->facts();
    auto &metrics = client_->metrics();
    if (facts_) metrics.add(*facts_);
    std::string code = code_of(error, result_.head.status);
    if (!head_seen_) metrics.requests[{code, spec_.http.method, spec_.target.verb}]++;
    if (!body_seen_.empty())
        client_->log(LogLevel::trace, "http",
                     without_secrets(may_hold_secrets(spec_.name.url)
                                         ? "(an answer that may hold secrets)"
                                         : "< " + logged_body(std::exchange(body_seen_, {}))));
    if (result_.head.status == 401)
        client_->log(LogLevel::warning, "auth",
                     without_secrets(concat("the server does not accept the credentials: ", spec_.name.method, " ",
                                            spec_.name.url)));
    if (!client_->wants(LogLevel::debug)) return;
    std::string text = concat(spec_.name.method, " ", spec_.name.url, ": ", code, " after ",
                              std::to_string(now_ms() - sent_at_), " ms");
    if (result_.attempts > 1) text += ", attempt " + std::to_string(result_.attempts);
    if (facts_ && facts_->resends > 0)
        text += ", sent again " + std::to_string(facts_->resends) + " times since it was not processed";
    if (facts_ && !facts_->fallback.empty()) text += concat(", by HTTP/1.1: ", facts_->fallback);
    if (error && error->http_status == 0) text += ": " + error->message;
    client_->log(LogLevel::debug, "http", without_secrets(std::move(text)));
}

void k8sc_call::note_retry(int64_t wait_ms, const Error &last)
{
    std::string code = code_of(&last, last.http_status);
    if (client_->wants(LogLevel::info))
        client_->log(LogLevel::info, "retry",
                     without_secrets(concat(spec_.name.method, " ", spec_.name.url, " ended with ", brief(last),
                                            " and is sent again in ", std::to_string(wait_ms), " ms")));
    client_->metrics().retries[{std::move(code), spec_.target.verb}]++;
}

void k8sc_call::note_end()
{
    const Error *error = result_.error ? &*result_.error : nullptr;
    note_attempt(error);
    if (began_at_ == 0) return;
    if (!head_seen_)
        client_->metrics().durations[spec_.target.verb].add(static_cast<double>(now_ms() - began_at_) / 1000);
    if (client_->observers()->wants_traces()) client_->observers()->trace(trace_json());
}

std::string k8sc_call::trace_json() const
{
    std::string out;
    auto begin = [&](const char *name) { out += concat(out.empty() ? "{\"" : ",\"", name, "\":"); };
    auto text = [&](const char *name, std::string_view value) {
        begin(name);
        out += json_quoted(value);
    };
    auto number = [&](const char *name, const std::string &value) {
        begin(name);
        out += value;
    };
    auto &target = spec_.target;
    text("verb", target.verb);
    for (auto &[name, value] :
         std::initializer_list<std::pair<const char *, const std::string &>>{{"group", target.group},
                                                                             {"version", target.version},
                                                                             {"resource", target.resource},
                                                                             {"subresource", target.subresource},
                                                                             {"namespace", target.ns},
                                                                             {"name", target.name}})
        if (!value.empty()) text(name, value);
    text("method", spec_.name.method);
    text("url", spec_.name.url);
    number("status", std::to_string(result_.head.status));
    if (result_.error) {
        text("error", result_.error->message);
        text("error_class", code_of(&*result_.error, result_.error->http_status));
    }
    number("attempts", std::to_string(result_.attempts));
    number("throttled_ms", std::to_string(result_.throttled_ms));
    int64_t queued_us = (sent_at_ ? sent_at_ - began_at_ : now_ms() - began_at_) * 1000;
    number("queued_ms", ms_text(queued_us));
    if (facts_) {
        auto at = [&](const char *name, int64_t us) {
            if (us > 0) number(name, ms_text(queued_us + us));
        };
        at("name_lookup_ms", facts_->name_lookup_us);
        at("connect_ms", facts_->connect_us);
        at("tls_ms", facts_->tls_us);
        at("first_byte_ms", facts_->first_byte_us);
    }
    number("total_ms", ms_text((now_ms() - began_at_) * 1000));
    if (facts_) {
        number("bytes_sent", std::to_string(facts_->bytes_sent));
        number("bytes_received", std::to_string(facts_->bytes_received));
        number("new_connection", facts_->connects > 0 ? "true" : "false");
        if (facts_->local_port > 0) number("local_port", std::to_string(facts_->local_port));
        if (*facts_->http_version) text("http_version", facts_->http_version);
        if (facts_->resends > 0) number("resends", std::to_string(facts_->resends));
        if (!facts_->fallback.empty()) text("http1_reason", facts_->fallback);
    }
    if (auto id = result_.head.header("audit-id"); id && is_utf8(*id)) text("audit_id", *id);
    return without_secrets(out + "}");
}

void k8sc_call::describe(Metrics &metrics) const
{
    if (!in_flight_ || !exchange_) return;
    metrics.add(exchange_->facts());
    metrics.watches_open += head_seen_ && spec_.target.verb == "watch";
}
