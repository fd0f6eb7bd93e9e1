/* What goes wrong between client and server, one thing at a time: where mishaps pile up, every attempt fails, and all
 * there is to see is a long back-off. */
#include "chaos.h"

#include <stdarg.h>

static void fault(struct life *life, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void fault(struct life *life, const char *format, ...)
{
    char rule[512];
    k8sc_error *err;
    va_list args;
    va_start(args, format);
    vsnprintf(rule, sizeof rule, format, args);
    va_end(args);
    note(life, "%s", rule);
    PASSES(life, k8sc_testing_server_add_fault(life->server, rule, NULL, &err), err);
}

/* A request that is refused, in all ways that servers and what is in front of them know. */
static void refusal(struct life *life, const char *verb, int times)
{
    struct chance *chance = &life->chance;
    static const char *const replies[] = {
        "\"status\":{\"code\":500}",
        "\"status\":{\"code\":503}",
        "\"status\":{\"code\":503,\"retryAfter\":1}",
        "\"status\":{\"code\":429,\"retryAfter\":1}",
        "\"status\":{\"code\":429}",
        "\"status\":{\"code\":504}",
        "\"status\":{\"code\":410,\"reason\":\"Expired\"}",
        "\"status\":{\"code\":401}",
        "\"status\":{\"code\":403}",
        "\"status\":{\"code\":404}",
        "\"status\":{\"code\":400}",
        "\"html\":true",
        "\"html\":502",
        "\"html\":403",
        "\"garbage\":\"<html>\"",
        "\"garbage\":\"{}\"",
        "\"garbage\":\"{\\\"kind\\\":\\\"Status\\\"}\"",
        "\"garbage\":\"\"",
        "\"reset\":true",
        "\"truncate\":true",
        "\"invalid_utf8\":true",
        "\"deep\":20000",
        "\"oversized_frame_bytes\":70000",
        "\"warning\":\"a storm is coming\"",
        "\"delay_ms\":200",
    };
    /* With TLS it is HTTP/2, which has ways of its own. */
    static const char *const of_http2[] = {
        "\"goaway\":true",
        "\"goaway\":\"after\"",
        "\"rst_stream\":\"REFUSED_STREAM\"",
        "\"rst_stream\":\"INTERNAL_ERROR\"",
        "\"rst_stream\":\"CANCEL\"",
        "\"rst_stream\":{\"code\":\"PROTOCOL_ERROR\",\"after_bytes\":300}",
        "\"empty_data_frames\":3",
    };
    const char *reply = replies[draw(chance, sizeof replies / sizeof *replies)];
    if (life->tls && draw(chance, 3) == 0) reply = of_http2[draw(chance, sizeof of_http2 / sizeof *of_http2)];
    fault(life, "{\"verb\":\"%s\",\"times\":%d,%s}", verb, times, reply);
}

/* A body that breaks in the middle. */
static void breakage(struct life *life, const char *verb)
{
    struct chance *chance = &life->chance;
    unsigned bytes = draw(chance, draw(chance, 2) ? 3000 : 20000);
    switch (draw(chance, 3)) {
    case 0: fault(life, "{\"verb\":\"%s\",\"times\":2,\"cut_after_bytes\":%u}", verb, bytes); break;
    case 1:
        /* A stream of HTTP/2 that stalls on a connection that answers PINGs looks as quiet as any. */
        if (life->tls) life->slow = 1;
        fault(life, "{\"verb\":\"%s\",\"times\":1,\"stall_after_bytes\":%u}", verb, bytes);
        break;
    default:
        life->slow = 1;
        fault(life, "{\"verb\":\"%s\",\"times\":2,\"slow_bytes_per_second\":%u}", verb, 300 + bytes);
    }
}

static void error_in_stream(struct life *life)
{
    static const char *const errors[] = {"\"code\":410,\"reason\":\"Expired\"", "\"code\":410,\"reason\":\"Gone\"",
                                         "\"code\":500", "\"code\":429,\"retryAfter\":1",
                                         "\"code\":504,\"reason\":\"Timeout\""};
    fault(life, "{\"verb\":\"watch\",\"times\":%u,\"error_event\":{%s}}", 1 + draw(&life->chance, 2),
          errors[draw(&life->chance, 5)]);
}

static void disconnect(struct life *life)
{
    k8sc_error *err;
    if (!life->paused) PASSES(life, k8sc_testing_server_disconnect(life->server, &err), err);
}

static int64_t seen_by_all(struct life *life)
{
    int64_t least = INT64_MAX;
    for (int i = 0; i < life->informer_count; i++) {
        char *text;
        k8sc_error *err;
        if (!PASSES(life, k8sc_informer_last_sync_resource_version(life->informers[i].informer, &text, &err), err))
            return 0;
        if (atoll(text) < least) least = atoll(text);
        k8sc_string_free(text);
    }
    return least;
}

/* A bookmark that came before, or is older than what was seen. */
static void odd_bookmark(struct life *life)
{
    /* One that is ahead of events which are still to come would be a lie, and the loss of them. */
    int64_t version = seen_by_all(life) - draw(&life->chance, 40);
    fault(life,
          "{\"verb\":\"watch\",\"times\":2,\"garbage\":\"{\\\"type\\\":\\\"BOOKMARK\\\",\\\"object\\\":{\\\"kind\\\":"
          "\\\"%s\\\",\\\"apiVersion\\\":\\\"%s\\\","
          "\\\"metadata\\\":{\\\"resourceVersion\\\":\\\"%lld\\\"}}}\"}",
          life->kind, life->api_version, (long long)(version > 1 ? version : 1));
}

/* Once in a while nothing comes behind it before the connection is gone. */
static void cut_behind_bookmark(struct life *life)
{
    for (int i = 0; i < 400 && k8sc_testing_server_watch_count(life->server) == 0; i++) turn_queues(life);
    note(life, "disconnects behind the bookmark");
    disconnect(life);
}

static void end_of_list(struct life *life)
{
    /* One that never comes takes 10 s to be found out. */
    static const char *const ways[] = {"twice", "cut", "end"};
    const char *way = draw(&life->chance, 12) == 0 ? "never" : ways[draw(&life->chance, 3)];
    fault(life, "{\"verb\":\"watch\",\"times\":%u,\"end_bookmark\":\"%s\"}", 1 + draw(&life->chance, 2), way);
}

static void swap_token(struct life *life)
{
    char token[32];
    k8sc_error *err;
    if (!life->has_token) return;
    snprintf(token, sizeof token, "token-%d", ++life->tokens);
    note(life, "%s", token);
    life->token_is_due = 1;
    PASSES(life, k8sc_testing_server_set_token(life->server, token, &err), err);
}

static void tell_token(struct life *life)
{
    char token[32];
    k8sc_error *err;
    snprintf(token, sizeof token, "token-%d", life->tokens);
    if (life->token_is_due) PASSES(life, k8sc_client_set_token(life->client, token, &err), err);
    life->token_is_due = 0;
}

static void compact(struct life *life)
{
    k8sc_error *err;
    note(life, "compacts");
    PASSES(life, k8sc_testing_server_compact(life->server, &err), err);
}

static void upgrade(struct life *life)
{
    k8sc_error *err;
    int32_t how = (int32_t)draw(&life->chance, 3);
    note(life, "streaming lists from now on: %d", how);
    PASSES(life, k8sc_testing_server_set_streaming_lists(life->server, how, &err), err);
}

void end_mishap(struct life *life)
{
    k8sc_error *err;
    PASSES(life, k8sc_testing_server_clear_faults(life->server, &err), err);
    if (life->paused) PASSES(life, k8sc_testing_server_resume(life->server, &err), err);
    life->paused = 0;
    tell_token(life);
    /* What is slow would be so for long. */
    if (life->slow) disconnect(life);
    life->slow = 0;
}

void mishap(struct life *life)
{
    static const char *const verbs[] = {"watch", "list", "list|watch"};
    struct chance *chance = &life->chance;
    const char *verb = verbs[draw(chance, 3)];
    k8sc_error *err;
    end_mishap(life);
    life->mishaps++;
    uint32_t what = draw(chance, 16);
    switch (what) {
    case 0:
        note(life, "restarts");
        PASSES(life, k8sc_testing_server_restart(life->server, &err), err);
        break;
    case 1:
        note(life, "is down");
        life->paused = 1;
        PASSES(life, k8sc_testing_server_pause(life->server, &err), err);
        break;
    case 2: swap_token(life); break;
    case 3: upgrade(life); break;
    case 4: odd_bookmark(life); break;
    case 5: end_of_list(life); break;
    case 6: error_in_stream(life); break;
    case 7:
    case 8:
    case 9: breakage(life, verb); break;
    case 10: compact(life); break;
    default: refusal(life, verb, 1 + (int)draw(chance, 2));
    }
    /* Most wait for the next watch or list, and this makes it come. */
    if (draw(chance, 4) == 0) compact(life);
    if (draw(chance, 3) != 0) {
        note(life, "disconnects");
        disconnect(life);
    }
    if (what == 4 && draw(chance, 2)) cut_behind_bookmark(life);
    if (life->token_is_due && draw(chance, 3) == 0) tell_token(life);
}
