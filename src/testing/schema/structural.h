// The schema of a custom resource's version: what its objects may have, what is filled in, and what is right.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "testing/base/json.h"
#include "testing/schema/status.h"

namespace k8sc::testing {

// Of a regular expression as Go has them, as near as PCRE2 comes to it. Matches anywhere, by any thread.
class Pattern {
  public:
    // `why` says what is wrong with it, and it matches nothing then.
    Pattern(const std::string &expression, std::string &why);
    // Throws ApiError where it takes too long.
    bool matches(std::string_view text) const;

  private:
    struct Free {
        void operator()(void *code) const;
    };
    std::unique_ptr<void, Free> code_;
};

// Never changes, so any thread may use it.
class Structural {
  public:
    // An openAPIV3Schema that `wrong_schema` has nothing against.
    explicit Structural(const json_t *schema);

    const json_t *schema() const { return schema_.get(); }

    // Takes away what there is no field for, and answers the paths of that: "spec.size", "spec.ports[0].name".
    std::vector<std::string> prune(json_t *document) const;
    void fill_defaults(json_t *document) const;
    // What the document may not have, in the words of a release. What stood there `before` (or
    // NULL) may stay, as newer servers have it.
    std::vector<StatusCause> errors(const json_t *document, const json_t *before, int release) const;
    // The same of its status alone.
    std::vector<StatusCause> status_errors(const json_t *document, const json_t *before, int release) const;

  private:
    const Json schema_;
    std::map<std::string, Pattern, std::less<>> patterns_;
};

// Whether text is to a release of a format that schemas name; of formats that nobody checks it is.
// Also "date-time", "ipv4", "cidr", "uuid".
bool has_format(std::string_view text, std::string_view format, int release);

// What of an openAPIV3Schema is not structural, or no schema at all, in the words of a release;
// `field` is its place in the definition.
std::vector<StatusCause> wrong_schema(const json_t *schema, const std::string &field, int release);

}  // namespace k8sc::testing
