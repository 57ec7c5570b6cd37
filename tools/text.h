/* SPDX-License-Identifier: GPL-2.0-only */
/* A bounded buffer that text is appended to; what does not fit is left out. */
#ifndef MSDCTL_TEXT_H
#define MSDCTL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>
#include "err.h"

/**
 * struct text - text being made
 * @buf: the bytes, not terminated
 * @size: how many fit
 * @len: how many there are
 * @over: something did not fit and was left out as a whole
 */
struct text {
	char *buf;
	size_t size;
	size_t len;
	bool over;
};

/**
 * text_put() - append bytes
 * @t: the text
 * @from: the bytes
 * @n: how many
 */
void text_put(struct text *t, const char *from, size_t n);

/**
 * text_str() - append a string
 * @t: the text
 * @str: the string
 */
void text_str(struct text *t, const char *str);

/**
 * text_uint() - append a number in decimal
 * @t: the text
 * @val: the number
 */
void text_uint(struct text *t, __u64 val);

/**
 * text_printf() - append what printf makes, at most 127 bytes
 * @t: the text
 * @fmt: format
 */
void __printf(2, 3) text_printf(struct text *t, const char *fmt, ...);

/**
 * text_hex() - append bytes as pairs of hex digits
 * @t: the text
 * @bytes: the bytes
 * @n: how many
 */
void text_hex(struct text *t, const __u8 *bytes, size_t n);

/**
 * text_mac() - append a MAC address, lower case with colons
 * @t: the text
 * @mac: six bytes
 */
void text_mac(struct text *t, const __u8 *mac);

/**
 * text_addr() - append an IP address
 * @t: the text
 * @family: AF_INET or AF_INET6; any other appends nothing
 * @addr: network order
 */
void text_addr(struct text *t, int family, const __u8 *addr);

/**
 * text_escaped() - append foreign bytes as printable ASCII
 * @t: the text
 * @bytes: the bytes. Backslash, quote, TAB, CR and LF become two characters
 *	with a backslash, others that are not printable \xNN
 * @n: how many
 */
void text_escaped(struct text *t, const __u8 *bytes, size_t n);

/**
 * text_json() - append a JSON string with its quotes
 * @t: the text
 * @str: the string; bytes that are not ASCII are taken for Latin-1
 */
void text_json(struct text *t, const char *str);

#endif /* MSDCTL_TEXT_H */
