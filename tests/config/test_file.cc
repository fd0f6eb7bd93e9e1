// Reading small files: what is none is refused at once, and a pipe only where one may be, for a bounded time.
#include "config/file.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "config/in_cluster.h"
#include "config/kubeconfig.h"
#include "core/clock.h"

#include "../core/check.h"

namespace {

std::string directory;

std::string path_of(std::string_view name) { return concat(directory, "/", name); }

void make_fifo(const std::string &path) { assert_int_equal(mkfifo(path.c_str(), 0600), 0); }

int set_up(void **)
{
    char made[] = "/tmp/k8sc-file-XXXXXX";
    if (!mkdtemp(made)) return -1;
    directory = made;
    return 0;
}

int tear_down(void **) { return system(concat("rm -rf ", directory).c_str()); }

void regular_files(void **)
{
    std::ofstream(path_of("small")) << "text";
    std::ofstream(path_of("empty"));
    std::ofstream(path_of("large")) << std::string(100000, 'x');
    assert_text(read_file(path_of("small")).text, "text");
    assert_text(read_file(path_of("empty")).text, "");
    assert_int_equal(read_file(path_of("large")).text.size(), 100000);
    assert_int_equal(read_file(path_of("large"), 100000).fault, 0);
    assert_int_equal(read_file(path_of("large"), 99999).fault, EFBIG);
    assert_text(read_file(path_of("large"), 99999).text, "");
    assert_int_equal(read_file(path_of("none")).fault, ENOENT);
    assert_int_equal(read_file(directory).fault, EISDIR);
    assert_int_equal(read_file_or_pipe(directory, 10).fault, EISDIR);
    // By links, as a pod's files are.
    assert_int_equal(symlink("small", path_of("link").c_str()), 0);
    assert_text(read_file(path_of("link")).text, "text");
    // Files that say to have no size.
    assert_true(read_file("/proc/self/status").text.size() > 100);
}

void what_is_no_file(void **)
{
    make_fifo(path_of("pipe"));
    assert_int_equal(symlink("pipe", path_of("link").c_str()), 0);
    int listening = socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    path_of("socket").copy(address.sun_path, sizeof address.sun_path - 1);
    assert_int_equal(bind(listening, reinterpret_cast<sockaddr *>(&address), sizeof address), 0);
    for (auto &path : {path_of("pipe"), path_of("link"), "/dev/zero"s, "/dev/null"s})
        assert_int_equal(read_file(path).fault, fault_not_regular);
    assert_int_not_equal(read_file(path_of("socket")).fault, 0);
    close(listening);
    assert_text(fault_text(fault_not_regular), "it is not a regular file");
    std::string message;
    assert_int_equal(code_of([] { read_token_file(path_of("pipe")); }, &message), K8SC_E_IO);
    assert_says(message, path_of("pipe"));
    assert_says(message, "it is not a regular file");
}

void a_pipe_is_read_to_its_end(void **)
{
    assert_int_equal(read_file_or_pipe("/dev/null", 10).fault, 0);
    assert_int_equal(read_file_or_pipe("/dev/zero", 100000).fault, EFBIG);
    // As a shell makes them: the other end is open already.
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    std::string whole(200000, 'x');
    std::thread writer([&] {
        for (size_t at = 0; at < whole.size(); at += 50000) {
            usleep(20000);
            assert_int_equal(write(ends[1], whole.data() + at, 50000), 50000);
        }
        close(ends[1]);
    });
    FileText file = read_file_or_pipe(concat("/dev/fd/", std::to_string(ends[0])), 1 << 20);
    writer.join();
    close(ends[0]);
    assert_int_equal(file.fault, 0);
    assert_true(file.text == whole);
}

// Nobody ever writes, or somebody never ends.
void pipes_without_end(void **)
{
    make_fifo(path_of("pipe"));
    int64_t began = now_ms();
    std::string message;
    assert_int_equal(code_of([] { load_kubeconfig(path_of("pipe")); }, &message), K8SC_E_IO);
    assert_says(message, path_of("pipe"));
    assert_says(message, "it is a pipe, and did not end within 5 seconds");
    int fd = open(path_of("pipe").c_str(), O_RDWR);
    assert_int_equal(write(fd, "kind: Config\n", 13), 13);
    assert_int_equal(read_file_or_pipe(path_of("pipe"), 1000).fault, fault_no_end);
    close(fd);
    assert_true(now_ms() - began >= 10000);
}

// Everything that a kubeconfig can name.
void in_kubeconfigs(void **)
{
    make_fifo(path_of("pipe"));
    std::string pipe = path_of("pipe");
    struct {
        std::string cluster, user;
    } cases[] = {
        {concat(", certificate-authority: ", pipe), "token: t"},
        {"", concat("client-certificate: ", pipe, ", client-key: ", pipe)},
        {"", concat("tokenFile: ", pipe)},
    };
    for (auto &[cluster, user] : cases) {
        std::string message;
        auto load = [&] {
            parse_config(concat("current-context: x\nclusters: [{name: c, cluster: {server: 'https://c'", cluster,
                                "}}]\nusers: [{name: u, user: {", user,
                                "}}]\ncontexts: [{name: x, context: {cluster: c, user: u}}]\n"),
                         "");
        };
        assert_int_equal(code_of(load, &message), K8SC_E_CONFIG);
        assert_says(message, pipe);
        assert_says(message, "it is not a regular file");
    }
}

// What is small as a text may be large in memory, and takes its time.
void too_many_values(void **)
{
    std::string many = "current-context: x\nunknown: [";
    for (int i = 0; i < 5000000; i++) many += "1,";
    std::string message;
    assert_int_equal(code_of([&] { parse_kubeconfig(many + "1]\n"); }, &message), K8SC_E_PARSE);
    assert_says(message, "it holds more than 250000 values");
    std::string aliases =
        "a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
        "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: "
        "[*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\n";
    assert_int_equal(code_of([&] { parse_kubeconfig(aliases); }, &message), K8SC_E_PARSE);
    assert_says(message, "values");
    // Of clusters and users, there may be thousands.
    std::string users = "users:\n";
    for (int i = 0; i < 5000; i++)
        users += concat("- name: u", std::to_string(i), "\n  user: {token: ", std::string(1000, 't'),
                        ", as: x, username: ''}\n");
    assert_int_equal(parse_kubeconfig(users).users.size(), 5000);
}

}  // namespace

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main()
{
    const CMUnitTest tests[] = {TEST(regular_files),     TEST(what_is_no_file), TEST(a_pipe_is_read_to_its_end),
                                TEST(pipes_without_end), TEST(in_kubeconfigs),  TEST(too_many_values)};
    return cmocka_run_group_tests_name("file", tests, nullptr, nullptr);
}
