// The parameters of lists and watches, the tokens that continue a list, and the list itself.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "testing/api/api.h"
#include "testing/api/table.h"
#include "testing/http/reply.h"
#include "testing/http/request.h"
#include "testing/store/object.h"
#include "testing/store/selector.h"

namespace k8sc::testing {

struct ListOptions {
    // `streaming`: what the server makes of sendInitialEvents. `strict`: as Selector::bind_fields. Throws ApiError
    // where a parameter is wrong, or where some contradict each other.
    ListOptions(const Request &request, const Kind &kind, Streaming streaming, bool strict);

    Selector selector;
    int64_t limit = 0;
    std::string continue_token;
    std::string resource_version;  // as given: "" and "0" mean different things
    std::string resource_version_match;
    bool watch = false;
    std::optional<bool> send_initial_events;
};

// Where a list goes on: the state it is of, and the first key that was not sent, relative to the list's prefix.
struct Continuation {
    int64_t resource_version = 0;  // -1: whatever the present state is
    std::string start;

    std::string encode() const;
    // Throws ApiError (400).
    static Continuation decode(const std::string &token);
};

struct ListReply {
    KindPtr kind;
    bool partial = false;  // as PartialObjectMetadataList
    TableForm table;
    int64_t now = 0;  // of a table's ages, in seconds since 1970
    std::vector<ObjectPtr> items;
    int64_t resource_version = 0;
    std::string continue_token;
    int64_t remaining = 0;

    // Leaves the reply empty of items.
    Reply make();
};

}  // namespace k8sc::testing
