#include "net/http1.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <cstring>

#include "core/secret_text.h"
#include "net/curl_failure.h"

namespace k8sc {
namespace {

// What curl reads of one connection before it looks at another is a hundred times this.
constexpr long read_buffer = 32 * 1024;

void append(curl_slist *&list, const std::string &text)
{
    curl_slist *longer = curl_slist_append(list, text.c_str());
    if (!longer) throw std::bad_alloc();
    list = longer;
}

struct InCallback {
    explicit InCallback(bool &flag) : flag_(flag) { flag_ = true; }
    ~InCallback() { flag_ = false; }
    bool &flag_;
};

}  // namespace

Http1RoundTrip::~Http1RoundTrip()
{
    if (easy_) curl_easy_cleanup(easy_);
    for (curl_slist *header = headers_; header; header = header->next)
        if (is_secret_header(header->data)) OPENSSL_cleanse(header->data, strlen(header->data));
    curl_slist_free_all(headers_);
}

void Http1RoundTrip::start()
{
    set_up();
    exchange_.io_loop()->drop_dead_connections();
    CURLMcode code = curl_multi_add_handle(exchange_.io_loop()->multi(), easy_);
    if (code != CURLM_OK) fail(K8SC_E_INTERNAL, concat("curl_multi_add_handle: ", curl_multi_strerror(code)));
    added_ = true;
}

void Http1RoundTrip::set_up()
{
    easy_ = curl_easy_init();
    if (!easy_) throw std::bad_alloc();
    curl_easy_setopt(easy_, CURLOPT_PRIVATE, this);
    curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, message_);
    curl_easy_setopt(easy_, CURLOPT_BUFFERSIZE, read_buffer);
    curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &Http1RoundTrip::on_header);
    curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &Http1RoundTrip::on_body);
    curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(easy_, CURLOPT_PREREQFUNCTION, &Http1RoundTrip::on_request);
    curl_easy_setopt(easy_, CURLOPT_PREREQDATA, this);
    curl_easy_setopt(easy_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set_up_request();
    options_.apply(easy_, *exchange_.endpoint(), exchange_.request().url, *exchange_.io_loop());
}

void Http1RoundTrip::set_up_request()
{
    const HttpRequest &request = exchange_.request();
    set_text(easy_, CURLOPT_CUSTOMREQUEST, request.method);
    if (!request.body.empty() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH") {
        curl_easy_setopt(easy_, CURLOPT_POST, 1L);
        curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, request.body.data());
        append(headers_, "Expect:");
    }
    if (request.method == "HEAD") curl_easy_setopt(easy_, CURLOPT_NOBODY, 1L);
    if (exchange_.wants_gzip()) append(headers_, "Accept-Encoding: gzip");
    for (auto &header : request.headers) append(headers_, header);
    curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers_);
    if (request.own_connection || request.fresh_connection) curl_easy_setopt(easy_, CURLOPT_FRESH_CONNECT, 1L);
    if (request.own_connection) curl_easy_setopt(easy_, CURLOPT_FORBID_REUSE, 1L);
}

// curl sends a request again by itself where a connection that it had used before is lost without an answer. What may
// have changed something must not be sent twice.
int Http1RoundTrip::on_request(void *self, char *, char *, int, int local_port)
{
    assert_on_io_thread();
    auto round_trip = static_cast<Http1RoundTrip *>(self);
    round_trip->exchange_.io_loop()->takes_connection(round_trip->easy_, local_port);
    const std::string &method = round_trip->exchange_.request().method;
    if (round_trip->sent_ && method != "GET" && method != "HEAD") {
        round_trip->failure_ = await_memory(
            [] { return std::make_unique<Error>(K8SC_E_TRANSPORT, "the connection was lost before an answer came"); });
        round_trip->failure_->connection_lost = true;
        return CURL_PREREQFUNC_ABORT;
    }
    round_trip->sent_ = true;
    return CURL_PREREQFUNC_OK;
}

void Http1RoundTrip::count_header(size_t size)
{
    header_bytes_ += size;
    if (header_bytes_ > most_header_bytes)
        fail(K8SC_E_TOO_LARGE,
             concat("the answer's headers are above the limit of ", std::to_string(most_header_bytes), " bytes"));
}

void Http1RoundTrip::header_line(std::string_view line)
{
    while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
    if (head_given_) return;  // trailers
    if (line.starts_with("HTTP/")) {
        // Another answer may follow a 100 or 101.
        head_.headers.clear();
        return;
    }
    if (line.empty()) {
        long status = 0;
        curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
        if (status < 200) return;
        head_.status = static_cast<int>(status);
        head_given_ = true;
        if (auto refusal = proxy_refusal(easy_, *exchange_.endpoint(), exchange_.request().url.starts_with("https:"),
                                         head_.status))
            throw *refusal;
        exchange_.came_head(std::move(head_));
        return;
    }
    auto colon = line.find(':');
    if (colon == std::string_view::npos) return;
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    std::string_view value = line.substr(colon + 1);
    while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
    while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
    head_.headers.emplace_back(std::move(name), value);
}

