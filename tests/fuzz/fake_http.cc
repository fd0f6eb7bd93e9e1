// Whatever a client may send to the fake API server: it answers, and goes on answering. Requests of the administrator
// among it.
#include "target.h"

#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <thread>

#include "testing/http/transport.h"
#include "testing/server/server.h"

using namespace k8sc::testing;

namespace {

// Small, so that what a few requests leave behind costs little, and no fault is there when the next input comes.
std::unique_ptr<Server> make_server()
{
    Options options;
    options.admin = true;
    auto server = std::make_unique<Server>(std::move(options));
    server->put(
        R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"default"},"data":{"k":"v"}})");
    server->put(R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"default"}})");
    server->generate_pods("default", "pod", 2);
    return server;
}

// Sends the bytes as a client that then hangs up, and reads all that comes back.
std::string answer_to(const Server &server, std::string_view bytes)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) abort();
    std::string answer;
    std::thread client([&] {
        for (size_t sent = 0; sent < bytes.size();) {
            const ssize_t length = send(pair[1], bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
            if (length <= 0) break;
            sent += static_cast<size_t>(length);
        }
        shutdown(pair[1], SHUT_WR);
        char buffer[16384];
        for (ssize_t length; (length = recv(pair[1], buffer, sizeof buffer, 0)) > 0;)
            answer.append(buffer, static_cast<size_t>(length));
    });
    {
        Transport transport(pair[0], nullptr);
        server.serve(transport);
    }
    client.join();
    close(pair[1]);
    return answer;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static std::unique_ptr<Server> server;
    static int age = 0;
    if (!server || ++age % 200 == 0) server = make_server();
    const std::string answer = answer_to(*server, text_of(data, size));
    // By HTTP/2, the frame SETTINGS.
    hold(answer.empty() || answer.starts_with("HTTP/1.") || (answer.size() >= 9 && answer[3] == 4));
    // Rules and a token that the input may have set are not for who asks whether all is well.
    server->faults.clear();
    server->set_token(nullptr);
    hold(answer_to(*server, "GET /version HTTP/1.1\r\nHost: a\r\n\r\n").starts_with("HTTP/1.1 200"));
    return 0;
}
