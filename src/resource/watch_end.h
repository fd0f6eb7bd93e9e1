// How a watch ended, and how long to wait before the next one: for all that begin a watch anew.
#pragma once

#include "core/backoff.h"
#include "core/error.h"

namespace k8sc {

struct WatchEnd {
    const Error *error;  // NULL: the server ended it
    bool was_open;       // answered with status 200
    bool any_event;
    int64_t lasted_ms;

    // Too short to be the server's regular end: the next one must not follow in haste.
    bool is_short() const { return lasted_ms < 1000; }
    // Long enough to forget earlier failures, even without an event.
    bool is_healthy() const { return was_open && lasted_ms >= 10000; }
};

enum class WatchOutcome {
    ended,        // by the server, or by a connection that was lost; a new watch resumes where it was
    empty,        // the same, at once and without an event
    lost,         // the connection, at once and without an event
    unreachable,  // the request failed before the server answered it
    throttled,    // the server is too busy
    down,         // a gateway answered for a server that is not there
    not_found,    // in place of an answer: a server that starts may not know its resources yet
    unavailable,  // the resourceVersion is too old, or newer than this server's
    refused,      // any other error from the server
    broken,       // the stream cannot be understood, or the client cannot go on
};

WatchOutcome outcome_of(const WatchEnd &end);

// The resourceVersion is too old, or newer than what this server has seen: watches and lists report both.
bool is_unavailable(const Error &error);
// The request did not reach the server, and another one would fail the same way. A server that starts or stops breaks
// TLS handshakes, too.
bool never_arrived(const Error &error);
// A server that starts or stops, or a proxy without a server behind it.
bool is_down(const Error &error);

// The wait before the next attempt: what the backoff says, and at least what the server asked for, within reason.
int64_t retry_wait_ms(Backoff &backoff, const Error *error);

}  // namespace k8sc
