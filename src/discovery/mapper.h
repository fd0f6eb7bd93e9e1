// The REST mapper: which resource holds a kind, and the other way round. Lazy, and renewed where something is not
// found.
#pragma once

#include <atomic>
#include <functional>

#include "core/thread_annotations.h"
#include "discovery/discovery.h"
#include "discovery/mapper_table.h"
#include "net/rate_limiter.h"
#include "resource/resource.h"

// All that look something up block where the server must be asked, and fail as a GET does, with K8SC_E_API and NotFound
// where the server has no such thing, and with K8SC_E_INVALID where the answer is ambiguous.
struct k8sc_rest_mapper : public k8sc::ClientHandle {
  public:
    explicit k8sc_rest_mapper(const k8sc::Ref<k8sc::Discovery> &discovery)
        : ClientHandle(discovery->client()), discovery_(discovery)
    {
    }

    using Mappings = k8sc::RestMappings;

    k8sc::RestMapping resource(const k8sc::PartialName &wanted);
    k8sc::RestMapping kind(const k8sc::PartialName &wanted);
    k8sc::RestMapping argument(const std::string &text);
    Mappings resources(const k8sc::PartialName &wanted);
    Mappings kinds(const k8sc::PartialName &wanted);
    Mappings category(const std::string &name);
    // Of an object: its apiVersion and kind.
    k8sc::RestMapping object(const k8sc::Object &object);

    // Begins anew at the next question.
    void reset() K8SC_EXCLUDES(mutex_);

  private:
    struct State {
        std::shared_ptr<const k8sc::MapperTable> table;
        k8sc::ServerResourcesOrigin origin;
        uint64_t begun = 0;  // when its load began, by our ticks
        int64_t loaded_at = 0, took_ms = 0;
    };
    using Query = std::function<k8sc::MapperTable::Found(const k8sc::MapperTable &)>;
    struct Answer {
        std::shared_ptr<const k8sc::MapperTable> table;
        k8sc::MapperTable::Found found;
        int64_t age_ms = 0;  // of a table that was not renewed for it; 0: it was, or need not be
    };

    Answer ask(const Query &query);
    k8sc::RestMapping one(const Query &query, const std::string &asked, const std::string &name);
    Mappings all(const Query &query, const std::string &asked, const std::string &name);
    State current() K8SC_EXCLUDES(mutex_);
    // The same as before where it was renewed too often already.
    State renewed(const State &old) K8SC_EXCLUDES(mutex_);
    bool may_renew(const State &old);
    State load() K8SC_REQUIRES(mutex_);

    const k8sc::Ref<k8sc::Discovery> discovery_;
    std::atomic<uint64_t> ticks_{0};
    k8sc::CancellableMutex mutex_;  // held while one thread loads for all
    State state_ K8SC_GUARDED_BY(mutex_);
    // Three at once, for kinds that are defined one after the other, and then one each five seconds, for names that
    // nobody ever defines.
    const k8sc::Ref<k8sc::RateLimiter> renewals_ = k8sc::make<k8sc::RateLimiter>(0.2, 3);
};

namespace k8sc {

using RestMapper = ::k8sc_rest_mapper;

// The resource of a mapping, in the namespace where it has any.
Ref<Resource> resource_of(const Ref<Client> &client, const RestMapping &mapping, const char *ns);
// The same for an object: in its own namespace, else the given one, else the client's.
Ref<Resource> resource_of(const Ref<Client> &client, const RestMapping &mapping, const Object &object,
                          const char *default_ns);

}  // namespace k8sc
