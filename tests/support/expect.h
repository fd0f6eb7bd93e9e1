/* What a call must answer. A failure names the caller's file and line, and prints the error. */
#ifndef TESTS_SUPPORT_EXPECT_H
#define TESTS_SUPPORT_EXPECT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

#include <cmocka.h>

#include "k8sc.h"

/* What a test gives its calls. A function that may run on another thread has an `err` of its own; the macros take the
 * one that is in scope. */
extern k8sc_error *err;
/* The error of the last FAILS; good until the next one. */
extern k8sc_error *failure;

/* The call, given &err, works. */
#define OK(call) expect_ok(__FILE__, __LINE__, #call, &err, (call))
/* The call, given &err, fails with this code, and the message holds each of the texts that follow the call. */
#define FAILS(code, ...) expect_failed(__FILE__, __LINE__, &err, code, __VA_ARGS__, (const char *)0)

/* The same for tables of calls: goes on after a failure, and counts it; the test ends with NO_FAILURES. */
#define ALSO_FAILS(code, ...) expect_also_failed(__FILE__, __LINE__, &err, code, __VA_ARGS__, (const char *)0)
#define NO_FAILURES() assert_int_equal(failures, 0)
extern int failures;

/* The part is in the text. */
#define assert_contains(text, part) expect_contains(__FILE__, __LINE__, text, part)

/* Frees both errors, and forgets the failures: at the end of a test. */
void forget_errors(void);

void expect_ok(const char *file, int line, const char *call, k8sc_error **error, k8sc_status status);
void expect_failed(const char *file, int line, k8sc_error **error, k8sc_status code, k8sc_status status, ...);
int expect_also_failed(const char *file, int line, k8sc_error **error, k8sc_status code, k8sc_status status, ...);
void expect_contains(const char *file, int line, const char *text, const char *part);

#ifdef __cplusplus
}
#endif

#endif
