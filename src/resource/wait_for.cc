#include "resource/wait_for.h"

#include <set>

namespace k8sc {
namespace {

// As kubectl compares; not by the locale.
bool same_word(std::string_view a, std::string_view b)
{
    auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

// The condition of this type; absent where there is none.
Cursor condition_of(const Object &object, std::string_view type)
{
    Cursor found;
    object.root().member("status").member("conditions").each([&](std::string_view, Cursor condition) {
        if (same_word(text_of(condition.member("type")), type)) found = condition;
        return !found;
    });
    return found;
}

// The controller has not seen the object yet as it is now.
bool is_outdated(const Object &object, Cursor condition)
{
    auto generation = object.root().member("metadata").member("generation").integer();
    auto observed = condition.member("observedGeneration").integer();
    if (!observed) observed = object.root().member("status").member("observedGeneration").integer();
    return generation && observed && *observed < *generation;
}

std::string described(const Object &object, const std::string &type)
{
    Cursor condition = condition_of(object, type);
    if (!condition) return concat("it has no condition ", type);
    std::string text = concat("it says ", type, "=", quote(text_of(condition.member("status"))));
    if (auto reason = text_of(condition.member("reason")); !reason.empty()) text += concat(", ", quote(reason));
    if (is_outdated(object, condition)) text += ", of an earlier generation";
    return text;
}

}  // namespace

Ref<Object> wait_for_condition(UntilSpec spec, const std::string &type, const std::string &status)
{
    if (type.empty()) fail(K8SC_E_INVALID, "argument type is empty; a condition has one, such as Ready");
    spec.what = concat("condition ", type, "=", status);
    Until until(std::move(spec));
    return until.run([&](const Event &state) {
        until.note(described(*state.object.get(), type));
        if (state.kind == K8SC_EVENT_DELETED) return false;
        Cursor condition = condition_of(*state.object.get(), type);
        return condition && same_word(text_of(condition.member("status")), status) &&
               !is_outdated(*state.object.get(), condition);
    });
}

void wait_for_deletion(UntilSpec spec)
{
    spec.what = "deletion";
    Until until(std::move(spec));
    // Those that were there at first: one, or where all namespaces are meant, one in each.
    std::set<std::string> uids;
    bool listed = false;
    until.run(
        [&](const Event &state) {
            std::string uid(state.object.get()->uid());
            until.note(concat("there is still the one with the uid ", quote(uid)));
            if (state.kind == K8SC_EVENT_DELETED)
                uids.erase(uid);
            else if (!listed)
                uids.insert(uid);
            return listed && uids.empty();
        },
        [&] {
            listed = true;
            return uids.empty();
        });
}

}  // namespace k8sc
