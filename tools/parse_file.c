// SPDX-License-Identifier: GPL-2.0-only
/* Files of addresses and keys, and files to be read as they are. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "parse_int.h"

/* Longest line looked at; what a comment or a table column has beyond it is
 * skipped. No address comes near.
 */
#define LINE_LEN 1024
/* A text file is read in pieces of this size, and no file beyond so many bytes:
 * two lists of a million addresses each stay below.
 */
#define TEXT_PIECE 65536
#define TEXT_MAX_MB 128
#define TEXT_MAX (TEXT_MAX_MB * 1024UL * 1024)
/* Of a file that holds a key, so much is looked at. */
#define KEY_FILE_MAX 4096

/* What editors and spreadsheets put before text in UTF-8. */
const char *parse_bom(const char *text, size_t len)
{
	static const char bom[] = "\xef\xbb\xbf";
	size_t n = strlen(bom);

	return len >= n && !memcmp(text, bom, n) ? text + n : text;
}

/**
 * struct line - one line of a file
 * @text: its first bytes, NUL-terminated, without the newline
 * @number: counted from 1
 * @read: bytes of the file so far
 * @nul: it holds a NUL byte; reading stopped there
 */
struct line {
	char text[LINE_LEN];
	unsigned long number;
	unsigned long read;
	bool nul;
};

/* Return: false at the end of the file, and at what is too much of it. */
static bool read_line(struct line *line, FILE *in)
{
	size_t n = 0;
	int c;

	line->number++;
	while ((c = getc_unlocked(in)) != EOF && c != '\n' && c &&
	       line->read + n < TEXT_MAX) {
		if (n < sizeof(line->text) - 1)
			line->text[n] = c;
		n++;
	}
	line->nul = !c;
	line->read += n + 1;
	line->text[n < sizeof(line->text) ? n : sizeof(line->text) - 1] = '\0';
	return line->read <= TEXT_MAX && (c != EOF || n);
}

/* A comment begins the line or follows a blank. */
static void cut_comment(char *text)
{
	char *p;

	for (p = text; *p; p++)
		if ((*p == '#' || *p == ';') && (p == text || is_blank(p[-1])))
			break;
	*p = '\0';
}

/* Length of FIRST-LAST with blanks around the hyphen; 0 when it is none. */
static size_t range_len(const char *text)
{
	const char *last = skip_blanks(text + strcspn(text, " \t-"));
	char addr[RANGE_TEXT];
	struct addr_range ignored;
	struct err err;
	size_t n;

	if (*last != '-')
		return 0;
	last = skip_blanks(last + 1);
	n = strcspn(last, " \t");
	if (n >= sizeof(addr))
		return 0;
	memcpy(addr, last, n);
	addr[n] = '\0';
	return parse_range(&ignored, addr, &err) ? 0 : last + n - text;
}

/* Cut comment, table columns and blanks around. Return: what is left. */
static char *line_field(char *text)
{
	size_t len = strlen(text);

	if (len && text[len - 1] == '\r')
		text[--len] = '\0';
	text = (char *)skip_blanks(parse_bom(text, len));
	cut_comment(text);
	len = range_len(text);
	return cut_blanks(text, text + len + strcspn(text + len, "\t"));
}

static int parse_line(struct addr_list *list, struct line *line,
		      struct err *err)
{
	struct addr_range range;
	char *field;

	if (line->nul)
		return err_set(err, "NUL byte: not a text file");
	field = line_field(line->text);
	if (!*field)
		return 0;
	if (parse_range(&range, field, err))
		return -1;
	if (list->n == RANGES_MAX)
		return err_set(err, "a list has more than %d ranges",
			       RANGES_MAX);
	if (addr_list_add(list, &range))
		return err_set(err, "out of memory");
	return 0;
}

int parse_range_stream(struct addr_list *list, FILE *in, const char *name,
		       struct err *err)
{
	struct line line = { .number = 0 };
	char quoted[QUOTE_LEN];
	char where[QUOTE_LEN + 24];
	size_t before = list->n;

