#include "net/http2_session.h"

#include <strings.h>

#include <memory>
#include <new>
#include <string>
#include <vector>

#include "core/secret_text.h"
#include "net/http2_connection.h"

namespace k8sc {

// Nothing is thrown through C: what is, ends the connection.
struct Http2Callbacks {
    template <class Step>
    static int guarded(void *self, Step &&step) noexcept
    {
        auto &connection = *static_cast<Http2Connection *>(self);
        try {
            return step(connection);
        } catch (...) {
            connection.broken_ = "out of memory";
            return NGHTTP2_ERR_CALLBACK_FAILURE;
        }
    }

    static std::string_view text(const uint8_t *data, size_t size)
    {
        return {reinterpret_cast<const char *>(data), size};
    }

    static int on_header(nghttp2_session *, const nghttp2_frame *frame, const uint8_t *name, size_t name_size,
                         const uint8_t *value, size_t value_size, uint8_t, void *self)
    {
        return guarded(self, [&](Http2Connection &connection) {
            assert_on_io_thread();
            return connection.on_header(frame->hd.stream_id, text(name, name_size), text(value, value_size));
        });
    }

    static int on_frame(nghttp2_session *, const nghttp2_frame *frame, void *self)
    {
        return guarded(self, [&](Http2Connection &connection) {
            assert_on_io_thread();
            connection.on_frame(*frame);
            return 0;
        });
    }

    static int on_data(nghttp2_session *, uint8_t, int32_t id, const uint8_t *data, size_t size, void *self)
    {
        return guarded(self, [&](Http2Connection &connection) {
            assert_on_io_thread();
            connection.on_data(id, text(data, size));
            return 0;
        });
    }

    static int on_closed(nghttp2_session *, int32_t id, uint32_t code, void *self)
    {
        return guarded(self, [&](Http2Connection &connection) {
            assert_on_io_thread();
            connection.on_closed(id, code);
            return 0;
        });
    }

    static bool is_request(const nghttp2_frame *frame)
    {
        return frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST;
    }

    static int before_frame(nghttp2_session *, const nghttp2_frame *frame, void *self)
    {
        return guarded(self, [&](Http2Connection &connection) {
            assert_on_io_thread();
            if (is_request(frame)) connection.begins(frame->hd.stream_id);
            return 0;
        });
    }

    static int not_sent(nghttp2_session *, const nghttp2_frame *frame, int, void *self)
    {
        return guarded(self, [&](Http2Connection &connection) {
            assert_on_io_thread();
            if (is_request(frame)) connection.not_sent(frame->hd.stream_id);
            return 0;
        });
    }

