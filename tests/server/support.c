#include "support.h"

#include <arpa/inet.h>

k8sc_client *client;
char ns[32];

/* ------------------------------------------------------------------------------------------- what a test leaves behind
 * -- */

#define POOL(name, type, size, release) \
    static type *name##_slots[size]; \
    static int name##_count; \
    type **name##_slot(void) \
    { \
        if (name##_count == size) fail_msg("the test uses more than %d of these: %s", size, #type); \
        return &name##_slots[name##_count++]; \
    } \
    static void drop_##name(void) \
    { \
        while (name##_count) { \
            name##_count--; \
            release(name##_slots[name##_count]); \
            name##_slots[name##_count] = NULL; \
        } \
    }

static k8sc_status closing;

static void close_client(k8sc_client *of)
{
    if (of && k8sc_client_close(of, 20000, NULL) < 0) closing = K8SC_E_TIMEOUT;
    k8sc_client_unref(of);
}

POOL(object, k8sc_object, 2048, k8sc_object_unref)
POOL(list, k8sc_list, 512, k8sc_list_free)
POOL(options, k8sc_options, 64, k8sc_options_free)
POOL(resource, k8sc_resource, 256, k8sc_resource_unref)
POOL(config, k8sc_config, 32, k8sc_config_free)
POOL(client, k8sc_client, 32, close_client)
POOL(clientset, k8sc_clientset, 32, k8sc_clientset_unref)
POOL(watch, k8sc_watch, 32, k8sc_watch_unref)
POOL(event, k8sc_event, 1024, k8sc_event_free)
POOL(informer, k8sc_informer, 32, k8sc_informer_unref)
POOL(factory, k8sc_informer_factory, 32, k8sc_informer_factory_unref)
POOL(informer_options, k8sc_informer_options, 32, k8sc_informer_options_free)
POOL(registration, k8sc_registration, 32, k8sc_registration_unref)
POOL(lister, k8sc_lister, 32, k8sc_lister_unref)
POOL(strings, k8sc_strings, 32, k8sc_strings_free)
POOL(rest, k8sc_rest_client, 32, k8sc_rest_client_unref)
POOL(request, k8sc_request, 64, k8sc_request_free)
POOL(result, k8sc_result, 256, k8sc_result_free)
POOL(stream, k8sc_stream, 32, k8sc_stream_free)
POOL(call, k8sc_call, 64, k8sc_call_unref)
POOL(cancel, k8sc_cancel, 32, k8sc_cancel_unref)
POOL(pager, k8sc_pager, 32, k8sc_pager_free)

static void drop_all(void)
{
    drop_stream(), drop_pager(), drop_call(), drop_request(), drop_result(), drop_rest();
    drop_registration(), drop_lister(), drop_strings(), drop_informer(), drop_factory(), drop_informer_options();
    drop_event(), drop_watch(), drop_resource(), drop_options(), drop_cancel(), drop_list(), drop_object();
    drop_clientset(), drop_client(), drop_config();
}

int begin(void **state)
{
    static int tests;
    (void)state;
    closing = K8SC_OK;
    client = client_of(config_of("admin"));
    snprintf(ns, sizeof ns, "test-%d", ++tests);
    create(resource_in(client, "", "v1", "namespaces", NULL), json("{'metadata':{'name':'%s'}}", ns));
    return 0;
}

int end(void **state)
{
    (void)state;
    drop_all();
    release_tracked();
    forget_errors();
    client = NULL;
    return closing == K8SC_OK ? 0 : -1;
}

/* ----------------------------------------------------------------------------------------------------------- clients
 * -- */

k8sc_config *config_of(const char *context)
{
    k8sc_config **config = config_slot();
    char path[128];
    snprintf(path, sizeof path, "%s/kubeconfig", cluster_dir);
    OK(k8sc_config_load(path, context, config, &err));
    OK(k8sc_config_set_rate_limit(*config, -1, 0, &err));
    return *config;
}

k8sc_client *client_of(const k8sc_config *config)
{
    k8sc_client **made = client_slot();
    OK(k8sc_client_new(config, made, &err));
    return *made;
}

struct relay *relay_to_cluster(void)
{
    return new_relay(&(struct relay_settings){.kind = RELAY, .port = cluster_port});
}

k8sc_config *config_through(struct relay *relay)
{
    k8sc_config *config = config_of("admin");
    OK(k8sc_config_set_server(config, relay_url(relay, "https"), &err));
    return config;
}

k8sc_resource *resource_in(k8sc_client *of, const char *group, const char *version, const char *resource,
                           const char *in_namespace)
{
    k8sc_resource **made = resource_slot();
    OK(k8sc_client_resource(of, group, version, resource, in_namespace, made, &err));
    return *made;
}

k8sc_resource *configmaps(void) { return resource_in(client, "", "v1", "configmaps", ns); }
k8sc_resource *pods(void) { return resource_in(client, "", "v1", "pods", ns); }

k8sc_options *options(void)
{
    k8sc_options **made = options_slot();
    OK(k8sc_options_new(made, &err));
    return *made;
}

k8sc_options *with_field_manager(const char *name)
{
    k8sc_options *made = options();
    OK(k8sc_options_set_field_manager(made, name, &err));
    return made;
}

k8sc_options *with_label_selector(const char *selector)
{
    k8sc_options *made = options();
    OK(k8sc_options_set_label_selector(made, selector, &err));
    return made;
}

/* ----------------------------------------------------------------------------------------------------------- objects
 * -- */

k8sc_object *json(const char *format, ...)
{
    char text[4096], *quote;
    k8sc_object **made = object_slot();
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    for (quote = text; (quote = strchr(quote, '\'')); quote++) *quote = '"';
    OK(k8sc_object_parse_json(text, strlen(text), made, &err));
    return *made;
}

k8sc_object *configmap(const char *name, const char *value)
{
    return json(
        "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'%s','labels':{'size':'%s'}},'data':{'size':'%s'}}",
        name, value, value);
}

k8sc_object *pod(const char *name)
{
    return json(
        "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'%s'},'spec':{'containers':[{'name':'one','image':'img:1'},"
        "{'name':'two','image':'img:2'}]}}",
        name);
}

k8sc_object *create(k8sc_resource *resource, const k8sc_object *object)
{
    k8sc_object **made = object_slot();
    OK(k8sc_resource_create(resource, object, NULL, made, &err));
    return *made;
}

k8sc_object *get(k8sc_resource *resource, const char *name)
{
    k8sc_object **got = object_slot();
    OK(k8sc_resource_get(resource, name, NULL, got, &err));
    return *got;
}

k8sc_list *list(k8sc_resource *resource, const k8sc_options *selected)
{
    k8sc_list **got = list_slot();
    OK(k8sc_resource_list(resource, selected, got, &err));
    return *got;
}

void remove_object(k8sc_resource *resource, const char *name)
{
    OK(k8sc_resource_delete(resource, name, NULL, NULL, &err));
}

const char *version_of(k8sc_resource *resource) { return k8sc_list_resource_version(list(resource, NULL)); }

int exists(k8sc_resource *resource, const char *name)
{
    k8sc_status status = k8sc_resource_get(resource, name, NULL, NULL, &err);
    if (status == K8SC_OK) return 1;
    FAILS(K8SC_E_API, status);
    if (!k8sc_error_is_not_found(failure)) fail_msg("%s", k8sc_error_message(failure));
    return 0;
}

/* ----------------------------------------------------------------------------------------------------------- release
 * -- */

int server_minor(void)
{
    k8sc_discovery *discovery = NULL;
    k8sc_object **version = object_slot();
    OK(k8sc_discovery_new(client, &discovery, &err));
    k8sc_status status = k8sc_discovery_server_version(discovery, version, &err);
    k8sc_discovery_unref(discovery);
    OK(status);
    /* "36+" for what is built from a branch. */
    const char *minor = k8sc_object_str(*version, "/minor", NULL);
    assert_non_null(minor);
    return atoi(minor);
}

int server_has(const char *group_version, const char *resource)
{
    k8sc_discovery *discovery = NULL;
    int enabled = 0;
    OK(k8sc_discovery_new(client, &discovery, &err));
    k8sc_status status = k8sc_discovery_is_resource_enabled(discovery, group_version, resource, &enabled, &err);
    k8sc_discovery_unref(discovery);
    OK(status);
    return enabled;
}

/* --------------------------------------------------------------------------------------------------- custom resource
 * -- */

static int is_served(k8sc_resource *resource)
{
    k8sc_list *served = NULL;
    k8sc_status status = k8sc_resource_list(resource, NULL, &served, NULL);
    k8sc_list_free(served);
    return status == K8SC_OK;
}

void make_custom_resource(const char *plural, const char *kind)
{
    k8sc_resource *definitions = resource_in(client, "apiextensions.k8s.io", "v1", "customresourcedefinitions", NULL);
    k8sc_resource *made = resource_in(client, WIDGETS_GROUP, "v1", plural, ns);
    char name[128];
    snprintf(name, sizeof name, "%s.%s", plural, WIDGETS_GROUP);
    if (!exists(definitions, name))
        create(definitions,
               json("{'metadata':{'name':'%s'},'spec':{'group':'%s','scope':'Namespaced','names':{'plural':'%s','kind':"
                    "'%s'},"
                    "'versions':[{'name':'v1','served':true,'storage':true,'subresources':{'status':{},'scale':{"
                    "'specReplicasPath':'.spec.replicas','statusReplicasPath':'.status.replicas'}},"
                    "'schema':{'openAPIV3Schema':{'type':'object','properties':{"
                    "'spec':{'type':'object','x-kubernetes-preserve-unknown-fields':true,'properties':{"
                    "'size':{'type':'string','pattern':'^[a-z0-9]*$'},'replicas':{'type':'integer'}}},"
                    "'status':{'type':'object','x-kubernetes-preserve-unknown-fields':true,'properties':{"
                    "'replicas':{'type':'integer'}}}}}}}]}}",
                    name, WIDGETS_GROUP, plural, kind));
    WAIT_UNTIL(is_served(made), 30);
}

void make_widgets(void) { make_custom_resource("widgets", "Widget"); }

k8sc_resource *widgets(void)
{
    make_widgets();
    return resource_in(client, WIDGETS_GROUP, "v1", "widgets", ns);
}

k8sc_object *widget(const char *name, const char *value)
{
    return json("{'apiVersion':'" WIDGETS_GROUP "/v1','kind':'Widget','metadata':{'name':'%s','labels':{'size':'%s'}},"
                "'spec':{'size':'%s','replicas':1}}",
                name, value, value);
}

const struct kind configmap_kind = {"", "v1", "configmaps", "/data/size", configmap};
const struct kind widget_kind = {WIDGETS_GROUP, "v1", "widgets", "/spec/size", widget};

k8sc_resource *resource_of(const struct kind *kind)
{
    if (kind == &widget_kind) make_widgets();
    return resource_in(client, kind->group, kind->version, kind->plural, ns);
}

/* ---- waiting */

void pump(k8sc_client *of)
{
    OK(k8sc_queue_wait(k8sc_client_queue(of), 50, NULL, &err));
    OK(k8sc_queue_dispatch(k8sc_client_queue(of), 0, NULL, &err));
}

const k8sc_event *next_event(void)
{
    k8sc_queue *queue = k8sc_client_queue(client);
    k8sc_event **taken = event_slot();
    int64_t until = now_ms() + 30000;
    while (OK(k8sc_queue_take(queue, taken, &err)), !*taken) {
        if (now_ms() > until) fail_msg("no event within 30 s");
        OK(k8sc_queue_wait(queue, 1000, NULL, &err));
    }
    return *taken;
}

const k8sc_event *expect_event(int32_t kind, const char *name)
{
    const k8sc_event *event = next_event();
    const k8sc_object *object = k8sc_event_object(event);
    if (k8sc_event_kind(event) != kind)
        fail_msg("event %s %s (%s) instead of kind %d", k8sc_event_kind_name(event),
                 object ? k8sc_object_name(object) : "",
                 k8sc_event_error(event) ? k8sc_error_message(k8sc_event_error(event)) : "no error", kind);
    if (name) assert_string_equal(k8sc_object_name(object), name);
    return event;
}

void expect_no_event(void)
{
    k8sc_event **taken = event_slot();
    OK(k8sc_queue_take(k8sc_client_queue(client), taken, &err));
    if (*taken) fail_msg("event %s, where none was to come", k8sc_event_kind_name(*taken));
}

int connections_to(int port)
{
    int fd, count = 0;
    for (fd = 0; fd < 1024; fd++) {
        struct sockaddr_in peer;
        socklen_t size = sizeof peer;
        if (getpeername(fd, (struct sockaddr *)&peer, &size) == 0 && peer.sin_family == AF_INET &&
            ntohs(peer.sin_port) == port)
            count++;
    }
    return count;
}
