// k8sc_value_*, k8sc_quantity_*.
#include <cstring>

#include "api/guard.h"
#include "core/duration.h"
#include "core/pem.h"
#include "core/quantity.h"
#include "core/wall_clock.h"
#include "json/object.h"

using namespace k8sc;
using namespace k8sc::api;

namespace {

constexpr k8sc_value absent = {nullptr, 0, 0};

Cursor cursor_of(k8sc_value value)
{
    if (!value.object) return {};
    std::string_view json = value.object->json();
    if (value.begin >= json.size()) return {};
    return Cursor::within(json.data() + value.begin, json.data() + json.size());
}

k8sc_value value_of(const Object *object, Cursor cursor)
{
    if (!cursor) return absent;
    std::string_view json = object->json();
    return {object, static_cast<uint32_t>(cursor.begin() - json.data()), static_cast<uint32_t>(json.size())};
}

template <class Find>
k8sc_value find(k8sc_value value, Find &&find)
{
    return guard_value<k8sc_value>(absent, [&] { return value_of(value.object, find(cursor_of(value))); });
}

template <class T, class Read>
T read(k8sc_value value, T fallback, Read &&read)
{
    return guard_value<T>(fallback, [&]() -> T { return read(cursor_of(value)).value_or(fallback); });
}

template <class Run>
k8sc_status with_quantity(const char *text, void *out, k8sc_error **err, Run &&run)
{
    return guard(err, [&] {
        need(text, "quantity");
        need(out, "out");
        run(Quantity::parse(text));
    });
}

template <class Run>
k8sc_status with_quantities(const char *a, const char *b, void *out, k8sc_error **err, Run &&run)
{
    return guard(err, [&] {
        need(out, "out");
        need(a, "a");
        need(b, "b");
        run(Quantity::parse(a), Quantity::parse(b));
    });
}

}  // namespace

