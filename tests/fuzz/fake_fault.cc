// Rules of faults, as a test may write them.
#include "target.h"

#include "testing/base/failure.h"
#include "testing/faults/fault.h"
#include "testing/http/connection.h"

using namespace k8sc::testing;

namespace {

// A client that is patient, and told nothing.
class Nobody : public Connection {
  public:
    std::optional<User> certificate() const override { return {}; }
    Wake wait(int, int64_t) override { return Wake::timeout; }
    void reset() override {}
    void cut() override {}
    bool ended() const override { return false; }
    void reset_stream(uint32_t) override {}
    void send_empty_frames(int64_t) override {}
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Nobody connection;
    Request request;
    request.method = "GET";
    request.target = "/api/v1/namespaces/default/pods?watch=1";
    request.resolve();
    try {
        FaultRule rule = FaultRule::parse(text_of(data, size));
        if (rule.matches(request)) {
            rule.is_due();
            Reply reply;
            reply.text = R"({"kind":"PodList","items":[{"metadata":{"name":"a"}}]})";
            if (!replacing_reply(rule.action, request)) spoil_reply(rule.action, request, reply, connection);
        }
        // The rule says itself as it was said.
        hold(FaultRule::parse(rule.source).source == rule.source);
    } catch (const Failure &failure) {
        hold((failure.code == K8SC_E_PARSE || failure.code == K8SC_E_INVALID) && failure.what()[0] != 0);
    }
    return 0;
}
