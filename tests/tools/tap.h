/* SPDX-License-Identifier: GPL-2.0-only */
/* TAP, as little of it as these tests need. */
#ifndef TESTS_TOOLS_TAP_H
#define TESTS_TOOLS_TAP_H

#include <stdbool.h>
#include <libmnl/libmnl.h>

/**
 * tap_ok() - report one assertion
 * @ok: does it hold
 * @what: name of the assertion
 *
 * Return: @ok.
 */
bool tap_ok(bool ok, const char *what);

/**
 * tap_str() - report whether two strings are the same
 * @got: what came back
 * @want: what should have
 * @what: name of the assertion
 *
 * Return: true when they are.
 */
bool tap_str(const char *got, const char *want, const char *what);

/**
 * tap_done() - print the plan
 *
 * Return: exit status.
 */
int tap_done(void);

/* One function a file of tests. */
void test_model(void);
void test_files(void);
void test_config(void);
void test_counters(void);
void test_messages(void);
void test_replies(void);
void test_transport(void);
void test_output(void);
void test_records(void);

/* transport.c: what the linker puts in the place of libmnl's. */
ssize_t __wrap_mnl_socket_sendto(const struct mnl_socket *nl, const void *req,
				 size_t size);
ssize_t __wrap_mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf,
				   size_t size);

#endif /* TESTS_TOOLS_TAP_H */
