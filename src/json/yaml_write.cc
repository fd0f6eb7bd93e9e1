// Writing YAML: values and JSON text, made into libyaml's events.
#include <yaml.h>

#include <algorithm>
#include <climits>
#include <vector>

#include "core/error.h"
#include "json/cursor.h"
#include "json/decode.h"
#include "json/write.h"
#include "json/yaml.h"
#include "json/yaml_scalar.h"

namespace k8sc {
namespace {

struct OwnedEmitter {
    OwnedEmitter()
    {
        if (!yaml_emitter_initialize(&emitter)) throw std::bad_alloc();
    }
    OwnedEmitter(const OwnedEmitter &) = delete;
    OwnedEmitter &operator=(const OwnedEmitter &) = delete;
    ~OwnedEmitter() { yaml_emitter_delete(&emitter); }

    yaml_emitter_t emitter;
};

class Emitter {
  public:
    Emitter()
    {
        yaml_emitter_set_output(&emitter_, append, this);
        yaml_emitter_set_unicode(&emitter_, 1);
        // A folded line is harder to read, to compare and to find things in.
        yaml_emitter_set_width(&emitter_, -1);
        yaml_event_t event;
        emit(event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
        emit(event, yaml_document_start_event_initialize(&event, nullptr, nullptr, nullptr, 1));
    }
    Emitter(const Emitter &) = delete;
    Emitter &operator=(const Emitter &) = delete;

    void begin_mapping()
    {
        yaml_event_t event;
        emit(event, yaml_mapping_start_event_initialize(&event, nullptr, nullptr, 1, YAML_BLOCK_MAPPING_STYLE));
    }
    void end_mapping()
    {
        yaml_event_t event;
        emit(event, yaml_mapping_end_event_initialize(&event));
    }
    void begin_sequence()
    {
        yaml_event_t event;
        emit(event, yaml_sequence_start_event_initialize(&event, nullptr, nullptr, 1, YAML_BLOCK_SEQUENCE_STYLE));
    }
    void end_sequence()
    {
        yaml_event_t event;
        emit(event, yaml_sequence_end_event_initialize(&event));
    }
    // A number, a boolean or null.
    void word(std::string_view text) { scalar(text, YAML_PLAIN_SCALAR_STYLE); }
    void key(std::string_view text)
    {
        scalar(text, yaml_needs_quotes(text) || spans_lines(text) ? YAML_DOUBLE_QUOTED_SCALAR_STYLE
                                                                  : YAML_PLAIN_SCALAR_STYLE);
    }
    void string(std::string_view text)
    {
        // libyaml falls back to quotes where the text cannot stand in the style it asks for.
        scalar(text, yaml_needs_quotes(text) ? YAML_DOUBLE_QUOTED_SCALAR_STYLE
                     : spans_lines(text)     ? YAML_LITERAL_SCALAR_STYLE
                                             : YAML_PLAIN_SCALAR_STYLE);
    }

    std::string finish()
    {
        yaml_event_t event;
        emit(event, yaml_document_end_event_initialize(&event, 1));
        emit(event, yaml_stream_end_event_initialize(&event));
        // The mark that libyaml sets behind some last values is of use only where another document follows.
        constexpr std::string_view mark = "\n...\n";
        if (out_.ends_with(mark)) out_.resize(out_.size() - mark.size() + 1);
        return std::move(out_);
    }

  private:
    static int append(void *self, unsigned char *text, size_t size) noexcept
    {
        try {
            static_cast<Emitter *>(self)->out_.append(reinterpret_cast<const char *>(text), size);
            return 1;
        } catch (...) {
            static_cast<Emitter *>(self)->no_memory_ = true;
            return 0;
        }
    }

    static bool spans_lines(std::string_view text) { return text.find('\n') != std::string_view::npos; }

    void scalar(std::string_view text, yaml_scalar_style_t style)
    {
        if (text.size() > INT_MAX) fail(K8SC_E_TOO_LARGE, "a string of 2 GiB or more cannot be written as YAML");
        yaml_event_t event;
        auto value = reinterpret_cast<const yaml_char_t *>(text.empty() ? "" : text.data());
        emit(event,
             yaml_scalar_event_initialize(&event, nullptr, nullptr, value, static_cast<int>(text.size()), 1, 1, style));
    }

    void emit(yaml_event_t &event, int made)
    {
        if (!made) throw std::bad_alloc();
        if (yaml_emitter_emit(&emitter_, &event)) return;
        if (no_memory_ || emitter_.error == YAML_MEMORY_ERROR) throw std::bad_alloc();
        fail(K8SC_E_INTERNAL,
             concat("YAML cannot be written: ", emitter_.problem ? emitter_.problem : "no reason is given"));
    }

    OwnedEmitter owned_;
    yaml_emitter_t &emitter_ = owned_.emitter;
    std::string out_;
    bool no_memory_ = false;
};

// In YAML a number is told from an integer by its fraction, which YAML 1.1 wants before an exponent too.
std::string real_text(double number)
{
    std::string text = number_text(number);
    if (text.find('.') == std::string::npos) text.insert(std::min(text.find('e'), text.size()), ".0");
    return text;
}

void write(Emitter &out, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT: {
        out.begin_mapping();
        const char *key;
        json_t *member;
        json_object_foreach(const_cast<json_t *>(value), key, member)
        {
            out.key(key);
            write(out, member);
        }
        out.end_mapping();
        break;
    }
    case JSON_ARRAY:
        out.begin_sequence();
        for (size_t i = 0; i < json_array_size(value); i++) write(out, json_array_get(value, i));
        out.end_sequence();
        break;
    case JSON_STRING: out.string({json_string_value(value), json_string_length(value)}); break;
    case JSON_INTEGER: out.word(std::to_string(json_integer_value(value))); break;
    case JSON_REAL: out.word(real_text(json_real_value(value))); break;
    case JSON_TRUE: out.word("true"); break;
    case JSON_FALSE: out.word("false"); break;
    case JSON_NULL: out.word("null"); break;
    }
}

// Each line is indented by its depth, so that the text grows with its square; and nobody would read it back.
void need_room(size_t depth)
{
    if (depth >= max_tree_depth)
        fail(K8SC_E_TOO_LARGE,
             concat("what is nested deeper than ", std::to_string(max_tree_depth), " levels is not written as YAML"));
}

}  // namespace

std::string yaml_text(const json_t *value)
{
    Emitter out;
    write(out, value);
    return out.finish();
}

std::string yaml_text_of_json(std::string_view json)
{
    Emitter out;
    std::vector<bool> mappings;  // whether each open container is one
    bool key_is_due = false;
    const char *p = json.data(), *end = p + json.size();
    while (p < end) {
        switch (*p) {
        case '{':
            need_room(mappings.size());
            out.begin_mapping();
            mappings.push_back(key_is_due = true);
            p++;
            break;
        case '[':
            need_room(mappings.size());
            out.begin_sequence();
            mappings.push_back(key_is_due = false);
            p++;
            break;
        case '}':
        case ']':
            *p == '}' ? out.end_mapping() : out.end_sequence();
            mappings.pop_back();
            p++;
            break;
        case ',':
            key_is_due = mappings.back();
            p++;
            break;
        case '"': {
            const char *after = skip_string(p, end);
            std::string text = unescape({p + 1, static_cast<size_t>(after - p - 2)});
            key_is_due ? out.key(text) : out.string(text);
            p = after;
            break;
        }
        case ':':
            key_is_due = false;
            p++;
            break;
        case ' ':
        case '\t':
        case '\n':
        case '\r': p++; break;
        default: {
            const char *begin = p;
            p = json_detail::skip_value(p, end);
            out.word({begin, static_cast<size_t>(p - begin)});
        }
        }
    }
    return out.finish();
}

}  // namespace k8sc
