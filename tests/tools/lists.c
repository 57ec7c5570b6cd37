// SPDX-License-Identifier: GPL-2.0-only
/* Address files as editors, feeds and other tools write them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../tools/config.h"
#include "../../tools/parse.h"
#include "tap.h"

#define BOM "\xef\xbb\xbf"

static void show(char *out, size_t size, const struct addr_list *list)
{
	size_t n = 0, i;

	*out = '\0';
	for (i = 0; i < list->n; i++) {
		char text[RANGE_TEXT];

		n += snprintf(out + n, size - n, "%s%s", i ? " " : "",
			      addr_range_text(&list->r[i], text));
	}
}

/* What is read, with blanks in between; or the sentence. */
static void list(const char *file, const char *wanted)
{
	FILE *in = fmemopen((void *)file, strlen(file), "r");
	struct addr_list ranges = { 0 };
	char got[512], name[200];
	struct err err;

	if (!in)
		abort();
	if (parse_range_stream(&ranges, in, "f", &err))
		snprintf(got, sizeof(got), "%s", err.text);
	else
		show(got, sizeof(got), &ranges);
	tap_str(got, wanted, err_quote(name, sizeof(name), file));
	fclose(in);
	addr_list_free(&ranges);
}

static void test_marks(void)
{
	list(BOM "192.0.2.1\n", "192.0.2.1");
	list(BOM "# head\r\n192.0.2.1\r\n", "192.0.2.1");
	list(BOM "; head\n\n 192.0.2.1\n", "192.0.2.1");
	list(BOM "\n192.0.2.1\n", "192.0.2.1");
	list("192.0.2.1\n" BOM "192.0.2.2\n", "192.0.2.1 192.0.2.2");
	list(BOM, "f: holds no address");
	list("192.0.2.1" BOM "\n",
	     "f:1: 192.0.2.1\\xef\\xbb\\xbf: not an IPv4 or IPv6 address");
	list("\xef\xbb 192.0.2.1\n",
	     "f:1: \\xef\\xbb 192.0.2.1: not an IPv4 or IPv6 address");
}

static void test_comments(void)
{
	list("192.0.2.0/24 ; SBL1\n", "192.0.2.0/24");
	list("192.0.2.0/24\t; SBL1\n", "192.0.2.0/24");
	list("192.0.2.0/24 ;SBL1\r\n", "192.0.2.0/24");
	list("; 192.0.2.1\n;192.0.2.2\n  ;x\n192.0.2.3\n", "192.0.2.3");
	list("192.0.2.1 # a ; b\n192.0.2.2 ; a # b\n", "192.0.2.1 192.0.2.2");
	list("192.0.2.1 - 192.0.2.9 ; SBL1\n", "192.0.2.1-192.0.2.9");
	list("192.0.2.1 ; - 192.0.2.9\n", "192.0.2.1");
	list("192.0.2.1;x\n",
	     "f:1: 192.0.2.1;x: not an IPv4 or IPv6 address");
	list("192.0.2.1 SBL1\n",
	     "f:1: 192.0.2.1 SBL1: not an IPv4 or IPv6 address");
}

static void test_hyphens(void)
{
	list("192.0.2.1 - 192.0.2.9\n", "192.0.2.1-192.0.2.9");
	list("192.0.2.1- 192.0.2.9\n", "192.0.2.1-192.0.2.9");
	list("192.0.2.1   -192.0.2.9\r\n", "192.0.2.1-192.0.2.9");
	list("  192.0.2.1\t-\t192.0.2.9\tname\n", "192.0.2.1-192.0.2.9");
	list("2001:db8::1 \t- 2001:db8::9\n", "2001:db8::1-2001:db8::9");
	list("192.0.2.1\t- 17 requests\n", "192.0.2.1");
	list("192.0.2.1\t-\t-\n", "192.0.2.1");
	list("192.0.2.9 - 192.0.2.1\n",
	     "f:1: 192.0.2.9 - 192.0.2.1: the range ends before it begins");
	list("192.0.2.1 - 192.0.2.9 x\n",
	     "f:1: 192.0.2.1 - 192.0.2.9 x: the end is not an IPv4 address");
	list("192.0.2.1 -\n",
	     "f:1: 192.0.2.1 -: the end is not an IPv4 address");
	list("192.0.2.1 192.0.2.9\n",
	     "f:1: 192.0.2.1 192.0.2.9: not an IPv4 or IPv6 address");
}

static void test_json(void)
{
	static const char text[] = BOM
		"{\"interfaces\":{\"e\":{\"own\":[\"192.0.2.1 - 192.0.2.9\"]}}}";
	struct config config;
	char got[RANGE_TEXT] = "";
	struct err err = { "" };

	if (!config_parse(&config, text, strlen(text), &err))
		show(got, sizeof(got), &config.edits[0].own);
	tap_str(*got ? got : err.text, "192.0.2.1-192.0.2.9",
		"a configuration with a byte order mark");
	config_free(&config);
	config_parse(&config, BOM "[", 4, &err);
	tap_str(err.text, "1:1: .: an object is wanted, not an array",
		"columns are counted behind the mark");
	config_free(&config);
	config_parse(&config, "{}" BOM, 5, &err);
	tap_str(err.text, "1:1: .: interfaces is missing",
		"a mark elsewhere is no blank");
	config_free(&config);
}

void test_files(void)
{
	test_marks();
	test_comments();
	test_hyphens();
	test_json();
}
