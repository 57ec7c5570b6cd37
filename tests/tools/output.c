// SPDX-License-Identifier: GPL-2.0-only
/* The emitter: the same calls, and the text and JSON that come of them. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../tools/out.h"
#include "tap.h"

/* What out_finish() writes to standard output. */
static const char *finish(struct out *out)
{
	static char text[8192];
	int saved = dup(STDOUT_FILENO);
	FILE *tmp = tmpfile();
	size_t n;
	int ret;

	if (!tmp || saved < 0)
		abort();
	fflush(stdout);
	dup2(fileno(tmp), STDOUT_FILENO);
	ret = out_finish(out);
	fflush(stdout);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	rewind(tmp);
	n = fread(text, 1, sizeof(text) - 1, tmp);
	text[n] = '\0';
	fclose(tmp);
	out_free(out);
	return ret ? "(failed)" : text;
}

/* JSON in single quotes, without white space: its layout is json-c's affair. */
static const char *squeeze(const char *json)
{
	static char text[8192];
	char *to = text;

	for (; *json; json++)
		if (!isspace((unsigned char)*json))
			*to++ = *json == '"' ? '\'' : *json;
	*to = '\0';
	return text;
}

static struct out *object(bool json)
{
	struct out *out = out_new(json);

	out_array(out, NULL);
	out_open(out, NULL);
	out_title(out, "ifname", "eth0");
	out_str(out, "mac", "02:00:00:00:00:01");
	out_note(out, "mac-source", "given");
	out_uint(out, "generation", 18446744073709551615ULL);
	out_list(out, "addresses", OUT_LINES, 2, "any");
	out_item(out, "192.0.2.0/25");
	out_item(out, "192.0.2.200");
	out_item(out, "2001:db8::/64");
	out_list_end(out);
	out_list(out, "deny", OUT_LINES, 2, "none");
	out_list_end(out);
	out_close(out);
	out_open(out, NULL);
	out_title(out, "ifname", "e\033[2J");
	out_close(out);
	out_close(out);
	return out;
}

static void test_object(void)
{
	tap_str(finish(object(false)),
		"eth0\n"
		"  mac         02:00:00:00:00:01 (given)\n"
		"  generation  18446744073709551615\n"
		"  addresses   192.0.2.0/25\n"
		"              192.0.2.200\n"
		"              … 1 more\n"
		"  deny        none\n"
		"\n"
		"e\\x1b[2J\n", "object as text");
	tap_str(squeeze(finish(object(true))),
		"[{'ifname':'eth0','mac':'02:00:00:00:00:01','mac-source':'given','generation':18446744073709551615,'addresses':['192.0.2.0/25','192.0.2.200','2001:db8::/64'],'deny':[]},{'ifname':'e\\\\x1b[2J'}]",
		"the same as JSON, lists complete");
}

static struct out *tables(bool json)
{
	static const char *const columns[] = { "verdict", "frames", NULL };
	static const char *const rows[] = { "proto", "patterns", "source",
					    NULL };
	struct out *out = out_new(json);

	out_open(out, NULL);
	out_title(out, "ifname", "eth0");
	out_table(out, "verdicts", columns, OUT_KEYED | OUT_HIDE_ZERO);
	out_row(out, "pass-mac");
	out_cell_uint(out, 0);
	out_row(out, "answer-echo");
	out_cell_uint(out, 12);
	out_table_end(out);
	out_table(out, "protos", rows, 0);
	out_row(out, "http");
	out_cell_uint(out, 39);
	out_cell_str(out, "RFC 9110");
	out_table_end(out);
	out_close(out);
	return out;
}

static void test_tables(void)
{
	tap_str(finish(tables(false)),
		"eth0\n"
		"  verdict      frames\n"
		"  answer-echo      12\n"
		"  proto  patterns  source\n"
		"  http         39  RFC 9110\n", "tables as text, zeros hidden");
	tap_str(squeeze(finish(tables(true))),
		"{'ifname':'eth0','verdicts':{'pass-mac':{'frames':0},'answer-echo':{'frames':12}},'protos':[{'proto':'http','patterns':39,'source':'RFC9110'}]}",
		"the same as JSON, zeros shown");
}

static struct out *words(bool json, int n)
{
	struct out *out = out_new(json);

	out_list(out, "proto-on", OUT_WORDS, 0, "none");
	while (n--)
		out_item(out, n % 2 ? "abcdefghi" : "jklmnopqr");
	out_list_end(out);
	return out;
}

static void test_lists(void)
{
	tap_str(finish(words(false, 8)),
		"proto-on    abcdefghi jklmnopqr abcdefghi jklmnopqr abcdefghi jklmnopqr\n"
		"            abcdefghi jklmnopqr\n", "words are wrapped");
	tap_str(finish(words(false, 0)), "proto-on    none\n", "no word");
	tap_str(squeeze(finish(words(true, 1))), "['jklmnopqr']",
		"a list may be the document");
	tap_str(finish(out_new(true)), "null\n", "JSON without content is null");
	tap_str(finish(out_new(false)), "", "text without content is empty");
}

void test_output(void)
{
	test_object();
	test_tables();
	test_lists();
}
