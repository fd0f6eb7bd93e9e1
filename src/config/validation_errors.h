// What is wrong with a configuration: all of it, not only what was met first.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace k8sc {

class ValidationErrors {
  public:
    // `field` is the path of what is wrong: "users[admin].exec.command". The message stands for itself.
    void add(std::string field, std::string message);
    // Runs `body`; what it fails with is one fault.
    template <class Body>
    void collect(std::string field, Body &&body)
    {
        try {
            body();
        } catch (const Error &error) {
            add(std::move(field), error.message);
        }
    }
    // What was found elsewhere, whose messages get this prefix.
    void add_all(ValidationErrors &&others, std::string_view prefix);
    bool empty() const { return causes_.empty(); }
    // Fails with K8SC_E_CONFIG where there are errors: the message tells the first and counts the others, the causes
    // are all of them.
    void raise() const;

  private:
    std::vector<Cause> causes_;
};

}  // namespace k8sc
