#include "config/validation_errors.h"

namespace k8sc {

void ValidationErrors::add(std::string field, std::string message)
{
    causes_.push_back({"ConfigInvalid", std::move(field), std::move(message)});
}

void ValidationErrors::add_all(ValidationErrors &&others, std::string_view prefix)
{
    for (auto &cause : others.causes_) add(std::move(cause.field), concat(prefix, cause.message));
}

void ValidationErrors::raise() const
{
    if (causes_.empty()) return;
    Error error(K8SC_E_CONFIG, causes_.front().message);
    if (causes_.size() > 1) error.message += concat(" (and ", std::to_string(causes_.size() - 1), " more)");
    error.causes = causes_;
    throw error;
}

}  // namespace k8sc
