// Certificates, keys and base64, with certificates made on the spot.
#include "core/pem.h"

#include "make_pair.h"

#include "check.h"

namespace {

void base64_is_decoded_across_blanks(void **)
{
    struct {
        std::string_view text, plain;
    } cases[] = {{"", ""},
                 {"Zg==", "f"},
                 {"Zm8=", "fo"},
                 {"Zm9v", "foo"},
                 {"Zm9vYg==", "foob"},
                 {"Zm9vYmE=", "fooba"},
                 {"Zm9vYmFy", "foobar"},
                 {"Zm9v\nYmFy\n", "foobar"},
                 {" Zm 9v\r\n\tYmFy", "foobar"},
                 {"AAAA", "\0\0\0"sv},
                 {"AA==", "\0"sv},
                 {"+/+/", "\xfb\xff\xbf"sv},
                 {"/w==", "\xff"sv}};
    for (auto &c : cases) assert_text(decode_base64(c.text, "data"), c.plain);
}

void base64_refused(void **)
{
    for (auto text : {"Z", "Zg", "Zg=", "Zm9vY", "Z===", "====", "=", "Zg==Zg==", "Zm=v", "Zm9v!bar",
                      "Zm9v-_==", "Zm9vYmF=YmFy", "\xff\xff\xff\xff"}) {
        std::string message;
        if (code_of([&] { decode_base64(text, "token-data"); }, &message) != K8SC_E_PARSE)
            fail_msg("accepted: %s", text);
        assert_says(message, "token-data");
        // What should have been base64 may be a secret.
        assert_silent(message, text);
    }
    assert_int_equal(code_of([] { decode_base64("Zm\0v"sv, "x"); }), K8SC_E_PARSE);
}

void certificates_are_counted(void **)
{
    Pair a = make_pair("a"), b = make_pair("b");
    assert_int_equal(check_certificates(a.certificate, "ca"), 1);
    assert_int_equal(check_certificates(a.certificate + b.certificate, "ca"), 2);
    assert_int_equal(check_certificates("# a comment\n" + a.certificate + "\n\nmore\n" + b.certificate + "\n", "ca"),
                     2);
    // Bundles sometimes hold a key or parameters as well.
    assert_int_equal(check_certificates(a.key + a.certificate, "ca"), 1);
}

// As Go: the certificates, and nothing beside them.
void foreign_blocks_are_passed_over(void **)
{
    Pair a = make_pair("a"), b = make_pair("b");
    auto block = [](std::string_view type, std::string_view body) {
        return concat("-----BEGIN ", type, "-----\n", body, "-----END ", type, "-----\n");
    };
    std::string body = a.certificate.substr(28, a.certificate.size() - 28 - 26);
    assert_text(block("CERTIFICATE", body), a.certificate);
    std::string list = block("X509 CRL", body),
                with_headers = block("CERTIFICATE", "Proc-Type: 4,ENCRYPTED\n\n" + body);
    for (auto &foreign :
         {list, b.key, with_headers, block("TRUSTED CERTIFICATE", body), block("EC PARAMETERS", "BggqhkjOPQMBBw==\n"),
          block("X509 CRL", "what is no list\n"), "# a comment\n"s}) {
        assert_text(read_certificates(foreign + a.certificate + foreign + b.certificate + foreign, "ca"),
                    a.certificate + b.certificate);
        assert_int_equal(code_of([&] { read_certificates(foreign, "ca"); }), K8SC_E_PARSE);
    }
    assert_int_equal(code_of([&] { read_certificates(a.certificate + block("CERTIFICATE", "nonsense\n"), "ca"); }),
                     K8SC_E_PARSE);
    assert_int_equal(code_of([&] { read_certificates(a.certificate + a.certificate.substr(0, 200), "ca"); }),
                     K8SC_E_PARSE);
}

void certificates_refused(void **)
{
    Pair pair = make_pair("a");
    std::string broken = pair.certificate;
    broken.replace(broken.find("MII"), 3, "AAA");
    std::string cut = pair.certificate.substr(0, pair.certificate.size() / 2);
    for (auto &text :
         {""s, "\n"s, "not a certificate"s, pair.key, broken, cut, pair.certificate + broken, pair.certificate + cut}) {
        std::string message;
        assert_int_equal(code_of([&] { check_certificates(text, "certificate-authority"); }, &message), K8SC_E_PARSE);
        assert_says(message, "certificate-authority");
    }
}

void a_key_must_fit_its_certificate(void **)
{
    Pair a = make_pair("a"), b = make_pair("b"), locked = make_pair("c", "hunter2");
    auto check = [](const std::string &certificate, const std::string &key, std::string *message = nullptr) {
        return code_of([&] { check_key_pair(certificate, key, "the certificate", "the key"); }, message);
    };
    std::string message;
    assert_int_equal(check(a.certificate, a.key), K8SC_OK);
    // Its chain follows a certificate; the first one is the client's own.
    assert_int_equal(check(a.certificate + b.certificate, a.key), K8SC_OK);
    assert_int_equal(check(b.certificate + a.certificate, a.key), K8SC_E_CONFIG);
    assert_int_equal(check(a.certificate, b.key, &message), K8SC_E_CONFIG);
    assert_says(message, "the key is not the key of the certificate");
    assert_int_equal(check(a.certificate, "", &message), K8SC_E_PARSE);
    assert_says(message, "the key");
    assert_int_equal(check("", a.key, &message), K8SC_E_PARSE);
    assert_says(message, "the certificate");
    assert_int_equal(check(a.certificate, a.certificate), K8SC_E_PARSE);
    // Nothing may ask for the password on the terminal.
    assert_int_equal(check(locked.certificate, locked.key), K8SC_E_PARSE);
    // A failure leaves nothing behind in OpenSSL's queue of errors that would spoil the next check.
    assert_int_equal(check(a.certificate, a.key), K8SC_OK);
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(base64_is_decoded_across_blanks),
        cmocka_unit_test(base64_refused),
        cmocka_unit_test(certificates_are_counted),
        cmocka_unit_test(foreign_blocks_are_passed_over),
        cmocka_unit_test(certificates_refused),
        cmocka_unit_test(a_key_must_fit_its_certificate),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
