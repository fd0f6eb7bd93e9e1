// Reading YAML: libyaml's events, made into values without recursion.
#include "json/yaml.h"

#include <yaml.h>

#include <algorithm>
#include <set>
#include <unordered_map>
#include <vector>

#include "core/error.h"
#include "core/pem.h"
#include "json/decode.h"
#include "json/write.h"
#include "json/yaml_scalar.h"

namespace k8sc {
namespace {

// What aliases may add to a document, counted as bytes of a rough size in memory: the texts, and so much for each
// value.
constexpr size_t max_expansion = size_t(64) << 20;
constexpr size_t value_cost = 64;

constexpr std::string_view tag_prefix = "tag:yaml.org,2002:";
constexpr std::string_view merge_tag = "tag:yaml.org,2002:merge";

// A value that is complete.
struct Built {
    Json value;
    size_t cost = value_cost;
    size_t height = 0;  // how many containers it nests, itself included
};

// What an anchor names. The value is missing until its node is complete.
struct Anchored {
    Built built;
    bool open = true;
};

constexpr size_t no_anchor = SIZE_MAX;

// A container that is being read.
struct Frame {
    Built built;
    size_t anchor = no_anchor;
    bool is_mapping = false;
    bool has_key = false;
    bool merges = false;  // the key is "<<"
    std::string key;
    std::set<std::string> merged;  // keys that only merging has set
};

class YamlEvent {
  public:
    YamlEvent() = default;
    YamlEvent(const YamlEvent &) = delete;
    YamlEvent &operator=(const YamlEvent &) = delete;
    ~YamlEvent() { yaml_event_delete(&event_); }
    yaml_event_t *get() { return &event_; }
    yaml_event_t *operator->() { return &event_; }
    size_t line() const { return event_.start_mark.line + 1; }

  private:
    yaml_event_t event_ = {};
};

std::string_view view(const yaml_char_t *text)
{
    return text ? reinterpret_cast<const char *>(text) : std::string_view();
}

// "!" alone means no tag in particular; go-yaml treats it as none, too.
std::string_view tag_of(const yaml_char_t *tag)
{
    std::string_view text = view(tag);
    return text == "!" ? std::string_view() : text;
}

std::string_view view_scalar(const yaml_event_t &event)
{
    auto &scalar = event.data.scalar;
    return {reinterpret_cast<const char *>(scalar.value), scalar.length};
}

class YamlReader {
  public:
    YamlReader(std::string_view text, std::string_view what, size_t most_values)
        : text_(text), what_(what), most_values_(most_values)
    {
        if (!yaml_parser_initialize(&parser_)) throw std::bad_alloc();
        const char *data = text.empty() ? "" : text.data();
        yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char *>(data), text.size());
    }
    YamlReader(const YamlReader &) = delete;
    YamlReader &operator=(const YamlReader &) = delete;
    ~YamlReader() { yaml_parser_delete(&parser_); }

    Json run()
    {
        while (true) {
            YamlEvent event;
            if (!yaml_parser_parse(&parser_, event.get())) refuse_syntax();
            switch (event->type) {
            case YAML_STREAM_END_EVENT: return root_ ? std::move(root_) : own(json_null());
            case YAML_DOCUMENT_START_EVENT: anchors_.clear(), names_.clear(); break;
            case YAML_SCALAR_EVENT: scalar(event); break;
            case YAML_ALIAS_EVENT: alias(event); break;
            case YAML_MAPPING_START_EVENT: open(event, true); break;
            case YAML_SEQUENCE_START_EVENT: open(event, false); break;
            case YAML_MAPPING_END_EVENT:
            case YAML_SEQUENCE_END_EVENT: close(event.line()); break;
            default: break;
            }
        }
    }

  private:
    [[noreturn]] void refuse(size_t line, std::string_view why) { fail(K8SC_E_PARSE, concat(where(line), ": ", why)); }

    std::string where(size_t line) { return concat(what_, ", line ", std::to_string(line)); }

    [[noreturn]] void refuse_syntax()
    {
        std::string why = parser_.problem ? parser_.problem : "it cannot be read";
        switch (parser_.error) {
        case YAML_MEMORY_ERROR: throw std::bad_alloc();
        case YAML_READER_ERROR: {
            // Encoding comes before lines: there is only an offset.
            size_t offset = std::min(parser_.problem_offset, text_.size());
            auto line = std::count(text_.begin(), text_.begin() + static_cast<ptrdiff_t>(offset), '\n') + 1;
            refuse(static_cast<size_t>(line), why);
        }
        default:
            if (parser_.context && parser_.context_mark.line != parser_.problem_mark.line)
                why += concat(" (", parser_.context, " that begins in line ",
                              std::to_string(parser_.context_mark.line + 1), ")");
            else if (parser_.context)
                why += concat(" (", parser_.context, ")");
            refuse(parser_.problem_mark.line + 1, why);
        }
    }

    // ---- nodes

    bool at_key() const { return !stack_.empty() && stack_.back().is_mapping && !stack_.back().has_key; }

