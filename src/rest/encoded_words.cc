#include "rest/encoded_words.h"

#include <optional>

#include "core/error.h"
#include "core/pem.h"

namespace k8sc {
namespace {

bool same_letters(std::string_view a, std::string_view lower)
{
    if (a.size() != lower.size()) return false;
    for (size_t i = 0; i < a.size(); i++)
        if ((a[i] >= 'A' && a[i] <= 'Z' ? char(a[i] + 32) : a[i]) != lower[i]) return false;
    return true;
}

int hex(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

std::optional<std::string> decode_q(std::string_view text)
{
    std::string out;
    for (size_t i = 0; i < text.size(); i++) {
        char c = text[i];
        if (c == '=') {
            if (i + 2 >= text.size() || hex(text[i + 1]) < 0 || hex(text[i + 2]) < 0) return {};
            out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
            i += 2;
        } else if ((c >= ' ' && c <= '~') || c == '\t') {
            out += c == '_' ? ' ' : c;
        } else {
            return {};
        }
    }
    return out;
}

std::optional<std::string> decode_b(std::string_view text)
{
    if (text.empty()) return std::string();
    try {
        return decode_base64(text, "a warning");
    } catch (const Error &) {
        return {};
    }
}

// Nothing where the character set is another.
std::optional<std::string> to_utf8(std::string_view charset, std::string &&bytes)
{
    if (same_letters(charset, "utf-8")) return std::move(bytes);
    bool latin = same_letters(charset, "iso-8859-1");
    if (!latin && !same_letters(charset, "us-ascii")) return {};
    std::string out;
    for (char c : bytes) {
        auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80)
            out += c;
        else if (latin)
            out += {static_cast<char>(0xc0 | byte >> 6), static_cast<char>(0x80 | (byte & 0x3f))};
        else
            out += "\xef\xbf\xbd";
    }
    return out;
}

struct Word {
    std::string_view charset;
    std::optional<std::string> bytes;  // nothing where it only looks like a word
    size_t size = 0;
};

// The word at the beginning of a text that begins with "=?". Nothing where none follows there or later.
std::optional<Word> word_at(std::string_view text)
{
    size_t charset_end = text.find('?', 2);
    if (charset_end == std::string_view::npos || text.size() < charset_end + 5 || text[charset_end + 2] != '?')
        return {};
    size_t begin = charset_end + 3, end = text.find("?=", begin);
    if (end == std::string_view::npos) return {};
    Word word{text.substr(2, charset_end - 2), {}, end + 2};
    char encoding = text[charset_end + 1];
    std::string_view encoded = text.substr(begin, end - begin);
    if (encoding == 'q' || encoding == 'Q') word.bytes = decode_q(encoded);
    if (encoding == 'b' || encoding == 'B') word.bytes = decode_b(encoded);
    return word;
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

}  // namespace

std::string decode_words(std::string_view text)
{
    std::string out;
    std::string_view rest = text;
    bool after_word = false;
    while (true) {
        size_t at = rest.find("=?");
        if (at == std::string_view::npos) break;
        auto word = word_at(rest.substr(at));
        if (!word) break;
        std::string_view before = rest.substr(0, at);
        if (!word->bytes) {
            out += rest.substr(0, at + 2);
            rest.remove_prefix(at + 2);
            after_word = false;
            continue;
        }
        // Blanks between two words are not a part of the text.
        if (!after_word || !is_blank(before)) out += before;
        auto decoded = to_utf8(word->charset, std::move(*word->bytes));
        if (!decoded) return std::string(text);
        out += *decoded;
        rest.remove_prefix(at + word->size);
        after_word = true;
    }
    out += rest;
    return out;
}

}  // namespace k8sc
