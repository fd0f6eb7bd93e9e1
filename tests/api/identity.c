#include "identity.h"

#include <sys/stat.h>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

char directory[64];

const char *path_of(const char *name)
{
    static char paths[8][160];
    static int next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", directory, name);
    return path;
}

const char *write_file(const char *name, const char *text)
{
    char fresh[200];
    const char *path = path_of(name);
    snprintf(fresh, sizeof fresh, "%s.new", path);
    FILE *file = fopen(fresh, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(rename(fresh, path), 0);
    return path;
}

const char *write_script(const char *name, const char *body)
{
    char text[8192];
    snprintf(text, sizeof text, "#!/bin/sh\n%s\n", body);
    const char *path = write_file(name, text);
    assert_int_equal(chmod(path, 0755), 0);
    return path;
}

const char *read_text(const char *name)
{
    static char text[8192];
    FILE *file = fopen(path_of(name), "r");
    size_t n = file ? fread(text, 1, sizeof text - 1, file) : 0;
    if (file) fclose(file);
    text[n] = '\0';
    return text;
}

size_t lines_of(const char *name)
{
    size_t n = 0;
    for (const char *p = read_text(name); *p; p++) n += *p == '\n';
    return n;
}

int secure_set_up(void **state)
{
    strcpy(directory, "/tmp/k8sc-identity-XXXXXX");
    if (!mkdtemp(directory) || set_up(state) != 0) return -1;
    k8sc_testing_options *options = NULL;
    OK(k8sc_testing_options_new(&options, &err));
    OK(k8sc_testing_options_set_tls(options, 1, &err));
    OK(k8sc_testing_options_set_token(options, "first", &err));
    restart_server_with(options);
    return 0;
}

int secure_tear_down(void **state)
{
    char command[128];
    int result = tear_down(state);
    snprintf(command, sizeof command, "rm -rf %s", directory);
    return system(command) == 0 ? result : -1;
}

k8sc_config *bare(void)
{
    k8sc_config *config = new_config_for(k8sc_testing_server_url(server));
    const char *ca = k8sc_testing_server_ca_pem(server);
    OK(k8sc_config_set_ca(config, ca, strlen(ca), &err));
    return config;
}

void demand(const char *token) { OK(k8sc_testing_server_set_token(server, token, &err)); }

k8sc_resource *maps_of(k8sc_client *of) { return new_resource(of, "", "v1", "configmaps", "default"); }

k8sc_status ask(k8sc_resource *maps)
{
    k8sc_list *list = NULL;
    k8sc_status status = k8sc_resource_list(maps, NULL, &list, &err);
    k8sc_list_free(list);
    return status;
}

static void text_of(BIO *bio, char *text, size_t size)
{
    char *data;
    long len = BIO_get_mem_data(bio, &data);
    assert_true(len > 0 && (size_t)len < size);
    memcpy(text, data, (size_t)len);
    text[len] = '\0';
    BIO_free(bio);
}

struct pair make_pair(const char *name)
{
    struct pair made;
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8, (const unsigned char *)name, -1,
                               -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
    assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
    BIO *bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, certificate);
    text_of(bio, made.certificate, sizeof made.certificate);
    bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
    text_of(bio, made.key, sizeof made.key);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return made;
}