    void scalar(YamlEvent &event)
    {
        auto &data = event->data.scalar;
        std::string_view text = view_scalar(*event.get()), tag = tag_of(data.tag);
        bool plain = data.style == YAML_PLAIN_SCALAR_STYLE;
        bool bare = plain && !data.tag && !data.anchor;
        // "---" alone begins a document of nothing. Such documents do not count, wherever they are.
        if (stack_.empty() && bare && text.empty()) return;
        if (at_key() && text == "<<" && (tag.empty() ? plain : tag == merge_tag)) {
            if (data.anchor) refuse(event.line(), "the key << cannot have an anchor");
            stack_.back().has_key = stack_.back().merges = true;
            return;
        }
        Built built;
        built.value = scalar_value(text, tag, plain, event.line());
        built.cost += text.size();
        size_t anchor = declare(data.anchor);
        take(std::move(built), anchor, event.line());
    }

    Json scalar_value(std::string_view text, std::string_view tag, bool plain, size_t line)
    {
        if (tag.empty() && !plain) return string(text, line);
        if (tag.empty()) return plain_value(resolve_yaml_scalar(text), text, line);
        if (!tag.starts_with(tag_prefix)) refuse(line, concat("the tag ", quote(tag), " is not known"));
        std::string_view name = tag.substr(tag_prefix.size());
        if (name == "str" || name == "timestamp") return string(text, line);
        if (name == "binary")
            return string(decode_base64(text, concat(where(line), ": the value tagged !!binary")), line);

        YamlScalar scalar = resolve_yaml_scalar(text);
        bool fits = false;
        if (name == "null")
            fits = scalar.kind == YamlScalar::null;
        else if (name == "bool")
            fits = scalar.kind == YamlScalar::boolean;
        else if (name == "int")
            fits = scalar.kind == YamlScalar::integer || scalar.kind == YamlScalar::huge_integer;
        else if (name == "float") {
            if (scalar.kind == YamlScalar::integer) return own(json_real(double(scalar.whole)));
            fits = scalar.kind == YamlScalar::real || scalar.kind == YamlScalar::not_finite;
        } else
            refuse(line, concat("the tag !!", name, " cannot stand on a scalar"));
        if (!fits) refuse(line, concat("the value is not what its tag !!", name, " says"));
        return plain_value(scalar, text, line);
    }

    Json plain_value(const YamlScalar &scalar, std::string_view text, size_t line)
    {
        switch (scalar.kind) {
        case YamlScalar::null: return own(json_null());
        case YamlScalar::boolean: return own(json_boolean(scalar.truth));
        case YamlScalar::integer: return own(json_integer(scalar.whole));
        case YamlScalar::real: return own(json_real(scalar.number));
        case YamlScalar::huge_integer: refuse(line, "an integer does not fit 64 bits");
        case YamlScalar::not_finite: refuse(line, "infinity and NaN are no numbers in JSON");
        // go-yaml, too, takes a number that overflows for text: hashes such as 12e4567 are meant so.
        case YamlScalar::huge_real:
        case YamlScalar::text: break;
        }
        return string(text, line);
    }

    Json string(std::string_view text, size_t line)
    {
        // libyaml has checked what it read, but not what base64 hid.
        if (!is_utf8(text)) refuse(line, "the value is not UTF-8");
        return own(json_stringn_nocheck(text.data(), text.size()));
    }

    void open(YamlEvent &event, bool is_mapping)
    {
        size_t line = event.line();
        if (at_key()) refuse(line, is_mapping ? "a mapping cannot be a key" : "a sequence cannot be a key");
        refuse_second_document(line);
        if (stack_.size() == max_tree_depth) refuse_depth(line);
        auto &data = event->data;
        std::string_view tag = tag_of(is_mapping ? data.mapping_start.tag : data.sequence_start.tag);
        if (!tag.empty() && tag != (is_mapping ? "tag:yaml.org,2002:map" : "tag:yaml.org,2002:seq"))
            refuse(line, concat("the tag ", quote(tag),
                                is_mapping ? " cannot stand on a mapping" : " cannot stand on a sequence"));
        Frame frame;
        frame.is_mapping = is_mapping;
        frame.built.value = own(is_mapping ? json_object() : json_array());
        frame.built.height = 1;
        frame.anchor = declare(is_mapping ? data.mapping_start.anchor : data.sequence_start.anchor);
        stack_.push_back(std::move(frame));
    }

    void close(size_t line)
    {
        Frame frame = std::move(stack_.back());
        stack_.pop_back();
        take(std::move(frame.built), frame.anchor, line);
    }

    // So many more.
    void count(size_t values, size_t line)
    {
        if (values > most_values_ - values_)
            refuse(line, concat("it holds more than ", std::to_string(most_values_), " values"));
        values_ += values;
    }

