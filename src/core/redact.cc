#include "core/redact.h"

#include <algorithm>
#include <vector>

#include "core/ascii.h"
#include "core/error.h"

namespace k8sc {
namespace {

// Shorter runs of letters are words, and shorter runs of digits are ports, years and exit statuses.
constexpr size_t long_letters = 20, long_digits = 6, many_digits = 15;
// Shorter words with digits are "v1" and "h2"; shorter ones with dashes are words.
constexpr size_t least_mixed = 4, least_compound = 8;

// Letters of other alphabets are bytes above ASCII.
bool is_letter(char c) { return is_upper(c) || is_lower(c) || static_cast<signed char>(c) < 0; }
bool is_one_of(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

// "AWS_ACCESS_KEY" and "awsAccessKey" are aws, access, key.
std::vector<std::string> parts_of(std::string_view name)
{
    std::vector<std::string> parts(1);
    for (size_t i = 0; i < name.size(); i++) {
        char c = name[i];
        if (!is_letter(c) && !is_digit(c)) {
            parts.emplace_back();
            continue;
        }
        bool begins = is_upper(c) && i > 0 && is_lower(name[i - 1]);
        if (begins) parts.emplace_back();
        parts.back() += is_upper(c) ? static_cast<char>(c + 32) : c;
    }
    return parts;
}

// A part of a compound: letters and digits without anything between them.
bool is_random(std::string_view text)
{
    size_t run = 0, digits = 0;
    for (char c : text) {
        run = is_letter(c) || is_digit(c) ? run + 1 : 0;
        digits = run ? digits + is_digit(c) : 0;
        if (run >= long_letters && digits) return true;
    }
    return false;
}

bool is_flag(std::string_view word)
{
    if (!word.starts_with("--") || word.size() < 3) return false;
    return std::all_of(word.begin(), word.end(), [](char c) { return is_lower(c) || c == '-'; });
}

// A word of prose that nobody would need as a secret.
bool is_plain_word(std::string_view word)
{
    if (is_flag(word)) return true;
    constexpr std::string_view around = ".:!?=-*#~";
    while (!word.empty() && is_one_of(word.front(), around)) word.remove_prefix(1);
    while (!word.empty() && is_one_of(word.back(), around)) word.remove_suffix(1);
    size_t letters = 0, digits = 0, letter_run = 0, digit_run = 0, longest_letters = 0, longest_digits = 0;
    bool compound = false;
    for (char c : word) {
        letter_run = is_letter(c) ? letter_run + 1 : 0;
        digit_run = is_digit(c) ? digit_run + 1 : 0;
        letters += is_letter(c);
        digits += is_digit(c);
        longest_letters = std::max(longest_letters, letter_run);
        longest_digits = std::max(longest_digits, digit_run);
        if (is_letter(c) || is_digit(c) || c == '/' || c == '.') continue;
        if (c == '-' || c == '_')
            compound = true;
        else if (c != ':' || letters)
            return false;
    }
    if (letters && digits) return word.size() < least_mixed;
    if (compound && letters && word.size() >= least_compound) return false;
    return longest_letters < long_letters && longest_digits < long_digits && digits < many_digits;
}

bool announces_secret(std::string_view word)
{
    std::string low = to_lower(word);
    return low == "bearer" || low == "basic";
}

// Reads a text word by word, and writes what may be told of it.
class TextRedactor {
  public:
    TextRedactor(std::string_view text, std::string_view stand_in) : text_(text), stand_in_(stand_in) {}

    std::string run()
    {
        while (at_ < text_.size()) {
            if (is_separator(text_[at_]))
                separator(text_[at_++]);
            else
                word(take_word());
        }
        return std::move(out_);
    }

  private:
    static bool is_separator(char c)
    {
        return static_cast<unsigned char>(c) <= ' ' || is_one_of(c, "\"'`{}[](),;<>|\x7f");
    }

    std::string_view take_word()
    {
        size_t begin = at_;
        while (at_ < text_.size() && !is_separator(text_[at_])) at_++;
        return text_.substr(begin, at_ - begin);
    }

    void separator(char c)
    {
        out_ += c;
        if (c == '\n') due_ = line_ = sounded_ = false;
        // A secret between quotes may hold blanks.
        bool opens = due_ && (c == '"' || c == '\'');
        auto end = opens ? text_.find(c, at_) : std::string_view::npos;
        if (end == std::string_view::npos || end == at_) return;
        if (std::string_view inside = text_.substr(at_, end - at_); !is_one_of(inside.front(), ":=")) {
            hide();
            at_ = end;
        }
    }

    void word(std::string_view word)
    {
        if (line_) return hide();
        bool only_marks = word.find_first_not_of(":=") == std::string_view::npos;
        if (only_marks) {
            // As in {"token" : "x"}.
            due_ = due_ || sounded_;
            out_ += word;
            return;
        }
        sounded_ = false;
        if (announces_secret(word)) {
            due_ = true;
            out_ += word;
            return;
        }
        if (due_ && !is_flag(word)) return hide();
        due_ = false;
        auto scheme = word.find("://");
        auto mark = word.find_first_of("=:");
        if (scheme != std::string_view::npos)
            url(word, scheme);
        else if (mark != std::string_view::npos && mark > 0)
            assignment(word, mark);
        else
            plain(word);
    }

    void hide()
    {
        if (!out_.ends_with(stand_in_)) out_ += stand_in_;
        due_ = false;
    }

    void plain(std::string_view word)
    {
        sounded_ = sounds_secret(word);
        due_ = sounded_ && word.front() == '-';
        if (is_plain_word(word))
            out_ += word;
        else
            hide_word();
    }

    void hide_word() { out_ += stand_in_; }

    void assignment(std::string_view word, size_t mark)
    {
        std::string_view name = word.substr(0, mark), value = word.substr(mark + 1);
        if (is_plain_word(name) || sounds_secret(name))
            out_ += name;
        else
            hide_word();
        out_ += word[mark];
        if (!sounds_secret(name)) {
            if (!value.empty()) this->word(value);
            return;
        }
        std::string low = to_lower(name);
        line_ = low.find("authorization") != std::string::npos || low.find("cookie") != std::string::npos;
        if (value.empty())
            due_ = true;
        else
            hide_word();
    }

    void url(std::string_view word, size_t scheme)
    {
        std::string shown = redacted_url(word, stand_in_);
        auto path = shown.find('/', scheme + 3);
        std::string_view host = std::string_view(shown).substr(scheme + 3, path - scheme - 3);
        out_ += shown.substr(0, scheme + 3);
        if (host.find('@') != std::string_view::npos) out_ += concat(stand_in_, "@");
        host = host.substr(host.rfind('@') + 1);
        if (is_random(host))
            hide_word();
        else
            out_ += host;
        if (path != std::string::npos)
            out_ += is_plain_word(shown.substr(path)) ? shown.substr(path) : concat("/", stand_in_);
    }

    std::string_view text_;
    std::string_view stand_in_;
    size_t at_ = 0;
    std::string out_;
    bool due_ = false;      // the next word is a secret
    bool line_ = false;     // and all others of its line
    bool sounded_ = false;  // the last word may have been its name
};

}  // namespace

bool sounds_secret(std::string_view name)
{
    std::string low = to_lower(name);
    constexpr std::string_view anywhere[] = {"secret",        "token",      "passw",  "passphrase",
                                             "passcode",      "credential", "apikey", "accesskey",
                                             "authorization", "bearer",     "cookie", "signature"};
    if (std::any_of(std::begin(anywhere), std::end(anywhere),
                    [&](auto word) { return low.find(word) != std::string::npos; }))
        return true;
    constexpr std::string_view alone[] = {"key", "keys", "pwd", "pw",  "pass", "auth",  "pin",
                                          "otp", "jwt",  "sas", "sig", "cred", "creds", "private"};
    for (auto &part : parts_of(name))
        if (std::find(std::begin(alone), std::end(alone), part) != std::end(alone)) return true;
    return false;
}

std::string redacted_prose(std::string_view text) { return TextRedactor(text, secret_stand_in).run(); }

std::string redacted_url(std::string_view url, std::string_view stand_in)
{
    auto begin = url.find("://");
    begin = begin == std::string_view::npos ? 0 : begin + 3;
    // A password that is not escaped may hold anything, and so may what is behind a "?".
    auto at = url.rfind('@');
    bool user = at != std::string_view::npos && at >= begin;
    auto host = user ? at + 1 : begin;
    auto query = url.find_first_of("?#", host);
    return concat(url.substr(0, begin), user ? concat(stand_in, "@") : "",
                  url.substr(host, query == std::string_view::npos ? query : query - host));
}

std::string redacted_argument(std::string_view argument, std::string_view stand_in)
{
    auto mark = argument.find_first_of("=: ");
    bool named = mark != std::string_view::npos && argument[mark] != ' ' && argument.substr(mark, 3) != "://";
    if (named && sounds_secret(argument.substr(0, mark))) {
        bool blank = argument.substr(mark + 1).starts_with(' ');
        return concat(argument.substr(0, mark + 1), blank ? " " : "", mark + 1 < argument.size() ? stand_in : "");
    }
    if (named && argument[mark] == '=')
        return concat(argument.substr(0, mark + 1), redacted_argument(argument.substr(mark + 1), stand_in));
    // A command for a shell, several headers, a body.
    if (argument.find_first_of(" \t\r\n\"'{}&") != std::string_view::npos)
        return TextRedactor(argument, stand_in).run();
    if (argument.find("://") != std::string_view::npos) {
        std::string shown = redacted_url(argument, stand_in);
        return is_random(shown) ? std::string(stand_in) : shown;
    }
    if (auto at = argument.rfind('@');
        at != std::string_view::npos && argument.substr(0, at).find(':') != std::string_view::npos)
        return concat(stand_in, argument.substr(at));
    return is_random(argument) ? std::string(stand_in) : std::string(argument);
}

}  // namespace k8sc
