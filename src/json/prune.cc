#include "json/prune.h"

#include <algorithm>
#include <charconv>

#include "core/error.h"
#include "k8sc.h"
#include "json/decode.h"

namespace k8sc {

using namespace json_detail;

namespace {

constexpr uint64_t no_index = UINT64_MAX;

uint64_t index_of(std::string_view token)
{
    uint64_t index;
    auto [end, fault] = std::from_chars(token.data(), token.data() + token.size(), index);
    bool whole = fault == std::errc() && end == token.data() + token.size();
    return whole && (token.size() == 1 || token[0] != '0') ? index : no_index;
}

template <class Fn>
void each_token(std::string_view pointer, Fn &&fn)
{
    std::string token;
    while (!pointer.empty()) {
        pointer.remove_prefix(1);
        auto slash = std::min(pointer.find('/'), pointer.size());
        pointer_token(pointer.substr(0, slash), token);
        fn(token);
        pointer.remove_prefix(slash);
    }
}

void need_path(std::string_view pointer)
{
    if (!is_json_pointer(pointer)) fail(K8SC_E_INVALID, concat(quote(pointer), " is not a JSON Pointer"));
    if (pointer.empty()) fail(K8SC_E_INVALID, "the JSON Pointer \"\" names the whole object");
    // Rules are followed by recursion.
    if (std::count(pointer.begin(), pointer.end(), '/') > ptrdiff_t(max_tree_depth))
        fail(K8SC_E_INVALID,
             concat("the JSON Pointer ", quote(pointer), " has more than ", std::to_string(max_tree_depth), " parts"));
}

bool is_of_object(std::string_view name) { return name == "apiVersion" || name == "kind"; }

bool is_of_metadata(std::string_view name)
{
    return name == "name" || name == "namespace" || name == "uid" || name == "resourceVersion" || name == "labels";
}

}  // namespace

PathTree::Node PathTree::add(std::string_view pointer)
{
    Node node = root;
    each_token(pointer, [&](const std::string &token) {
        auto &named = nodes_[node].named;
        auto found = std::find_if(named.begin(), named.end(), [&](auto &branch) { return branch.name == token; });
        Node next = token == "*" ? nodes_[node].any : found != named.end() ? found->to : 0;
        if (next == 0) {
            next = static_cast<Node>(nodes_.size());
            if (token == "*")
                nodes_[node].any = next;
            else
                named.push_back({token, index_of(token), next});
            nodes_.emplace_back();
        }
        node = next;
    });
    return node;
}

void PathTree::follow_key(Node from, std::string_view raw_key, std::vector<Node> &to) const
{
    const Data &data = nodes_[from];
    for (auto &branch : data.named)
        if (same_string(raw_key, branch.name)) to.push_back(branch.to);
    if (data.any) to.push_back(data.any);
}

void PathTree::follow_index(Node from, uint64_t index, std::vector<Node> &to) const
{
    const Data &data = nodes_[from];
    for (auto &branch : data.named)
        if (branch.index == index) to.push_back(branch.to);
    if (data.any) to.push_back(data.any);
}

void PruneOptions::add_drop_path(std::string_view pointer)
{
    need_path(pointer);
    std::vector<std::string> tokens;
    each_token(pointer, [&](const std::string &token) { tokens.push_back(token); });
    bool stays = is_of_object(tokens[0]) || (tokens[0] == "metadata" && tokens.size() > 1 && is_of_metadata(tokens[1]));
    if (stays) fail(K8SC_E_INVALID, concat(quote(pointer), " cannot be dropped: objects are found by it"));
    drop_paths.emplace_back(pointer);
}

void PruneOptions::add_keep_path(std::string_view pointer)
{
    need_path(pointer);
    keep_paths.emplace_back(pointer);
}

bool PruneOptions::empty() const
{
    return !metadata_only && !drop_managed_fields && annotation_prefixes.empty() && drop_paths.empty() &&
           keep_paths.empty();
}

PruneRules::PruneRules(const PruneOptions &options)
    : metadata_only(options.metadata_only), annotation_prefixes(options.annotation_prefixes)
{
    if (options.drop_managed_fields) drop.set_end(drop.add("/metadata/managedFields"));
    if (!annotation_prefixes.empty()) drop.set_open(drop.add("/metadata/annotations"));
    for (auto &path : options.drop_paths) drop.set_end(drop.add(path));
    for (auto &path : options.keep_paths) keep.set_end(keep.add(path));
}

void Pruner::prune(std::string_view text, const PruneRules &rules, std::vector<std::string_view> &pieces)
{
    rules_ = &rules;
    pieces_ = &pieces;
    end_ = text.data() + text.size();
    stack_ = {PathTree::root, PathTree::root};
    Scope scope;
    scope.place = Place::root;
    scope.keeps_all = rules.keep.empty();
    scope.is_last = !rules.metadata_only;
    scope.keep_end = 1;
    scope.drop_begin = 1;
    scope.drop_end = rules.drop.empty() ? 1 : 2;
    container(text.data(), scope);
}

void Pruner::put(const char *begin, const char *end)
{
    if (!pieces_->empty() && pieces_->back().data() + pieces_->back().size() == begin)
        pieces_->back() = {pieces_->back().data(), static_cast<size_t>(end - pieces_->back().data())};
    else
        pieces_->emplace_back(begin, static_cast<size_t>(end - begin));
}

// Puts what stays of the container at `p`, and answers where it ends; the end of the text where all that follows was
// put, too.
const char *Pruner::container(const char *p, const Scope &scope)
{
    const bool keys = *p == '{';
    if (scope.place != Place::root) put(p, p + 1);
    p++;
    size_t left = branches(scope);
    uint64_t count = 0;
    bool any = false;
    for (; *p != '}' && *p != ']'; count++) {
        const char *from = p;
        Member member{keys, {}, count, 0};
        if (keys) {
            p = skip_string(p, end_);
            member.key = {from + 1, static_cast<size_t>(p - from - 2)};
            p++;
        }
        member.opens = *p;
        Scope inner;
        const size_t level = stack_.size();
        const Fate what = fate(member, scope, inner, left);
        if (what == Fate::dropped) {
            p = skip_value(p, end_);
        } else {
            const size_t pieces = pieces_->size();
            const std::string_view last = pieces ? pieces_->back() : std::string_view();
            if (any) put(from - 1, from);
            put(from, p);
            bool stays = true;
            if (what == Fate::entered) {
                p = container(p, inner);
                stays = inner.place != Place::annotations || !emptied_;
            } else {
                const char *end = skip_value(p, end_);
                put(p, end);
                p = end;
            }
            if (!stays) {
                pieces_->resize(pieces);
                if (pieces) pieces_->back() = last;
            }
            any = any || stays;
        }
        stack_.resize(level);
        if (p == end_) return p;
        if (rules_->metadata_only && scope.place == Place::root && member.is("metadata")) p = end_ - 1;
        if (left == 0 && scope.keeps_all && *p == ',') {
            // Nothing more that a rule speaks of.
            const char *end = scope.is_last ? end_ : rest_of_container(p, keys);
            put(any ? p : p + 1, end);
            emptied_ = false;
            return end;
        }
        if (*p == ',') p++;
    }
    put(p, p + 1);
    emptied_ = count > 0 && !any;
    return p + 1;
}

// From the comma behind a member.
const char *Pruner::rest_of_container(const char *p, bool keys) const
{
    while (*p == ',') {
        p++;
        if (keys) p = skip_string(p, end_) + 1;
        p = skip_value(p, end_);
    }
    return p + 1;
}

size_t Pruner::branches(const Scope &scope) const
{
    if (rules_->metadata_only && scope.place == Place::root) return PathTree::uncounted;
    size_t sum = 0;
    for (size_t i = scope.drop_begin; i < scope.drop_end; i++) {
        const size_t more = rules_->drop.branches(stack_[i]);
        if (more == PathTree::uncounted) return more;
        sum += more;
    }
    return sum;
}

// Puts where the nodes lead on the stack. True where a path ends there.
bool Pruner::follow(const PathTree &tree, size_t begin, size_t end, const Member &member)
{
    const size_t level = stack_.size();
    for (size_t i = begin; i < end; i++) {
        const PathTree::Node from = stack_[i];
        if (member.has_key)
            tree.follow_key(from, member.key, stack_);
        else
            tree.follow_index(from, member.index, stack_);
    }
    return std::any_of(stack_.begin() + static_cast<ptrdiff_t>(level), stack_.end(),
                       [&](auto node) { return tree.ends(node); });
}

bool Pruner::is_unwanted_annotation(const Member &member) const
{
    if (!member.has_key) return false;
    std::string plain;
    std::string_view key = member.key;
    if (key.find('\\') != std::string_view::npos) key = plain = unescape(key);
    return std::any_of(rules_->annotation_prefixes.begin(), rules_->annotation_prefixes.end(),
                       [&](auto &prefix) { return key.starts_with(prefix); });
}

bool Pruner::always_stays(const Member &member, Place place)
{
    if (!member.has_key || (place != Place::root && place != Place::metadata)) return false;
    std::string plain;
    std::string_view key = member.key;
    if (key.find('\\') != std::string_view::npos) key = plain = unescape(key);
    return place == Place::root ? is_of_object(key) : is_of_metadata(key);
}

Pruner::Fate Pruner::fate(const Member &member, const Scope &scope, Scope &inner, size_t &branches_left)
{
    if (rules_->metadata_only && scope.place == Place::root && !member.is("metadata")) return Fate::dropped;

    inner.drop_begin = stack_.size();
    bool dropped = follow(rules_->drop, scope.drop_begin, scope.drop_end, member);
    inner.drop_end = stack_.size();
    const size_t followed = inner.drop_end - inner.drop_begin;
    if (branches_left != PathTree::uncounted) branches_left -= std::min(branches_left, followed);
    if (scope.place == Place::annotations && is_unwanted_annotation(member)) dropped = true;

    inner.keeps_all = scope.keeps_all;
    inner.keep_begin = inner.keep_end = stack_.size();
    if (!scope.keeps_all) {
        inner.keeps_all = follow(rules_->keep, scope.keep_begin, scope.keep_end, member);
        inner.keep_end = stack_.size();
    }
    if (inner.keeps_all && !dropped && followed == 0) return Fate::kept;
    if (always_stays(member, scope.place)) return Fate::kept;

    const bool opens = member.opens == '{' || member.opens == '[';
    if (scope.place == Place::root && member.opens == '{' && member.is("metadata")) {
        inner.place = Place::metadata;
        if (dropped) {
            // All of it, except for what always stays.
            inner.keeps_all = false;
            inner.keep_end = inner.keep_begin;
            inner.drop_end = inner.drop_begin;
        }
    } else if (dropped) {
        return Fate::dropped;
    } else if (!inner.keeps_all && (inner.keep_begin == inner.keep_end || !opens)) {
        return Fate::dropped;
    } else if (!opens) {
        return Fate::kept;
    } else if (scope.place == Place::metadata && member.opens == '{' && member.is("annotations")) {
        inner.place = Place::annotations;
    }
    inner.is_last = scope.is_last && scope.keeps_all && inner.keeps_all && branches_left == 0;
    return Fate::entered;
}

}  // namespace k8sc
