// What an exchange took: times since it began, 0 for what did not happen, bytes, its connection.
#pragma once

#include <cstdint>
#include <string>

namespace k8sc {

struct ExchangeFacts {
    int64_t name_lookup_us = 0, connect_us = 0, tls_us = 0, first_byte_us = 0;
    int64_t bytes_sent = 0, bytes_received = 0;  // of bodies, as they were on the wire
    int32_t connects = 0;                        // connections that were opened for it
    int32_t resends = 0;                         // after the server had not processed it
    int32_t local_port = 0;
    const char *http_version = "";  // of the answer
    std::string fallback;           // why HTTP/1.1 was spoken where HTTP/2 was wanted
};

}  // namespace k8sc
