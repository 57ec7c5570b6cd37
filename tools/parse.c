// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "parse.h"

/* Longest line looked at; what a comment or a table column has beyond it is
 * skipped. No address comes near.
 */
#define LINE_LEN 1024
/* A text file is read in pieces of this size, and not beyond this many bytes:
 * a million ranges on each of some interfaces stay below.
 */
#define TEXT_PIECE 65536
#define TEXT_MAX 0x40000000UL
/* Room for quoted foreign text in a sentence. */
#define QUOTE_LEN 80

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Return: bytes of the address, 0 when @text is none. */
static __u8 parse_addr(__u8 out[16], const char *text)
{
	if (inet_pton(AF_INET, text, out) == 1)
		return 4;
	return inet_pton(AF_INET6, text, out) == 1 ? 16 : 0;
}

/* Decimal without sign, blank or leading zero. Return: -1 when above @max. */
static int parse_length(const char *text, int max)
{
	int val = 0;

	if (!*text || (*text == '0' && text[1]))
		return -1;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return -1;
		val = 10 * val + *text - '0';
		if (val > max)
			return -1;
	}
	return val;
}

/* Make @r the network of @r->first. Return: true when host bits were set. */
static bool apply_prefix(struct addr_range *r, int prefix)
{
	bool host_bits = false;
	int i;

	for (i = 0; i < r->len; i++) {
		int bits = prefix - 8 * i;
		__u8 host = bits >= 8 ? 0 : bits <= 0 ? 0xff : 0xff >> bits;

		host_bits |= r->first[i] & host;
		r->first[i] &= ~host;
		r->last[i] = r->first[i] | host;
	}
	return host_bits;
}

static int parse_prefix(struct addr_range *r, const char *addr,
			const char *length, struct err *err)
{
	char net[RANGE_TEXT];
	int prefix;

	r->len = parse_addr(r->first, addr);
	if (!r->len)
		return err_set(err, "not an IPv4 or IPv6 address");
	prefix = parse_length(length, 8 * r->len);
	if (prefix < 0)
		return err_set(err, "prefix length must be 0 to %d",
			       8 * r->len);
	if (apply_prefix(r, prefix))
		return err_set(err, "host bits are set; the network is %s",
			       addr_range_text(r, net));
	return 0;
}

static int parse_first_last(struct addr_range *r, const char *first,
			    const char *last, struct err *err)
{
	r->len = parse_addr(r->first, first);
	if (!r->len)
		return err_set(err, "not an IPv4 or IPv6 address");
	if (parse_addr(r->last, last) != r->len)
		return err_set(err, "the end is not an IPv%d address",
			       r->len == 4 ? 4 : 6);
	if (memcmp(r->first, r->last, r->len) > 0)
		return err_set(err, "the range ends before it begins");
	return 0;
}

/* The same as parse_range(); the sentence does not quote @text. */
static int parse_unquoted(struct addr_range *out, const char *text,
			  struct err *err)
{
	char buf[RANGE_TEXT];
	char *sep;

	memset(out, 0, sizeof(*out));
	if (strlen(text) >= sizeof(buf))
		return err_set(err, "not an IPv4 or IPv6 address");
	strcpy(buf, text);
	sep = strpbrk(buf, "/-");
	if (!sep)
		return parse_first_last(out, buf, buf, err);
	if (*sep == '/') {
		*sep = '\0';
		return parse_prefix(out, buf, sep + 1, err);
	}
	*sep = '\0';
	return parse_first_last(out, buf, sep + 1, err);
}

int parse_range(struct addr_range *out, const char *text, struct err *err)
{
	char quoted[QUOTE_LEN];

	if (!parse_unquoted(out, text, err))
		return 0;
	return err_prefix(err, err_quote(quoted, sizeof(quoted), text));
}

/**
 * struct line - one line of a file
 * @text: its first bytes, NUL-terminated, without the newline
 * @number: counted from 1
 * @nul: it holds a NUL byte; reading stopped there
 */
struct line {
	char text[LINE_LEN];
	unsigned long number;
	bool nul;
};

/* Return: false at the end of the file. */
static bool read_line(struct line *line, FILE *in)
{
	size_t n = 0;
	int c;

	line->number++;
	while ((c = getc_unlocked(in)) != EOF && c != '\n' && c) {
		if (n < sizeof(line->text) - 1)
			line->text[n] = c;
		n++;
	}
	line->nul = !c;
	line->text[n < sizeof(line->text) ? n : sizeof(line->text) - 1] = '\0';
	return c != EOF || n;
}

