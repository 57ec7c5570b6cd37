// SPDX-License-Identifier: GPL-2.0-only
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
	int i;

	for (i = 0; i < 6; i++) {
		if (i)
			text_put(t, ":", 1);
		text_hex(t, mac + i, 1);
	}
}

void text_addr(struct text *t, int family, const __u8 *addr)
{
	char buf[INET6_ADDRSTRLEN];

	if ((family == AF_INET || family == AF_INET6) &&
	    inet_ntop(family, addr, buf, sizeof(buf)))
		text_str(t, buf);
}

void text_escaped(struct text *t, const __u8 *bytes, size_t n)
{
	static const char plain[] = "\\\"\t\r\n";
	static const char named[] = "\\\"trn";
	size_t i;

	for (i = 0; i < n; i++) {
		const char *at = bytes[i] ? strchr(plain, bytes[i]) : NULL;
		char two[] = { '\\', at ? named[at - plain] : 'x' };
		bool printable = bytes[i] >= 0x20 && bytes[i] < 0x7f;

		if (at || !printable)
			text_put(t, two, sizeof(two));
		else
			text_put(t, (const char *)&bytes[i], 1);
		if (!at && !printable)
			text_hex(t, &bytes[i], 1);
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
