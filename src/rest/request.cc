#include "rest/request.h"

#include <strings.h>

#include <cstring>

using namespace k8sc;

namespace {

void need_segment(std::string_view what, std::string_view segment)
{
    auto fault = segment_fault(segment);
    if (!fault.empty()) fail(K8SC_E_INVALID, concat(what, " ", quote(segment), " ", fault));
    if (segment.find('\0') != std::string_view::npos)
        fail(K8SC_E_INVALID, concat(what, " ", quote(segment), " may not contain NUL"));
}

void need_unset(std::string_view what, const std::string &present, std::string_view wanted)
{
    if (!present.empty())
        fail(K8SC_E_INVALID, concat(what, " is ", quote(present), " already and cannot be set to ", quote(wanted)));
}

// Joins with one slash between, and drops empty segments.
void append_path(std::string &path, std::string_view more)
{
    while (!more.empty()) {
        auto slash = more.find('/');
        std::string_view segment = more.substr(0, slash);
        more = slash == std::string_view::npos ? std::string_view() : more.substr(slash + 1);
        if (!segment.empty()) path += concat("/", segment);
    }
}

// Proxies and servers resolve these, and would leave the path of the server's URL.
void need_no_dots(std::string_view what, std::string_view path)
{
    for (std::string_view rest = path;;) {
        auto end = rest.find_first_of("/\\");
        std::string_view segment = rest.substr(0, end);
        if (segment == "." || segment == "..")
            fail(K8SC_E_INVALID, concat(what, " ", quote(path), " has a segment ", quote(segment)));
        if (end == std::string_view::npos) return;
        rest = rest.substr(end + 1);
    }
}

// The path with its dots and slashes as a proxy decodes them before it looks for such segments.
std::string with_dots_and_slashes(std::string_view path)
{
    std::string out;
    for (size_t i = 0; i < path.size(); i++) {
        std::string_view three = path.substr(i, 3);
        bool dot = three == "%2e" || three == "%2E",
             slash = three == "%2f" || three == "%2F" || three == "%5c" || three == "%5C";
        out += dot ? '.' : slash ? '/' : path[i];
        if (dot || slash) i += 2;
    }
    return out;
}

bool is_token(std::string_view text)
{
    if (text.empty()) return false;
    for (char c : text)
        if (c <= ' ' || c >= 0x7f || strchr("()<>@,;:\\\"/[]?={}", c)) return false;
    return true;
}

}  // namespace

std::string k8sc::api_prefix(std::string_view group, std::string_view version)
{
    need_segment("version", version);
    if (group.empty()) return concat("/api/", version);
    need_segment("group", group);
    return concat("/apis/", group, "/", version);
}

std::string k8sc::patch_content_type(int32_t patch_type)
{
    switch (patch_type) {
    case K8SC_PATCH_JSON: return "application/json-patch+json";
    case K8SC_PATCH_MERGE: return "application/merge-patch+json";
    case K8SC_PATCH_STRATEGIC_MERGE: return "application/strategic-merge-patch+json";
    case K8SC_PATCH_APPLY: return "application/apply-patch+yaml";
    default: fail(K8SC_E_INVALID, "patch type " + std::to_string(patch_type) + " is none of K8SC_PATCH_");
    }
}

std::string k8sc::go_duration(int64_t ms)
{
    if (ms == 0) return "0s";
    if (ms < 1000) return std::to_string(ms) + "ms";
    std::string out;
    int64_t seconds = ms / 1000, rest = ms % 1000;
    if (seconds >= 3600) out += std::to_string(seconds / 3600) + "h";
    if (seconds >= 60) out += std::to_string(seconds / 60 % 60) + "m";
    out += std::to_string(seconds % 60);
    if (rest) {
        std::string digits = std::to_string(1000 + rest).substr(1);
        while (digits.back() == '0') digits.pop_back();
        out += "." + digits;
    }
    return out + "s";
}

void k8sc_request::set_namespace(std::string_view name)
{
    if (namespace_)
        fail(K8SC_E_INVALID,
             concat("the namespace is ", quote(*namespace_), " already and cannot be set to ", quote(name)));
    if (!name.empty()) need_segment("namespace", name);
    namespace_ = name;
}

