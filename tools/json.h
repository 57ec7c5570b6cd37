/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A reader of JSON (RFC 8259) that hands out one value after another, for a
 * caller who knows what must come. It builds no tree, so a list of a million
 * items costs nothing, and it knows where each value stands: a refusal names
 * line, column and path.
 *
 * The first error is sticky: every later call returns false. Strings are bytes;
 * whether they are UTF-8 is not looked at, as names of devices need not be.
 */
#ifndef MSDCTL_JSON_H
#define MSDCTL_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>
#include "err.h"

/* Objects and arrays within each other. */
#define JSON_DEPTH 8

/**
 * struct json_level - an object or array being read
 * @array: it is an array
 * @n: members or items begun so far
 * @key: key of the member being read, as it stands in the text
 * @key_len: bytes of @key
 */
struct json_level {
	bool array;
	size_t n;
	const char *key;
	size_t key_len;
};

/**
 * struct json - a document being read
 * @text: its beginning
 * @end: its end
 * @at: what comes next
 * @value: begin of the key or value read last
 * @level: open objects and arrays
 * @depth: how many
 * @failed: something was refused
 * @err: receives the sentence
 */
struct json {
	const char *text;
	const char *end;
	const char *at;
	const char *value;
	struct json_level level[JSON_DEPTH];
	int depth;
	bool failed;
	struct err *err;
};

/**
 * json_begin() - start reading
 * @json: the reader
 * @text: the document; must outlive the reader. A byte order mark is skipped
 * @len: its bytes
 * @err: receives the sentence of a refusal
 */
void json_begin(struct json *json, const char *text, size_t len,
		struct err *err);

/**
 * json_object() - an object must come: enter it
 * @json: the reader
 *
 * Return: false when it does not.
 */
bool json_object(struct json *json);

/**
 * json_key() - go to the next member of the object
 * @json: the reader
 * @key: receives its key
 * @size: of @key
 *
 * Return: false at the end of the object, which is left then, and on error.
 */
bool json_key(struct json *json, char *key, size_t size);

/**
 * json_array() - an array must come: enter it
 * @json: the reader
 *
 * Return: false when it does not.
 */
bool json_array(struct json *json);

/**
 * json_item() - go to the next item of the array
 * @json: the reader
 *
 * Return: false at the end of the array, which is left then, and on error.
 */
bool json_item(struct json *json);

/**
 * json_is_string() - does a string come next?
 * @json: the reader
 */
bool json_is_string(struct json *json);

/**
 * json_string() - a string must come
 * @json: the reader
 * @out: receives it
 * @size: of @out; a longer string is refused
 *
 * Return: false when it does not.
 */
bool json_string(struct json *json, char *out, size_t size);

/**
 * json_bool() - true or false must come
 * @json: the reader
 * @out: receives it
 *
 * Return: false when it does not.
 */
bool json_bool(struct json *json, bool *out);

/**
 * json_uint() - a whole number must come
 * @json: the reader
 * @out: receives it
 * @max: largest that is taken
 *
 * Return: false when it does not.
 */
bool json_uint(struct json *json, __u32 *out, __u32 max);

/**
 * json_end() - the document must end here
 * @json: the reader
 *
 * Return: false when it does not.
 */
bool json_end(struct json *json);

/**
 * json_refuse() - refuse the key or value read last
 * @json: the reader
 * @why: the reason, printed after line, column and path; NULL: what json.err
 *	says already
 *
 * Return: always false.
 */
bool json_refuse(struct json *json, const char *why);

/* Room for a path: keys are cut to some 80 bytes each. */
#define JSON_PATH 400

/**
 * json_path_key() - add a key to a path, as jq would write it
 * @path: the path so far, NUL-terminated
 * @key: the key; quoted unless it is an identifier
 * @len: bytes of @key
 */
void json_path_key(char path[JSON_PATH], const char *key, size_t len);

#endif /* MSDCTL_JSON_H */
