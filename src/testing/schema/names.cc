#include "testing/schema/names.h"

#include <algorithm>
#include <cctype>
#include <ctime>
#include <random>

#include "testing/schema/since.h"

namespace k8sc::testing {

namespace {

std::mt19937_64 &generator()
{
    thread_local std::mt19937_64 generator(std::random_device{}());
    return generator;
}

bool is_lower_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool is_subdomain(std::string_view name)
{
    if (name.empty() || name.size() > 253) return false;
    for (size_t i = 0; i < name.size(); ++i) {
        const bool edge = i == 0 || i + 1 == name.size() || name[i - 1] == '.' || name[i + 1] == '.';
        if (is_lower_alnum(name[i])) continue;
        if (edge || (name[i] != '-' && name[i] != '.')) return false;
    }
    return true;
}

// Letters, digits, and between them what labels may have besides.
bool is_word(std::string_view word)
{
    const auto is_alnum = [](unsigned char c) { return std::isalnum(c) && c < 0x80; };
    if (!is_alnum(word.front()) || !is_alnum(word.back())) return false;
    return std::all_of(word.begin(), word.end(),
                       [&](char c) { return is_alnum(c) || c == '-' || c == '_' || c == '.'; });
}

// As a server says it.
const char subdomain_rule[] = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' "
                              "or '.', and must start and end with an "
                              "alphanumeric character (e.g. 'example.com', regex used for validation is "
                              "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const char word_rule[] =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
    "(e.g. 'MyName',  or "
    "'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const char qualified_rule[] = "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must "
                              "start and end with an alphanumeric character (e.g. "
                              "'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
                              "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS "
                              "subdomain prefix and '/' (e.g. 'example.com/MyName')";
const char value_rule[] =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and "
    "end with an "
    "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

const char dns_label_rule[] =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, "
    "and end with an "
    "alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

const char label_rule[] =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with "
    "an alphanumeric "
    "character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const char variable_rule[] = "a valid environment variable name must consist of alphabetic characters, digits, '_', "
                             "'-', or '.', and must not start with a digit "
                             "(e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is "
                             "'[-._a-zA-Z][-._a-zA-Z0-9]*')";
const char loose_variable_rule[] = "a valid environment variable name must consist only of "
                                   "printable ASCII characters other than '='";
const char config_key_rule[] = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. "
                               "'key.name',  or 'KEY_NAME',  or 'key-name', regex used "
                               "for validation is '[-._a-zA-Z0-9]+')";

constexpr size_t longest_name = 253, longest_label = 63;

// Of labels and their keys. All else is told in characters.
std::string too_long(size_t most, int release)
{
    return "must be no more than " + std::to_string(most) +
           (release >= since::lengths_in_bytes ? " bytes" : " characters");
}

bool is_config_word(std::string_view word)
{
    const auto fits = [](unsigned char c) { return (std::isalnum(c) && c < 0x80) || c == '-' || c == '_' || c == '.'; };
    return !word.empty() && std::all_of(word.begin(), word.end(), fits);
}

}  // namespace

std::string wrong_name(const Kind &kind, std::string_view name)
{
    if (!kind.any_name) {
        if (name.size() > longest_name) return "must be no more than 253 characters";
        if (!is_subdomain(name)) return subdomain_rule;
        return "";
    }
    if (name == "." || name == "..") return "may not be '" + std::string(name) + "'";
    for (const char forbidden : {'/', '%'})
        if (name.find(forbidden) != std::string_view::npos) return std::string("may not contain '") + forbidden + "'";
    return "";
}

std::string wrong_dns_label(std::string_view label)
{
    if (label.size() > longest_label) return "must be no more than 63 characters";
    const auto fits = [](char c) { return is_lower_alnum(c) || c == '-'; };
    const bool good = !label.empty() && std::all_of(label.begin(), label.end(), fits) && label.front() >= 'a' &&
                      label.front() <= 'z' && label.back() != '-';
    return good ? "" : dns_label_rule;
}

std::string wrong_label_name(std::string_view label)
{
    if (label.size() > longest_label) return "must be no more than 63 characters";
    const auto fits = [](char c) { return is_lower_alnum(c) || c == '-'; };
    return !label.empty() && std::all_of(label.begin(), label.end(), fits) && label.front() != '-' &&
                   label.back() != '-'
               ? ""
               : label_rule;
}

std::string wrong_variable_name(std::string_view name, int release)
{
    if (release >= since::any_variable_name) {
        const auto fits = [](char c) { return c >= ' ' && c <= '~' && c != '='; };
        return !name.empty() && std::all_of(name.begin(), name.end(), fits) ? "" : loose_variable_rule;
    }
    if (!is_config_word(name) || (name.front() >= '0' && name.front() <= '9')) return variable_rule;
    if (name == "." || name == "..") return "must not be '" + std::string(name) + "'";
    return name.starts_with("..") ? "must not start with '..'" : "";
}

std::string wrong_config_key(std::string_view key)
{
    if (key.size() > longest_name) return "must be no more than 253 characters";
    if (!is_config_word(key)) return config_key_rule;
    if (key == "." || key == "..") return "must not be '" + std::string(key) + "'";
    return key.starts_with("..") ? "must not start with '..'" : "";
}

std::string wrong_label_key(std::string_view key, int release)
{
    const size_t slash = key.find('/');
    std::string_view name = key;
    if (slash != std::string_view::npos) {
        const std::string_view prefix = key.substr(0, slash);
        name = key.substr(slash + 1);
        if (name.find('/') != std::string_view::npos) return qualified_rule;
        if (prefix.empty()) return "prefix part must be non-empty";
        if (prefix.size() > longest_name) return "prefix part " + too_long(longest_name, release);
        if (!is_subdomain(prefix)) return std::string("prefix part ") + subdomain_rule;
    }
    if (name.empty()) return "name part must be non-empty";
    if (name.size() > longest_label) return "name part " + too_long(longest_label, release);
    return is_word(name) ? "" : std::string("name part ") + word_rule;
}

std::string wrong_label_value(std::string_view value, int release)
{
    if (value.size() > longest_label) return too_long(longest_label, release);
    return value.empty() || is_word(value) ? "" : value_rule;
}

std::string random_uid()
{
    static const char digits[] = "0123456789abcdef";
    std::string uid = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
    for (char &c : uid) {
        if (c == 'x')
            c = digits[generator()() % 16];
        else if (c == 'y')
            c = digits[8 + generator()() % 4];
    }
    return uid;
}

std::string random_suffix()
{
    static const std::string_view letters = "bcdfghjklmnpqrstvwxz2456789";
    std::string suffix(5, ' ');
    for (char &c : suffix) c = letters[generator()() % letters.size()];
    return suffix;
}

std::string timestamp() { return timestamp_of(std::time(nullptr)); }

std::string timestamp_of(int64_t seconds)
{
    const std::time_t now = seconds;
    std::tm utc;
    gmtime_r(&now, &utc);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text;
}

}  // namespace k8sc::testing
