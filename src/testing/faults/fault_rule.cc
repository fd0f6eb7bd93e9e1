// Reading rules, and deciding when they are due.
#include <algorithm>

#include "testing/base/failure.h"
#include "testing/base/json.h"
#include "testing/faults/fault.h"

namespace k8sc::testing {

namespace {

[[noreturn]] void wrong(const std::string &key, const std::string &why)
{
    fail(K8SC_E_INVALID, "fault rule: \"" + key + "\" " + why);
}

int64_t number(const std::string &key, const json_t *value, int64_t low, int64_t high = INT64_MAX)
{
    if (!json_is_integer(value) || json_integer_value(value) < low || json_integer_value(value) > high) {
        const std::string bound =
            high == INT64_MAX ? std::to_string(low) + " or more" : std::to_string(low) + " to " + std::to_string(high);
        wrong(key, "must be an integer, " + bound);
    }
    return json_integer_value(value);
}

std::string text(const std::string &key, const json_t *value)
{
    if (!json_is_string(value)) wrong(key, "must be a string");
    return std::string(text_at(value, {}));
}

void need_true(const std::string &key, const json_t *value)
{
    if (!json_is_true(value)) wrong(key, "must be true");
}

std::vector<std::string> read_verbs(const std::string &key, const json_t *value)
{
    static const std::vector<std::string> known = {"get",    "list",  "watch",  "create",
                                                   "update", "patch", "delete", "deletecollection"};
    std::vector<std::string> verbs;
    const std::string all = text(key, value);
    for (size_t begin = 0; begin <= all.size();) {
        const size_t end = std::min(all.find('|', begin), all.size());
        verbs.push_back(all.substr(begin, end - begin));
        if (std::find(known.begin(), known.end(), verbs.back()) == known.end())
            wrong(key, "has the unknown verb \"" + verbs.back() + "\"");
        begin = end + 1;
    }
    return verbs;
}

ApiError read_status(const std::string &key, const json_t *value)
{
    if (!json_is_object(value)) wrong(key, "must be an object");
    ApiError error;
    error.code = 0;
    error.details = StatusDetails{};
    std::optional<std::string> reason;
    const char *name;
    json_t *member;
    json_object_foreach(const_cast<json_t *>(value), name, member)
    {
        const std::string inner(name), path = key + "." + inner;
        if (inner == "code")
            error.code = static_cast<int>(number(path, member, 200, 599));
        else if (inner == "retryAfter")
            error.details->retry_after_seconds = static_cast<int>(number(path, member, 0, 86400));
        else if (inner == "reason")
            reason = text(path, member);
        else if (inner == "message")
            error.message = text(path, member);
        else
            wrong(path, "is not known");
    }
    if (error.code == 0) wrong(key + ".code", "is missing");
    error.reason = reason.value_or(reason_for(error.code));
    if (error.message.empty()) error.message = "a fault rule answers with " + std::to_string(error.code);
    return error;
}

std::string one_of(const std::string &key, const json_t *value, std::initializer_list<const char *> known)
{
    const std::string given = text(key, value);
    std::string all;
    for (const char *one : known) {
        if (given == one) return given;
        all += std::string(all.empty() ? "\"" : ", \"") + one + "\"";
    }
    wrong(key, "must be one of " + all);
}

// The codes of RFC 9113, by their numbers.
constexpr const char *error_codes[] = {"NO_ERROR",
                                       "PROTOCOL_ERROR",
                                       "INTERNAL_ERROR",
                                       "FLOW_CONTROL_ERROR",
                                       "SETTINGS_TIMEOUT",
                                       "STREAM_CLOSED",
                                       "FRAME_SIZE_ERROR",
                                       "REFUSED_STREAM",
                                       "CANCEL",
                                       "COMPRESSION_ERROR",
                                       "CONNECT_ERROR",
                                       "ENHANCE_YOUR_CALM",
                                       "INADEQUATE_SECURITY",
                                       "HTTP_1_1_REQUIRED"};

uint32_t error_code(const std::string &key, const json_t *value)
{
    const std::string given = text(key, value);
    const auto found = std::find(std::begin(error_codes), std::end(error_codes), given);
    if (found == std::end(error_codes))
        wrong(key, "must be the name of an error code of HTTP/2, such as \"REFUSED_STREAM\"");
    return static_cast<uint32_t>(found - std::begin(error_codes));
}

// "CANCEL", or {"code":"CANCEL","after_bytes":100}.
FaultAction read_rst_stream(const std::string &key, const json_t *value)
{
    FaultAction action{Fault::rst_stream, -1, "", {}};
    if (!json_is_object(value)) {
        action.error_code = error_code(key, value);
        return action;
    }
    bool has_code = false;
    const char *name;
    json_t *part;
    json_object_foreach(const_cast<json_t *>(value), name, part)
    {
        const std::string path = key + "." + name;
        if (path == "rst_stream.code")
            action.error_code = error_code(path, part), has_code = true;
        else if (path == "rst_stream.after_bytes")
            action.amount = number(path, part, 0);
        else
            wrong(path, "is not known");
    }
    if (!has_code) wrong(key + ".code", "is missing");
    return action;
}

// {"code":201,"body":{...}}: a body that is no text is sent as JSON.
FaultAction read_answer(const std::string &key, const json_t *value)
{
    if (!json_is_object(value)) wrong(key, "must be an object");
    FaultAction action{Fault::answer, 200, "", {}};
    const char *name;
    json_t *part;
    json_object_foreach(const_cast<json_t *>(value), name, part)
    {
        const std::string path = key + "." + name;
        if (path == "answer.code")
            action.amount = number(path, part, 200, 599);
        else if (path == "answer.body")
            action.text = json_is_string(part) ? json_string_value(part) : dump(part) + "\n";
        else
            wrong(path, "is not known");
    }
    return action;
}

// The action that a key stands for, or nothing.
std::optional<FaultAction> read_action(const std::string &key, const json_t *value)
{
    const auto amount = [&](Fault fault, int64_t low, int64_t high = INT64_MAX) {
        return FaultAction{fault, number(key, value, low, high), "", {}};
    };
    const auto plain = [&](Fault fault) {
        need_true(key, value);
        return FaultAction{fault, 0, "", {}};
    };
    // The bounds keep a slip of the pen from taking the machine's memory.
    constexpr int64_t gigabyte = 1 << 30;
    if (key == "status") return FaultAction{Fault::status, 0, "", read_status(key, value)};
    if (key == "error_event") return FaultAction{Fault::error_event, 0, "", read_status(key, value)};
    if (key == "cut_after_bytes") return amount(Fault::cut, 0);
    if (key == "stall_after_bytes") return amount(Fault::stall, 0);
    if (key == "slow_bytes_per_second") return amount(Fault::slow, 1);
    if (key == "oversized_frame_bytes") return amount(Fault::oversized, 1, gigabyte);
    if (key == "deep") return amount(Fault::deep, 1, gigabyte / 2);
    if (key == "invalid_utf8") return plain(Fault::invalid_utf8);
    if (key == "garbage") return FaultAction{Fault::garbage, 0, text(key, value), {}};
    if (key == "html" && json_is_true(value)) return FaultAction{Fault::html, 200, "", {}};
    if (key == "html") return amount(Fault::html, 200, 599);
    if (key == "truncate") return plain(Fault::truncate);
    if (key == "delay_ms") return amount(Fault::delay, 0);
    if (key == "warning") return FaultAction{Fault::warning, 0, text(key, value), {}};
    if (key == "end_bookmark")
        return FaultAction{Fault::end_bookmark, 0, one_of(key, value, {"never", "twice", "cut", "end"}), {}};
    if (key == "reset") return plain(Fault::reset);
    if (key == "answer") return read_answer(key, value);
    if (key == "goaway" && json_is_true(value)) return FaultAction{Fault::goaway, 0, "before", {}};
    if (key == "goaway") return FaultAction{Fault::goaway, 0, one_of(key, value, {"before", "after"}), {}};
    if (key == "rst_stream") return read_rst_stream(key, value);
    if (key == "empty_data_frames" && json_is_true(value)) return FaultAction{Fault::empty_frames, -1, "", {}};
    if (key == "empty_data_frames") return amount(Fault::empty_frames, 1);
    return std::nullopt;
}

}  // namespace

FaultRule FaultRule::parse(std::string_view text_of_rule)
{
    std::string why;
    const Json json = Json::parse(text_of_rule, why);
    if (!json) fail(K8SC_E_PARSE, "fault rule: " + why);
    if (!json_is_object(json.get())) fail(K8SC_E_INVALID, "fault rule: it is no JSON object");

    FaultRule rule;
    rule.source = dump(json.get());
    std::string acts;
    bool has_nth = false, has_times = false, has_seed = false;
    const char *name;
    json_t *value;
    json_object_foreach(json.get(), name, value)
    {
        const std::string key(name);
        if (key == "verb")
            rule.verbs = read_verbs(key, value);
        else if (key == "resource")
            rule.resource = text(key, value);
        else if (key == "path")
            rule.path = text(key, value);
        else if (key == "nth")
            rule.nth = number(key, value, 1), has_nth = true;
        else if (key == "times")
            rule.times = number(key, value, 1), has_times = true;
        else if (key == "seed")
            rule.random.seed(static_cast<uint64_t>(number(key, value, 0))), has_seed = true;
        else if (key == "probability") {
            if (!json_is_number(value) || json_number_value(value) < 0 || json_number_value(value) > 1)
                wrong(key, "must be a number from 0 to 1");
            rule.probability = json_number_value(value);
        } else if (auto found = read_action(key, value)) {
            if (!acts.empty()) wrong(key, "cannot go together with \"" + acts + "\": a rule does one thing");
            acts = key;
            rule.action = std::move(*found);
        } else {
            wrong(key, "is not known");
        }
    }
    if (acts.empty())
        fail(K8SC_E_INVALID, "fault rule: it does not say what is to happen, such as \"status\" or \"reset\"");
    if (has_nth && !has_times) rule.times = 1;
    if (!has_seed) rule.random.seed(0);
    return rule;
}

bool FaultRule::is_of_http2() const
{
    return action.fault == Fault::goaway || action.fault == Fault::rst_stream || action.fault == Fault::empty_frames;
}

bool FaultRule::matches(const Request &request) const
{
    if (is_of_http2() && request.protocol != "HTTP/2.0") return false;
    const std::string asked = request.subresource.empty() ? request.plural : request.plural + "/" + request.subresource;
    return (verbs.empty() || std::find(verbs.begin(), verbs.end(), request.verb) != verbs.end()) &&
           (resource.empty() || resource == asked) && request.path.starts_with(path);
}

bool FaultRule::is_due()
{
    ++matched;
    // Drawn for each request that matches, so that the same requests meet the same fate whatever else a rule says. Not
    // through std::bernoulli_distribution, whose results are the library's own.
    const double drawn = static_cast<double>(random() >> 11) * 0x1p-53;
    if (matched < nth || (times >= 0 && happened >= times) || (probability && drawn >= *probability)) return false;
    return true;
}

int64_t Faults::add(std::string_view rule_json)
{
    FaultRule rule = FaultRule::parse(rule_json);
    std::lock_guard lock(mutex_);
    rules_.emplace_back(++last_id_, std::move(rule));
    return last_id_;
}

bool Faults::remove(int64_t id)
{
    std::lock_guard lock(mutex_);
    return std::erase_if(rules_, [&](const auto &rule) { return rule.first == id; }) > 0;
}

void Faults::clear()
{
    std::lock_guard lock(mutex_);
    rules_.clear();
}

int64_t Faults::count(int64_t id) const
{
    std::lock_guard lock(mutex_);
    for (const auto &[own, rule] : rules_)
        if (own == id) return rule.happened;
    return -1;
}

std::string Faults::all() const
{
    std::lock_guard lock(mutex_);
    Json array = Json::array();
    std::string why;
    for (const auto &[id, rule] : rules_) {
        Json one = Json::object();
        set(one.get(), "id", Json::integer(id));
        set(one.get(), "rule", Json::parse(rule.source, why));
        set(one.get(), "happened", Json::integer(rule.happened));
        append(array.get(), std::move(one));
    }
    return dump(array.get());
}

std::optional<FaultAction> Faults::match(const Request &request)
{
    std::lock_guard lock(mutex_);
    FaultRule *chosen = nullptr;
    for (auto &[id, rule] : rules_)
        if (rule.matches(request) && rule.is_due() && !chosen) chosen = &rule;
    if (!chosen) return std::nullopt;
    ++chosen->happened;
    return chosen->action;
}

}  // namespace k8sc::testing
