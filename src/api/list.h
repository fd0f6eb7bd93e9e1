// The list handle.
#pragma once

#include "rest/body.h"

struct k8sc_list : k8sc::ListContent {};

namespace k8sc::api {

// The pointer that a user gets.
inline k8sc_list *new_list(ListContent content)
{
    return new k8sc_list{std::move(content)};
}

}  // namespace k8sc::api