    static ssize_t on_body(nghttp2_session *, int32_t id, uint8_t *buffer, size_t size, uint32_t *flags,
                           nghttp2_data_source *, void *self)
    {
        assert_on_io_thread();
        return static_cast<Http2Connection *>(self)->on_body(id, buffer, size, *flags);
    }
};

namespace {

// The connection's own window: its streams have theirs.
constexpr int32_t connection_window = 1 << 30;
constexpr uint32_t most_header_list = 256 << 10;

void check(int code)
{
    if (code == NGHTTP2_ERR_NOMEM) throw std::bad_alloc();
    if (code != 0) fail(K8SC_E_INTERNAL, concat("nghttp2: ", nghttp2_strerror(code)));
}

template <class Thing, void (*Delete)(Thing *)>
struct Deleted {
    void operator()(Thing *thing) const { Delete(thing); }
};

nghttp2_nv line(std::string_view name, std::string_view value)
{
    auto bytes = [](std::string_view text) { return reinterpret_cast<uint8_t *>(const_cast<char *>(text.data())); };
    // What says who the user is stays out of the table of what was said before.
    return {bytes(name), bytes(value), name.size(), value.size(),
            static_cast<uint8_t>(is_secret_header(name) ? NGHTTP2_NV_FLAG_NO_INDEX : NGHTTP2_NV_FLAG_NONE)};
}

// Those are about an HTTP/1.1 connection.
bool is_of_http1(std::string_view name)
{
    for (std::string_view word :
         {"connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "host"})
        if (name == word) return true;
    return false;
}

// Names in lower case, as HTTP/2 wants them, with their values.
std::vector<std::pair<std::string, std::string>> lines_of(const HttpRequest &request, bool gzip)
{
    std::string authority = origin_of(request.url);
    std::string path = request.url.substr(authority.size());
    if (auto hash = path.find('#'); hash != std::string::npos) path.resize(hash);
    if (path.empty() || path.front() != '/') path.insert(0, "/");
    authority.erase(0, authority.find("://") + 3);
    std::vector<std::pair<std::string, std::string>> lines = {
        {":method", request.method}, {":scheme", "https"}, {":authority", authority}, {":path", path}};
    if (gzip) lines.emplace_back("accept-encoding", "gzip");
    for (auto &header : request.headers) {
        auto colon = header.find_first_of(":;");
        if (colon == std::string::npos) continue;
        std::string name = header.substr(0, colon);
        for (char &c : name)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
        auto begin = header.find_first_not_of(" \t", colon + 1);
        // "Name:" is none of that name, and "Name;" an empty one, as curl reads them.
        if (begin == std::string::npos && header[colon] == ':') continue;
        std::string value =
            begin == std::string::npos ? "" : header.substr(begin, header.find_last_not_of(" \t") + 1 - begin);
        if (name == "host") lines[2].second = value;
        if (!is_of_http1(name)) lines.emplace_back(std::move(name), std::move(value));
    }
    bool has_body =
        !request.body.empty() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
    if (has_body) lines.emplace_back("content-length", std::to_string(request.body.size()));
    return lines;
}

}  // namespace

nghttp2_session *new_http2_session(Http2Connection *connection)
{
    nghttp2_session_callbacks *made = nullptr;
    check(nghttp2_session_callbacks_new(&made));
    std::unique_ptr<nghttp2_session_callbacks, Deleted<nghttp2_session_callbacks, nghttp2_session_callbacks_del>>
        callbacks(made);
    nghttp2_session_callbacks_set_on_header_callback(made, &Http2Callbacks::on_header);
    nghttp2_session_callbacks_set_on_frame_recv_callback(made, &Http2Callbacks::on_frame);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, &Http2Callbacks::on_data);
    nghttp2_session_callbacks_set_on_stream_close_callback(made, &Http2Callbacks::on_closed);
    nghttp2_session_callbacks_set_before_frame_send_callback(made, &Http2Callbacks::before_frame);
    nghttp2_session_callbacks_set_on_frame_not_send_callback(made, &Http2Callbacks::not_sent);
    nghttp2_option *option = nullptr;
    check(nghttp2_option_new(&option));
    std::unique_ptr<nghttp2_option, Deleted<nghttp2_option, nghttp2_option_del>> options(option);
    nghttp2_option_set_no_auto_window_update(option, 1);
    nghttp2_session *session = nullptr;
    check(nghttp2_session_client_new2(&session, made, connection, option));
    const nghttp2_settings_entry settings[] = {{NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
                                               {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, http2_stream_window},
                                               {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, most_header_list}};
    int code = nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, settings, sizeof settings / sizeof *settings);
    if (code == 0) code = nghttp2_session_set_local_window_size(session, NGHTTP2_FLAG_NONE, 0, connection_window);
    if (code != 0) nghttp2_session_del(session);
    check(code);
    return session;
}

int32_t submit_request(nghttp2_session *session, const HttpRequest &request, bool gzip)
{
    auto lines = lines_of(request, gzip);
    std::vector<nghttp2_nv> fields;
    for (auto &[name, value] : lines) fields.push_back(line(name, value));
    nghttp2_data_provider body{};
    body.read_callback = &Http2Callbacks::on_body;
    // nghttp2 has made copies.
    int32_t id = nghttp2_submit_request(session, nullptr, fields.data(), fields.size(),
                                        request.body.empty() ? nullptr : &body, nullptr);
    for (auto &[name, value] : lines)
        if (is_secret_header(name)) wipe(value);
    if (id < 0) check(id);
    return id;
}

}  // namespace k8sc
