#include "schema/validate.h"

#include <set>
#include <string>
#include <vector>

#include "core/error.h"
#include "schema/forms.h"
#include "schema/schema.h"
#include "json/decode.h"

namespace k8sc::schema {
namespace {

// How many faults the message tells; the causes tell all.
constexpr size_t told = 5;

// A key as paths show it: it may be anything, where it is none of a field.
std::string shown(std::string_view key)
{
    bool plain = !key.empty() && key.size() <= 128;
    for (char c : key)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) plain = false;
    return plain ? std::string(key) : quote(key);
}

class Validator {
  public:
    void check_root(Cursor root, const Type &type)
    {
        if (auto fault = type_fault_of(K8SC_FIELD_OBJECT, root)) return note(*fault);
        check_identity(root, type);
        check_object(root, type);
        if (&type == find_type("io.k8s.api.core.v1.List")) check_objects(root.member("items"));
    }
    // The type that the document says it is of; NULL, and noted, where it says none that is known.
    const Type *type_of_document(Cursor root)
    {
        std::string api_version = identity(root, "apiVersion"), kind = identity(root, "kind");
        if (api_version.empty() || kind.empty()) return nullptr;
        const Type *type = find_kind(api_version, kind);
        if (!type && unknown_.empty())
            unknown_ = concat(path_, path_.empty() ? "" : ": ", "Kubernetes' own API has no kind ", quote(kind), " in ",
                              quote(api_version), "; what a custom resource holds only the server knows");
        return type;
    }
    void note(std::string_view type, std::string message)
    {
        causes_.push_back({std::string(type), path_, std::move(message)});
    }
    void note(Fault fault)
    {
        note(fault.is_type ? "FieldValueTypeInvalid" : "FieldValueInvalid", std::move(fault.message));
    }
    void note_at(std::string_view field, std::string_view type, std::string message)
    {
        Step step(*this, field, "");
        note(type, std::move(message));
    }

    // Fails where anything was noted.
    void finish(std::string_view kind)
    {
        if (causes_.empty() && !unknown_.empty()) fail(K8SC_E_UNKNOWN_KIND, unknown_);
        if (causes_.empty()) return;
        std::string message = concat("this is no valid ", kind);
        for (size_t i = 0; i < causes_.size() && i < told; i++) {
            const Cause &cause = causes_[i];
            message += concat(i ? "; " : ": ", cause.field, cause.field.empty() ? "" : ": ", cause.message);
        }
        if (causes_.size() > told) message += concat("; and ", std::to_string(causes_.size() - told), " more");
        Error error(K8SC_E_INVALID, std::move(message));
        error.causes = std::move(causes_);
        throw error;
    }

  private:
    // Goes on with the path as long as it lives.
    class Step {
      public:
        Step(Validator &validator, std::string_view name, std::string_view index)
            : path_(validator.path_), size_(path_.size())
        {
            if (!name.empty()) path_ += concat(path_.empty() ? "" : ".", name);
            if (!index.empty()) path_ += concat("[", index, "]");
        }
        Step(const Step &) = delete;
        Step &operator=(const Step &) = delete;
        ~Step() { path_.resize(size_); }

      private:
        std::string &path_;
        size_t size_;
    };

    // What says that it is another kind is not one of this type.
    void check_identity(Cursor root, const Type &type)
    {
        const char *api_version = api_version_of(type);
        if (!api_version) return;
        if (auto text = root.member("apiVersion").string();
            text && *text != api_version && find_kind(*text, kind_of(type)) != &type)
            note_at("apiVersion", "FieldValueInvalid", concat("must be ", quote(api_version)));
        if (auto text = root.member("kind").string(); text && *text != kind_of(type))
            note_at("kind", "FieldValueInvalid", concat("must be ", quote(kind_of(type))));
    }

