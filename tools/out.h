/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One emitter for text and JSON: what a call prints in one it prints in the
 * other, so neither can be forgotten. Nothing reaches standard output before
 * out_finish(): a command that fails half way prints its error and no half of
 * a document. Lack of memory is sticky and reported by out_finish().
 *
 * Text is a block an object: a title, then indented lines "key value". Foreign
 * strings are made printable.
 */
#ifndef MSDCTL_OUT_H
#define MSDCTL_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

struct out;

/**
 * out_new() - begin a document
 * @json: JSON, else text
 *
 * Return: the emitter, or NULL without memory.
 */
struct out *out_new(bool json);

/**
 * out_one_line() - write JSON on one line
 * @out: the emitter
 */
void out_one_line(struct out *out);

/**
 * out_finish() - write the document to standard output
 * @out: the emitter. JSON without any content is written as null
 *
 * Return: 0, or a negative errno.
 */
int out_finish(struct out *out);

/**
 * out_free() - drop the emitter
 * @out: the emitter, or NULL
 */
void out_free(struct out *out);

/**
 * out_open() - begin an object
 * @out: the emitter
 * @key: its key in an enclosing object, else NULL
 */
void out_open(struct out *out, const char *key);

/**
 * out_array() - begin an array of objects
 * @out: the emitter
 * @key: its key in an enclosing object, else NULL
 */
void out_array(struct out *out, const char *key);

/**
 * out_close() - end the innermost object or array
 * @out: the emitter
 */
void out_close(struct out *out);

/**
 * out_title() - the field that names an object
 * @out: the emitter
 * @key: JSON key; text shows the value alone, and indents what follows
 * @val: the name
 */
void out_title(struct out *out, const char *key, const char *val);

/**
 * out_str() - a field
 * @out: the emitter
 * @key: JSON key and label
 * @val: value
 */
void out_str(struct out *out, const char *key, const char *val);

/**
 * out_uint() - a number
 * @out: the emitter
 * @key: JSON key and label
 * @val: value
 */
void out_uint(struct out *out, const char *key, __u64 val);

/**
 * out_bool() - a truth value
 * @out: the emitter
 * @key: JSON key and label
 * @val: value; text shows yes or no
 */
void out_bool(struct out *out, const char *key, bool val);

/**
 * out_note() - a field that explains the one before it
 * @out: the emitter
 * @key: JSON key; text shows the value in brackets on the same line
 * @val: value
 */
void out_note(struct out *out, const char *key, const char *val);

/**
 * enum out_style - how text shows a list
 * @OUT_LINES: one item a line
 * @OUT_WORDS: items side by side, lines wrapped
 */
enum out_style {
	OUT_LINES,
	OUT_WORDS,
};

/**
 * out_list() - begin a list of strings
 * @out: the emitter
 * @key: JSON key and label; NULL: the list is the whole document
 * @style: how text shows it
 * @limit: items text shows before it counts the rest; 0: all. JSON has all
 * @empty: what text shows for no item; NULL: nothing at all
 */
void out_list(struct out *out, const char *key, enum out_style style,
	      size_t limit, const char *empty);

/**
 * out_item() - an item of the list begun last
 * @out: the emitter
 * @val: the item
 */
void out_item(struct out *out, const char *val);

/**
 * out_list_end() - end the list
 * @out: the emitter
 */
void out_list_end(struct out *out);

/* Columns of a table. */
#define OUT_COLUMNS 8

/* JSON: an object keyed by the first column; without it: an array. */
#define OUT_KEYED	0x01
/* Text: rows whose numbers are all zero are not shown. */
#define OUT_HIDE_ZERO	0x02

/**
 * out_table() - begin a table
 * @out: the emitter
 * @key: JSON key; NULL: the table is the whole document
 * @columns: headings and JSON keys, NULL-terminated, at most OUT_COLUMNS
 * @flags: OUT_KEYED, OUT_HIDE_ZERO
 */
void out_table(struct out *out, const char *key, const char *const *columns,
	       unsigned int flags);

/**
 * out_row() - begin a row
 * @out: the emitter
 * @name: value of the first column
 */
void out_row(struct out *out, const char *name);

/**
 * out_cell_str() - next column of the row
 * @out: the emitter
 * @val: value
 */
void out_cell_str(struct out *out, const char *val);

/**
 * out_cell_uint() - next column of the row
 * @out: the emitter
 * @val: value; text aligns it to the right
 */
void out_cell_uint(struct out *out, __u64 val);

/**
 * out_table_end() - end the table
 * @out: the emitter
 */
void out_table_end(struct out *out);

#endif /* MSDCTL_OUT_H */
