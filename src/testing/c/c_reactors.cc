// k8sc_testing_server_add_reactor, and what its function sees and says.
#include <cstring>

#include "testing/c/c_handles.h"
#include "testing/c/guard.h"
#include "testing/schema/status.h"

using namespace k8sc::testing;

struct k8sc_testing_request {
    const Request &request;
};

struct k8sc_testing_reply {
    Reply reply;
};

namespace {

// What the test gave along: destroyed once, after the last call.
class UserData {
  public:
    UserData(void *data, k8sc_destroy_fn destroy) : data_(data), destroy_(destroy) {}
    UserData(const UserData &) = delete;
    UserData &operator=(const UserData &) = delete;
    ~UserData()
    {
        if (destroy_) destroy_(data_);
    }
    void *get() const { return data_; }

  private:
    void *const data_;
    const k8sc_destroy_fn destroy_;
};

std::string text_of(const char *text) { return text ? text : ""; }

int32_t checked_code(int32_t code)
{
    if (code < 200 || code > 599) fail(K8SC_E_INVALID, "code is " + std::to_string(code) + "; it must be 200 to 599");
    return code;
}

}  // namespace

extern "C" {

k8sc_status k8sc_testing_server_add_reactor(k8sc_testing_server *server, const char *verb, const char *resource,
                                            k8sc_testing_react_fn fn, void *user_data, k8sc_destroy_fn destroy,
                                            int64_t *id, k8sc_error **err)
{
    // Before anything can fail, since it is destroyed then too.
    std::shared_ptr<UserData> data;
    try {
        data = std::make_shared<UserData>(user_data, destroy);
    } catch (...) {
        if (destroy) destroy(user_data);
        return store_current_exception(err);
    }
    return guard(err, [&] {
        if (id) *id = 0;
        Server &self = server_of(server);
        need(reinterpret_cast<const void *>(fn), "fn");
        const int64_t added = self.reactors.add(ActionMatch::of(text_of(verb), text_of(resource), "", ""),
                                                [fn, data](const Request &request) -> std::optional<Reply> {
                                                    const k8sc_testing_request seen{request};
                                                    k8sc_testing_reply said;
                                                    if (fn(&seen, &said, data->get()) == 0) return std::nullopt;
                                                    return std::move(said.reply);
                                                });
        if (id) *id = added;
    });
}

k8sc_status k8sc_testing_server_remove_reactor(k8sc_testing_server *server, int64_t id, k8sc_error **err)
{
    return guard(err, [&] {
        if (!server_of(server).reactors.remove(id)) fail(K8SC_E_INVALID, "there is no reactor " + std::to_string(id));
    });
}

const char *k8sc_testing_request_method(const k8sc_testing_request *request)
{
    return request ? request->request.method.c_str() : nullptr;
}
const char *k8sc_testing_request_path(const k8sc_testing_request *request)
{
    return request ? request->request.path.c_str() : nullptr;
}
const char *k8sc_testing_request_query(const k8sc_testing_request *request)
{
    return request ? request->request.query.c_str() : nullptr;
}
const char *k8sc_testing_request_verb(const k8sc_testing_request *request)
{
    return request ? request->request.verb.c_str() : nullptr;
}
const char *k8sc_testing_request_group(const k8sc_testing_request *request)
{
    return request ? request->request.group.c_str() : nullptr;
}
const char *k8sc_testing_request_version(const k8sc_testing_request *request)
{
    return request ? request->request.version.c_str() : nullptr;
}
const char *k8sc_testing_request_resource(const k8sc_testing_request *request)
{
    return request ? request->request.plural.c_str() : nullptr;
}
const char *k8sc_testing_request_subresource(const k8sc_testing_request *request)
{
    return request ? request->request.subresource.c_str() : nullptr;
}
const char *k8sc_testing_request_namespace(const k8sc_testing_request *request)
{
    return request ? request->request.ns.c_str() : nullptr;
}
const char *k8sc_testing_request_name(const k8sc_testing_request *request)
{
    return request ? request->request.name.c_str() : nullptr;
}

const char *k8sc_testing_request_body(const k8sc_testing_request *request, size_t *len)
{
    if (len) *len = request ? request->request.body.size() : 0;
    return request ? request->request.body.c_str() : nullptr;
}

k8sc_status k8sc_testing_reply_set(k8sc_testing_reply *reply, int32_t code, const char *body, size_t len,
                                   k8sc_error **err)
{
    return guard(err, [&] {
        need(reply, "reply");
        if (!body && len > 0) need(body, "body");
        reply->reply = json_reply(checked_code(code), std::string(body ? body : "", len));
    });
}

k8sc_status k8sc_testing_reply_set_error(k8sc_testing_reply *reply, int32_t code, const char *reason,
                                         const char *message, k8sc_error **err)
{
    return guard(err, [&] {
        need(reply, "reply");
        ApiError error;
        error.code = checked_code(code);
        error.reason = reason ? reason : reason_for(code);
        error.message = message ? message : "a reactor answers with " + std::to_string(code);
        reply->reply = json_reply(error.code, error.json());
    });
}

}  // extern "C"
