// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads JSON and remembers line, column and path of each value, which no library
 * does; documents are written with json-c, records by text.c.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include "json.h"
#include "parse.h"

/* Of a key or value in a sentence. */
#define QUOTE_LEN 80
/* Code points of UTF-16 that stand for half a character. */
#define SURROGATE_HIGH 0xd800
#define SURROGATE_LOW 0xdc00
#define SURROGATE_END 0xe000

void json_begin(struct json *json, const char *text, size_t len,
		struct err *err)
{
	const char *end = text + len;

	text = parse_bom(text, len);
	*json = (struct json){ .text = text, .end = end, .at = text,
			       .value = text, .err = err };
}

static bool is_identifier(const char *key, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (key[i] != '_' && !isalpha((unsigned char)key[i]) &&
		    !(i && isdigit((unsigned char)key[i])))
			return false;
	return len;
}

/* Foreign bytes made printable, cut to QUOTE_LEN. */
static char *quote(char out[QUOTE_LEN], const char *text, size_t len)
{
	char copy[QUOTE_LEN];

	snprintf(copy, sizeof(copy), "%.*s", len < QUOTE_LEN ? (int)len :
			QUOTE_LEN, text);
	return err_quote(out, QUOTE_LEN, copy);
}

void json_path_key(char path[JSON_PATH], const char *key, size_t len)
{
	const char *mark = is_identifier(key, len) ? "" : "\"";
	size_t n = strlen(path);
	char quoted[QUOTE_LEN];

	snprintf(path + n, JSON_PATH - n, ".%s%s%s", mark,
		 quote(quoted, key, len), mark);
}

static void write_path(const struct json *json, char path[JSON_PATH])
{
	int i;

	*path = '\0';
	for (i = 0; i < json->depth; i++) {
		const struct json_level *l = &json->level[i];
		size_t n = strlen(path);

		if (l->array && l->n)
			snprintf(path + n, JSON_PATH - n, "%s[%zu]",
				 n ? "" : ".", l->n - 1);
		else if (!l->array && l->key)
			json_path_key(path, l->key, l->key_len);
	}
	if (!*path)
		strcpy(path, ".");
}

/* Put "LINE:COLUMN" of a place before the sentence. */
static bool locate(struct json *json, const char *place)
{
	const char *line = json->text;
	unsigned long number = 1;
	const char *newline;
	char where[48];

	while ((newline = memchr(line, '\n', place - line))) {
		line = newline + 1;
		number++;
	}
	snprintf(where, sizeof(where), "%lu:%zu", number,
		 (size_t)(place - line) + 1);
	err_prefix(json->err, where);
	json->failed = true;
	return false;
}

bool json_refuse(struct json *json, const char *why)
{
	char path[JSON_PATH];

	if (json->failed)
		return false;
	if (why)
		err_set(json->err, "%s", why);
	write_path(json, path);
	err_prefix(json->err, path);
	return locate(json, json->value);
}

/* The text itself is at fault, at json->at. */
static bool syntax(struct json *json, const char *wanted)
{
	char quoted[QUOTE_LEN];

	if (json->failed)
		return false;
	if (json->at == json->end)
		err_set(json->err, "%s is wanted, and the text ends", wanted);
	else if (!*json->at)
		err_set(json->err, "%s is wanted, not a NUL byte", wanted);
	else
		err_set(json->err, "%s is wanted, not %s", wanted,
			quote(quoted, json->at, 1));
	return locate(json, json->at);
}

static void skip_blanks(struct json *json)
{
	while (json->at < json->end && strchr(" \t\n\r", *json->at) &&
	       *json->at)
		json->at++;
}

/* What comes after blanks; -1 at the end and after an error. */
static int peek(struct json *json)
{
	if (json->failed)
		return -1;
	skip_blanks(json);
	return json->at < json->end ? (unsigned char)*json->at : -1;
}

static bool take(struct json *json, char c)
{
	if (peek(json) != (unsigned char)c)
		return false;
	json->at++;
	return true;
}

/* Bytes of the token that begins here, as far as a sentence quotes it. */
static size_t token_len(const struct json *json)
{
	const char *p = json->at;
	bool string = *p == '"';

	for (p++; p < json->end && p - json->at < QUOTE_LEN; p++) {
		if (string && *p == '"')
			return p + 1 - json->at;
		if (!string && strchr(" \t\n\r,:]}", *p))
			break;
	}
	return p - json->at;
}

static const char *what_is(int c)
{
	switch (c) {
	case '{':
		return "an object";
	case '[':
		return "an array";
	default:
		return NULL;
	}
}

/* A value of the wrong type: quote it, or name it when it is a compound. */
static bool wrong_type(struct json *json, const char *wanted)
{
	int c = peek(json);
	char quoted[QUOTE_LEN];
	const char *what;

	if (c < 0 || !(isalnum(c) || strchr("\"{[-", c)))
		return syntax(json, wanted);
	what = what_is(c);
	if (!what)
		what = quote(quoted, json->at, token_len(json));
	err_set(json->err, "%s is wanted, not %s", wanted, what);
	json->value = json->at;
	return json_refuse(json, NULL);
}

static bool enter(struct json *json, bool array)
{
	if (!take(json, array ? '[' : '{'))
		return wrong_type(json, array ? "an array" : "an object");
	json->value = json->at - 1;
	if (json->depth == JSON_DEPTH)
		return json_refuse(json, "too deep");
	json->level[json->depth++] = (struct json_level){ .array = array };
	return true;
}

bool json_object(struct json *json)
{
	return enter(json, false);
}

bool json_array(struct json *json)
{
	return enter(json, true);
}