extern "C" {

k8sc_value k8sc_object_value(const k8sc_object *object)
{
    if (!object) return absent;
    return value_of(object, object->root());
}

k8sc_value k8sc_value_along(k8sc_value value, const char *path)
{
    if (!path) return absent;
    return find(value, [&](Cursor cursor) { return cursor.along(path); });
}

k8sc_value k8sc_value_at(k8sc_value value, const char *pointer)
{
    if (!pointer) return absent;
    return find(value, [&](Cursor cursor) { return cursor.at(pointer); });
}

k8sc_value k8sc_value_member(k8sc_value value, const char *key)
{
    if (!key) return absent;
    return find(value, [&](Cursor cursor) { return cursor.member(key); });
}

k8sc_value k8sc_value_element(k8sc_value value, int64_t index)
{
    if (index < 0) return absent;
    return find(value, [&](Cursor cursor) { return cursor.element(static_cast<uint64_t>(index)); });
}

k8sc_value k8sc_value_first(k8sc_value value)
{
    return find(value, [](Cursor cursor) { return cursor.first(); });
}

k8sc_value k8sc_value_next(k8sc_value value)
{
    // The document follows nothing.
    if (value.begin == 0) return absent;
    return find(value, [](Cursor cursor) { return cursor.next(); });
}

const char *k8sc_value_key(k8sc_value value, size_t *len)
{
    if (len) *len = 0;
    return guard_value<const char *>(nullptr, [&]() -> const char * {
        Cursor cursor = cursor_of(value);
        if (!cursor) return nullptr;
        auto raw = key_before(cursor.begin(), value.object->json().data());
        if (!raw) return nullptr;
        std::string_view text = value.object->text_of_raw(*raw);
        if (len) *len = text.size();
        return text.data();
    });
}

int32_t k8sc_value_type(k8sc_value value) { return cursor_of(value).type(); }

const char *k8sc_value_str(k8sc_value value, size_t *len)
{
    if (len) *len = 0;
    return guard_value<const char *>(nullptr, [&]() -> const char * {
        Cursor cursor = cursor_of(value);
        if (cursor.type() != K8SC_TYPE_STRING) return nullptr;
        std::string_view text = value.object->text_of(cursor);
        if (len) *len = text.size();
        return text.data();
    });
}

int64_t k8sc_value_int(k8sc_value value, int64_t fallback)
{
    return read<int64_t>(value, fallback, [](Cursor cursor) { return cursor.integer(); });
}

int k8sc_value_bool(k8sc_value value, int fallback)
{
    return read<int>(value, fallback, [](Cursor cursor) -> std::optional<int> {
        if (auto boolean = cursor.boolean()) return int(*boolean);
        return {};
    });
}

double k8sc_value_number(k8sc_value value, double fallback)
{
    return read<double>(value, fallback, [](Cursor cursor) { return cursor.number(); });
}

int64_t k8sc_value_size(k8sc_value value) { return cursor_of(value).size(); }

const char *k8sc_value_raw(k8sc_value value, size_t *len)
{
    std::string_view raw = cursor_of(value).raw();
    if (len) *len = raw.size();
    return raw.data();
}

int64_t k8sc_value_time_us(k8sc_value value, int64_t fallback)
{
    return read<int64_t>(value, fallback, [](Cursor cursor) { return parse_rfc3339_us(cursor.string().value_or("")); });
}

int64_t k8sc_value_duration_ns(k8sc_value value, int64_t fallback)
{
    return read<int64_t>(value, fallback, [](Cursor cursor) { return parse_duration(cursor.string().value_or("")); });
}

k8sc_status k8sc_value_bytes(k8sc_value value, char **out, size_t *len, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need(len, "len");
        *len = 0;
        auto text = cursor_of(value).string();
        if (!text) fail(K8SC_E_INVALID, "argument value is not a string");
        std::string bytes = text->empty() ? "" : decode_base64(*text, "the value");
        auto copy = static_cast<char *>(malloc(bytes.size() + 1));
        if (!copy) throw std::bad_alloc();
        memcpy(copy, bytes.c_str(), bytes.size() + 1);
        *out = copy;
        *len = bytes.size();
    });
}

k8sc_status k8sc_quantity_compare(const char *a, const char *b, int *out, k8sc_error **err)
{
    return with_quantities(a, b, out, err,
                           [&](const Quantity &left, const Quantity &right) { *out = compare(left, right); });
}

k8sc_status k8sc_quantity_value(const char *quantity, int64_t *out, k8sc_error **err)
{
    return with_quantity(quantity, out, err, [&](const Quantity &parsed) { *out = parsed.scaled(0); });
}

k8sc_status k8sc_quantity_milli_value(const char *quantity, int64_t *out, k8sc_error **err)
{
    return with_quantity(quantity, out, err, [&](const Quantity &parsed) { *out = parsed.scaled(3); });
}

k8sc_status k8sc_quantity_number(const char *quantity, double *out, k8sc_error **err)
{
    return with_quantity(quantity, out, err, [&](const Quantity &parsed) { *out = parsed.number(); });
}

k8sc_status k8sc_quantity_add(const char *a, const char *b, char **out, k8sc_error **err)
{
    if (out) *out = nullptr;
    return with_quantities(
        a, b, out, err, [&](const Quantity &left, const Quantity &right) { *out = new_text((left + right).text()); });
}

k8sc_status k8sc_quantity_subtract(const char *a, const char *b, char **out, k8sc_error **err)
{
    if (out) *out = nullptr;
    return with_quantities(
        a, b, out, err, [&](const Quantity &left, const Quantity &right) { *out = new_text((left + -right).text()); });
}

k8sc_status k8sc_quantity_canonical(const char *quantity, char **out, k8sc_error **err)
{
    if (out) *out = nullptr;
    return with_quantity(quantity, out, err, [&](const Quantity &parsed) { *out = new_text(parsed.text()); });
}

}  // extern "C"
