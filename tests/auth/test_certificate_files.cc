// Certificates that are renewed while they are used.
#include "auth/certificate_files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "../core/make_pair.h"

#include "../core/check.h"

namespace {

struct Files {
    char directory[32] = "/tmp/k8sc-files-XXXXXX";
    std::string ca, certificate, key;

    Files()
    {
        assert_non_null(mkdtemp(directory));
        ca = std::string(directory) + "/ca.crt";
        certificate = std::string(directory) + "/tls.crt";
        key = std::string(directory) + "/tls.key";
    }
    ~Files()
    {
        for (auto path : {&ca, &certificate, &key}) unlink(path->c_str());
        rmdir(directory);
    }
    static void write(const std::string &path, const std::string &text)
    {
        std::ofstream(path + ".new") << text;
        assert_int_equal(rename((path + ".new").c_str(), path.c_str()), 0);
    }
    Config config(const Pair &authority, const Pair &client) const
    {
        write(ca, authority.certificate);
        write(certificate, client.certificate);
        write(key, client.key);
        Config config;
        config.ca_file = ca;
        config.certificate_file = certificate;
        config.key_file = key;
        config.ca_pem = authority.certificate;
        config.certificate_pem = client.certificate;
        config.key_pem = client.key;
        return config;
    }
};

void without_files_nothing_changes(void **)
{
    Config config;
    config.ca_pem = "inline";
    CertificateFiles files(config);
    assert_false(files.any());
    assert_false(files.changed(1000));
}

void a_renewed_pair_is_taken_once_it_fits(void **)
{
    Files on_disk;
    Pair authority = make_pair("authority"), first = make_pair("client"), second = make_pair("client");
    CertificateFiles files(on_disk.config(authority, first));
    assert_true(files.any());
    assert_false(files.changed(1000));
    assert_false(files.changed(5000));

    // The certificate comes first, and is of no use without its key.
    on_disk.write(on_disk.certificate, second.certificate);
    assert_false(files.changed(7000));
    assert_says(files.fault(), "tls.key");
    assert_says(files.fault(), "is not the key of");
    assert_text(files.content().certificate_pem, first.certificate);
    on_disk.write(on_disk.key, second.key);
    // Not looked at more than once a second.
    assert_false(files.changed(7500));
    assert_true(files.changed(8000));
    assert_text(files.fault(), "");
    assert_text(files.content().certificate_pem, second.certificate);
    assert_text(files.content().key_pem, second.key);
    assert_false(files.changed(9000));

    Pair other = make_pair("other authority");
    on_disk.write(on_disk.ca, authority.certificate + other.certificate);
    assert_true(files.changed(10000));
    assert_text(files.content().ca_pem, authority.certificate + other.certificate);
}

void unusable_files_leave_the_last_good_content(void **)
{
    Files on_disk;
    Pair authority = make_pair("authority"), client = make_pair("client");
    CertificateFiles files(on_disk.config(authority, client));
    assert_false(files.changed(1000));
    on_disk.write(on_disk.ca, "not a certificate\n");
    assert_false(files.changed(2000));
    assert_says(files.fault(), "ca.crt");
    on_disk.write(on_disk.ca, "");
    assert_false(files.changed(3000));
    unlink(on_disk.ca.c_str());
    assert_false(files.changed(4000));
    assert_says(files.fault(), "No such file");
    assert_text(files.content().ca_pem, authority.certificate);
    // Back as it was: no news.
    on_disk.write(on_disk.ca, authority.certificate);
    assert_false(files.changed(5000));
    assert_text(files.fault(), "");
}

// Where one of a pair is inline, a message about both names each of them.
void half_a_pair(void **)
{
    Files on_disk;
    Pair authority = make_pair("authority"), first = make_pair("client"), second = make_pair("client");
    Config config = on_disk.config(authority, first);
    config.key_file.clear();
    CertificateFiles files(config);
    on_disk.write(on_disk.certificate, second.certificate);
    assert_false(files.changed(1000));
    assert_says(files.fault(), "the client key is not the key of");
    assert_says(files.fault(), on_disk.certificate);
}

// It was renewed between the reading of the configuration and the first request.
void renewed_before_the_first_look(void **)
{
    Files on_disk;
    Pair authority = make_pair("authority"), first = make_pair("client"), second = make_pair("client");
    Config config = on_disk.config(authority, first);
    on_disk.write(on_disk.certificate, second.certificate);
    on_disk.write(on_disk.key, second.key);
    CertificateFiles files(config);
    assert_true(files.changed(1000));
    assert_text(files.content().certificate_pem, second.certificate);
}

// What becomes a pipe keeps nobody waiting, and the last good content.
void a_file_that_becomes_a_pipe_blocks_nobody(void **)
{
    Files files;
    Pair authority = make_pair("authority"), client = make_pair("client");
    CertificateFiles watched(files.config(authority, client));
    watched.changed(1000);
    for (auto path : {&files.ca, &files.certificate, &files.key}) {
        assert_int_equal(unlink(path->c_str()), 0);
        assert_int_equal(mkfifo(path->c_str(), 0600), 0);
    }
    assert_false(watched.changed(3000));
    assert_says(watched.fault(), "it is not a regular file");
    assert_text(watched.content().ca_pem, authority.certificate);
    assert_text(watched.content().key_pem, client.key);
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {cmocka_unit_test(without_files_nothing_changes),
                                cmocka_unit_test(a_renewed_pair_is_taken_once_it_fits),
                                cmocka_unit_test(unusable_files_leave_the_last_good_content),
                                cmocka_unit_test(half_a_pair),
                                cmocka_unit_test(renewed_before_the_first_look),
                                cmocka_unit_test(a_file_that_becomes_a_pipe_blocks_nobody)};
    return cmocka_run_group_tests_name("certificate files", tests, nullptr, nullptr);
}