    // Puts a complete value where it belongs.
    void take(Built built, size_t anchor, size_t line)
    {
        count(1, line);
        if (anchor != no_anchor) {
            Anchored &entry = anchors_[anchor];
            entry.built.value = Json(json_incref(built.value.get()));
            entry.built.cost = built.cost;
            entry.built.height = built.height;
            entry.open = false;
        }
        if (stack_.empty()) {
            refuse_second_document(line);
            root_ = std::move(built.value);
            return;
        }
        Frame &frame = stack_.back();
        frame.built.cost += built.cost;
        if (frame.is_mapping && !frame.has_key) {
            frame.key = key(built.value.get(), line);
            frame.has_key = true;
            bool overrides = frame.merged.erase(frame.key) > 0;
            if (!overrides && json_object_get(frame.built.value.get(), frame.key.c_str()))
                refuse(line, concat("the key ", quote(frame.key), " stands twice in its mapping"));
            return;
        }
        frame.built.height = std::max(frame.built.height, built.height + 1);
        if (!frame.is_mapping) {
            if (json_array_append_new(frame.built.value.get(), built.value.release()) < 0) throw std::bad_alloc();
            return;
        }
        if (frame.merges)
            merge(frame, built.value.get(), line);
        else
            put(frame, frame.key.c_str(), built.value.release());
        frame.has_key = frame.merges = false;
    }

    void put(Frame &frame, const char *key, json_t *stolen)
    {
        if (json_object_set_new_nocheck(frame.built.value.get(), key, stolen) < 0) throw std::bad_alloc();
    }

    std::string key(const json_t *value, size_t line)
    {
        switch (json_typeof(value)) {
        case JSON_STRING: {
            std::string text(json_string_value(value), json_string_length(value));
            if (text.find('\0') != std::string::npos) refuse(line, "a key holds a NUL character");
            return text;
        }
        case JSON_INTEGER: return std::to_string(json_integer_value(value));
        case JSON_REAL: return yaml_key_of(json_real_value(value));
        case JSON_TRUE: return "true";
        case JSON_FALSE: return "false";
        case JSON_NULL: refuse(line, "null cannot be a key");
        default: refuse(line, "a mapping or a sequence cannot be a key");
        }
    }

    // ---- anchors, aliases, merging

    size_t declare(const yaml_char_t *name)
    {
        if (!name) return no_anchor;
        names_[std::string(view(name))] = anchors_.size();
        anchors_.emplace_back();
        return anchors_.size() - 1;
    }

    void alias(YamlEvent &event)
    {
        size_t line = event.line();
        std::string name(view(event->data.alias.anchor));
        auto found = names_.find(name);
        if (found == names_.end()) refuse(line, concat("the alias ", quote(name), " has no anchor before it"));
        const Anchored &entry = anchors_[found->second];
        if (entry.open) refuse(line, concat("the anchor ", quote(name), " contains itself"));
        if (entry.built.cost > max_expansion - expanded_) refuse(line, "aliases make the document too large");
        expanded_ += entry.built.cost;
        // Its texts count as well: they are copied.
        count(entry.built.cost / value_cost, line);
        if (stack_.size() + entry.built.height > max_tree_depth) refuse_depth(line);
        Built built;
        // A copy: what is written once in YAML may be edited apart later.
        built.value = own(json_deep_copy(entry.built.value.get()));
        built.cost = entry.built.cost;
        built.height = entry.built.height;
        take(std::move(built), no_anchor, line);
    }

    // Keys that the mapping has of its own win, wherever "<<" stands; of several mappings in one list, the first wins.
    void merge(Frame &frame, json_t *source, size_t line)
    {
        constexpr std::string_view why = "the value of << must be a mapping or a sequence of mappings";
        if (json_is_object(source)) return merge_one(frame, source);
        if (!json_is_array(source)) refuse(line, why);
        for (size_t i = json_array_size(source); i-- > 0;) {
            json_t *one = json_array_get(source, i);
            if (!json_is_object(one)) refuse(line, why);
            merge_one(frame, one);
        }
    }

    void merge_one(Frame &frame, json_t *source)
    {
        const char *key;
        json_t *value;
        json_object_foreach(source, key, value)
        {
            bool is_own = json_object_get(frame.built.value.get(), key) && !frame.merged.contains(key);
            if (is_own) continue;
            frame.merged.insert(key);
            put(frame, key, json_incref(value));
        }
    }

    void refuse_second_document(size_t line)
    {
        if (stack_.empty() && root_) refuse(line, "a second document begins; there may be only one");
    }

    [[noreturn]] void refuse_depth(size_t line)
    {
        refuse(line, concat("it is nested deeper than ", std::to_string(max_tree_depth)));
    }

    std::string_view text_;
    std::string_view what_;
    yaml_parser_t parser_;
    std::vector<Frame> stack_;
    std::vector<Anchored> anchors_;
    std::unordered_map<std::string, size_t> names_;
    size_t expanded_ = 0;
    const size_t most_values_;
    size_t values_ = 0;
    Json root_;
};

}  // namespace

Json parse_yaml(std::string_view text, std::string_view what, size_t most_values)
{
    return YamlReader(text, what, most_values).run();
}

}  // namespace k8sc
