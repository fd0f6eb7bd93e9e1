/* What a client tells of itself, as it came: the events of a subscription. */
#ifndef TESTS_API_NOTES_H
#define TESTS_API_NOTES_H

#include "support.h"

struct note {
    int32_t kind, level;
    int64_t dropped;
    char *component, *text;
    struct note *next;
};

struct notes {
    struct note *first, **last;
    int count, destroyed;
    struct notes *next;
};

/* All of a program's. They outlive the clients, whose destroy callbacks reach them. */
static struct notes *all_notes;

/* The group's teardown. */
static int free_notes(void **state)
{
    (void)state;
    for (struct notes *notes = all_notes, *next; notes; notes = next) {
        for (struct note *note = notes->first, *following; note; note = following) {
            following = note->next;
            free(note->component);
            free(note->text);
            free(note);
        }
        next = notes->next;
        free(notes);
    }
    return 0;
}

static inline struct notes *new_notes(void)
{
    struct notes *notes = calloc(1, sizeof *notes);
    notes->last = &notes->first;
    notes->next = all_notes;
    return all_notes = notes;
}

static inline int on_note(const k8sc_event *event, void *user_data)
{
    struct notes *notes = user_data;
    struct note *note = calloc(1, sizeof *note);
    note->kind = k8sc_event_kind(event);
    note->level = k8sc_event_level(event);
    note->dropped = k8sc_event_dropped(event);
    note->component = strdup(k8sc_event_component(event) ? k8sc_event_component(event) : "");
    note->text = strdup(k8sc_event_text(event) ? k8sc_event_text(event) : "");
    *notes->last = note;
    notes->last = &note->next;
    notes->count++;
    return 0;
}

static inline void on_notes_destroyed(void *user_data) { ((struct notes *)user_data)->destroyed++; }

#define NOTES(notes) on_note, (notes), on_notes_destroyed

/* Dispatches what waits. */
static inline void deliver(k8sc_queue *queue) { OK(k8sc_queue_dispatch(queue, 0, NULL, &err)); }

/* The first whose text holds this, of a component where that is not NULL; NULL where there is none. */
static inline struct note *find_note(struct notes *notes, const char *component, const char *text)
{
    for (struct note *note = notes->first; note; note = note->next)
        if (strstr(note->text, text) && (!component || !strcmp(note->component, component))) return note;
    return NULL;
}

/* Dispatches until there is one. */
static inline struct note *await_note(k8sc_queue *queue, struct notes *notes, const char *component, const char *text)
{
    struct note *found = NULL;
    AWAIT((deliver(queue), found = find_note(notes, component, text)));
    return found;
}

#endif
