#include "discovery/manifest.h"
#include "json/draft.h"
#include "json/write.h"
#include "json/yaml.h"

namespace k8sc {
namespace {

Json yaml(std::string_view text, std::string_view what) { return parse_yaml(text, what); }

// A document of a manifest, and where it begins.
struct Document {
    std::string_view text;
    size_t lines_before = 0;
};

// At "---" at the beginning of a line, where YAML, too, begins a new document whatever it is in. JSON has no such
// lines.
std::vector<Document> split(std::string_view text)
{
    std::vector<Document> documents;
    Document document{text.substr(0, 0), 0};
    size_t begin = 0, lines = 0;
    for (size_t at = 0; at < text.size(); lines++) {
        size_t end = std::min(text.find('\n', at), text.size());
        std::string_view line = text.substr(at, end - at);
        bool is_separator =
            line.starts_with("---") && (line.size() == 3 || line[3] == ' ' || line[3] == '\t' || line[3] == '\r');
        if (is_separator) {
            documents.push_back({text.substr(begin, at - begin), document.lines_before});
            // What follows on the line belongs to the document.
            begin = at + 3;
            document.lines_before = lines;
        }
        at = end + 1;
    }
    documents.push_back({text.substr(begin), document.lines_before});
    return documents;
}

// Comments and directives alone are none.
bool is_empty_document(std::string_view text)
{
    while (!text.empty()) {
        size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        size_t at = line.find_first_not_of(" \t\r");
        if (at != std::string_view::npos && line[at] != '#' && line[0] != '%' && line != "..." && line != "...\r")
            return false;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return true;
}

// Each of several JSON values that follow each other; the last may be unfinished.
std::vector<Document> split_json(const Document &document)
{
    std::vector<Document> values;
    size_t depth = 0, begin = 0, lines = document.lines_before, begin_line = lines;
    bool in_string = false;
    std::string_view text = document.text;
    for (size_t i = 0; i < text.size(); i++) {
        char c = text[i];
        if (c == '\n') lines++;
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
            continue;
        }
        if (c == '"') in_string = true;
        if (c == '{' || c == '[') depth++;
        if ((c == '}' || c == ']') && depth > 0 && --depth == 0) {
            values.push_back({text.substr(begin, i + 1 - begin), begin_line});
            begin = i + 1;
            begin_line = lines;
        }
    }
    std::string_view rest = text.substr(begin);
    if (rest.find_first_not_of(" \t\r\n") != std::string_view::npos) values.push_back({rest, begin_line});
    return values;
}

class Parser {
  public:
    Manifest run(std::string_view text)
    {
        if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
        for (const Document &document : split(text)) {
            if (is_empty_document(document.text)) continue;
            read(document);
        }
        return std::move(objects_);
    }

  private:
    void read(const Document &document)
    {
        size_t first = document.text.find_first_not_of(" \t\r\n");
        if (document.text[first] != '{') return take(document, parsed(document, yaml));
        auto load = [](std::string_view text, std::string_view what) { return load_json(text, what); };
        std::optional<Error> refused;
        std::vector<Document> values = split_json(document);
        std::vector<Json> loaded;
        try {
            for (const Document &value : values) {
                count_++;
                loaded.push_back(parsed_here(value, load));
            }
        } catch (const Error &error) {
            refused = error;
            count_ -= loaded.size() + 1;
        }
        if (refused) {
            // A flow mapping of YAML begins the same way.
            try {
                return take(document, parsed(document, yaml));
            } catch (const Error &) {
                throw *refused;
            }
        }
        count_ -= loaded.size();
        for (size_t i = 0; i < loaded.size(); i++) {
            count_++;
            take(values[i], std::move(loaded[i]));
        }
    }

    template <class Parse>
    Json parsed(const Document &document, Parse &&parse)
    {
        count_++;
        try {
            return parsed_here(document, parse);
        } catch (...) {
            count_--;
            throw;
        }
    }

    template <class Parse>
    Json parsed_here(const Document &document, Parse &&parse)
    {
        std::string what = concat("document ", std::to_string(count_));
        try {
            return parse(document.text, what);
        } catch (const Error &error) {
            if (error.code != K8SC_E_PARSE || document.lines_before == 0) throw;
        }
        // Once more behind as many lines, so that the message counts as the reader of the file does.
        return parse(std::string(document.lines_before, '\n').append(document.text), what);
    }

    [[noreturn]] void refuse(const Document &document, std::string_view where, const std::string &why)
    {
        // The first line that says something.
        size_t line = document.lines_before + 1;
        for (size_t i = 0;
             i < document.text.size() && std::string_view(" \t\r\n").find(document.text[i]) != std::string_view::npos;
             i++)
            if (document.text[i] == '\n') line++;
        fail(K8SC_E_PARSE,
             concat("document ", std::to_string(count_), ", line ", std::to_string(line), where, ": ", why));
    }

    void take(const Document &document, Json value)
    {
        if (json_is_null(value.get())) {
            count_--;
            return;
        }
        take(document, value.get(), "");
    }

    void take(const Document &document, json_t *value, const std::string &where)
    {
        if (!json_is_object(value)) refuse(document, where, "it is not an object");
        const char *kind = json_string_value(json_object_get(value, "kind"));
        const char *version = json_string_value(json_object_get(value, "apiVersion"));
        if (!version || !*version) refuse(document, where, "it has no apiVersion");
        if (!kind || !*kind) refuse(document, where, "it has no kind");
        std::string_view name = kind;
        json_t *items = json_object_get(value, "items");
        if (name.ends_with("List") && json_is_array(items)) return take_items(document, value, items, name, where);
        // A list of nothing, as some tools write it.
        if (name == "List" && (!items || json_is_null(items))) return;
        json_t *metadata = json_object_get(value, "metadata");
        auto has = [&](const char *key) {
            const char *text = json_string_value(json_object_get(metadata, key));
            return text && *text;
        };
        // YAML has words for true and false that look like names.
        json_t *named = json_object_get(metadata, "name");
        if (named && !json_is_string(named) && !json_is_null(named))
            refuse(document, where, concat("the metadata.name of the ", name, " is no string; quotes make it one"));
        if (!has("name") && !has("generateName"))
            refuse(document, where, concat("the ", name, " has no metadata.name"));
        objects_.push_back(Object::parse(compact_json(value)));
    }

    // What is in a list of one kind need not say its kind again.
    void take_items(const Document &document, json_t *list, json_t *items, std::string_view list_kind,
                    const std::string &where)
    {
        std::string kind(list_kind.substr(0, list_kind.size() - 4));
        size_t index;
        json_t *item;
        json_array_foreach(items, index, item)
        {
            std::string here = concat(where, ", item ", std::to_string(index + 1));
            if (json_is_object(item) && !kind.empty()) {
                if (!json_object_get(item, "kind")) set(item, "kind", own(json_string(kind.c_str())));
                if (!json_object_get(item, "apiVersion"))
                    set(item, "apiVersion", own(json_incref(json_object_get(list, "apiVersion"))));
            }
            take(document, item, here);
        }
    }

    static void set(json_t *object, const char *key, Json value)
    {
        if (json_object_set_new(object, key, value.release()) < 0) throw std::bad_alloc();
    }

    Manifest objects_;
    size_t count_ = 0;
};

}  // namespace

Manifest parse_manifest(std::string_view text) { return Parser().run(text); }

}  // namespace k8sc
