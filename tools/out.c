// SPDX-License-Identifier: GPL-2.0-only
/*
 * Prints a document as indented text or as JSON; out_table.c prints tables.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "err.h"
#include "out_int.h"

#define LABEL_WIDTH 12
#define LINE_WIDTH 78

struct out *out_new(bool json)
{
	struct out *out = calloc(1, sizeof(*out));

	if (!out)
		return NULL;
	out->json = json;
	out->text = open_memstream(&out->buf, &out->len);
	if (!out->text) {
		free(out);
		return NULL;
	}
	return out;
}

void out_end_line(struct out *out)
{
	if (out->line)
		fputc('\n', out->text);
	out->line = false;
}

/* Begin a line "  key  ", to be completed by the caller. */
static void begin_line(struct out *out, const char *key)
{
	out_end_line(out);
	fprintf(out->text, "%*s%-*s", out->indent, "", LABEL_WIDTH, key);
	out->line = true;
}

void out_json_add(struct out *out, const char *key, struct json_object *obj)
{
	struct json_object *in = out->depth ? out->stack[out->depth - 1] : NULL;
	int ret = 0;

	if (!in)
		out->root = obj;
	else if (json_object_is_type(in, json_type_array))
		ret = json_object_array_add(in, obj);
	else
		ret = json_object_object_add(in, key, obj);
	out->failed |= !obj || ret;
}

void out_json_push(struct out *out, const char *key, struct json_object *obj)
{
	out_json_add(out, key, obj);
	if (out->depth < DEPTH_MAX)
		out->stack[out->depth++] = obj;
}

void out_json_pop(struct out *out)
{
	if (out->depth)
		out->depth--;
}

void out_json_str(struct out *out, const char *key, const char *val)
{
	out_json_add(out, key, json_object_new_string(val));
}

void out_open(struct out *out, const char *key)
{
	if (out->json)
		out_json_push(out, key, json_object_new_object());
}

void out_array(struct out *out, const char *key)
{
	if (out->json)
		out_json_push(out, key, json_object_new_array());
}

void out_close(struct out *out)
{
	if (out->json)
		out_json_pop(out);
	else
		out_end_line(out);
	out->indent = 0;
}

void out_title(struct out *out, const char *key, const char *val)
{
	char safe[SAFE_LEN];

	err_quote(safe, sizeof(safe), val);
	if (out->json) {
		out_json_str(out, key, safe);
		return;
	}
	if (ftell(out->text) > 0)
		fputc('\n', out->text);
	fprintf(out->text, "%s\n", safe);
	out->indent = 2;
}

void out_str(struct out *out, const char *key, const char *val)
{
	char safe[SAFE_LEN];

	err_quote(safe, sizeof(safe), val);
	if (out->json) {
		out_json_str(out, key, safe);
		return;
	}
	begin_line(out, key);
	fputs(safe, out->text);
}

void out_uint(struct out *out, const char *key, __u64 val)
{
	if (out->json) {
		out_json_add(out, key, json_object_new_uint64(val));
		return;
	}
	begin_line(out, key);
	fprintf(out->text, "%llu", val);
}

void out_bool(struct out *out, const char *key, bool val)
{
	if (out->json) {
		out_json_add(out, key, json_object_new_boolean(val));
		return;
	}
	begin_line(out, key);
	fputs(val ? "yes" : "no", out->text);
}

void out_note(struct out *out, const char *key, const char *val)
{
	if (out->json)
		out_json_str(out, key, val);
	else
		fprintf(out->text, " (%s)", val);
}

void out_list(struct out *out, const char *key, enum out_style style,
	      size_t limit, const char *empty)
{
	out->list = (struct out_list){
		.style = style, .limit = limit, .empty = empty,
	};
	if (out->json) {
		out_json_push(out, key, json_object_new_array());
		return;
	}
	if (key) {
		begin_line(out, key);
		out->list.margin = out->indent + LABEL_WIDTH;
		out->list.column = out->list.margin;
	}
}

/* Put @val where the style wants it. */
static void text_item(struct out *out, const char *val)
{
	struct out_list *list = &out->list;
	int len = strlen(val);

	if (list->n && (list->style == OUT_LINES ||
			list->column + 1 + len > LINE_WIDTH)) {
		fprintf(out->text, "\n%*s", list->margin, "");
		list->column = list->margin;
	} else if (list->n) {
		fputc(' ', out->text);
		list->column++;
	}
	fputs(val, out->text);
	list->column += len;
	out->line = true;
}

void out_item(struct out *out, const char *val)
{
	struct out_list *list = &out->list;
	char safe[SAFE_LEN];

	err_quote(safe, sizeof(safe), val);
	if (out->json)
		out_json_str(out, NULL, safe);
	else if (!list->limit || list->n < list->limit)
		text_item(out, safe);
	list->n++;
}

void out_list_end(struct out *out)
{
	struct out_list *list = &out->list;

	if (out->json) {
		out_json_pop(out);
		return;
	}
	if (!list->n && list->empty)
		fputs(list->empty, out->text);
	if (list->limit && list->n > list->limit)
		fprintf(out->text, "\n%*s… %zu more", list->margin, "",
			list->n - list->limit);
	out_end_line(out);
}

/* Return: 0, or a negative errno. */
static int put(const char *text)
{
	errno = 0;
	if (fputs(text, stdout) == EOF || fflush(stdout) == EOF)
		return errno ? -errno : -EIO;
	return 0;
}

void out_one_line(struct out *out)
{
	out->one_line = true;
}

static int finish_json(struct out *out)
{
	int flags = JSON_C_TO_STRING_NOSLASHESCAPE;
	const char *text = "null";
	int ret;

	if (!out->one_line)
		flags |= JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED;
	if (out->root)
		text = json_object_to_json_string_ext(out->root, flags);
	if (out->failed || !text)
		return -ENOMEM;
	ret = put(text);
	return ret ? ret : put("\n");
}

int out_finish(struct out *out)
{
	if (out->json)
		return finish_json(out);
	out_end_line(out);
	if (fflush(out->text) == EOF || ferror(out->text) || out->failed)
		return -ENOMEM;
	return out->len ? put(out->buf) : 0;
}

void out_free(struct out *out)
{
	if (!out)
		return;
	json_object_put(out->root);
	fclose(out->text);
	free(out->buf);
	free(out);
}
