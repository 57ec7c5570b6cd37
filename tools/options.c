// SPDX-License-Identifier: GPL-2.0-only
/*
 * Options of msdctl and of its commands: one table for getopt and for help.
 */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "options.h"

/* Values of getopt_long() for enum opt; above every letter. */
#define OPT_BASE 256

/**
 * struct row - an option
 * @letter: its short form, or 0
 * @name: its long form
 * @arg: name of its argument, or NULL; "[NAME]": a number, which may be absent
 * @help: one line; of an option of few commands it begins with their names
 */
struct row {
	char letter;
	const char *name;
	const char *arg;
	const char *help;
};

static const struct row rows[OPT_N] = {
	[OPT_JSON] = { 'j', "json", NULL, "print JSON, errors included" },
	[OPT_NETNS] = { 'n', "netns", "NETNS",
			"work in a network namespace: name or path" },
	[OPT_HELP] = { 'h', "help", NULL, "this text, or a command's words" },
	[OPT_VERSION] = { 'V', "version", NULL, "version of msdctl" },
	[OPT_ALL] = { 'a', "all", NULL, "stats: rows of zeros, too" },
	[OPT_PROMETHEUS] = { 0, "prometheus", NULL,
			     "stats: in the text format of Prometheus" },
	[OPT_WATCH] = { 0, "watch", "[SECONDS]",
			"stats: rates, every second or so many" },
	[OPT_RESET] = { 0, "reset", NULL, "stats: count from zero again" },
	[OPT_FORMAT] = { 0, "format", "FORMAT",
			 "monitor: console, logfmt or json" },
	[OPT_VERDICT] = { 0, "verdict", "NAME,...",
			  "monitor: what became of it, such as drop-denied or drop" },
	[OPT_PROTO] = { 0, "proto", "NAME,...",
			"monitor: responder, or layer such as tcp" },
	[OPT_FROM] = { 0, "from", "PREFIX,...", "monitor: source" },
	[OPT_TO] = { 0, "to", "PREFIX,...", "monitor: destination" },
	[OPT_PORT] = { 0, "port", "PORT,...", "monitor: port of either side" },
	[OPT_BUFFER] = { 0, "buffer", "KB",
			 "monitor, capture: buffer of each CPU in the kernel" },
	[OPT_COUNT] = { 0, "count", "N", "capture: end after so many frames" },
};

static bool is_optional(const struct row *row)
{
	return row->arg && *row->arg == '[';
}

static void fill_long(struct option *to)
{
	int i;

	for (i = 0; i < OPT_N; i++) {
		to[i] = (struct option){ .name = rows[i].name,
					 .val = OPT_BASE + i };
		if (rows[i].arg)
			to[i].has_arg = is_optional(&rows[i]) ?
						optional_argument :
						required_argument;
	}
	to[i] = (struct option){ 0 };
}

static void fill_short(char *to)
{
	int i;

	*to++ = ':';
	for (i = 0; i < OPT_N; i++) {
		if (!rows[i].letter)
			continue;
		*to++ = rows[i].letter;
		if (rows[i].arg)
			*to++ = ':';
	}
	*to = '\0';
}

/* The option getopt_long() has found, or OPT_N. */
static enum opt find(int c)
{
	int i;

	if (c >= OPT_BASE)
		return c - OPT_BASE;
	for (i = 0; i < OPT_N; i++)
		if (rows[i].letter == c)
			return i;
	return OPT_N;
}

static bool is_number(const char *word)
{
	return word && *word && strspn(word, "0123456789.") == strlen(word);
}

static int refuse(struct err *err, const char *word, const char *why)
{
	char quoted[80];

	return err_set(err, "%s: %s", err_quote(quoted, sizeof(quoted), word),
		       why);
}

/* Keep what was found; @next: the word behind it. */
static int keep(struct options *opts, enum opt opt, const char *next,
		struct err *err)
{
	const struct row *row = &rows[opt];
	const char *val = optarg;

	if (!val && is_optional(row) && is_number(next)) {
		val = next;
		optind++;
	}
	if (row->arg && opts->val[opt])
		return refuse(err, row->name, "given before");
	opts->val[opt] = val ? val : "";
	return 0;
}

/* getopt_long() gives the letter, or the value of a long option, in optopt. */
static int no_argument_after(const char *word, struct err *err)
{
	enum opt opt = find(optopt);
	char why[80];

	snprintf(why, sizeof(why), "%s is missing",
		 opt < OPT_N && rows[opt].arg ? rows[opt].arg : "its argument");
	return refuse(err, word, why);
}

int options_parse(struct options *opts, int argc, char **argv, struct err *err)
{
	struct option longs[OPT_N + 1];
	char shorts[2 * OPT_N + 2];
	int c, ret = 0;

	fill_long(longs);
	fill_short(shorts);
	opterr = 0;
	while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (c == ':')
			ret = no_argument_after(argv[optind - 1], err);
		else if (c == '?')
			ret = refuse(err, argv[optind - 1], "unknown option");
		else if (keep(opts, find(c), argv[optind], err))
			ret = -1;
	}
	return ret ? ret : optind;
}

int options_check(const struct options *opts, unsigned int takes,
		  const char *name, struct err *err)
{
	int i;

	for (i = 0; i < OPT_N; i++)
		if (opts->val[i] && !((takes | TAKES_ALWAYS) & TAKES(i)))
			return err_set(err, "--%s: not an option of %s",
				       rows[i].name, name);
	return 0;
}

static void print_row(const struct row *row)
{
	char name[40];

	snprintf(name, sizeof(name), "--%s%s%s", row->name, row->arg ? " " : "",
		 row->arg ? row->arg : "");
	if (row->letter)
		printf("  -%c, %-19s  %s\n", row->letter, name, row->help);
	else
		printf("      %-19s  %s\n", name, row->help);
}

void options_print(unsigned int takes)
{
	int i;

	for (i = 0; i < OPT_N; i++)
		if (takes & TAKES(i))
			print_row(&rows[i]);
}
