/*
 * The interface that all languages share: k8sc.h said again as classes with methods.
 *
 * A method without a body is the library's function of that name: `k8sc_status close(...)` within `%extend k8sc_client` is
 * k8sc_client_close. It is restated rather than included so that ownership, booleans and what a language has no use for are said
 * here; check_coverage.py holds that nothing is forgotten. What a language does its own way is in <language>/k8sc_<language>.i:
 * errors, text, integers, `out` handles and the callback triple, which every binding uses in its pull form.
 */
%module k8sc

%{
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "k8sc.h"
%}

%include <stdint.i>

/* Handles are made by the functions that have them as `out`, and by nothing else. */
%nodefaultctor;
%nodefaultdtor;
%rename("%(strip:[k8sc_])s", %$isfunction, %$isglobal) "";

typedef int32_t k8sc_status;

#if defined(SWIGLUA)
%include "lua/k8sc_lua.i"
#elif defined(SWIGRUBY)
%include "ruby/k8sc_ruby.i"
#elif defined(SWIGCSHARP)
%include "csharp/k8sc_csharp.i"
#endif

%include "constants.i"

%rename(Config) k8sc_config;
%rename(Client) k8sc_client;
%rename(Queue) k8sc_queue;
%rename(Event) k8sc_event;
%rename(Cancel) k8sc_cancel;
%rename(CallOptions) k8sc_options;
%rename(Resource) k8sc_resource;
%rename(Watch) k8sc_watch;
%rename(ObjectList) k8sc_list;
%rename(Pager) k8sc_pager;
%rename(RateLimiter) k8sc_rate_limiter;
%rename(RestClient) k8sc_rest_client;
%rename(Request) k8sc_request;
%rename(Result) k8sc_result;
%rename(Call) k8sc_call;
%rename(Kubeconfig) k8sc_kubeconfig;
%rename(InformerOptions) k8sc_informer_options;
%rename(InformerFactory) k8sc_informer_factory;
%rename(Informer) k8sc_informer;
%rename(Registration) k8sc_registration;
%rename(Lister) k8sc_lister;
%rename(Strings) k8sc_strings;
%rename(Discovery) k8sc_discovery;
%rename(RestMapper) k8sc_rest_mapper;
%rename(RestMapping) k8sc_rest_mapping;
%rename(RestMappings) k8sc_rest_mappings;
%rename(ManifestResults) k8sc_manifest_results;
%rename(Subscription) k8sc_subscription;
%rename(SchemaResource) k8sc_schema_resource;
%rename(SchemaType) k8sc_schema_type;
%rename(SchemaField) k8sc_schema_field;

typedef struct k8sc_config {} k8sc_config;
typedef struct k8sc_client {} k8sc_client;
typedef struct k8sc_queue {} k8sc_queue;
typedef struct k8sc_event {} k8sc_event;
typedef struct k8sc_cancel {} k8sc_cancel;
typedef struct k8sc_options {} k8sc_options;
typedef struct k8sc_resource {} k8sc_resource;
typedef struct k8sc_watch {} k8sc_watch;
typedef struct k8sc_list {} k8sc_list;
typedef struct k8sc_pager {} k8sc_pager;
typedef struct k8sc_rate_limiter {} k8sc_rate_limiter;
typedef struct k8sc_rest_client {} k8sc_rest_client;
typedef struct k8sc_request {} k8sc_request;
typedef struct k8sc_result {} k8sc_result;
typedef struct k8sc_call {} k8sc_call;
typedef struct k8sc_kubeconfig {} k8sc_kubeconfig;
typedef struct k8sc_informer_options {} k8sc_informer_options;
typedef struct k8sc_informer_factory {} k8sc_informer_factory;
typedef struct k8sc_informer {} k8sc_informer;
typedef struct k8sc_registration {} k8sc_registration;
typedef struct k8sc_lister {} k8sc_lister;
typedef struct k8sc_strings {} k8sc_strings;
typedef struct k8sc_subscription {} k8sc_subscription;
typedef struct k8sc_discovery {} k8sc_discovery;
typedef struct k8sc_rest_mapper {} k8sc_rest_mapper;
#if !defined(SWIGLUA) && !defined(SWIGRUBY)
typedef struct k8sc_rest_mapping {} k8sc_rest_mapping;
typedef struct k8sc_rest_mappings {} k8sc_rest_mappings;
typedef struct k8sc_manifest_results {} k8sc_manifest_results;
#endif
typedef struct k8sc_schema_resource {} k8sc_schema_resource;
typedef struct k8sc_schema_type {} k8sc_schema_type;
typedef struct k8sc_schema_field {} k8sc_schema_field;

%include "interface/client.i"
%include "interface/object.i"
%include "interface/options.i"
%include "interface/resource.i"
%include "interface/rest.i"
%include "interface/informer.i"
%include "interface/discovery.i"
%include "interface/schema.i"
%include "interface/observe.i"
