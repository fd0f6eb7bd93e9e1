/* Who the client is, and who the server is: tokens, certificates, and what is checked of them. */
#include "support.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

static k8sc_status ask(const k8sc_config *config)
{
    k8sc_resource *namespaces = resource_in(client_of(config), "", "v1", "namespaces", NULL);
    forget_errors();
    return k8sc_resource_get(namespaces, "default", NULL, NULL, &err);
}

/* A configuration with the server and nothing else. */
static k8sc_config *bare(void)
{
    k8sc_config **config = config_slot();
    OK(k8sc_config_new(config, &err));
    OK(k8sc_config_set_server(*config, cluster_url, &err));
    return *config;
}

static void trust(k8sc_config *config, const char *file)
{
    const char *pem = cluster_file(file);
    OK(k8sc_config_set_ca(config, pem, strlen(pem), &err));
}

static void identify(k8sc_config *config, const char *certificate_file, const char *key_file)
{
    const char *certificate = cluster_file(certificate_file), *key = cluster_file(key_file);
    OK(k8sc_config_set_client_certificate(config, certificate, strlen(certificate), key, strlen(key), &err));
}

static const char *admin_token(void)
{
    char *tokens = cluster_file("tokens.csv");
    tokens[strcspn(tokens, ",")] = '\0';
    return tokens;
}

static void by_token(void **state)
{
    k8sc_config *config = bare();
    (void)state;
    trust(config, "ca.crt");
    OK(k8sc_config_set_token(config, admin_token(), &err));
    OK(ask(config));
}

static void by_token_file(void **state)
{
    k8sc_config *config = bare();
    char path[128];
    (void)state;
    trust(config, "ca.crt");
    in_cluster_dir("head -n 1 tokens.csv | cut -d , -f 1 >admin.token");
    snprintf(path, sizeof path, "%s/admin.token", cluster_dir);
    OK(k8sc_config_set_token_file(config, path, &err));
    OK(ask(config));
}

static void by_client_certificate(void **state)
{
    k8sc_config *config = bare();
    (void)state;
    trust(config, "ca.crt");
    identify(config, "admin.crt", "admin.key");
    OK(ask(config));
}

static void by_the_contexts_of_a_kubeconfig(void **state)
{
    (void)state;
    OK(ask(config_of(NULL)));
    OK(ask(config_of("admin-cert")));
    FAILS(K8SC_E_API, k8sc_resource_get(resource_in(client_of(config_of("nobody")), "", "v1", "secrets", "default"),
                                        "a", NULL, NULL, &err));
    assert_true(k8sc_error_is_forbidden(failure));
}

static void without_credentials(void **state)
{
    k8sc_config *config = bare();
    (void)state;
    trust(config, "ca.crt");
    FAILS(K8SC_E_API, ask(config));
    assert_true(k8sc_error_is_forbidden(failure));
    assert_contains(k8sc_error_message(failure), "system:anonymous");
}

/* <name>-expired.crt: of the cluster's CA and for the key of that name, but its time is over. */
static void make_expired(const char *name, const char *subject)
{
    char command[1024];
    in_cluster_dir("rm -rf signed && mkdir signed && : >signed/index && "
                   "printf '%s\\n' '[ca]' default_ca=a '[a]' database=signed/index new_certs_dir=signed "
                   "rand_serial=yes default_md=sha256 "
                   "policy=p '[p]' organizationName=optional commonName=supplied >signed/cnf");
    snprintf(
        command, sizeof command,
        "openssl req -config openssl.cnf -new -key %s.key -subj '%s' -out signed/csr && "
        "openssl ca -batch -config signed/cnf -cert ca.crt -keyfile ca.key -in signed/csr -out %s-expired.crt -notext "
        "-extfile openssl.cnf -extensions %s -startdate 20200101000000Z -enddate 20200102000000Z",
        name, subject, name, name);
    in_cluster_dir(command);
}

static void an_expired_client_certificate(void **state)
{
    k8sc_config *config = bare();
    (void)state;
    make_expired("admin", "/O=system:masters/CN=admin");
    trust(config, "ca.crt");
    identify(config, "admin-expired.crt", "admin.key");
    FAILS(K8SC_E_API, ask(config));
    assert_true(k8sc_error_is_unauthorized(failure));
}

