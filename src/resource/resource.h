// The dynamic client: all verbs on one group, version, resource and namespace.
#pragma once

#include <deque>
#include <string>

#include "resource/continue_tokens.h"
#include "resource/options.h"
#include "rest/body.h"

struct k8sc_resource : public k8sc::ClientHandle {
  public:
    // `ns` is NULL or "" for cluster-scoped resources and all namespaces. Fails with K8SC_E_INVALID.
    k8sc_resource(k8sc::Ref<k8sc::Client> client, std::string_view group, std::string_view version,
                  std::string_view resource, const char *ns);

    k8sc::Ref<k8sc::Object> create(const k8sc::Object &object, const k8sc::Options &options) const;
    k8sc::Ref<k8sc::Object> update(const k8sc::Object &object, const k8sc::Options &options) const;
    // To a subresource of the object of this name, which what is sent need not have.
    k8sc::Ref<k8sc::Object> create_at(std::string_view name, const k8sc::Object &object,
                                      const k8sc::Options &options) const;
    k8sc::Ref<k8sc::Object> update_at(std::string_view name, const k8sc::Object &object,
                                      const k8sc::Options &options) const;
    k8sc::Ref<k8sc::Object> remove(std::string_view name, const k8sc::Options &options) const;
    k8sc::Ref<k8sc::Object> remove_collection(const k8sc::Options &options) const;
    k8sc::Ref<k8sc::Object> get(std::string_view name, const k8sc::Options &options) const;
    k8sc::ListContent list(const k8sc::Options &options, int64_t bytes_before = 0) const;
    k8sc::ListContent list_all(const k8sc::Options &options) const;
    k8sc::Ref<k8sc::Object> patch(std::string_view name, int32_t patch_type, std::string_view patch,
                                  const k8sc::Options &options) const;
    k8sc::Ref<k8sc::Object> apply(std::string_view name, const k8sc::Object &object,
                                  const k8sc::Options &options) const;

    // The request of a list or a watch.
    k8sc::Request list_request(const k8sc::Options &options, k8sc::Verb verb) const;
    const std::string &group() const { return group_; }
    const std::string &version() const { return version_; }
    const std::string &resource() const { return resource_; }
    const std::string &ns() const { return ns_; }

  private:
    k8sc::Request request(const char *method, k8sc::Verb verb) const;
    void need_namespace(k8sc::Verb verb) const;
    k8sc::Ref<k8sc::Object> run(const k8sc::Request &request) const;

    std::string group_, version_, resource_, ns_;
};

namespace k8sc {

using Resource = ::k8sc_resource;

// Objects a page where nobody said otherwise, as in client-go.
constexpr int64_t default_page_size = 500;

}  // namespace k8sc

struct k8sc_pager {
  public:
    k8sc_pager(k8sc::Ref<k8sc::Resource> resource, const k8sc::Options &options);
    // NULL at the end.
    k8sc::Ref<k8sc::Object> next();
    // Fails with K8SC_E_FORKED.
    void need_same_process() const;

  private:
    const k8sc::Ref<k8sc::Resource> resource_;
    k8sc::UserRef<k8sc::Resource> use_;
    k8sc::Options options_;
    std::deque<k8sc::Ref<k8sc::Object>> page_;
    k8sc::ContinueTokens tokens_;
    std::optional<k8sc::Error> failure_;
    bool last_ = false;
};
