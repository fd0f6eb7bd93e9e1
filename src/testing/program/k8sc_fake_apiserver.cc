// The fake API server as a program: something to point kubectl or an example at where there is no cluster.
#include <algorithm>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

#include <getopt.h>
#include <pthread.h>

#include "k8sc_testing.h"

namespace {

const char usage[] =
    "usage: k8sc-fake-apiserver [options]\n"
    "\n"
    "Runs a fake Kubernetes API server on 127.0.0.1 until it is interrupted, and prints its URL.\n"
    "\n"
    "  --port N           the TCP port; any that is free by default\n"
    "  --base-path PATH   where it is on its host, such as /k8s/clusters/c-x; the rest of the host has nothing\n"
    "  --tls              HTTPS, with a certificate made for this run\n"
    "  --no-http2         HTTP/1.1 only\n"
    "  --http2-max-streams N\n"
    "                     requests that a connection of HTTP/2 may have open; 250 by default\n"
    "  --http2-upload-window BYTES\n"
    "                     what a request's body may have; HTTP/2's window never opens further\n"
    "  --http2-no-pings   PINGs of HTTP/2 are not answered\n"
    "  --token T          the bearer token that requests must carry\n"
    "  --user TOKEN=NAME[,GROUP...]\n"
    "                     a user beside the one of --token; any number of them\n"
    "  --authorization    users may do what Roles and ClusterRoles allow\n"
    "  --kubeconfig FILE  write a kubeconfig that connects to it\n"
    "  --pods N           begin with N pods in the namespace default\n"
    "  --admin            requests below /k8sc-testing/ make it misbehave; k8sc_testing.h has them\n"
    "  --strict           as a cluster does: namespaces must exist, .status is changed apart, garbage is collected\n"
    "  --kubernetes-version V\n"
    "                     serve what this release does, such as 1.34, and no more of Kubernetes' own groups\n"
    "  --churn SECONDS    create, change or delete a pod that often, such as 0.5\n"
    "  --help             print this, and end\n"
    "  --version          print the version, and end\n";

struct Arguments {
    int32_t port = 0;
    const char *base_path = nullptr;
    bool tls = false;
    bool http2 = true;
    int32_t http2_max_streams = -1;
    int32_t http2_upload_window = -1;
    bool http2_pings = true;
    const char *token = nullptr;
    const char *kubeconfig = nullptr;
    int32_t pods = 0;
    bool admin = false;
    bool strict = false;
    const char *kubernetes_version = nullptr;
    std::vector<std::string> users;
    bool authorization = false;
    double churn_seconds = 0;
};

[[noreturn]] void wrong_usage(const std::string &message)
{
    if (!message.empty()) std::fprintf(stderr, "k8sc-fake-apiserver: %s\n", message.c_str());
    std::fputs("Try 'k8sc-fake-apiserver --help'.\n", stderr);
    std::exit(2);
}

int32_t integer(const char *flag, const char *text, long high)
{
    char *end = nullptr;
    errno = 0;
    const long value = std::strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value < 0 || value > high)
        wrong_usage(std::string(flag) + ": '" + text + "' is no integer from 0 to " + std::to_string(high));
    return static_cast<int32_t>(value);
}

double seconds(const char *flag, const char *text)
{
    char *end = nullptr;
    const double value = std::strtod(text, &end);
    if (end == text || *end != '\0' || !std::isfinite(value) || value < 0.001 || value > 86400)
        wrong_usage(std::string(flag) + ": '" + text + "' is no number of seconds from 0.001 to 86400");
    return value;
}

