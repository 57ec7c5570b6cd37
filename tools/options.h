/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Options: one table, for the parser, for help and for the commands. An option
 * may stand anywhere on the line; whether the command takes it is checked when
 * the command is known.
 */
#ifndef MSDCTL_OPTIONS_H
#define MSDCTL_OPTIONS_H

#include "err.h"

/**
 * enum opt - the options, in the order help prints them
 * @OPT_JSON: -j
 * @OPT_NETNS: -n
 * @OPT_HELP: -h
 * @OPT_VERSION: -V; the options up to here suit every command
 * @OPT_ALL: -a
 * @OPT_PROMETHEUS: --prometheus
 * @OPT_WATCH: --watch
 * @OPT_RESET: --reset
 * @OPT_FORMAT: --format
 * @OPT_VERDICT: --verdict
 * @OPT_PROTO: --proto
 * @OPT_FROM: --from
 * @OPT_TO: --to
 * @OPT_PORT: --port
 * @OPT_BUFFER: --buffer
 * @OPT_COUNT: --count
 * @OPT_N: how many
 */
enum opt {
	OPT_JSON,
	OPT_NETNS,
	OPT_HELP,
	OPT_VERSION,
	OPT_ALL,
	OPT_PROMETHEUS,
	OPT_WATCH,
	OPT_RESET,
	OPT_FORMAT,
	OPT_VERDICT,
	OPT_PROTO,
	OPT_FROM,
	OPT_TO,
	OPT_PORT,
	OPT_BUFFER,
	OPT_COUNT,
	OPT_N,
};

/* Bit of an option in struct command.takes. */
#define TAKES(opt) (1u << (opt))
/* What every command takes. */
#define TAKES_ALWAYS (TAKES(OPT_JSON) | TAKES(OPT_NETNS) | TAKES(OPT_HELP) | \
		      TAKES(OPT_VERSION))

/**
 * struct options - the options of a command line
 * @val: by enum opt: NULL when it is not given, else its argument, "" when it
 *	has none
 */
struct options {
	const char *val[OPT_N];
};

/**
 * options_parse() - take the options out of a command line
 * @opts: out, also on error, so that the error is printed as was asked
 * @argc: of main()
 * @argv: of main(); the words that are no options are moved to its end
 * @err: why not
 *
 * Return: index of the first word that is no option, or -1.
 */
int options_parse(struct options *opts, int argc, char **argv, struct err *err);

/**
 * options_check() - refuse what a command does not take
 * @opts: the options
 * @takes: TAKES() bits of the command
 * @name: of the command
 * @err: why not
 *
 * Return: 0 or -1.
 */
int options_check(const struct options *opts, unsigned int takes,
		  const char *name, struct err *err);

/**
 * options_print() - the part of help about options
 * @takes: TAKES() bits of those to print
 */
void options_print(unsigned int takes);

#endif /* MSDCTL_OPTIONS_H */
