/* What the parts of the Ruby module share. Ruby's lock is held in all of these, unless they say otherwise. */
#ifndef K8SC_RB_H
#define K8SC_RB_H

#include <ruby.h>
#include <ruby/encoding.h>
#include <ruby/thread.h>

#include "k8sc.h"

/* Called once, with the module K8sc. */
void k8sc_rb_setup_errors(VALUE k8sc);
void k8sc_rb_setup_objects(VALUE k8sc);

/* Runs it without Ruby's lock. What interrupts this thread cancels the call, has what it answered
 * dropped, and is raised. */
void k8sc_rb_unlocked(void (*run)(void *frame), void (*drop)(void *frame), void *frame);
/* Give back what is at such a place, if anything. */
void k8sc_rb_drop_error(k8sc_error **place);
void k8sc_rb_drop_object(k8sc_object **place);
void k8sc_rb_drop_list(k8sc_list **place);
void k8sc_rb_drop_text(char **place);
void k8sc_rb_drop_result(k8sc_result **place);
void k8sc_rb_drop_resource(k8sc_resource **place);
void k8sc_rb_drop_informer(k8sc_informer **place);
void k8sc_rb_drop_mapping(k8sc_rest_mapping **place);
void k8sc_rb_drop_mappings(k8sc_rest_mappings **place);
void k8sc_rb_drop_results(k8sc_manifest_results **place);
void k8sc_rb_drop_kubeconfig(k8sc_kubeconfig **place);

/* UTF-8 text; nil for NULL. */
VALUE k8sc_rb_text(const char *text);
/* The argument as UTF-8; raises where it is no text, and says which argument it is. */
VALUE k8sc_rb_utf8(VALUE value, const char *what);

/* Says what is wrong with an argument; good until the next such text. */
const char *k8sc_rb_wrong_type(const char *expected, const char *function, VALUE given);

/* An exception of the class that fits. */
VALUE k8sc_rb_error(const k8sc_error *error);
/* Raises it, and frees the error. */
NORETURN(void k8sc_rb_raise(k8sc_error *error));

/* K8sc::Object. Takes over the reference; nil for NULL. */
VALUE k8sc_rb_object(k8sc_object *object);
/* The other way round: borrowed; raises where it is not a whole object. */
k8sc_object *k8sc_rb_object_of(VALUE object);

/* These take over what they are given. Lists are [objects, resource_version, continue, remaining_item_count]. Events
 * are [id, kind, object, more]; nil for NULL. */
VALUE k8sc_rb_event(k8sc_event *event);
VALUE k8sc_rb_list(k8sc_list *list);
VALUE k8sc_rb_strings(k8sc_strings *strings);
VALUE k8sc_rb_mapping(k8sc_rest_mapping *mapping);
VALUE k8sc_rb_mappings(k8sc_rest_mappings *mappings);
VALUE k8sc_rb_results(k8sc_manifest_results *results);

#endif
