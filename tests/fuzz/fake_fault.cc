// Rules of faults, as a test may write them.
#include "target.h"

#include "failure.h"
#include "fault.h"

using namespace k8sc::testing;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
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
            if (!replacing_reply(rule.action, request)) spoil_reply(rule.action, request, reply);
        }
        // The rule says itself as it was said.
        hold(FaultRule::parse(rule.source).source == rule.source);
    } catch (const Failure &failure) {
        hold((failure.code == K8SC_E_PARSE || failure.code == K8SC_E_INVALID) && failure.what()[0] != 0);
    }
    return 0;
}