/* Cut comment, table columns and blanks around. Return: what is left. */
static char *line_field(char *text)
{
	size_t len = strlen(text);
	char *end;

	if (len && text[len - 1] == '\r')
		text[len - 1] = '\0';
	while (is_blank(*text))
		text++;
	text[strcspn(text, "\t")] = '\0';
	for (end = text; *end; end++)
		if (*end == '#' && (end == text || is_blank(end[-1])))
			break;
	while (end > text && is_blank(end[-1]))
		end--;
	*end = '\0';
	return text;
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

/* Return: 0, or -1 with a sentence that lacks the name. */
static int read_text(char **text, size_t *len, FILE *in, struct err *err)
{
	size_t cap = 0;

	while (!feof(in)) {
		if (cap - *len < TEXT_PIECE) {
			char *more = realloc(*text, cap = 2 * cap + TEXT_PIECE);

			if (!more)
				return err_set(err, "out of memory");
			*text = more;
		}
		*len += fread(*text + *len, 1, TEXT_PIECE, in);
		if (ferror(in))
			return err_set(err, "cannot read: %s", strerror(errno));
		if (*len > TEXT_MAX)
			return err_set(err, "too long for a configuration");
	}
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

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One or two hex digits. Return: how many, 0 when there is none. */
static int hex_group(const char *text, __u8 *out)
{
	int n;

	*out = 0;
	for (n = 0; n < 2 && hex_digit(text[n]) >= 0; n++)
		*out = *out << 4 | hex_digit(text[n]);
	return n;
}

static bool all_zero(const __u8 *p, size_t n)
{
	while (n && !p[n - 1])
		n--;
	return !n;
}

/* Return: false when @text is not six groups. */
static bool split_mac(__u8 out[MAC_LEN], const char *text)
{
	int i;

	for (i = 0; i < MAC_LEN; i++) {
		int n = hex_group(text, &out[i]);

		text += n;
		if (!n || *text != (i < MAC_LEN - 1 ? ':' : '\0'))
			return false;
		text++;
	}
	return true;
}

int parse_mac(__u8 out[MAC_LEN], const char *text, struct err *err)
{
	char quoted[QUOTE_LEN];

	err_quote(quoted, sizeof(quoted), text);
	if (!split_mac(out, text))
		return err_set(err, "%s: not a MAC address", quoted);
	if (all_zero(out, MAC_LEN))
		return err_set(err, "%s: the zero MAC address is nobody's",
			       quoted);
	if (out[0] & 1)
		return err_set(err, "%s: a multicast MAC address cannot be own",
			       quoted);
	return 0;
}

int parse_key(__u8 out[KEY_LEN], const char *text, struct err *err)
{
	int i;

	for (i = 0; i < KEY_LEN; i++)
		if (hex_group(text + 2 * i, &out[i]) != 2)
			break;
	if (i < KEY_LEN || text[2 * i])
		return err_set(err, "a key is 32 hex digits");
	if (all_zero(out, KEY_LEN))
		return err_set(err, "a key of zeros is no key");
	return 0;
}

/* Return: false when more than blanks follows. */
static bool rest_is_blank(FILE *in)
{
	int c;

	while ((c = getc(in)) != EOF)
		if (!isspace(c))
			return false;
	return true;
}

int parse_key_file(__u8 out[KEY_LEN], const char *path, struct err *err)
{
	char quoted[QUOTE_LEN];
	char word[2 * KEY_LEN + 2] = "";
	FILE *in = open_file(path, err);
	int ret;

	if (!in)
		return -1;
	err_quote(quoted, sizeof(quoted), parse_file_name(path));
	if (fscanf(in, "%33s", word) != 1 && ferror(in))
		ret = err_set(err, "cannot read: %s", strerror(errno));
	else if (!rest_is_blank(in))
		ret = err_set(err, "a key is 32 hex digits and nothing else");
	else
		ret = parse_key(out, word, err);
	close_file(in);
	return ret ? err_prefix(err, quoted) : 0;
}

int parse_snap(__u32 *out, const char *text, struct err *err)
{
	unsigned long value = 0;
	const char *p = text;

	while (*p >= '0' && *p <= '9' && value <= MSD_SNAP_MAX)
		value = value * 10 + (*p++ - '0');
	if (p == text || *p || value > MSD_SNAP_MAX)
		return err_set(err, "a number of bytes from 0 to %d is wanted",
			       MSD_SNAP_MAX);
	*out = value;
	return 0;
}

int parse_banner(char out[MSD_SSH_BANNER_MAX + 1], const char *text,
		 struct err *err)
{
	size_t len = strlen(text);
	size_t i;

	if (len < MSD_SSH_BANNER_MIN || len > MSD_SSH_BANNER_MAX)
		return err_set(err, "an SSH banner is %d to %d characters",
			       MSD_SSH_BANNER_MIN, MSD_SSH_BANNER_MAX);
	for (i = 0; i < len; i++)
		if (text[i] < 0x20 || text[i] > 0x7e)
			return err_set(err, "an SSH banner is printable ASCII");
	memcpy(out, text, len + 1);
	return 0;
}
