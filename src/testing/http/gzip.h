// Compressed answers, as kube-apiserver sends them: those over 128 KB, where the client accepts gzip, and never a
// watch.
#pragma once

#include "testing/http/reply.h"
#include "testing/http/request.h"

namespace k8sc::testing {

Reply compressed(const Request &request, Connection &connection, Reply reply);

}  // namespace k8sc::testing
