#include "net/exchange_facts.h"

#include "net/exchange.h"

namespace k8sc {

ExchangeFacts Exchange::facts() const
{
    ExchangeFacts facts;
    // A function answers, and there is no connection.
    if (!easy_) return facts;
    auto number = [&](CURLINFO info) {
        curl_off_t value = 0;
        curl_easy_getinfo(easy_, info, &value);
        return static_cast<int64_t>(value);
    };
    auto small_number = [&](CURLINFO info) {
        long value = 0;
        curl_easy_getinfo(easy_, info, &value);
        return static_cast<int32_t>(value);
    };
    facts.name_lookup_us = number(CURLINFO_NAMELOOKUP_TIME_T);
    facts.connect_us = number(CURLINFO_CONNECT_TIME_T);
    facts.tls_us = number(CURLINFO_APPCONNECT_TIME_T);
    facts.first_byte_us = number(CURLINFO_STARTTRANSFER_TIME_T);
    facts.bytes_sent = number(CURLINFO_SIZE_UPLOAD_T);
    facts.bytes_received = number(CURLINFO_SIZE_DOWNLOAD_T);
    facts.connects = small_number(CURLINFO_NUM_CONNECTS);
    facts.local_port = small_number(CURLINFO_LOCAL_PORT);
    switch (small_number(CURLINFO_HTTP_VERSION)) {
    case CURL_HTTP_VERSION_1_0: facts.http_version = "1.0"; break;
    case CURL_HTTP_VERSION_1_1: facts.http_version = "1.1"; break;
    case CURL_HTTP_VERSION_2_0: facts.http_version = "2"; break;
    default: break;
    }
    return facts;
}

}  // namespace k8sc
