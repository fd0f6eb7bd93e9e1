#include "fake_server.h"

#include "expect.h"

k8sc_testing_server *server;

/* Each with an error of its own, since they run on many threads. */

void put_json(const char *json)
{
    k8sc_error *err;
    OK(k8sc_testing_server_put(server, json, strlen(json), &err));
}

void put_labelled(const char *ns, const char *name, const char *value, const char *labels_json)
{
    char json[1024], data[512] = "", labels[512] = "";
    if (value) snprintf(data, sizeof data, ",\"data\":{\"v\":\"%s\"}", value);
    if (labels_json) snprintf(labels, sizeof labels, ",\"labels\":%s", labels_json);
    const int len = snprintf(json, sizeof json,
                             "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\","
                             "\"namespace\":\"%s\"%s}%s}",
                             name, ns, labels, data);
    assert_in_range(len, 1, sizeof json - 1);
    put_json(json);
}

void put_map(const char *ns, const char *name, const char *value) { put_labelled(ns, name, value, NULL); }

void remove_map(const char *ns, const char *name)
{
    k8sc_error *err;
    OK(k8sc_testing_server_remove(server, "", "v1", "configmaps", ns, name, &err));
}

int64_t version_now(void)
{
    int64_t version = 0;
    k8sc_error *err;
    OK(k8sc_testing_server_resource_version(server, &version, &err));
    return version;
}

int64_t fault(const char *rule)
{
    int64_t id = 0;
    k8sc_error *err;
    OK(k8sc_testing_server_add_fault(server, rule, &id, &err));
    assert_true(id > 0);
    return id;
}

void clear_faults(void)
{
    k8sc_error *err;
    OK(k8sc_testing_server_clear_faults(server, &err));
}
