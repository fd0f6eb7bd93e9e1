// How rules for objects of Kubernetes' own say what is wrong.
#pragma once

#include <functional>
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "testing/base/json.h"
#include "testing/schema/status.h"

namespace k8sc::testing {

// Gathers what is wrong with one object.
class StandardErrors {
  public:
    using Each = std::function<void(const json_t *item, const std::string &path)>;

    // In the words of this release.
    explicit StandardErrors(int release) : release(release) {}

    std::vector<StatusCause> take() { return std::move(errors_); }

    void required(const std::string &path, const std::string &why = "")
    {
        errors_.push_back(required_value(path, why));
    }
    void wrong(const std::string &path, const std::string &shown, const std::string &why)
    {
        errors_.push_back(invalid_value(path, shown, why));
    }
    void forbid(const std::string &path, const std::string &why) { errors_.push_back(forbidden(path, why)); }
    void unsupported(const std::string &path, const std::string &shown, const std::string &supported)
    {
        errors_.push_back(unsupported_value(path, shown, supported));
    }
    void duplicate(const std::string &path, const std::string &shown)
    {
        errors_.push_back({"FieldValueDuplicate", "Duplicate value: " + shown, path});
    }
    void missing(const std::string &path, const std::string &shown)
    {
        errors_.push_back({"FieldValueNotFound", "Not found: " + shown, path});
    }

    // False where there is no text.
    bool need(const json_t *object, const char *name, const std::string &path, const std::string &why = "");
    // A text, if there is one, is one of these.
    void one_of(const json_t *object, const char *name, const std::string &path,
                std::initializer_list<std::string_view> supported);
    // A number, if there is one, is not negative; it is in this range.
    void not_negative(const json_t *object, const char *name, const std::string &path);
    void in_range(const json_t *object, const char *name, const std::string &path, int64_t least, int64_t most);
    // A name, where there must be one, is a label of a domain's name, and none that was `seen`.
    using Names = std::set<std::string, std::less<>>;
    void unique_names(const json_t *items, const std::string &path, Names &seen);
    // A member that was there is as it was.
    void unchanged(const json_t *before, const json_t *after, const char *name, const std::string &path);

    const int release;

  private:
    std::vector<StatusCause> errors_;
};

// Calls for each item of an array, with its path such as "spec.ports[0]".
void each_item(const json_t *array, const std::string &path, const StandardErrors::Each &each);

// A map of labels, and a selector, as servers of a release show them.
std::string shown_labels(const json_t *labels, int release);
std::string shown_selector(const json_t *selector, int release);

// Pods, and templates of them: all by their spec.
void check_pod_spec(const json_t *spec, const std::string &path, StandardErrors &errors);
void check_pod_update(const json_t *before, const json_t *after, StandardErrors &errors);

}  // namespace k8sc::testing
