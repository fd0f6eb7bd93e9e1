#include "resource/resource.h"

#include "core/clock.h"
#include "schema/schema.h"

using namespace k8sc;

namespace {

void need_part(std::string_view what, std::string_view part)
{
    auto fault = segment_fault(part);
    if (!fault.empty()) fail(K8SC_E_INVALID, concat(what, " ", quote(part), " ", fault));
}

// After the first page a server takes the version from the token.
void next_page(Options &options, const std::string &token)
{
    options.continue_token = token;
    options.resource_version.reset();
    options.resource_version_match.reset();
}

// What is left of a deadline that goes for several requests; -1 where there is none.
int64_t left_of(int64_t deadline, int64_t timeout_ms, const std::string &resource)
{
    if (deadline == never) return -1;
    int64_t left = deadline - now_ms();
    if (left <= 0)
        fail(K8SC_E_TIMEOUT, concat("list ", resource, ": overall deadline: the pages did not come to an end within ",
                                    std::to_string(timeout_ms), " ms"));
    return left;
}

}  // namespace

k8sc_resource::k8sc_resource(Ref<Client> client, std::string_view group, std::string_view version,
                             std::string_view resource, const char *ns)
    : ClientHandle(std::move(client)), group_(group), version_(version), resource_(resource), ns_(ns ? ns : "")
{
    if (!group_.empty()) need_part("group", group_);
    need_part("version", version_);
    need_part("resource", resource_);
    if (!ns_.empty()) need_part("namespace", ns_);
}

// Of Kubernetes' own resources it is known that one of their objects has a namespace.
void k8sc_resource::need_namespace(Verb verb) const
{
    constexpr uint32_t of_many = verb_list | verb_watch | verb_delete_collection;
    if (!ns_.empty() || (verb & of_many)) return;
    const schema::Resource *known = schema::find_resource(group_, version_, resource_);
    if (known && known->is_namespaced)
        fail(K8SC_E_INVALID, concat(verb_name(verb), " ", resource_,
                                    ": the resource was made for all namespaces, and one object is in one of them"));
}

Request k8sc_resource::request(const char *method, Verb verb) const
{
    need_namespace(verb);
    Request request(client(), method, api_prefix(group_, version_));
    request.set_verb(std::string(verb_name(verb)));
    if (!ns_.empty()) request.set_namespace(ns_);
    request.set_resource(resource_);
    return request;
}

Ref<Object> k8sc_resource::run(const Request &request) const
{
    auto sink = std::make_shared<OneObjectSink>(client()->max_object_bytes());
    CallResult result = run_call(client(), request.spec(), sink);
    if (result.error) throw *result.error;
    return sink->take();
}

Ref<Object> k8sc_resource::create(const Object &object, const Options &options) const
{
    return create_at(options.subresource && !options.subresource->empty() ? object.name() : std::string_view(), object,
                     options);
}

Ref<Object> k8sc_resource::create_at(std::string_view name, const Object &object, const Options &options) const
{
    Request request = this->request("POST", verb_create);
    if (options.subresource && !options.subresource->empty()) request.set_name(name);
    options.apply_to(request, verb_create);
    request.set_body_name(object.name());
    request.set_body(std::string(object.json()), "");
    return run(request);
}

Ref<Object> k8sc_resource::update(const Object &object, const Options &options) const
{
    if (object.name().empty()) fail(K8SC_E_INVALID, "update: the object has no metadata.name");
    return update_at(object.name(), object, options);
}

Ref<Object> k8sc_resource::update_at(std::string_view name, const Object &object, const Options &options) const
{
    Request request = this->request("PUT", verb_update);
    request.set_name(name);
    options.apply_to(request, verb_update);
    request.set_body(std::string(object.json()), "");
    return run(request);
}

Ref<Object> k8sc_resource::remove(std::string_view name, const Options &options) const
{
    Request request = this->request("DELETE", verb_delete);
    request.set_name(name);
    options.apply_to(request, verb_delete);
    request.set_body(options.delete_options(), "");
    return run(request);
}

Ref<Object> k8sc_resource::remove_collection(const Options &options) const
{
    Request request = this->request("DELETE", verb_delete_collection);
    options.apply_to(request, verb_delete_collection);
    request.set_body(options.delete_options(), "");
    return run(request);
}