size_t Http1RoundTrip::fails(const Error &error)
{
    failure_ = copy_of(error);
    return CURL_WRITEFUNC_ERROR;
}

size_t Http1RoundTrip::on_header(char *data, size_t size, size_t count, void *self)
{
    assert_on_io_thread();
    auto round_trip = static_cast<Http1RoundTrip *>(self);
    Ref<Exchange> held(&round_trip->exchange_);
    InCallback callback(round_trip->in_callback_);
    round_trip->exchange_.byte_came();
    try {
        round_trip->count_header(size * count);
        round_trip->header_line({data, size * count});
        return round_trip->goes_on() ? size * count : CURL_WRITEFUNC_ERROR;
    } catch (Error &error) {
        return round_trip->fails(error);
    } catch (const std::bad_alloc &) {
        return round_trip->fails(Error(K8SC_E_NOMEM, "out of memory"));
    }
}

size_t Http1RoundTrip::on_body(char *data, size_t size, size_t count, void *self)
{
    assert_on_io_thread();
    auto round_trip = static_cast<Http1RoundTrip *>(self);
    Ref<Exchange> held(&round_trip->exchange_);
    InCallback callback(round_trip->in_callback_);
    bool more = round_trip->exchange_.came({data, size * count});
    if (!round_trip->goes_on()) return CURL_WRITEFUNC_ERROR;
    if (!more) curl_easy_pause(round_trip->easy_, CURLPAUSE_RECV);
    return size * count;
}

void Http1RoundTrip::resume()
{
    // What was held back is delivered in here, and may be refused; curl says so, and would go on all the same.
    Ref<Exchange> held(&exchange_);
    CURLcode code = curl_easy_pause(easy_, CURLPAUSE_CONT);
    if (added_ && (code != CURLE_OK || failure_)) finished(code);
}

void Http1RoundTrip::stop()
{
    if (!std::exchange(added_, false)) return;
    if (!in_callback_) return exchange_.io_loop()->leave_curl(easy_);
    exchange_.io_loop()->next_round([held = Ref<Exchange>(&exchange_), easy = easy_] {
        assert_on_io_thread();
        held->io_loop()->leave_curl(easy);
    });
}

void Http1RoundTrip::finished(CURLcode code)
{
    Ref<Exchange> held(&exchange_);
    if (!added_) return;
    if (failure_) return exchange_.ended(std::move(failure_));
    if (code == CURLE_OK) return exchange_.ended(nullptr);
    exchange_.ended(await_memory([&] {
        assert_on_io_thread();
        return error_of(code);
    }));
}

std::unique_ptr<Error> Http1RoundTrip::error_of(CURLcode code)
{
    const Endpoint &endpoint = *exchange_.endpoint();
    bool tls = exchange_.request().url.starts_with("https:");
    if (auto refusal = proxy_refusal(easy_, endpoint, tls, head_given_ ? 0 : head_.status)) return refusal;
    Error error = curl_error(code, message_);
    // curl (7.88) has this one word for a line that it will not hold.
    if (code == CURLE_OUT_OF_MEMORY && sent_)
        error = Error(K8SC_E_TOO_LARGE, "a header line of the answer is above the limit of 102400 bytes");
    error = on_the_way(std::move(error), easy_, endpoint, sent_);
    bool reaches_nobody = error.code == K8SC_E_CONNECT || error.code == K8SC_E_RESOLVE ||
                          error.code == K8SC_E_TIMEOUT || error.code == K8SC_E_TLS;
    error.not_processed = !sent_ && (reaches_nobody || error.connection_lost);
    return std::make_unique<Error>(std::move(error));
}

void Http1RoundTrip::add_facts(ExchangeFacts &facts) const
{
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
    if (!easy_) return;
    facts.name_lookup_us += number(CURLINFO_NAMELOOKUP_TIME_T);
    facts.connect_us += number(CURLINFO_CONNECT_TIME_T);
    facts.tls_us += number(CURLINFO_APPCONNECT_TIME_T);
    facts.first_byte_us += number(CURLINFO_STARTTRANSFER_TIME_T);
    facts.bytes_sent += number(CURLINFO_SIZE_UPLOAD_T);
    facts.bytes_received += number(CURLINFO_SIZE_DOWNLOAD_T);
    facts.connects += small_number(CURLINFO_NUM_CONNECTS);
    facts.local_port = small_number(CURLINFO_LOCAL_PORT);
    switch (small_number(CURLINFO_HTTP_VERSION)) {
    case CURL_HTTP_VERSION_1_0: facts.http_version = "1.0"; break;
    case CURL_HTTP_VERSION_1_1: facts.http_version = "1.1"; break;
    default: break;
    }
}

}  // namespace k8sc