    // A text that says what the document is; "", and noted, where there is none.
    std::string identity(Cursor root, std::string_view key)
    {
        Cursor value = root.member(key);
        if (auto text = value.string(); text && !text->empty()) return *text;
        if (value && value.type() != K8SC_TYPE_NULL && value.type() != K8SC_TYPE_STRING)
            note_at(key, "FieldValueTypeInvalid", type_fault_of(K8SC_FIELD_STRING, value)->message);
        else
            note_at(key, "FieldValueRequired", "must say what the document is");
        return {};
    }

    // Of a List: each is a document of its own.
    void check_objects(Cursor items)
    {
        if (items.type() != K8SC_TYPE_ARRAY) return;
        size_t index = 0;
        items.each([&](std::string_view, Cursor item) {
            Step step(*this, "items", std::to_string(index++));
            if (auto fault = type_fault_of(K8SC_FIELD_OBJECT, item))
                note(*fault);
            else if (const Type *type = type_of_document(item))
                check_root(item, *type);
            return true;
        });
    }

    void check_object(Cursor object, const Type &type)
    {
        uint64_t seen = 0;
        object.each([&](std::string_view raw, Cursor value) {
            std::string key = unescape(raw);
            const Field *field = find_field(type, key);
            Step step(*this, field ? key : shown(key), "");
            if (!field) {
                const Field *nearest = nearest_field(type, key);
                note("FieldValueUnknown",
                     nearest ? concat("unknown field; did you mean ", quote(names + nearest->name), "?")
                             : "unknown field");
                return true;
            }
            uint64_t bit = uint64_t(1) << (field - (fields + type.first_field));
            if (seen & bit) note("FieldValueDuplicate", "duplicate field");
            seen |= bit;
            check(value, *field);
            return true;
        });
    }

    void check_map(Cursor map, const Field &values)
    {
        std::set<std::string> seen;
        map.each([&](std::string_view raw, Cursor value) {
            auto [key, is_new] = seen.insert(unescape(raw));
            Step step(*this, "", shown(*key));
            if (!is_new) note("FieldValueDuplicate", "duplicate field");
            check(value, values);
            return true;
        });
    }

    void check_array(Cursor array, const Field &items)
    {
        size_t index = 0;
        array.each([&](std::string_view, Cursor value) {
            Step step(*this, "", std::to_string(index++));
            check(value, items);
            return true;
        });
    }

    void check(Cursor value, const Field &field)
    {
        // Kubernetes takes null for absent everywhere.
        if (value.type() == K8SC_TYPE_NULL) return;
        if (auto fault = fault_of(field.form(), value, field.is_int32())) return note(std::move(*fault));
        // Of the types, only that of a custom resource's schema holds itself, and may be as deep as a document is.
        if (++depth_ > max_tree_depth)
            fail(K8SC_E_TOO_LARGE,
                 concat("a document nested deeper than ", std::to_string(max_tree_depth), " levels is not validated"));
        struct Level {
            size_t &depth;
            ~Level() { depth--; }
        } level{depth_};
        switch (field.form()) {
        case K8SC_FIELD_OBJECT: return check_object(value, *type_of(field));
        case K8SC_FIELD_MAP: return check_map(value, *element_of(field));
        case K8SC_FIELD_ARRAY: return check_array(value, *element_of(field));
        default: return;
        }
    }

    std::string path_;
    size_t depth_ = 1;
    std::vector<Cause> causes_;
    std::string unknown_;  // what is said of the first kind that is none
};

}  // namespace

void validate(const Object &object, const Type *type)
{
    Validator validator;
    // What a later member of the same key has replaced is a fault, and only here to be seen.
    Cursor root(object.written());
    if (!type) {
        if (auto fault = type_fault_of(K8SC_FIELD_OBJECT, root)) validator.note(*fault);
        validator.finish("document");
        type = validator.type_of_document(root);
        validator.finish("document");
    }
    validator.check_root(root, *type);
    validator.finish(kind_of(*type));
}

}  // namespace k8sc::schema
