/* SPDX-License-Identifier: GPL-2.0-only */
/* Error sentences: made where the cause is known, printed once, by main.c. */
#ifndef MSDCTL_ERR_H
#define MSDCTL_ERR_H

#include <stddef.h>

#define __printf(fmt, args)						\
	__attribute__((							\
		format(printf, fmt, args)))

/**
 * struct err - why something was refused
 * @text: one sentence without newline; empty: nothing happened yet
 */
struct err {
	char text[512];
};

/**
 * err_set() - say why
 * @err: receives the sentence; what is too long is cut
 * @fmt: printf format
 *
 * Return: always -1, so that callers can return it.
 */
int __printf(2, 3) err_set(struct err *err, const char *fmt, ...);

/**
 * err_prefix() - put "SUBJECT: " before the sentence
 * @err: a sentence already set
 * @subject: what it is about, such as a device
 *
 * Return: always -1.
 */
int err_prefix(struct err *err, const char *subject);

/**
 * err_quote() - make foreign text safe to print
 * @out: receives the text; bytes that are not printable ASCII become \xNN
 * @size: size of @out, at least 8; longer text is cut and ends in "..."
 * @text: anything
 *
 * Return: @out.
 */
char *err_quote(char *out, size_t size, const char *text);

#endif /* MSDCTL_ERR_H */
