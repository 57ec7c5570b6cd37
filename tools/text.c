// SPDX-License-Identifier: GPL-2.0-only
/*
 * Formats records into a buffer, a million lines a second; json-c allocates for
 * each member.
 */
#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "text.h"

static const char digits[] = "0123456789abcdef";

void text_put(struct text *t, const char *from, size_t n)
{
	if (n > t->size - t->len) {
		t->over = true;
		return;
	}
	memcpy(t->buf + t->len, from, n);
	t->len += n;
}

void text_str(struct text *t, const char *str)
{
	text_put(t, str, strlen(str));
}

void text_uint(struct text *t, __u64 val)
{
	char buf[20];
	size_t at = sizeof(buf);

	do {
		buf[--at] = '0' + val % 10;
		val /= 10;
	} while (val);
	text_put(t, buf + at, sizeof(buf) - at);
}

void text_printf(struct text *t, const char *fmt, ...)
{
	char buf[128];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf, sizeof(buf), fmt, ap);
	va_end(ap);
	text_str(t, buf);
}

void text_hex(struct text *t, const __u8 *bytes, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		char pair[] = { digits[bytes[i] >> 4], digits[bytes[i] & 15] };

		text_put(t, pair, sizeof(pair));
	}
}

void text_mac(struct text *t, const __u8 *mac)
{
	char buf[3 * 6];
	int i;

	for (i = 0; i < 6; i++) {
		buf[3 * i] = digits[mac[i] >> 4];
		buf[3 * i + 1] = digits[mac[i] & 15];
		buf[3 * i + 2] = ':';
	}
	text_put(t, buf, sizeof(buf) - 1);
}

void text_addr(struct text *t, int family, const __u8 *addr)
{
	char buf[INET6_ADDRSTRLEN];

	if ((family == AF_INET || family == AF_INET6) &&
	    inet_ntop(family, addr, buf, sizeof(buf)))
		text_str(t, buf);
}

static bool is_plain(__u8 c)
{
	return c >= 0x20 && c < 0x7f && c != '\\' && c != '"';
}

static void escape(struct text *t, __u8 c)
{
	static const char plain[] = "\\\"\t\r\n";
	static const char named[] = "\\\"trn";
	const char *at = c ? strchr(plain, c) : NULL;
	char two[] = { '\\', at ? named[at - plain] : 'x' };

	text_put(t, two, sizeof(two));
	if (!at)
		text_hex(t, &c, 1);
}

void text_escaped(struct text *t, const __u8 *bytes, size_t n)
{
	size_t i, run;

	for (i = 0; i < n; i += run + 1) {
		for (run = 0; i + run < n && is_plain(bytes[i + run]); run++)
			;
		text_put(t, (const char *)bytes + i, run);
		if (i + run < n)
			escape(t, bytes[i + run]);
	}
}

void text_json(struct text *t, const char *str)
{
	text_put(t, "\"", 1);
	for (; *str; str++) {
		unsigned char c = *str;

		if (c == '"' || c == '\\')
			text_put(t, "\\", 1);
		if (c >= 0x20 && c < 0x7f)
			text_put(t, str, 1);
		else
			text_printf(t, "\\u%04x", c);
	}
	text_put(t, "\"", 1);
}