void k8sc_request::set_resource(std::string_view resource)
{
    need_unset("the resource", resource_, resource);
    need_segment("resource", resource);
    for (char c : resource) resource_ += c >= 'A' && c <= 'Z' ? char(c + 32) : c;
}

void k8sc_request::set_name(std::string_view name)
{
    need_unset("the name", name_, name);
    need_segment("name", name);
    name_ = name;
}

void k8sc_request::set_subresource(std::string_view subresource)
{
    need_unset("the subresource", subresource_, subresource);
    std::string_view rest = subresource;
    while (true) {
        auto slash = rest.find('/');
        need_segment("subresource", rest.substr(0, slash));
        if (slash == std::string_view::npos) break;
        rest = rest.substr(slash + 1);
    }
    subresource_ = subresource;
}

void k8sc_request::set_suffix(std::string_view suffix)
{
    need_no_dots("suffix", suffix);
    suffix_ = suffix;
}

void k8sc_request::set_abs_path(std::string_view path)
{
    if (path.empty()) fail(K8SC_E_INVALID, "the absolute path is empty");
    need_no_dots("absolute path", path);
    abs_path_ = path;
}

void k8sc_request::set_request_uri(std::string_view uri) { request_path_ = take_uri(uri); }

void k8sc_request::set_relative_uri(std::string_view uri)
{
    need_no_dots("request URI", with_dots_and_slashes(uri.substr(0, uri.find('?'))));
    request_path_ = concat(base_path(), take_uri(uri));
}

std::string_view k8sc_request::take_uri(std::string_view uri)
{
    auto mark = uri.find('?');
    std::string_view path = uri.substr(0, mark);
    if (path.empty() || path.front() != '/')
        fail(K8SC_E_INVALID, concat("request URI ", quote(uri), " does not begin with \"/\""));
    for (char c : uri)
        if (static_cast<unsigned char>(c) <= ' ' || c == '#' || c == 0x7f)
            fail(K8SC_E_INVALID, concat("request URI ", quote(uri), " is not percent-encoded"));
    if (mark == std::string_view::npos) return path;
    // Decoded here because all parameters are encoded when they are sent.
    auto decoded = [&](std::string_view text) {
        std::string out;
        for (size_t i = 0; i < text.size(); i++) {
            int high = 0, low = 0;
            auto digit = [&](size_t at) {
                return at < text.size() && isxdigit(static_cast<unsigned char>(text[at]))
                           ? (text[at] <= '9' ? text[at] - '0' : (text[at] | 32) - 'a' + 10)
                           : -1;
            };
            if (text[i] == '%' && (high = digit(i + 1)) >= 0 && (low = digit(i + 2)) >= 0) {
                out += static_cast<char>(high * 16 + low);
                i += 2;
            } else {
                out += text[i] == '+' ? ' ' : text[i];
            }
        }
        return out;
    };
    std::string_view rest = uri.substr(mark + 1);
    while (!rest.empty()) {
        auto end = rest.find('&');
        std::string_view param = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
        auto equals = param.find('=');
        if (!param.empty())
            query_.add(decoded(param.substr(0, equals)),
                       equals == std::string_view::npos ? "" : decoded(param.substr(equals + 1)));
    }
    return path;
}

