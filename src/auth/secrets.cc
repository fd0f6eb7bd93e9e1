#include "auth/secrets.h"

#include <strings.h>

#include <algorithm>

#include "core/pem.h"
#include "core/redact.h"
#include "json/cursor.h"

namespace k8sc {
namespace {

// So much of one that was cut tells nothing, and may be the beginning of anything.
constexpr size_t shown = 3;

// Knuth, Morris and Pratt: no byte of a text is looked at twice, and what is matched at a cut is known without looking
// back.
class Pattern {
  public:
    explicit Pattern(std::string_view secret) : secret_(secret), border_(secret.size(), 0)
    {
        for (size_t i = 1, n = 0; i < secret.size(); i++) border_[i] = n = step(n, secret[i]);
    }

    void hide_in(std::string &text) const
    {
        std::string out;
        size_t copied = 0, matched = 0;
        auto hide = [&](size_t end) {
            out.append(text, copied, end - matched - copied).append(secret_stand_in);
            copied = end;
            matched = 0;
        };
        for (size_t i = 0; i < text.size(); i++) {
            if (matched > shown && text[i] == '.' && is_cut(std::string_view(text).substr(i))) hide(i);
            matched = step(matched, text[i]);
            if (matched == secret_.size()) hide(i + 1);
        }
        if (matched >= Secrets::shortest) hide(text.size());
        if (copied) text = out.append(text, copied);
    }

  private:
    size_t step(size_t matched, char c) const
    {
        while (matched && secret_[matched] != c) matched = border_[matched - 1];
        return secret_[matched] == c ? matched + 1 : 0;
    }

    static bool is_cut(std::string_view rest) { return rest == "..." || rest.starts_with("...\""); }

    const std::string_view secret_;
    std::vector<size_t> border_;
};

// As it stands in JSON, when k8sc writes it and when Go does.
std::vector<SecretText> forms_of(const SecretText &secret)
{
    std::vector<SecretText> forms = {secret};
    if (secret.find_first_of("\"\\<>&") == std::string::npos) return forms;
    std::string json = json_quoted(secret);
    forms.emplace_back(json.substr(1, json.size() - 2));
    wipe(json);
    std::string go;
    go.reserve(6 * forms.back().size());
    for (char c : forms.back())
        go += c == '<' ? "\\u003c" : c == '>' ? "\\u003e" : c == '&' ? "\\u0026" : std::string(1, c);
    forms.emplace_back(std::move(go));
    return forms;
}

}  // namespace

void Secrets::add(std::string_view text)
{
    if (text.size() >= shortest && std::find(texts_.begin(), texts_.end(), text) == texts_.end())
        texts_.emplace_back(std::string(text));
}

void Secrets::add_authorization(std::string_view value)
{
    auto end = value.find_last_not_of(' ');
    value = value.substr(0, end == std::string_view::npos ? 0 : end + 1);
    auto blank = value.find(' ');
    std::string_view scheme = value.substr(0, blank);
    std::string_view rest = blank == std::string_view::npos ? value : value.substr(value.find_first_not_of(' ', blank));
    add(rest);
    if (scheme != "Basic" && scheme != "basic") return;
    try {
        SecretText plain = decode_base64(rest, "");
        add(std::string_view(plain).substr(plain.find(':') + 1));
    } catch (const Error &) {
        // Whoever made that header meant something else.
    }
}

void Secrets::add_header(std::string_view line)
{
    auto colon = line.find(':');
    if (colon == std::string_view::npos || !sounds_secret(line.substr(0, colon))) return;
    auto begin = line.find_first_not_of(' ', colon + 1);
    if (begin == std::string_view::npos) return;
    std::string_view value = line.substr(begin);
    bool has_scheme =
        line.substr(0, colon).size() >= 13 && strncasecmp(line.data() + colon - 13, "authorization", 13) == 0;
    if (has_scheme) return add_authorization(value);
    add(value);
    // Of cookies, each by itself.
    while (!value.empty()) {
        std::string_view one = value.substr(0, value.find(';'));
        if (auto equals = one.find('='); equals != std::string_view::npos) add(one.substr(equals + 1));
        value.remove_prefix(std::min(value.size(), one.size() + 1));
    }
}

void Secrets::hide_in(std::string &text) const
{
    for (auto &secret : texts_)
        for (auto &form : forms_of(secret)) Pattern(form).hide_in(text);
}

void Secrets::hide_in(Error &error) const
{
    for (auto text : {&error.message, &error.reason, &error.status_json}) hide_in(*text);
    for (auto &cause : error.causes)
        for (auto text : {&cause.type, &cause.field, &cause.message}) hide_in(*text);
}

bool may_hold_secrets(std::string_view url)
{
    auto contains = [&](std::string_view word) {
        return std::search(url.begin(), url.end(), word.begin(), word.end(),
                           [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; }) != url.end();
    };
    return contains("secret") || contains("token");
}

}  // namespace k8sc
