// create, update, patch, delete and deletecollection.
#include <algorithm>

#include <k8sc.h>

#include "testing/api/api.h"
#include "testing/api/list.h"
#include "testing/api/subresources.h"
#include "testing/base/text.h"
#include "testing/patch/patch.h"
#include "testing/patch/strategic.h"
#include "testing/rules/metadata.h"
#include "testing/schema/definition.h"
#include "testing/schema/since.h"
#include "testing/schema/status.h"
#include "testing/schema/structural.h"
#include "testing/schema/typed.h"
#include "testing/store/custom.h"

namespace k8sc::testing {

namespace {

const char merge_patch_type[] = "application/merge-patch+json";
const char json_patch_type[] = "application/json-patch+json";
const char strategic_patch_type[] = "application/strategic-merge-patch+json";
const char apply_type[] = "application/apply-patch+yaml";

// Without its parameters.
std::string content_type(const Request &request)
{
    const std::string_view type = request.header("Content-Type");
    return lower(std::string(trimmed(type.substr(0, type.find(';')))));
}

void check_dry_run(const std::string &options, const std::vector<std::string> &values, int release)
{
    for (const std::string &value : values) {
        if (value == "All") continue;
        const std::string shown =
            release >= since::values_as_json ? "[" + in_quotes(value) + "]" : "[]string{\"" + value + "\"}";
        throw invalid_options(options, unsupported_value("dryRun", shown, "\"All\""));
    }
}

}  // namespace

bool is_dry_run(const Request &request, const std::string &options, int release)
{
    const std::vector<std::string> values = request.parameters("dryRun");
    check_dry_run(options, values, release);
    return !values.empty();
}

namespace {

Json parse_body(const Request &request, const std::string &what)
{
    std::string why;
    Json json = Json::parse(request.body, why);
    if (!json) throw bad_request(what + ": couldn't get version/kind; json parse error: " + why);
    return json;
}

}  // namespace

void check_body_type(const Request &request)
{
    const std::string type = content_type(request);
    if (!type.empty() && type != "application/json") throw unsupported_media_type(type, "application/json");
}

Json parse_object(const Request &request, const Kind &kind)
{
    check_body_type(request);
    return parse_body(request, "the object provided is unrecognized (must be of type " + kind.kind + ")");
}

namespace {

void check_policy(const std::string &policy)
{
    if (policy.empty() || policy == "Foreground" || policy == "Background" || policy == "Orphan") return;
    throw invalid_options("DeleteOptions", unsupported_value("propagationPolicy", "\"" + policy + "\"",
                                                             "\"Foreground\", \"Background\", \"Orphan\", \"nil\""));
}

// The options of a delete come in its body, and may come in the query.
DeleteOptions delete_options(const Request &request, int release)
{
    DeleteOptions options;
    options.dry_run = is_dry_run(request, "DeleteOptions", release);
    options.policy = request.parameter("propagationPolicy");
    check_policy(options.policy);
    if (!request.parameter("gracePeriodSeconds").empty()) options.grace_seconds = request.number("gracePeriodSeconds");
    if (!request.body.empty()) check_body_type(request);
    const Json body =
        request.body.empty() ? Json::object() : parse_body(request, "the delete options are unrecognized");
    read_delete_options(body.get(), options, release);
    return options;
}

// What is of another type would be overlooked, and the wrong thing deleted, or too much.
void check_delete_options(const json_t *body)
{
    const auto check = [](const json_t *value, const char *field, const char *wanted, bool fits) {
        if (value && !json_is_null(value) && !fits)
            throw bad_request(std::string("DeleteOptions: ") + field + ": " + wanted + " expected, got " +
                              type_name(value));
    };
    if (!body || json_is_null(body)) return;
    if (!json_is_object(body))
        throw bad_request(std::string("DeleteOptions: an object was expected and not one of type ") + type_name(body));
    const json_t *preconditions = json_object_get(body, "preconditions"), *dry_run = json_object_get(body, "dryRun");
    check(preconditions, "preconditions", "object", json_is_object(preconditions));
    check(dry_run, "dryRun", "array", json_is_array(dry_run));
    for (const char *field : {"uid", "resourceVersion"}) {
        const json_t *value = json_object_get(preconditions, field);
        check(value, field, "string", json_is_string(value));
    }
    const json_t *policy = json_object_get(body, "propagationPolicy"),
                 *orphan = json_object_get(body, "orphanDependents");
    const json_t *grace = json_object_get(body, "gracePeriodSeconds");
    check(policy, "propagationPolicy", "string", json_is_string(policy));
    check(orphan, "orphanDependents", "boolean", json_is_boolean(orphan));
    check(grace, "gracePeriodSeconds", "integer", json_is_integer(grace));
}

}  // namespace

void read_delete_options(const json_t *body, DeleteOptions &options, int release)
{
    check_delete_options(body);
    options.uid = text_at(body, {"preconditions", "uid"});
    options.resource_version = text_at(body, {"preconditions", "resourceVersion"});
    std::vector<std::string> dry_run;
    const json_t *values = value_at(body, {"dryRun"});
    for (size_t i = 0; i < json_array_size(values); ++i) dry_run.emplace_back(text_at(json_array_get(values, i), {}));
    check_dry_run("DeleteOptions", dry_run, release);
    options.dry_run = options.dry_run || !dry_run.empty();
    if (const json_t *grace = json_object_get(body, "gracePeriodSeconds"); json_is_integer(grace))
        options.grace_seconds = json_integer_value(grace);
    if (json_is_true(json_object_get(body, "orphanDependents"))) options.policy = "Orphan";
    if (const std::string policy(text_at(body, {"propagationPolicy"})); !policy.empty()) options.policy = policy;
    check_policy(options.policy);
}

namespace {

ApiError unsupported_patch(const Kind &kind, const std::string &type)
{
    const std::string strategic = kind.custom ? "" : std::string(strategic_patch_type) + ", ";
    return unsupported_media_type(type, std::string(json_patch_type) + ", " + merge_patch_type + ", " + strategic +
                                            apply_type);
}

// Whom changes are put down to: who is named, or the program that asks.
Writer writer_of(const Request &request, const std::string &options)
{
    constexpr size_t longest_manager = 128;
    Writer writer;
    writer.manager = request.parameter("fieldManager");
    if (writer.manager.size() > longest_manager)
        throw invalid_options(options, {"FieldValueTooLong", "Too long: must have at most 128 bytes", "fieldManager"});
    if (writer.manager.empty()) {
        const std::string_view agent = request.header("User-Agent");
        writer.manager = agent.substr(0, agent.find('/'));
    }
    writer.subresource = request.subresource;
    return writer;
}

// What is applied may be YAML; JSON is YAML, too.
Json parse_applied(const std::string &text)
{
    k8sc_object *object = nullptr;
    k8sc_error *err = nullptr;
    std::string why;
    Json parsed;
    if (k8sc_object_parse_yaml(text.data(), text.size(), &object, &err) == K8SC_OK)
        parsed = Json::parse(k8sc_object_json(object, nullptr), why);
    else
        why = k8sc_error_message(err);
    k8sc_object_unref(object);
    k8sc_error_free(err);
    if (!parsed) throw bad_request("error decoding YAML: " + why);
    return parsed;
}

// How a document came about: what is wrong with it is told accordingly.
enum class DocumentSource { sent, patched, applied };

ApiError wrong_type(const Kind &kind, const std::string &name, DocumentSource came, const std::string &why)
{
    if (came == DocumentSource::applied) return internal("failed to create typed patch object: " + why);
    if (came == DocumentSource::patched) return invalid(kind, name, invalid_value("patch", "\"\"", why));
    return bad_request(kind.kind + " in version \"" + kind.version + "\" cannot be handled as a " + kind.kind + ": " +
                       why);
}

std::string joined(const std::vector<std::string> &texts)
{
    std::string all;
    for (const std::string &text : texts) all += (all.empty() ? "" : ", ") + text;
    return all;
}

// Holds a document against the type of its kind: what no server can read is refused by strict servers, what there is no
// field for by strict requests.
class Typed {
  public:
    Typed(const Request &request, const Kind &kind, const std::string &options, const ApiOptions &server)
        : kind_(kind),
          name_(request.name),
          // A scale is read for what it must have.
          strict_(server.strict && request.subresource != "scale"),
          // Since 1.25 servers warn.
          validation_(field_validation_of(request.parameter("fieldValidation"), options,
                                          server.release >= 25 ? FieldValidation::warn : FieldValidation::ignore))
    {
    }

