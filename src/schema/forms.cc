#include "schema/forms.h"

#include "core/duration.h"
#include "core/error.h"
#include "core/pem.h"
#include "core/quantity.h"
#include "core/wall_clock.h"
#include "k8sc.h"

namespace k8sc::schema {
namespace {

const char *word_of_type(int32_t type)
{
    switch (type) {
    case K8SC_TYPE_NULL: return "null";
    case K8SC_TYPE_BOOL: return "a boolean";
    case K8SC_TYPE_INTEGER:
    case K8SC_TYPE_NUMBER: return "a number";
    case K8SC_TYPE_STRING: return "a string";
    case K8SC_TYPE_ARRAY: return "an array";
    case K8SC_TYPE_OBJECT: return "an object";
    default: return "nothing";
    }
}

const char *word_of_form(int32_t form)
{
    switch (form) {
    case K8SC_FIELD_BOOLEAN: return "a boolean";
    case K8SC_FIELD_INTEGER: return "an integer";
    case K8SC_FIELD_NUMBER: return "a number";
    case K8SC_FIELD_BYTES: return "a string with base64";
    case K8SC_FIELD_ARRAY: return "an array";
    case K8SC_FIELD_MAP:
    case K8SC_FIELD_OBJECT: return "an object";
    case K8SC_FIELD_QUANTITY: return "a quantity, as a string or a number";
    case K8SC_FIELD_INT_OR_STRING: return "an integer or a string";
    case K8SC_FIELD_TIME:
    case K8SC_FIELD_MICRO_TIME: return "a string with a time";
    case K8SC_FIELD_DURATION: return "a string with a duration";
    default: return "a string";
    }
}

bool takes(int32_t form, int32_t type)
{
    const bool is_string = type == K8SC_TYPE_STRING, is_number = type == K8SC_TYPE_INTEGER || type == K8SC_TYPE_NUMBER;
    switch (form) {
    case K8SC_FIELD_BOOLEAN: return type == K8SC_TYPE_BOOL;
    case K8SC_FIELD_INTEGER:
    case K8SC_FIELD_NUMBER: return is_number;
    case K8SC_FIELD_ARRAY: return type == K8SC_TYPE_ARRAY;
    case K8SC_FIELD_MAP:
    case K8SC_FIELD_OBJECT: return type == K8SC_TYPE_OBJECT;
    case K8SC_FIELD_QUANTITY:
    case K8SC_FIELD_INT_OR_STRING: return is_string || is_number;
    case K8SC_FIELD_ANY: return true;
    default: return is_string;
    }
}

std::string_view without_blanks(std::string_view text)
{
    constexpr std::string_view blanks = " \t\n\r";
    size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_base64(std::string_view text)
{
    // Go passes over the ends of lines, and over nothing else.
    if (text.find_first_of(" \t") != std::string_view::npos) return false;
    try {
        if (!text.empty()) decode_base64(text, "");
        return true;
    } catch (const Error &) {
        return false;
    }
}

// RFC 3339 as Go reads it: with capitals, and without leap seconds.
bool is_time(std::string_view text)
{
    return parse_rfc3339_us(text) && text[10] == 'T' && text.back() != 'z' && text.substr(17, 2) != "60";
}

// The same with a fraction of exactly six digits.
bool is_micro_time(std::string_view text)
{
    return is_time(text) && text.size() > 26 && text[19] == '.' && text.find_first_not_of("0123456789", 20) == 26;
}

std::optional<std::string> quantity_fault(Cursor value, const std::string &text)
{
    try {
        Quantity::parse(value.type() == K8SC_TYPE_STRING ? without_blanks(text) : value.raw());
        return {};
    } catch (const Error &error) {
        return error.message;
    }
}

std::optional<std::string> integer_fault(Cursor value, bool is_int32)
{
    auto number = value.integer();
    if (number && (!is_int32 || (*number >= INT32_MIN && *number <= INT32_MAX))) return {};
    return concat("must be an integer of ", is_int32 ? "32" : "64", " bits, written without a fraction or an exponent");
}

std::optional<std::string> value_fault(int32_t form, Cursor value, bool is_int32)
{
    const std::string text = value.string().value_or("");
    switch (form) {
    case K8SC_FIELD_INTEGER: return integer_fault(value, is_int32);
    case K8SC_FIELD_INT_OR_STRING:
        if (value.type() == K8SC_TYPE_STRING) return {};
        if (auto number = value.integer(); !number || *number < INT32_MIN || *number > INT32_MAX)
            return "must be an integer of 32 bits, written without a fraction or an exponent, or a string";
        return {};
    case K8SC_FIELD_BYTES:
        if (!is_base64(text)) return "must be base64";
        return {};
    case K8SC_FIELD_QUANTITY: return quantity_fault(value, text);
    case K8SC_FIELD_TIME:
        if (!is_time(text)) return concat(quote(text), " is no time of RFC 3339, such as 2026-01-31T12:00:00Z");
        return {};
    case K8SC_FIELD_MICRO_TIME:
        if (!is_micro_time(text))
            return concat(
                quote(text),
                " is no time of RFC 3339 with six digits behind the second, such as 2026-01-31T12:00:00.000000Z");
        return {};
    case K8SC_FIELD_DURATION:
        if (!parse_duration(text)) return concat(quote(text), " is no duration, such as 1h30m");
        return {};
    default: return {};
    }
}

}  // namespace

std::optional<Fault> type_fault_of(int32_t form, Cursor value)
{
    int32_t type = value.type();
    if (takes(form, type)) return {};
    return Fault{true, concat("must be ", word_of_form(form), ", and is ", word_of_type(type))};
}

std::optional<Fault> fault_of(int32_t form, Cursor value, bool is_int32)
{
    if (auto fault = type_fault_of(form, value)) return fault;
    if (auto message = value_fault(form, value, is_int32)) return Fault{false, std::move(*message)};
    return {};
}

}  // namespace k8sc::schema
