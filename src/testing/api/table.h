// Objects as the rows of a Table, which is what kubectl get prints.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "testing/base/json.h"
#include "testing/http/request.h"
#include "testing/schema/column.h"
#include "testing/schema/kind.h"
#include "testing/store/object.h"

namespace k8sc::testing {

// How somebody wants tables.
struct TableForm {
    std::string version;         // of meta.k8s.io; "" where no table is wanted
    std::string include_object;  // "None", "Metadata" or "Object"
    int minor = 0;               // of the release whose columns they have

    explicit operator bool() const { return !version.empty(); }
    // Throws ApiError where includeObject is none of these.
    static TableForm of(const Request &request, int minor);
};

// As the release of this minor number has them.
std::vector<Column> columns_of(const Kind &kind, int minor);
// Those of Kubernetes' own kinds, without a name that comes first; nothing where kubectl shows only when they were
// made.
std::vector<Column> builtin_columns(const Kind &kind, int minor);

// What a list says of itself.
struct TableHead {
    std::string resource_version;
    std::string continue_token = {};
    int64_t remaining = 0;
};

// `with_columns`: with what they are called; a watch tells it once.
std::string table_text(const TableForm &form, const Kind &kind, const TableHead &head,
                       const std::vector<ObjectPtr> &objects, int64_t now, bool with_columns = true);

// The seconds since 1970 of a time such as "2026-01-31T23:59:59Z". False where it is none.
bool seconds_of(std::string_view time, int64_t &seconds);
// So many seconds, as kubectl tells an age: "57m", "3d4h".
std::string human_duration(int64_t seconds);
// Of a time; "<unknown>" where there is none.
std::string age_of(std::string_view time, int64_t now);

}  // namespace k8sc::testing