Arguments parse(int argc, char **argv)
{
    static const option options[] = {{"port", required_argument, nullptr, 'p'},
                                     {"tls", no_argument, nullptr, 's'},
                                     {"token", required_argument, nullptr, 't'},
                                     {"kubeconfig", required_argument, nullptr, 'k'},
                                     {"pods", required_argument, nullptr, 'n'},
                                     {"churn", required_argument, nullptr, 'c'},
                                     {"admin", no_argument, nullptr, 'a'},
                                     {"strict", no_argument, nullptr, 'r'},
                                     {"user", required_argument, nullptr, 'u'},
                                     {"authorization", no_argument, nullptr, 'A'},
                                     {"base-path", required_argument, nullptr, 'b'},
                                     {"kubernetes-version", required_argument, nullptr, 'K'},
                                     {"no-http2", no_argument, nullptr, '1'},
                                     {"http2-max-streams", required_argument, nullptr, 'm'},
                                     {"http2-upload-window", required_argument, nullptr, 'w'},
                                     {"http2-no-pings", no_argument, nullptr, 'g'},
                                     {"help", no_argument, nullptr, 'h'},
                                     {"version", no_argument, nullptr, 'v'},
                                     {nullptr, 0, nullptr, 0}};
    Arguments arguments;
    for (int flag; (flag = getopt_long(argc, argv, "", options, nullptr)) != -1;) {
        switch (flag) {
        case 'p': arguments.port = integer("--port", optarg, 65535); break;
        case 'b': arguments.base_path = optarg; break;
        case 's': arguments.tls = true; break;
        case '1': arguments.http2 = false; break;
        case 'm': arguments.http2_max_streams = integer("--http2-max-streams", optarg, INT32_MAX); break;
        case 'w': arguments.http2_upload_window = integer("--http2-upload-window", optarg, INT32_MAX); break;
        case 'g': arguments.http2_pings = false; break;
        case 't': arguments.token = optarg; break;
        case 'k': arguments.kubeconfig = optarg; break;
        case 'n': arguments.pods = integer("--pods", optarg, 10000000); break;
        case 'a': arguments.admin = true; break;
        case 'r': arguments.strict = true; break;
        case 'u': arguments.users.emplace_back(optarg); break;
        case 'A': arguments.authorization = true; break;
        case 'K': arguments.kubernetes_version = optarg; break;
        case 'c': arguments.churn_seconds = seconds("--churn", optarg); break;
        case 'h': std::fputs(usage, stdout); std::exit(0);
        case 'v': std::printf("k8sc-fake-apiserver %s\n", k8sc_version()); std::exit(0);
        default: wrong_usage("");  // getopt has said what is wrong
        }
    }
    if (optind < argc) wrong_usage(std::string("unexpected argument '") + argv[optind] + "'");
    return arguments;
}

// Ends the program where a call has failed. The error is given by its address, since the call is made in the same list
// of arguments.
void check(k8sc_status status, k8sc_error **error)
{
    if (status == K8SC_OK) return;
    std::fprintf(stderr, "k8sc-fake-apiserver: %s\n", *error ? k8sc_error_message(*error) : k8sc_status_name(status));
    std::exit(1);
}

void add_user(k8sc_testing_options *options, const std::string &text)
{
    const size_t sign = text.find('=');
    if (sign == std::string::npos) wrong_usage("--user: '" + text + "' is no TOKEN=NAME[,GROUP...]");
    const size_t comma = std::min(text.find(',', sign), text.size());
    const std::string token = text.substr(0, sign), name = text.substr(sign + 1, comma - sign - 1),
                      groups = text.substr(std::min(comma + 1, text.size()));
    k8sc_error *error = nullptr;
    if (k8sc_testing_options_add_user(options, token.c_str(), name.c_str(), groups.c_str(), &error) != K8SC_OK)
        wrong_usage(std::string("--user: ") + k8sc_error_message(error));
}