    // `text`: the document as it was sent; what a patch makes of one is written anew.
    Json checked(Json document, DocumentSource came, const std::string *text = nullptr)
    {
        const bool plain = !kind_.structural && !is_definition(kind_);
        // What a schema has no field for goes when the object is made.
        if (validation_ == FieldValidation::ignore && (kind_.structural || (plain && !strict_))) return document;
        const TypeErrors errors =
            plain ? type_errors(kind_, text ? *text : dump(document.get())) : errors_taken_from(document.get());
        if ((strict_ || !plain) && !errors.wrong.empty()) throw wrong_type(kind_, name_, came, errors.wrong.front());
        if (validation_ == FieldValidation::strict && !errors.strict.empty())
            throw wrong_type(kind_, name_, came == DocumentSource::applied ? DocumentSource::sent : came,
                             "strict decoding error: " + joined(errors.strict));
        if (validation_ == FieldValidation::warn) warnings_ = errors.strict;
        if (strict_) keep_known(kind_, document.get());
        return document;
    }

    Reply warned(Reply reply) const
    {
        for (const std::string &warning : warnings_)
            reply.headers.emplace_back("Warning", "299 - " + in_quotes(warning));
        return reply;
    }

  private:
    // What a schema finds wrong otherwise is told with what else is wrong with the object.
    TypeErrors errors_taken_from(json_t *document) const
    {
        if (is_definition(kind_)) return read_definition(document);
        TypeErrors errors;
        for (const std::string &field : kind_.structural->prune(document))
            errors.strict.push_back("unknown field \"" + field + "\"");
        return errors;
    }

