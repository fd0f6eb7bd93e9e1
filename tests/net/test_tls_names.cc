// Names of ciphers and pins of keys.
#include "net/tls_names.h"

#include "../core/check.h"

namespace {

void unknown_tls12_ciphers_are_named(void **)
{
    for (auto good : {"ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384",
                      "HIGH:!aNULL", "HIGH:-ECDHE:+AES"})
        assert_text(unknown_tls12_cipher(good), "");
    assert_text(unknown_tls12_cipher("NONSENSE"), "NONSENSE");
    assert_text(unknown_tls12_cipher("ECDHE-RSA-AES128-GCM-SHA256:AES999:HIGH"), "AES999");
    assert_text(unknown_tls12_cipher("HIGH:!NOTHING"), "!NOTHING");
    assert_text(unknown_tls12_cipher("HIGH:@SECLEVEL=0"), "@SECLEVEL=0");
    assert_text(unknown_tls12_cipher("HIGH:"), "(empty)");
    assert_text(unknown_tls12_cipher(""), "(empty)");
    assert_text(unknown_tls12_cipher("HIGH,LOW"), "HIGH,LOW");
    assert_text(unknown_tls12_cipher("TLS_AES_128_GCM_SHA256"), "TLS_AES_128_GCM_SHA256");
    assert_int_equal(code_of([] { unknown_tls12_cipher("!HIGH"); }), K8SC_E_INVALID);
}

void unknown_tls13_suites_are_named(void **)
{
    assert_text(unknown_tls13_suite("TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256"), "");
    assert_text(unknown_tls13_suite("TLS_AES_128_GCM_SHA256:TLS_NONE"), "TLS_NONE");
    assert_text(unknown_tls13_suite("ECDHE-RSA-AES128-GCM-SHA256"), "ECDHE-RSA-AES128-GCM-SHA256");
    assert_text(unknown_tls13_suite(""), "(empty)");
}

void only_lists_of_sha256_pins_are_taken(void **)
{
    const std::string one = "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    assert_true(is_pin_list(one));
    assert_true(is_pin_list(one + ";" + one));
    for (auto &bad : {""s, one + ";", one + " ", one.substr(0, one.size() - 1), "sha256//"s, "/etc/passwd"s,
                      "sha1//47DEQpj8HBSa+/TImW+5JCeuQeQ="s, one + ":" + one,
                      "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSu!U="s,
                      "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuF=="s,
                      "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFUA"s})
        if (is_pin_list(bad)) fail_msg("%s", bad.c_str());
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {cmocka_unit_test(unknown_tls12_ciphers_are_named),
                                cmocka_unit_test(unknown_tls13_suites_are_named),
                                cmocka_unit_test(only_lists_of_sha256_pins_are_taken)};
    return cmocka_run_group_tests_name("tls names", tests, nullptr, nullptr);
}
