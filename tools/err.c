// SPDX-License-Identifier: GPL-2.0-only
/* The sentence about what went wrong, put together where it happened. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "err.h"

int err_set(struct err *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	return -1;
}

int err_prefix(struct err *err, const char *subject)
{
	struct err inner = *err;

	return err_set(err, "%s: %.400s", subject, inner.text);
}

char *err_quote(char *out, size_t size, const char *text)
{
	static const char more[] = "...";
	size_t n = 0;

	for (; *text; text++) {
		unsigned char c = *text;

		if (n + sizeof("\\xNN") + sizeof(more) > size) {
			strcpy(out + n, more);
			return out;
		}
		if (c >= 0x20 && c < 0x7f)
			out[n++] = c;
		else
			n += sprintf(out + n, "\\x%02x", c);
	}
	out[n] = '\0';
	return out;
}
