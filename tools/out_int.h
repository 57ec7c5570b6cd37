/* SPDX-License-Identifier: GPL-2.0-only */
/* The emitter's inside, for out.c and out_table.c alone. */
#ifndef MSDCTL_OUT_INT_H
#define MSDCTL_OUT_INT_H

#include <json-c/json.h>
#include <stdio.h>
#include "out.h"

#define DEPTH_MAX 8
/* Room for a foreign string made printable: no field is longer. */
#define SAFE_LEN 1024

/**
 * struct out_list - the list being written
 * @style: how text shows it
 * @limit: items text shows; 0: all
 * @n: items so far
 * @column: text: where the line stands
 * @margin: text: where lines begin
 * @empty: text for no item
 */
struct out_list {
	enum out_style style;
	size_t limit;
	size_t n;
	int column;
	int margin;
	const char *empty;
};

/**
 * struct out_row - text of one row of a table
 * @next: the row below
 * @cell: the columns
 * @shown: it has no number or one that is not zero
 */
struct out_row {
	struct out_row *next;
	char *cell[OUT_COLUMNS];
	bool shown;
};

/**
 * struct out_table - the table being written
 * @columns: headings
 * @flags: OUT_*
 * @col: column of the next cell
 * @in_row: a row was begun
 * @numeric: columns aligned to the right
 * @rows: text of the rows
 * @last: the row being written
 */
struct out_table {
	const char *const *columns;
	unsigned int flags;
	int col;
	bool in_row;
	bool numeric[OUT_COLUMNS];
	struct out_row *rows;
	struct out_row *last;
};

/**
 * struct out - emitter
 * @json: JSON, else text
 * @one_line: JSON: without line breaks
 * @failed: out of memory
 * @text: text so far
 * @buf: its bytes
 * @len: how many
 * @indent: text: of the lines of this object
 * @line: text: the line is not ended yet
 * @root: JSON: the document
 * @stack: JSON: open objects and arrays
 * @depth: JSON: how many
 * @list: the list being written
 * @table: the table being written
 */
struct out {
	bool json;
	bool one_line;
	bool failed;
	FILE *text;
	char *buf;
	size_t len;
	int indent;
	bool line;
	struct json_object *root;
	struct json_object *stack[DEPTH_MAX];
	int depth;
	struct out_list list;
	struct out_table table;
};

/**
 * out_json_add() - add to the innermost open object or array
 * @out: the emitter
 * @key: key in an object
 * @obj: taken over. The first one is the document
 */
void out_json_add(struct out *out, const char *key, struct json_object *obj);

/**
 * out_json_str() - add a string
 * @out: the emitter
 * @key: key in an object
 * @val: the string
 */
void out_json_str(struct out *out, const char *key, const char *val);

/**
 * out_json_push() - add an object or array and open it
 * @out: the emitter
 * @key: key in an object
 * @obj: taken over
 */
void out_json_push(struct out *out, const char *key, struct json_object *obj);

/**
 * out_json_pop() - close the innermost object or array
 * @out: the emitter
 */
void out_json_pop(struct out *out);

/**
 * out_end_line() - text: end the line that was begun
 * @out: the emitter
 */
void out_end_line(struct out *out);

#endif /* MSDCTL_OUT_INT_H */
