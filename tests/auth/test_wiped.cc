// Memory that is given back holds no secret: every block that C++ frees is looked at.
#include <malloc.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <new>

#include "auth/exec.h"
#include "auth/identity.h"
#include "auth/secrets.h"
#include "auth/token.h"
#include "config/file.h"
#include "config/kubeconfig.h"

#include "../core/check.h"

namespace {

constexpr char mark[] = "s3sAme-in-memory-that-is-long-enough";
// In the object itself, where a text is short.
constexpr char short_mark[] = "s3sAme-4711";

std::atomic<int> found{0};
std::atomic<bool> watching{false};

void give_back(void *memory)
{
    if (memory && watching) {
        size_t size = malloc_usable_size(memory);
        if (memmem(memory, size, mark, sizeof mark - 1) || memmem(memory, size, short_mark, sizeof short_mark - 1))
            found++;
    }
    // What was given back while nobody looked is not found in what is made of it later.
    if (memory) memset(memory, 0, malloc_usable_size(memory));
    free(memory);
}

// The compiler must not leave out what is written before it is freed.
void seen(const std::string &text) { __asm__ volatile("" : : "r"(text.data()) : "memory"); }

// What it left behind.
template <class Body>
int left_by(Body &&body)
{
    found = 0;
    watching = true;
    body();
    watching = false;
    return found;
}

// The test sees what it looks for.
void plain_texts_are_found(void **)
{
    assert_int_equal(left_by([] {
                         std::string text = concat("a ", mark);
                         seen(text);
                     }),
                     1);
    assert_int_equal(left_by([] {
                         auto text = std::make_unique<std::string>(short_mark);
                         seen(*text);
                     }),
                     1);
}

void secret_texts(void **)
{
    for (std::string_view text : {mark, short_mark}) {
        assert_int_equal(left_by([&] {
                             auto first = std::make_unique<SecretText>(std::string(text));
                             auto second = std::make_unique<SecretText>(std::move(*first));
                             *first = *second;
                             *second = "x";
                             std::vector<SecretText> many;
                             for (int i = 0; i < 20; i++) many.push_back(*first);
                         }),
                         0);
    }
}

void configurations_leave_no_secret_in_freed_memory(void **)
{
    std::string yaml =
        concat("current-context: x\nclusters: [{name: c, cluster: {server: 'https://c', proxy-url: 'http://me:", mark,
               "@p:1'}}]\ncontexts: [{name: x, context: {cluster: c, user: u}}]\nusers:\n- name: u\n  user: {");
    for (auto user :
         {concat("token: ", mark), concat("username: me, password: ", mark),
          concat("exec: {command: x, apiVersion: client.authentication.k8s.io/v1beta1, env: [{name: A, value: ", mark,
                 "}]}"),
          concat("auth-provider: {name: oidc, config: {refresh-token: ", mark, "}}")}) {
        std::string text = concat(yaml, user, "}\n");
        assert_int_equal(left_by([&] {
                             auto config = std::make_unique<Config>(parse_config(text, ""));
                             auto copy = std::make_unique<Config>(*config);
                             copy->token = copy->password = "";
                         }),
                         0);
    }
}

void credentials_leave_no_secret_in_freed_memory(void **)
{
    char directory[] = "/tmp/k8sc-wiped-XXXXXX";
    assert_non_null(mkdtemp(directory));
    std::string path = concat(directory, "/token");
    std::ofstream(path) << mark << "\n";
    auto ask = [](const Ref<Credentials> &of) {
        of->get([](const Error *error, const Credential &) { assert_null(error); });
    };
    assert_int_equal(left_by([&] { ask(token_file(path, "")); }), 0);
    assert_int_equal(left_by([&] { ask(fixed_authorization(bearer(SecretText(mark)))); }), 0);
    assert_int_equal(left_by([&] { ask(fixed_authorization(basic("me", SecretText(mark)))); }), 0);
    assert_int_equal(left_by([&] {
                         Secrets secrets;
                         secrets.add_authorization(concat("Bearer ", "x"));
                         secrets.add(mark);
                         std::string text = "nothing";
                         secrets.hide_in(text);
                     }),
                     0);
    unlink(path.c_str());
    rmdir(directory);
}

}  // namespace

void *operator new(size_t size)
{
    if (void *memory = malloc(size ? size : 1)) return memory;
    throw std::bad_alloc();
}
void operator delete(void *memory) noexcept { give_back(memory); }
void operator delete(void *memory, size_t) noexcept { give_back(memory); }

int main()
{
    const CMUnitTest tests[] = {cmocka_unit_test(plain_texts_are_found), cmocka_unit_test(secret_texts),
                                cmocka_unit_test(configurations_leave_no_secret_in_freed_memory),
                                cmocka_unit_test(credentials_leave_no_secret_in_freed_memory)};
    return cmocka_run_group_tests_name("wiped", tests, nullptr, nullptr);
}