    const Kind &kind_;
    const std::string &name_;
    const bool strict_;
    const FieldValidation validation_;
    std::vector<std::string> warnings_;
};

}  // namespace

Reply Api::create(const Request &request, KindPtr kind)
{
    const bool dry_run = is_dry_run(request, "CreateOptions", options_.release);
    const Writer writer = writer_of(request, "CreateOptions");
    const KindPtr sent = kind;
    Typed typed(request, *sent, "CreateOptions", options_);
    Json document = typed.checked(parse_object(request, *kind), DocumentSource::sent, &request.body);
    const ObjectPtr object = resources_.create(kind, request.ns, std::move(document), dry_run, &writer);
    return typed.warned(shown(201, request, *kind, object));
}

Reply Api::update(const Request &request, const KindPtr &kind)
{
    const bool patches = request.method == "PATCH";
    const std::string type = content_type(request);
    if (patches && type == apply_type) {
        if (request.subresource == "scale") throw unsupported_patch(*scale_kind(), type);
        return apply(request, kind);
    }
    const bool scales = request.subresource == "scale";
    const Kind &seen = scales ? *scale_kind() : *kind;
    const bool strategic = type == strategic_patch_type && !seen.custom;
    if (patches && type != merge_patch_type && type != json_patch_type && !strategic)
        throw unsupported_patch(seen, type);
    const bool dry_run = is_dry_run(request, patches ? "PatchOptions" : "UpdateOptions", options_.release);
    if (patches && !request.parameter("force").empty())
        throw invalid_options("PatchOptions", forbidden("force", "may not be specified for non-apply patch"));
    const Json body = patches ? parse_body(request, "the patch is unrecognized") : parse_object(request, seen);
    if (type != json_patch_type && patches && !json_is_object(body.get()))
        throw bad_request("the patch is no JSON object");
    const Writer writer = writer_of(request, patches ? "PatchOptions" : "UpdateOptions");
    Typed typed(request, seen, patches ? "PatchOptions" : "UpdateOptions", options_);
    const Json sent = patches ? Json() : typed.checked(body, DocumentSource::sent, &request.body);
    const auto change = [&](Json document) {
        if (!patches) return sent.copy();
        if (strategic)
            document = strategic_patch(std::move(document), body.get(), Shape::of(seen));
        else
            document = type == merge_patch_type ? merge_patch(std::move(document), body.get())
                                                : json_patch(std::move(document), body.get());
        return typed.checked(std::move(document), DocumentSource::patched);
    };
    if (!patches && !scales) {
        // Before anybody looks whether it is there.
        const Json looked_at = sent.copy();
        check_document(seen, looked_at.get());
        check_identity(seen, request.ns, request.name, looked_at.get());
    }
    const Resources::Change whole = scales ? scale_change(*kind, request.name, change) : change;
    if (scales && !store_.find(kind->collection(), request.ns + "/" + request.name))
        throw not_found(named_scale(*kind), request.name);
    const ObjectPtr object = resources_.update(*kind, request.ns, request.name, whole, writer, dry_run);
    return typed.warned(scales ? json_reply(200, dump(scale_of(*kind, object->document().get()).get()))
                               : shown(200, request, *kind, object));
}

Reply Api::apply(const Request &request, KindPtr kind)
{
    const bool dry_run = is_dry_run(request, "PatchOptions", options_.release);
    Writer writer = writer_of(request, "PatchOptions");
    writer.applies = true;
    writer.force = request.flag("force");
    if (request.parameter("fieldManager").empty())
        throw invalid_options("PatchOptions", required_value("fieldManager", "is required for apply patch"));
    const KindPtr sent = kind;
    Typed typed(request, *sent, "PatchOptions", options_);
    const Json config = typed.checked(parse_applied(request.body), DocumentSource::applied);
    check_document(*kind, config.copy().get());
    if (value_at(config.get(), {"metadata", "managedFields"})) throw bad_request("metadata.managedFields must be nil");
    // An object of this name may come or go between a look and a change.
    for (;;) {
        try {
            const auto change = [&](Json document) { return applied(*kind, document, config.copy(), writer); };
            const ObjectPtr object = resources_.update(*kind, request.ns, request.name, change, writer, dry_run);
            return typed.warned(shown(200, request, *kind, object));
        } catch (const ApiError &error) {
            if (error.code != 404 || !writer.subresource.empty()) throw;
        }
        try {
            Json made = applied(*kind, Json(), config.copy(), writer);
            const std::string name(text_at(made.get(), {"metadata", "name"}));
            if (name != request.name)
                throw bad_request("the name of the object (" + name + ") does not match the name on the URL (" +
                                  request.name + ")");
            const ObjectPtr object = resources_.create(kind, request.ns, std::move(made), dry_run);
            return typed.warned(shown(201, request, *kind, object));
        } catch (const ApiError &error) {
            if (error.reason != "AlreadyExists") throw;
        }
    }
}

Reply Api::remove(const Request &request, const KindPtr &kind)
{
    const Deletion deletion =
        resources_.remove(*kind, request.ns, request.name, delete_options(request, options_.release));
    if (deletion.gone && !kind->returns_deleted)
        return json_reply(200, success_status(*kind, request.name, deletion.object->uid));
    return shown(200, request, *kind, deletion.object);
}

Reply Api::remove_collection(const Request &request, const KindPtr &kind)
{
    const ListOptions options(request, *kind, streaming_, options_.strict);
    const DeleteOptions how = delete_options(request, options_.release);
    std::vector<ObjectPtr> chosen;
    const auto see = [&](const ObjectPtr &object) {
        if (options.selector.matches(*object)) chosen.push_back(object);
        return options.limit == 0 || chosen.size() < static_cast<size_t>(options.limit);
    };
    ListReply reply;
    reply.kind = kind;
    reply.resource_version = store_.scan(kind->collection(), key_prefix(request, *kind), "", 0, see).resource_version;
    for (const ObjectPtr &object : chosen) {
        try {
            reply.items.push_back(resources_.remove(*kind, object->ns, object->name, how).object);
        } catch (const ApiError &error) {
            // Somebody else was quicker.
            if (error.code != 404) throw;
        }
    }
    return reply.make();
}

}  // namespace k8sc::testing