void k8sc_request::set_header(std::string_view name, std::string_view value)
{
    if (!is_token(name)) fail(K8SC_E_INVALID, concat("header name ", quote(name), " is not one"));
    for (char c : value)
        if ((static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 0x7f)
            fail(K8SC_E_INVALID, concat("the value of header ", name, " holds a control character"));
    for (std::string_view reserved : {"content-length", "transfer-encoding", "host"})
        if (name.size() == reserved.size() && strncasecmp(name.data(), reserved.data(), name.size()) == 0)
            fail(K8SC_E_INVALID, concat("header ", name, " is set by the transport"));
    std::erase_if(headers_, [&](auto &header) {
        return header.first.size() == name.size() && strncasecmp(header.first.data(), name.data(), name.size()) == 0;
    });
    headers_.emplace_back(name, value);
}

void k8sc_request::set_body(std::string body, std::string content_type)
{
    body_ = std::move(body);
    has_body_ = true;
    if (!content_type.empty()) content_type_ = std::move(content_type);
    if (content_type_.empty()) content_type_ = "application/json";
}

std::string k8sc_request::base_path() const
{
    std::string path;
    append_path(path, client_->url().path);
    return path;
}

std::string k8sc_request::path() const
{
    if (!request_path_.empty()) return request_path_;
    std::string path;
    append_path(path, abs_path_.empty() ? prefix_ : abs_path_);
    bool only_prefix = resource_.empty() && name_.empty() && subresource_.empty() && suffix_.empty() &&
                       (!namespace_ || namespace_->empty());
    if (namespace_ && !namespace_->empty()) append_path(path, "namespaces/" + *namespace_);
    append_path(path, resource_);
    append_path(path, name_);
    append_path(path, subresource_);
    append_path(path, suffix_);
    if (only_prefix && !abs_path_.empty() && abs_path_.back() == '/') path += '/';
    std::string base = base_path();
    return base + escape_path(path.empty() && base.empty() ? "/" : path);
}

std::string k8sc_request::url() const
{
    Query query = query_;
    int64_t timeout = timeout_ms_ == -2 ? client_->config().timeout_ms : timeout_ms_;
    if (timeout > 0) query.set("timeout", go_duration(timeout));
    std::string out = client_->url().origin() + path();
    if (!query.empty()) out += "?" + query.encoded();
    return out;
}

std::string k8sc_request::what() const
{
    if (resource_.empty()) return verb_;
    std::string out;
    if (verb_.empty())
        for (char c : method_) out += c >= 'A' && c <= 'Z' ? char(c + 32) : c;
    else
        out = verb_;
    out += " " + resource_;
    if (!subresource_.empty()) out += "/" + subresource_;
    const std::string &name = name_.empty() ? body_name_ : name_;
    if (namespace_ && !namespace_->empty())
        out += " " + *namespace_ + "/" + name;
    else if (!name.empty())
        out += " " + name;
    return out;
}

RequestTarget k8sc_request::target() const
{
    RequestTarget target;
    if (resource_.empty()) return target;
    if (!verb_.empty())
        target.verb = verb_ == "delete collection" ? "deletecollection" : verb_ == "apply" ? "patch" : verb_;
    else if (method_ == "GET")
        target.verb = !name_.empty() ? "get" : query_.is_true("watch") ? "watch" : "list";
    else if (method_ == "DELETE")
        target.verb = name_.empty() ? "deletecollection" : "delete";
    else if (method_ == "POST" || method_ == "PUT" || method_ == "PATCH")
        target.verb = method_ == "POST" ? "create" : method_ == "PUT" ? "update" : "patch";
    if (abs_path_.empty() && request_path_.empty()) {
        // "/api/<version>" or "/apis/<group>/<version>".
        std::string_view prefix = prefix_;
        auto last = prefix.rfind('/');
        target.version = prefix.substr(last + 1);
        if (prefix.starts_with("/apis/") && last > 6) target.group = prefix.substr(6, last - 6);
    }
    target.resource = resource_;
    target.subresource = subresource_;
    target.ns = namespace_.value_or("");
    target.name = name_.empty() ? body_name_ : name_;
    return target;
}

void k8sc_request::check() const
{
    bool empty_namespace = namespace_ && namespace_->empty();
    if (empty_namespace && method_ == "POST")
        fail(K8SC_E_INVALID, "an empty namespace may not be set when something is created");
    if (empty_namespace && !name_.empty() && (method_ == "GET" || method_ == "PUT" || method_ == "DELETE"))
        fail(K8SC_E_INVALID, concat("an empty namespace may not be set for the name ", quote(name_)));
}

CallSpec k8sc_request::spec() const
{
    if (failure) throw *failure;
    check();
    CallSpec spec;
    spec.name = {what(), method_, url()};
    spec.target = target();
    spec.http.method = method_;
    spec.http.url = spec.name.url;
    for (auto &[name, value] : headers_) spec.http.headers.push_back(value.empty() ? name + ";" : name + ": " + value);
    spec.http.body = body_;
    spec.http.idle_timeout_ms = client_->config().idle_timeout_ms;
    if (has_body_ || !content_type_.empty()) spec.content_type = content_type_;
    spec.timeout_ms = timeout_ms_ == -2 ? client_->config().timeout_ms : timeout_ms_;
    spec.retry = retry_.value_or(client_->config().retry);
    if (max_retries_) spec.retry.max_retries = *max_retries_;
    spec.cancel = cancel_;
    return spec;
}
