// What the releases of Kubernetes do otherwise than those before: which one was the first. What
// resources they serve stands in releases.cc, what they fill in, in rules/standard_defaults.cc.
#pragma once

// Minor numbers, to be compared with that of the release that is played: 0, which is less than all
// of these, where it is none.
namespace k8sc::testing::since {

// Known from what the releases told of themselves.
constexpr int namespace_name_label = 21;   // a namespace has the label kubernetes.io/metadata.name
constexpr int restarts_as_text = 22;       // of a pod's row: with when the last one was
constexpr int job_status_column = 30;      // of a table of jobs
constexpr int any_variable_name = 32;      // of a container: what can be printed, but for '='
constexpr int pod_resize = 33;             // there is the subresource
constexpr int no_null_creation_time = 34;  // creationTimestamp is left out where there is none

// Seen in 1.36. Which of the releases after 1.20 was the first is not known.
constexpr int values_as_json = 36;        // in messages, and not as Go's %#v has them
constexpr int lengths_in_bytes = 36;      // in messages: those of labels and their keys
constexpr int reasons_of_schemas = 36;    // reasons of their own for types and lengths
constexpr int status_by_itself = 36;      // of a custom resource: checked by its part of the schema
constexpr int typed_custom_fields = 36;   // managedFields know the schemas of custom resources
constexpr int loose_ipv4 = 36;            // the format "ipv4" takes leading zeros
constexpr int service_fields = 36;        // services have field selectors of their own
constexpr int words_of_jobs = 36;         // the kind in the refusal of a field selector
constexpr int bad_list_version = 36;      // a list's resourceVersion that is none is a bad request
constexpr int scale_of_object = 36;       // a scale that is not there is told as its object
constexpr int token_metadata = 36;        // the answer to a TokenRequest names the account
constexpr int words_of_definitions = 36;  // in refusals of CustomResourceDefinitions
constexpr int words_of_pods = 36;         // in refusals of pods and of what makes them
constexpr int statefulset_pods = 36;      // a StatefulSet's template has the rules of pods
constexpr int words_of_scalers = 36;      // in refusals of autoscalers

}  // namespace k8sc::testing::since