k8sc_testing_server *start(const Arguments &arguments)
{
    k8sc_error *error = nullptr;
    k8sc_testing_options *options = nullptr;
    check(k8sc_testing_options_new(&options, &error), &error);
    check(k8sc_testing_options_set_port(options, arguments.port, &error), &error);
    check(k8sc_testing_options_set_tls(options, arguments.tls, &error), &error);
    check(k8sc_testing_options_set_http2(options, arguments.http2, &error), &error);
    if (arguments.http2_max_streams >= 0)
        check(k8sc_testing_options_set_http2_max_streams(options, arguments.http2_max_streams, &error), &error);
    check(k8sc_testing_options_set_http2_upload_window(options, arguments.http2_upload_window, &error), &error);
    check(k8sc_testing_options_set_http2_answer_pings(options, arguments.http2_pings, &error), &error);
    check(k8sc_testing_options_set_admin(options, arguments.admin, &error), &error);
    check(k8sc_testing_options_set_strict(options, arguments.strict, &error), &error);
    check(k8sc_testing_options_set_authorization(options, arguments.authorization, &error), &error);
    for (const std::string &user : arguments.users) add_user(options, user);
    if (arguments.kubernetes_version &&
        k8sc_testing_options_set_kubernetes_version(options, arguments.kubernetes_version, &error) != K8SC_OK)
        wrong_usage(std::string("--kubernetes-version: ") + k8sc_error_message(error));
    if (k8sc_testing_options_set_base_path(options, arguments.base_path, &error) != K8SC_OK)
        wrong_usage(std::string("--base-path: ") + k8sc_error_message(error));
    if (k8sc_testing_options_set_token(options, arguments.token, &error) != K8SC_OK)
        wrong_usage(std::string("--token: ") + k8sc_error_message(error));
    k8sc_testing_server *server = nullptr;
    check(k8sc_testing_server_start(options, &server, &error), &error);
    k8sc_testing_options_free(options);
    return server;
}

void put_pod(k8sc_testing_server *server, const std::string &name, const char *phase, int step)
{
    const std::string pod =
        "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"" + name +
        "\",\"namespace\":\"default\",\"labels\":{\"app\":\"churn\"},\"annotations\":{\"example.com/step\":\"" +
        std::to_string(step) + "\"}},\"spec\":{\"nodeName\":\"node-" + std::to_string(step % 10) +
        "\",\"containers\":[{\"name\":\"main\",\"image\":\"registry.example.com/churn:1\"}]},\"status\":{\"phase\":\"" +
        phase + "\"}}";
    k8sc_error *error = nullptr;
    check(k8sc_testing_server_put(server, pod.data(), pod.size(), &error), &error);
}

// One change to the cluster: each pod is created Pending, becomes Running, and is deleted while the next two live.
void churn(k8sc_testing_server *server, int step)
{
    const int number = step / 3;
    const auto name = [](int of) { return "churn-" + std::to_string(of); };
    if (step % 3 == 0)
        put_pod(server, name(number), "Pending", step);
    else if (step % 3 == 1)
        put_pod(server, name(number), "Running", step);
    else if (number >= 2) {
        // Somebody else may have deleted it, which is as good.
        k8sc_testing_server_remove(server, nullptr, "v1", "pods", "default", name(number - 2).c_str(), nullptr);
    }
}

void serve_until_interrupted(k8sc_testing_server *server, const sigset_t &signals, double churn_seconds)
{
    if (churn_seconds <= 0) {
        int signal = 0;
        while (sigwait(&signals, &signal) != 0) {
        }
        return;
    }
    timespec pause = {};
    pause.tv_sec = static_cast<time_t>(churn_seconds);
    pause.tv_nsec = static_cast<long>((churn_seconds - std::floor(churn_seconds)) * 1e9);
    for (int step = 0;;) {
        if (sigtimedwait(&signals, nullptr, &pause) >= 0) return;
        if (errno == EAGAIN) churn(server, step++);
    }
}

}  // namespace

int main(int argc, char **argv)
{
    const Arguments arguments = parse(argc, argv);

    // Blocked, to be waited for: no handler, and no moment in which one is lost.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);

    k8sc_testing_server *server = start(arguments);
    k8sc_error *error = nullptr;
    check(k8sc_testing_server_generate_pods(server, "default", "pod", arguments.pods, &error), &error);
    if (arguments.kubeconfig) check(k8sc_testing_server_write_kubeconfig(server, arguments.kubeconfig, &error), &error);
    // Last: who reads the line finds everything in place.
    std::printf("%s\n", k8sc_testing_server_url(server));
    if (std::fflush(stdout) != 0) {
        std::fprintf(stderr, "k8sc-fake-apiserver: cannot print the URL: %s\n", std::strerror(errno));
        return 1;
    }
    serve_until_interrupted(server, signals, arguments.churn_seconds);
    k8sc_testing_server_free(server);
    return 0;
}
