/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands: what main.c and the command files share. */
#ifndef MSDCTL_CMD_H
#define MSDCTL_CMD_H

#include <stdbool.h>
#include "err.h"
#include "netlink.h"
#include "options.h"
#include "out.h"

/* Exit status of a command line that makes no sense; 1 is for refusals. */
#define EXIT_USAGE 2

/**
 * struct ctl - one run of msdctl
 * @opts: the options
 * @out: what goes to standard output when the command succeeds; NULL: the
 *	command has written it itself
 * @err: why it does not
 */
struct ctl {
	const struct options *opts;
	struct out *out;
	struct err err;
};

/**
 * struct words - what is left of the command line
 * @v: the words
 * @n: how many
 */
struct words {
	char **v;
	int n;
};

/**
 * struct command - one row of the command table
 * @name: first word of the command line
 * @args: what may follow, as in the usage line
 * @help: one line
 * @takes: TAKES() bits of the options not every command takes
 * @json: prints JSON without -j, too
 * @keywords: prints the list of keywords, or NULL
 * @run: does it. Return: 0, EXIT_FAILURE or EXIT_USAGE with ctl->err set
 */
struct command {
	const char *name;
	const char *args;
	const char *help;
	unsigned int takes;
	bool json;
	void (*keywords)(void);
	int (*run)(struct ctl *ctl, struct words words);
};

/**
 * next_word() - take the next word of the command line
 * @words: what is left
 *
 * Return: the word, or NULL at the end.
 */
static inline const char *next_word(struct words *words)
{
	if (words->n <= 0)
		return NULL;
	words->n--;
	return *words->v++;
}

/* main.c */

/**
 * wrong_word() - refuse a word of the command line
 * @err: receives the sentence
 * @word: the word, from anywhere
 * @why: what is wrong with it
 *
 * Return: EXIT_USAGE.
 */
int wrong_word(struct err *err, const char *word, const char *why);

/**
 * end_of_words() - refuse whatever is left
 * @err: receives the sentence
 * @words: what is left
 *
 * Return: 0 when nothing is, else EXIT_USAGE.
 */
int end_of_words(struct err *err, const struct words *words);

/**
 * take_device() - take a network device from the command line
 * @words: what is left
 * @dev: out: its name
 * @err: receives the sentence
 *
 * Return: 0, or EXIT_USAGE when no word is left.
 */
int take_device(struct words *words, const char **dev, struct err *err);

/**
 * find_device() - index of a network device
 * @dev: its name
 * @ifindex: out
 * @err: receives the sentence
 *
 * Return: 0, or EXIT_FAILURE when this network namespace has none.
 */
int find_device(const char *dev, __u32 *ifindex, struct err *err);

/**
 * no_document() - a command has written what it has to say itself
 * @ctl: its out is gone
 */
void no_document(struct ctl *ctl);

/**
 * write_document() - write a document, and say why that fails
 * @out: the document. A reader that went away is no reason for words
 *
 * Return: 0 or EXIT_FAILURE.
 */
int write_document(struct out *out);

/*
 * Commands, each in the file of its name; attach and set are in edit.c, check
 * in load.c.
 */
int cmd_attach(struct ctl *ctl, struct words words);
int cmd_set(struct ctl *ctl, struct words words);
int cmd_detach(struct ctl *ctl, struct words words);
int cmd_show(struct ctl *ctl, struct words words);
int cmd_stats(struct ctl *ctl, struct words words);
int cmd_monitor(struct ctl *ctl, struct words words);
int cmd_capture(struct ctl *ctl, struct words words);
int cmd_proto(struct ctl *ctl, struct words words);
int cmd_load(struct ctl *ctl, struct words words);
int cmd_check(struct ctl *ctl, struct words words);
int cmd_dump(struct ctl *ctl, struct words words);
int cmd_version(struct ctl *ctl, struct words words);

/* edit.c: print the keywords of the command, one a line with its meaning. */
void attach_keywords(void);
void set_keywords(void);

/**
 * warn_said() - print what the kernel had to say of an edit it carried out
 * @dev: name of the interface; "": not known
 * @nl: the connection
 */
void warn_said(const char *dev, const struct nl *nl);

/**
 * warn_any() - say what "address any" means
 * @dev: name of the interface
 * @edit: what was done to it; nothing is said unless it has HAS_ANY
 */
void warn_any(const char *dev, const struct iface_edit *edit);

#endif /* MSDCTL_CMD_H */
