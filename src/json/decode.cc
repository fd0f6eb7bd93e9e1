#include "json/decode.h"

#include <jansson.h>
#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "core/error.h"
#include "json/duplicates.h"

namespace k8sc {
namespace {

using simdjson::dom::element;

// A parser that once met a large object would keep memory for the next one.
constexpr size_t parser_keeps = 1 << 20;
// A parser has room for each level it may meet. What is deeper is met by few, and given more room then.
constexpr size_t usual_depth = 1000;

std::string_view string_in(const element &object, std::string_view key)
{
    std::string_view text;
    return object[key].get(text) == simdjson::SUCCESS ? text : std::string_view();
}

bool has(const element &object, std::string_view key) { return object[key].error() == simdjson::SUCCESS; }

// simdjson refuses integers that need more than 64 bits; JSON does not, and Go's servers send them. This copy has a 0
// in the place of each long number, for validation only.
std::string without_long_numbers(std::string_view text)
{
    std::string out;
    out.reserve(text.size() + json_padding);
    const char *p = text.data(), *end = p + text.size();
    auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    while (p < end) {
        const char *begin = p;
        if (*p == '"') {
            p = skip_string(p, end);
            out.append(begin, p);
        } else if (is_digit(*p) && *p != '0') {
            while (p < end && is_digit(*p)) p++;
            bool exponent = p < end && (*p == 'e' || *p == 'E');
            if (exponent) {
                p++;
                if (p < end && (*p == '+' || *p == '-')) p++;
                const char *digits = p;
                while (p < end && is_digit(*p)) p++;
                if (p == digits) return std::string(text);
            }
            if (p - begin > 18)
                out += '0';
            else
                out.append(begin, p);
        } else {
            out += *p++;
        }
    }
    return out;
}

// simdjson does not tell where a text goes wrong; jansson does, and here there is time.
std::string where_it_breaks(std::string_view json)
{
    json_error_t error;
    if (json_t *value = json_loadb(json.data(), json.size(), JSON_ALLOW_NUL, &error)) {
        json_decref(value);
        return "";
    }
    return concat(" (line ", std::to_string(error.line), ", offset ", std::to_string(error.position), ")");
}

}  // namespace

bool is_sound_json(std::string_view json)
{
    keep_simdjson();
    std::string copy = without_long_numbers(json);
    size_t depth = 0, deepest = 0;
    for (const char *p = copy.data(), *end = p + copy.size(); p < end;) {
        if (*p == '"') {
            p = skip_string(p, end);
            continue;
        }
        if (*p == '{' || *p == '[') deepest = std::max(deepest, ++depth);
        if ((*p == '}' || *p == ']') && depth > 0) depth--;
        p++;
    }
    // Outside of strings it is wrong as well.
    for (char &c : copy)
        if (c & '\x80') c = '?';
    copy.reserve(copy.size() + json_padding);
    simdjson::dom::parser parser;
    if (parser.allocate(copy.size() + 1, deepest + 1) != simdjson::SUCCESS) throw std::bad_alloc();
    return parser.parse(copy.data(), copy.size(), false).error() == simdjson::SUCCESS;
}

void keep_simdjson()
{
    static const bool kept [[maybe_unused]] = [] {
        // Those that there are have functions, but no state of their own; the strings in the copy are not owned by it.
        // Asked for its name, simdjson finds out which one suits the processor.
        alignas(simdjson::implementation) static unsigned char copy[sizeof(simdjson::implementation)];
        auto &active = simdjson::get_active_implementation();
        (void)active->name();
        const simdjson::implementation *chosen = active;
        std::memcpy(copy, static_cast<const void *>(chosen), sizeof copy);
        active = reinterpret_cast<const simdjson::implementation *>(copy);
        return true;
    }();
}

Decoder::Decoder() : parser_(std::make_unique<simdjson::dom::parser>()) { keep_simdjson(); }
Decoder::~Decoder() = default;

element Decoder::validate(std::string_view padded, k8sc_status code)
{
    auto make_room = [&](size_t depth) {
        if (parser_->max_depth() == depth + 1 && parser_->capacity() >= padded.size()) return;
        // Grown by steps, so that similar objects do not each grow it again.
        if (parser_->allocate(padded.size() + padded.size() / 2 + 4096, depth + 1) != simdjson::SUCCESS)
            throw std::bad_alloc();
    };
    element root;
    auto parse = [&](std::string_view text) {
        make_room(usual_depth);
        auto fault = parser_->parse(text.data(), text.size(), false).get(root);
        if (fault != simdjson::DEPTH_ERROR) return fault;
        make_room(max_json_depth);
        return parser_->parse(text.data(), text.size(), false).get(root);
    };
    auto fault = parse(padded);
    // Which error it is for a long number differs between releases of simdjson.
    if (fault != simdjson::SUCCESS && fault != simdjson::UTF8_ERROR && fault != simdjson::MEMALLOC &&
        fault != simdjson::DEPTH_ERROR) {
        std::string copy = without_long_numbers(padded);
        copy.reserve(copy.size() + json_padding);
        if (copy != padded) fault = parse(copy);
    }
    switch (fault) {
    case simdjson::SUCCESS: break;
    case simdjson::MEMALLOC: throw std::bad_alloc();
    case simdjson::DEPTH_ERROR:
        fail(K8SC_E_TOO_LARGE, "JSON nested deeper than " + std::to_string(max_json_depth) + " levels");
    case simdjson::UTF8_ERROR: fail(code, "JSON with invalid UTF-8");
    case simdjson::EMPTY: fail(code, "an empty text instead of JSON");
    default: fail(code, concat("not valid JSON: ", simdjson::error_message(fault), ": ", quote(padded, 48)));
    }
    if (!root.is_object()) fail(code, concat("JSON that is not an object: ", quote(padded, 48)));
    return root;
}

Ref<Object> Decoder::wire(std::string_view padded, const DecodeRules &rules)
{
    element root = validate(padded, K8SC_E_DECODE);
    if (!may_have_duplicate_keys(parser_->doc)) return decoded(root, padded, rules);
    std::string once = without_duplicate_keys(padded);
    once.reserve(once.size() + json_padding);
    return decoded(validate(once, K8SC_E_DECODE), once, rules);
}

Ref<Object> Decoder::decoded(element root, std::string_view padded, const DecodeRules &rules)
{
    element metadata;
    Identity identity;
    if (root["metadata"].get(metadata) == simdjson::SUCCESS && metadata.is_object())
        identity = {string_in(metadata, "namespace"), string_in(metadata, "name"), string_in(metadata, "uid"),
                    string_in(metadata, "resourceVersion")};

    // Servers send compact text; whatever else came in between is made so.
    std::string compact;
    std::string_view text = padded;
    if (!rules.compact) {
        compact.resize(text.size());
        size_t size = 0;
        if (simdjson::minify(text.data(), text.size(), compact.data(), size) != simdjson::SUCCESS)
            fail(K8SC_E_INTERNAL, "minify");
        compact.resize(size);
        text = compact;
    }

    pieces_.assign(1, {});
    if (rules.prune)
        pruner_.prune(text, *rules.prune, pieces_);
    else
        pieces_.push_back(text.substr(1));

    // In the order in which servers write them, so that an object reads the same from a list and from a watch.
    std::string head = "{";
    if (rules.prune && rules.prune->metadata_only) {
        head += R"("kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1",)";
    } else {
        if (!rules.kind.empty() && !has(root, "kind")) head += "\"kind\":" + rules.kind + ",";
        if (!rules.api_version.empty() && !has(root, "apiVersion")) head += "\"apiVersion\":" + rules.api_version + ",";
    }
    if (head.size() > 1 && pieces_[1] == "}") head.pop_back();
    pieces_[0] = head;
    Ref<Object> object = Object::assemble(identity, pieces_.data(), pieces_.size());
    if (padded.size() > parser_keeps) parser_ = std::make_unique<simdjson::dom::parser>();
    return object;
}

Ref<Object> Decoder::user_text(std::string_view json)
{
    std::string padded;
    padded.reserve(json.size() + json_padding);
    padded = json;
    try {
        validate(padded, K8SC_E_PARSE);
    } catch (Error &error) {
        if (error.code == K8SC_E_PARSE) error.message += where_it_breaks(json);
        throw;
    }
    std::string compact(padded.size() + json_padding, '\0');
    size_t size = 0;
    if (simdjson::minify(padded.data(), padded.size(), compact.data(), size) != simdjson::SUCCESS)
        fail(K8SC_E_INTERNAL, "minify");
    compact.resize(size);
    compact.reserve(size + json_padding);
    try {
        DecodeRules rules;
        rules.compact = true;
        Ref<Object> object = wire(compact, rules);
        if (object->json().size() != compact.size()) object->keep_written(compact);
        return object;
    } catch (Error &error) {
        if (error.code == K8SC_E_DECODE) error.code = K8SC_E_PARSE;
        throw;
    }
}

}  // namespace k8sc
