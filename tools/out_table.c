// SPDX-License-Identifier: GPL-2.0-only
/* Tables: text is collected until all columns' widths are known. */
#include <stdlib.h>
#include <string.h>
#include "err.h"
#include "out_int.h"

void out_table(struct out *out, const char *key, const char *const *columns,
	       unsigned int flags)
{
	out->table = (struct out_table){ .columns = columns, .flags = flags };
	if (out->json)
		out_json_push(out, key, flags & OUT_KEYED ?
						json_object_new_object() :
						json_object_new_array());
}

static void end_row(struct out *out)
{
	if (out->json && out->table.in_row)
		out_json_pop(out);
	out->table.in_row = false;
}

/* Take over @text (NULL: no memory) as the next cell. */
static void text_cell(struct out *out, char *text)
{
	struct out_table *table = &out->table;

	if (text && table->last && table->col < OUT_COLUMNS) {
		table->last->cell[table->col++] = text;
		return;
	}
	free(text);
	out->failed = true;
}

static void text_row(struct out *out, const char *name)
{
	struct out_table *table = &out->table;
	struct out_row *row = calloc(1, sizeof(*row));

	if (!row) {
		out->failed = true;
		return;
	}
	row->shown = !(table->flags & OUT_HIDE_ZERO);
	if (table->last)
		table->last->next = row;
	else
		table->rows = row;
	table->last = row;
	text_cell(out, strdup(name));
}

void out_row(struct out *out, const char *name)
{
	struct out_table *table = &out->table;
	char safe[SAFE_LEN];

	end_row(out);
	err_quote(safe, sizeof(safe), name);
	table->col = 0;
	if (!out->json) {
		text_row(out, safe);
		return;
	}
	table->in_row = true;
	out_json_push(out, safe, json_object_new_object());
	if (!(table->flags & OUT_KEYED))
		out_json_str(out, table->columns[0], safe);
	table->col = 1;
}

void out_cell_str(struct out *out, const char *val)
{
	struct out_table *table = &out->table;
	char safe[SAFE_LEN];

	err_quote(safe, sizeof(safe), val);
	if (out->json)
		out_json_str(out, table->columns[table->col++], safe);
	else
		text_cell(out, strdup(safe));
}

void out_cell_uint(struct out *out, __u64 val)
{
	struct out_table *table = &out->table;
	char text[24];

	if (out->json) {
		out_json_add(out, table->columns[table->col++],
			     json_object_new_uint64(val));
		return;
	}
	if (table->col < OUT_COLUMNS)
		table->numeric[table->col] = true;
	if (table->last && val)
		table->last->shown = true;
	snprintf(text, sizeof(text), "%llu", val);
	text_cell(out, strdup(text));
}

static void print_row(struct out *out, const char *const *cells,
		      const int *widths)
{
	int i;

	fprintf(out->text, "%*s", out->indent, "");
	for (i = 0; i < OUT_COLUMNS && cells[i]; i++) {
		bool last = i == OUT_COLUMNS - 1 || !cells[i + 1];
		int width = widths[i];

		if (!out->table.numeric[i])
			width = last ? 0 : -width;
		fprintf(out->text, "%*s%s", width, cells[i], last ? "\n" : "  ");
	}
}

static void widen(int *widths, const char *const *cells)
{
	int i;

	for (i = 0; i < OUT_COLUMNS && cells[i]; i++)
		if ((int)strlen(cells[i]) > widths[i])
			widths[i] = strlen(cells[i]);
}

static void print_table(struct out *out)
{
	const char *head[OUT_COLUMNS + 1] = { NULL };
	int widths[OUT_COLUMNS] = { 0 };
	struct out_row *row;
	bool any = false;
	int i;

	for (i = 0; i < OUT_COLUMNS && out->table.columns[i]; i++)
		head[i] = out->table.columns[i];
	widen(widths, head);
	for (row = out->table.rows; row; row = row->next) {
		any |= row->shown;
		if (row->shown)
			widen(widths, (const char *const *)row->cell);
	}
	if (any)
		print_row(out, head, widths);
	for (row = out->table.rows; row; row = row->next)
		if (row->shown)
			print_row(out, (const char *const *)row->cell, widths);
}

static void free_rows(struct out_table *table)
{
	while (table->rows) {
		struct out_row *row = table->rows;
		int i;

		table->rows = row->next;
		for (i = 0; i < OUT_COLUMNS; i++)
			free(row->cell[i]);
		free(row);
	}
}

void out_table_end(struct out *out)
{
	end_row(out);
	if (out->json) {
		out_json_pop(out);
		return;
	}
	out_end_line(out);
	print_table(out);
	free_rows(&out->table);
}