	err_quote(quoted, sizeof(quoted), name);
	while (read_line(&line, in)) {
		if (!parse_line(list, &line, err))
			continue;
		snprintf(where, sizeof(where), "%s:%lu", quoted, line.number);
		return err_prefix(err, where);
	}
	if (ferror(in))
		return err_set(err, "%s: cannot read: %s", quoted,
			       strerror(errno));
	if (line.read > TEXT_MAX)
		return err_set(err, "%s: more than %d MB", quoted, TEXT_MAX_MB);
	if (list->n == before)
		return err_set(err, "%s: holds no address", quoted);
	return 0;
}

/* Return: NULL with a sentence. */
static FILE *open_file(const char *path, struct err *err)
{
	char quoted[QUOTE_LEN];
	FILE *in = strcmp(path, "-") ? fopen(path, "re") : stdin;

	if (!in)
		err_set(err, "%s: cannot open: %s",
			err_quote(quoted, sizeof(quoted), path),
			strerror(errno));
	return in;
}

static void close_file(FILE *in)
{
	if (in != stdin)
		fclose(in);
}

const char *parse_file_name(const char *path)
{
	return strcmp(path, "-") ? path : "stdin";
}

int parse_range_file(struct addr_list *list, const char *path, struct err *err)
{
	FILE *in = open_file(path, err);
	int ret;

	if (!in)
		return -1;
	ret = parse_range_stream(list, in, parse_file_name(path), err);
	close_file(in);
	return ret;
}

/* One piece more. Return: 0, or -1 with a sentence that lacks the name. */
static int read_piece(char **text, size_t *len, size_t *cap, FILE *in,
		      struct err *err)
{
	size_t n;

	if (*cap - *len < TEXT_PIECE) {
		char *more = realloc(*text, *cap = 2 * *cap + TEXT_PIECE);

		if (!more)
			return err_set(err, "out of memory");
		*text = more;
	}
	n = fread(*text + *len, 1, TEXT_PIECE, in);
	if (ferror(in))
		return err_set(err, "cannot read: %s", strerror(errno));
	if (memchr(*text + *len, '\0', n))
		return err_set(err, "NUL byte: not a text file");
	*len += n;
	if (*len > TEXT_MAX)
		return err_set(err, "more than %d MB", TEXT_MAX_MB);
	return 0;
}

static int read_text(char **text, size_t *len, FILE *in, struct err *err)
{
	size_t cap = 0;

	while (!feof(in))
		if (read_piece(text, len, &cap, in, err))
			return -1;
	return 0;
}

int parse_text_file(char **text, size_t *len, const char *path, struct err *err)
{
	char quoted[QUOTE_LEN];
	FILE *in = open_file(path, err);
	int ret;

	*text = NULL;
	*len = 0;
	if (!in)
		return -1;
	ret = read_text(text, len, in, err);
	close_file(in);
	if (!ret)
		return 0;
	free(*text);
	err_quote(quoted, sizeof(quoted), parse_file_name(path));
	return err_prefix(err, quoted);
}

/* What @in holds without the blanks around, and no more than fits in @out. */
static void read_word(char out[KEY_FILE_MAX], FILE *in)
{
	size_t n = fread(out, 1, KEY_FILE_MAX - 1, in);
	size_t at = 0;

	while (n && isspace((unsigned char)out[n - 1]))
		n--;
	while (at < n && isspace((unsigned char)out[at]))
		at++;
	memmove(out, out + at, n - at);
	out[n - at] = '\0';
}

int parse_key_file(__u8 out[KEY_LEN], const char *path, struct err *err)
{
	char quoted[QUOTE_LEN];
	char word[KEY_FILE_MAX];
	FILE *in = open_file(path, err);
	int ret;

	if (!in)
		return -1;
	err_quote(quoted, sizeof(quoted), parse_file_name(path));
	read_word(word, in);
	if (ferror(in))
		ret = err_set(err, "cannot read: %s", strerror(errno));
	else if (strlen(word) > 2 * KEY_LEN)
		ret = err_set(err, "a key is 32 hex digits and nothing else");
	else
		ret = parse_key(out, word, err);
	close_file(in);
	return ret ? err_prefix(err, quoted) : 0;
}