/* Go to the next member or item. Return: false when there is none. */
static bool next(struct json *json, char close)
{
	struct json_level *l = &json->level[json->depth - 1];

	if (json->failed)
		return false;
	l->key = NULL;
	if (take(json, close)) {
		json->depth--;
		return false;
	}
	if (l->n && !take(json, ','))
		return syntax(json, close == '}' ? "a comma or }" :
						   "a comma or ]");
	l->n++;
	peek(json);
	return true;
}

bool json_item(struct json *json)
{
	return next(json, ']');
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *p = c ? strchr(digits, tolower((unsigned char)c)) : NULL;

	return p ? p - digits : -1;
}

/* Four hex digits. Return: -1 when they are not there. */
static long hex4(struct json *json)
{
	long val = 0;
	int i;

	for (i = 0; i < 4; i++) {
		int digit = json->at < json->end ? hex_digit(*json->at) : -1;

		if (digit < 0)
			return -1;
		val = val << 4 | digit;
		json->at++;
	}
	return val;
}

/* What follows "\u", two of them for a character beyond U+FFFF. */
static long code_point(struct json *json)
{
	long high = hex4(json);
	long low;

	if (high < SURROGATE_HIGH || high >= SURROGATE_END)
		return high;
	if (high >= SURROGATE_LOW || json->end - json->at < 2 ||
	    memcmp(json->at, "\\u", 2))
		return -1;
	json->at += 2;
	low = hex4(json);
	if (low < SURROGATE_LOW || low >= SURROGATE_END)
		return -1;
	return 0x10000 + ((high - SURROGATE_HIGH) << 10) + low - SURROGATE_LOW;
}

/* UTF-8 (RFC 3629). Return: bytes. */
static size_t encode(char out[4], unsigned long c)
{
	static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	size_t i;

	for (i = n - 1; i; i--) {
		out[i] = 0x80 | (c & 0x3f);
		c >>= 6;
	}
	out[0] = lead[n] | c;
	return n;
}

/* What follows a backslash. Return: bytes of @out, 0 when it is no escape. */
static size_t escape(struct json *json, char out[4])
{
	static const char from[] = "\"\\/bfnrt";
	static const char to[] = "\"\\/\b\f\n\r\t";
	const char *p;
	long c;

	if (json->at == json->end || !*json->at)
		return 0;
	if (*json->at == 'u') {
		json->at++;
		c = code_point(json);
		return c > 0 ? encode(out, c) : 0;
	}
	p = strchr(from, *json->at);
	if (!p)
		return 0;
	json->at++;
	*out = to[p - from];
	return 1;
}

/* The next character of a string. Return: bytes of @out; 0 on error. */
static size_t character(struct json *json, char out[4])
{
	const char *begin = json->at;
	size_t n;

	if (json->at == json->end || (unsigned char)*json->at < 0x20) {
		syntax(json, "the end of a string");
		return 0;
	}
	*out = *json->at++;
	if (*out != '\\')
		return 1;
	n = escape(json, out);
	if (!n) {
		json->at = begin;
		syntax(json, "a valid escape sequence");
	}
	return n;
}

/* A string from its opening to its closing quotation mark. */
static bool string(struct json *json, char *out, size_t size)
{
	bool fits = true;
	size_t len = 0;

	json->value = json->at++;
	while (json->at == json->end || *json->at != '"') {
		char c[4];
		size_t n = character(json, c);

		if (!n)
			return false;
		fits = fits && len + n < size;
		if (fits)
			memcpy(out + len, c, n);
		len += n;
	}
	out[fits ? len : 0] = '\0';
	json->at++;
	return fits;
}

bool json_is_string(struct json *json)
{
	return peek(json) == '"';
}

bool json_string(struct json *json, char *out, size_t size)
{
	if (peek(json) != '"')
		return wrong_type(json, "a string");
	return string(json, out, size) || json_refuse(json, "too long");
}

bool json_key(struct json *json, char *key, size_t size)
{
	struct json_level *l = &json->level[json->depth - 1];
	bool fits;

	if (!next(json, '}'))
		return false;
	if (peek(json) != '"')
		return syntax(json, l->n > 1 ? "a key" : "a key or }");
	fits = string(json, key, size);
	if (json->failed)
		return false;
	l->key = json->value + 1;
	l->key_len = json->at - 1 - l->key;
	if (!fits)
		return json_refuse(json, "too long");
	if (!take(json, ':'))
		return syntax(json, "a colon");
	return true;
}

/* A word or number that ends here. */
static bool token(struct json *json, const char *word)
{
	size_t len = strlen(word);

	if (token_len(json) != len || memcmp(json->at, word, len))
		return false;
	json->value = json->at;
	json->at += len;
	return true;
}

bool json_bool(struct json *json, bool *out)
{
	if (peek(json) < 0)
		return syntax(json, "true or false");
	*out = *json->at == 't';
	if (token(json, *out ? "true" : "false"))
		return true;
	return wrong_type(json, "true or false");
}

bool json_uint(struct json *json, __u32 *out, __u32 max)
{
	char wanted[64];
	size_t len, i;
	__u64 val = 0;

	snprintf(wanted, sizeof(wanted), "a whole number from 0 to %u", max);
	if (peek(json) < 0)
		return syntax(json, wanted);
	len = token_len(json);
	for (i = 0; i < len && isdigit((unsigned char)json->at[i]); i++)
		if (val <= max)
			val = 10 * val + json->at[i] - '0';
	if (i < len || val > max || (len > 1 && *json->at == '0'))
		return wrong_type(json, wanted);
	json->value = json->at;
	json->at += len;
	*out = val;
	return true;
}

bool json_end(struct json *json)
{
	if (peek(json) < 0)
		return !json->failed;
	return syntax(json, "the end of the text");
}
