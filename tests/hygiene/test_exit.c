/* A process that ends while the library is at work. exit() takes down what the library is linked to, and threads may
 * still read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "k8sc.h"

/* Registered before anything was used, this runs after all else was taken down. */
static void at_exit(void)
{
    static char text[300000];
    k8sc_object *object;
    memset(text, 'x', sizeof text);
    memcpy(text, "{\"a\":\"", 6);
    memcpy(text + sizeof text - 2, "\"}", 2);
    if (k8sc_object_parse_json(text, sizeof text, &object, NULL) < 0 || !k8sc_object_str(object, "/a", NULL)) _exit(1);
    k8sc_object_unref(object);
    puts("read at the end");
}

int main(void)
{
    k8sc_object *object;
    if (atexit(at_exit)) return 1;
    if (k8sc_object_parse_json("{}", 2, &object, NULL) < 0) return 1;
    k8sc_object_unref(object);
    return 0;
}
