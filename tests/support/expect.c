#include "expect.h"

k8sc_error *err, *failure;
int failures;

void forget_errors(void)
{
    k8sc_error_free(err);
    k8sc_error_free(failure);
    err = failure = NULL;
    failures = 0;
}

void expect_ok(const char *file, int line, const char *call, k8sc_error **error, k8sc_status status)
{
    if (status == K8SC_OK && !*error) return;
    print_error("%s:\n    %s: %s\n", call, k8sc_status_name(status), *error ? k8sc_error_message(*error) : "no error");
    k8sc_error_free(*error);
    *error = NULL;
    _fail(file, line);
}

/* Says what is wrong, and answers whether nothing is. */
static int failed_as(k8sc_error **error, k8sc_status code, k8sc_status status, va_list parts)
{
    const char *part;
    k8sc_error_free(failure);
    failure = *error;
    *error = NULL;
    if (status != code || k8sc_error_code(failure) != code) {
        print_error("%s instead of %s: %s\n", k8sc_status_name(status), k8sc_status_name(code),
                    failure ? k8sc_error_message(failure) : "no error");
        return 0;
    }
    while ((part = va_arg(parts, const char *)) != NULL)
        if (!strstr(k8sc_error_message(failure), part)) {
            print_error("'%s' is not in '%s'\n", part, k8sc_error_message(failure));
            return 0;
        }
    return 1;
}

void expect_failed(const char *file, int line, k8sc_error **error, k8sc_status code, k8sc_status status, ...)
{
    va_list parts;
    va_start(parts, status);
    const int good = failed_as(error, code, status, parts);
    va_end(parts);
    if (!good) _fail(file, line);
}

int expect_also_failed(const char *file, int line, k8sc_error **error, k8sc_status code, k8sc_status status, ...)
{
    va_list parts;
    va_start(parts, status);
    const int good = failed_as(error, code, status, parts);
    va_end(parts);
    if (good) return 1;
    print_error("%s:%d: that\n", file, line);
    failures++;
    return 0;
}

void expect_contains(const char *file, int line, const char *text, const char *part)
{
    if (text && strstr(text, part)) return;
    print_error("\"%s\" is not in \"%s\"\n", part, text ? text : "(null)");
    _fail(file, line);
}
