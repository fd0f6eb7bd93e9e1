/* What the parts of the Ruby module share. Ruby's lock is held in all of these, unless they say otherwise. */
#ifndef K8SC_RB_H
#define K8SC_RB_H

#include <ruby.h>
#include <ruby/encoding.h>
#include <ruby/thread.h>

#include "k8sc.h"

/* Called once, with the module K8sc; the last with how a cancel token is taken out of its proxy. */
void k8sc_rb_setup_errors(VALUE k8sc);
void k8sc_rb_setup_objects(VALUE k8sc);
void k8sc_rb_setup_unlocked(k8sc_cancel *(*of)(VALUE value));

/* Runs it without Ruby's lock. An interrupt cancels the token that self or an argument has as @interrupt, and is raised by
 * k8sc_rb_raise, or by Ruby once the call is over. */
void k8sc_rb_unlocked(void (*run)(void *frame), void *frame, int argc, VALUE *argv, VALUE self);

/* UTF-8 text; nil for NULL. */
VALUE k8sc_rb_text(const char *text);
/* The argument as UTF-8; raises where it is no text. */
VALUE k8sc_rb_utf8(VALUE text);

/* An exception of the class that fits. */
VALUE k8sc_rb_error(const k8sc_error *error);
/* Raises it, and frees the error. */
NORETURN(void k8sc_rb_raise(k8sc_error *error));

/* K8sc::Object. Takes over the reference; nil for NULL. */
VALUE k8sc_rb_object(k8sc_object *object);
/* The other way round: borrowed; raises where it is not a whole object. */
k8sc_object *k8sc_rb_object_of(VALUE object);

/* These take over what they are given. Lists are [objects, resource_version, continue, remaining_item_count]. Events are [id, kind, object, more]; nil for NULL. */
VALUE k8sc_rb_event(k8sc_event *event);
VALUE k8sc_rb_list(k8sc_list *list);
VALUE k8sc_rb_strings(k8sc_strings *strings);
VALUE k8sc_rb_mapping(k8sc_rest_mapping *mapping);
VALUE k8sc_rb_mappings(k8sc_rest_mappings *mappings);
VALUE k8sc_rb_results(k8sc_manifest_results *results);

#endif