static void make_other_ca(void)
{
    in_cluster_dir("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out other.key && "
                   "openssl req -config openssl.cnf -x509 -new -key other.key -days 30 -subj '/CN=another CA' "
                   "-extensions ca -out other.crt");
}

static void a_ca_that_is_not_the_servers(void **state)
{
    k8sc_config *config = bare();
    (void)state;
    make_other_ca();
    trust(config, "other.crt");
    OK(k8sc_config_set_token(config, admin_token(), &err));
    FAILS(K8SC_E_TLS, ask(config));
    assert_contains(k8sc_error_message(failure), "get namespaces");
    assert_contains(k8sc_error_message(failure), cluster_url);
}

static void no_ca_is_the_systems(void **state)
{
    k8sc_config *config = bare();
    (void)state;
    OK(k8sc_config_set_token(config, admin_token(), &err));
    FAILS(K8SC_E_TLS, ask(config));
}

static void insecure_takes_any(void **state)
{
    k8sc_config *config = bare();
    (void)state;
    OK(k8sc_config_set_insecure(config, 1, &err));
    OK(k8sc_config_set_token(config, admin_token(), &err));
    OK(ask(config));
}

static void tls_server_name_is_what_the_certificate_must_say(void **state)
{
    k8sc_config *config = config_of("admin");
    (void)state;
    OK(k8sc_config_set_tls_server_name(config, "localhost", &err));
    OK(ask(config));
    OK(k8sc_config_set_tls_server_name(config, "other.example", &err));
    FAILS(K8SC_E_TLS, ask(config));
    assert_contains(k8sc_error_message(failure), "other.example");
}

static void a_host_that_the_certificate_does_not_name(void **state)
{
    k8sc_config *config = config_of("admin");
    char url[64];
    (void)state;
    snprintf(url, sizeof url, "https://127.0.0.2:%d", cluster_port);
    OK(k8sc_config_set_server(config, url, &err));
    /* The server listens at 127.0.0.1 only: what is refused here is the connection. */
    FAILS(K8SC_E_CONNECT, ask(config));
    snprintf(url, sizeof url, "https://localhost:%d", cluster_port);
    OK(k8sc_config_set_server(config, url, &err));
    OK(ask(config));
}

/* A server with nothing but a certificate, which is enough for a handshake that fails. */
static pid_t serve_certificate(int port)
{
    char number[16];
    pid_t child = fork();
    if (child) return child;
    if (chdir(cluster_dir) || !freopen("/dev/null", "r", stdin) || !freopen("s_server.log", "w", stdout)) _exit(1);
    dup2(1, 2);
    snprintf(number, sizeof number, "%d", port);
    execlp("openssl", "openssl", "s_server", "-quiet", "-accept", number, "-cert", "server-expired.crt", "-key",
           "server.key", (char *)NULL);
    _exit(1);
}

static void an_expired_server_certificate(void **state)
{
    k8sc_config *config = config_of("admin");
    int port = 30000 + (int)getpid() % 2000;
    int64_t until = now_ms() + 10000;
    k8sc_status status;
    char url[64];
    pid_t server;
    (void)state;
    make_expired("server", "/CN=kube-apiserver");
    server = serve_certificate(port);
    snprintf(url, sizeof url, "https://127.0.0.1:%d", port);
    OK(k8sc_config_set_server(config, url, &err));
    while ((status = ask(config)) == K8SC_E_CONNECT && now_ms() < until) pause_ms(10);
    kill(server, SIGTERM);
    waitpid(server, NULL, 0);
    FAILS(K8SC_E_TLS, status, "expired");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(by_token),
        TEST(by_token_file),
        TEST(by_client_certificate),
        TEST(by_the_contexts_of_a_kubeconfig),
        TEST(without_credentials),
        TEST(an_expired_client_certificate),
        TEST(a_ca_that_is_not_the_servers),
        TEST(no_ca_is_the_systems),
        TEST(insecure_takes_any),
        TEST(tls_server_name_is_what_the_certificate_must_say),
        TEST(a_host_that_the_certificate_does_not_name),
        TEST(an_expired_server_certificate),
    };
    return RUN_ON_CLUSTER("", tests);
}
