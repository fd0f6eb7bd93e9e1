#include "json/write.h"

#include <simdjson.h>

#include <charconv>
#include <cmath>

#include "json/decode.h"

namespace k8sc {
namespace {

void write_string(std::string &out, std::string_view text)
{
    static const char digits[] = "0123456789abcdef";
    out += '"';
    size_t done = 0;
    for (size_t i = 0; i < text.size(); i++) {
        auto byte = static_cast<unsigned char>(text[i]);
        if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
        out.append(text, done, i - done);
        done = i + 1;
        out += '\\';
        switch (byte) {
        case '"':
        case '\\': out += text[i]; break;
        case '\b': out += 'b'; break;
        case '\f': out += 'f'; break;
        case '\n': out += 'n'; break;
        case '\r': out += 'r'; break;
        case '\t': out += 't'; break;
        default:
            out += "u00";
            out += digits[byte >> 4];
            out += digits[byte & 15];
        }
    }
    out.append(text, done);
    out += '"';
}

// Values are never nested so deeply that this exhausts the stack: all that make them have a limit.
void write(std::string &out, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT: {
        out += '{';
        const char *key;
        json_t *member;
        json_object_foreach(const_cast<json_t *>(value), key, member)
        {
            if (out.back() != '{') out += ',';
            write_string(out, key);
            out += ':';
            write(out, member);
        }
        out += '}';
        break;
    }
    case JSON_ARRAY: {
        out += '[';
        for (size_t i = 0; i < json_array_size(value); i++) {
            if (i) out += ',';
            write(out, json_array_get(value, i));
        }
        out += ']';
        break;
    }
    case JSON_STRING: write_string(out, {json_string_value(value), json_string_length(value)}); break;
    case JSON_INTEGER: out += std::to_string(json_integer_value(value)); break;
    case JSON_REAL: out += number_text(json_real_value(value)); break;
    case JSON_TRUE: out += "true"; break;
    case JSON_FALSE: out += "false"; break;
    case JSON_NULL: out += "null"; break;
    }
}

}  // namespace

std::string compact_json(const json_t *value, size_t room)
{
    std::string out;
    out.reserve(room);
    write(out, value);
    return out;
}

std::string number_text(double number)
{
    // As an integer it would lose its sign.
    if (number == 0) return std::signbit(number) ? "-0.0" : "0";
    double magnitude = std::fabs(number);
    // Below 2^63, so that a reader who takes it for an integer can hold it.
    bool fixed = magnitude >= 1e-6 && magnitude < 9.2e18;
    char buffer[64];
    auto result = std::to_chars(buffer, buffer + sizeof buffer, number,
                                fixed ? std::chars_format::fixed : std::chars_format::scientific);
    return std::string(buffer, result.ptr);
}

bool is_utf8(std::string_view text)
{
    keep_simdjson();
    return simdjson::validate_utf8(text.data(), text.size());
}

}  // namespace k8sc
