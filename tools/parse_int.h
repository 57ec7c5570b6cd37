/* SPDX-License-Identifier: GPL-2.0-only */
/* What parse.c and parse_file.c share. */
#ifndef MSDCTL_PARSE_INT_H
#define MSDCTL_PARSE_INT_H

#include "parse.h"

/* Room for quoted foreign text in a sentence. */
#define QUOTE_LEN 80

/* A blank within a line. */
static inline bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Return: what comes behind the blanks @text begins with. */
static inline const char *skip_blanks(const char *text)
{
	while (is_blank(*text))
		text++;
	return text;
}

/* End @text before the blanks that stand before @end. Return: @text. */
static inline char *cut_blanks(char *text, char *end)
{
	while (end > text && is_blank(end[-1]))
		end--;
	*end = '\0';
	return text;
}

#endif /* MSDCTL_PARSE_INT_H */