Ref<Object> k8sc_resource::get(std::string_view name, const Options &options) const
{
    Request request = this->request("GET", verb_get);
    request.set_name(name);
    options.apply_to(request, verb_get);
    return run(request);
}

Request k8sc_resource::list_request(const Options &options, Verb verb) const
{
    Request request = this->request("GET", verb);
    if (verb == verb_watch) request.add_param("watch", "true");
    options.apply_to(request, verb);
    return request;
}

ListContent k8sc_resource::list(const Options &options, int64_t bytes_before) const
{
    auto sink = std::make_shared<ListSink>(client()->list_bounds().after(bytes_before), nullptr);
    CallResult result = run_call(client(), list_request(options, verb_list).spec(), sink);
    if (result.error) throw *result.error;
    return sink->take();
}

ListContent k8sc_resource::list_all(const Options &options) const
{
    Options page = options;
    if (!page.limit) page.limit = default_page_size;
    const int64_t timeout_ms = options.timeout_ms.value_or(client()->config().timeout_ms),
                  deadline = deadline_after(timeout_ms);
    ListContent all = list(page);
    ContinueTokens tokens;
    std::string token = std::move(all.continue_token);
    while (!token.empty()) {
        tokens.follow(token, concat("list ", resource_));
        next_page(page, token);
        page.timeout_ms = left_of(deadline, timeout_ms, resource_);
        ListContent more;
        try {
            more = list(page, all.bytes);
        } catch (const Error &error) {
            if (!is_gone(error)) throw;
            // The server forgot the version that the pages are of: begin again, in one piece.
            Options whole = options;
            whole.limit = 0;
            whole.timeout_ms = left_of(deadline, timeout_ms, resource_);
            return list(whole);
        }
        for (auto &object : more.objects) all.objects.push_back(std::move(object));
        token = std::move(more.continue_token);
        all.bytes = more.bytes;
    }
    all.continue_token.clear();
    all.remaining = -1;
    return all;
}

Ref<Object> k8sc_resource::patch(std::string_view name, int32_t patch_type, std::string_view patch,
                                 const Options &options) const
{
    std::string type = patch_content_type(patch_type);
    if (patch_type == K8SC_PATCH_APPLY && (!options.field_manager || options.field_manager->empty()))
        fail(K8SC_E_INVALID, "patch: the apply patch type needs the option field_manager");
    if (patch_type != K8SC_PATCH_APPLY && options.force)
        fail(K8SC_E_INVALID, "option force applies to the apply patch type only");
    Request request = this->request("PATCH", verb_patch);
    request.set_name(name);
    options.apply_to(request, verb_patch);
    request.set_body(std::string(patch), type);
    return run(request);
}

Ref<Object> k8sc_resource::apply(std::string_view name, const Object &object, const Options &options) const
{
    if (!options.field_manager || options.field_manager->empty())
        fail(K8SC_E_INVALID, "apply needs the option field_manager");
    if (object.root().member("metadata").member("managedFields"))
        fail(K8SC_E_INVALID,
             "apply: the object carries metadata.managedFields; apply what you want to own, not what the server sent");
    Request request = this->request("PATCH", verb_apply);
    request.set_name(name);
    Options sent = options;
    if (!sent.force) sent.force = false;
    sent.apply_to(request, verb_apply);
    request.set_body(std::string(object.json()), patch_content_type(K8SC_PATCH_APPLY));
    return run(request);
}

k8sc_pager::k8sc_pager(Ref<Resource> resource, const Options &options)
    : resource_(std::move(resource)), use_(resource_.get()), options_(options)
{
    options_.check(verb_list);
    if (!options_.limit) options_.limit = default_page_size;
}

void k8sc_pager::need_same_process() const
{
    if (resource_->forked()) fail(K8SC_E_FORKED, "the pager was made before fork()");
}

Ref<Object> k8sc_pager::next()
{
    while (page_.empty()) {
        if (failure_) throw *failure_;
        if (last_) return {};
        ListContent content = resource_->list(options_);
        try {
            tokens_.follow(content.continue_token, concat("list ", resource_->resource()));
        } catch (const Error &error) {
            failure_ = error;
            throw;
        }
        for (auto &object : content.objects) page_.push_back(std::move(object));
        if (content.continue_token.empty())
            last_ = true;
        else
            next_page(options_, content.continue_token);
    }
    Ref<Object> object = std::move(page_.front());
    page_.pop_front();
    return object;
}
