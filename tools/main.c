// SPDX-License-Identifier: GPL-2.0-only
/* msdctl: command table, options, and the one place that prints errors. */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cmd.h"

#define LIST_ARGS \
	"[address PREFIX...|any] [address-file FILE] [deny PREFIX...|none] [deny-file FILE]"
#define OTHER_ARGS \
	"[key HEX32|random] [key-file FILE] [ssh-banner TEXT] [snap BYTES] [vlan ID...|any] [proto NAME on|off]... [force]"

static int cmd_help(struct ctl *ctl, struct words words);

static const struct command commands[] = {
	{ .name = "attach",
	  .args = "DEV [mac LLADDR|default] " LIST_ARGS
		  " [via rx-handler|ingress] " OTHER_ARGS,
	  .help = "put the responder on an interface",
	  .keywords = attach_keywords, .run = cmd_attach },
	{ .name = "set",
	  .args = "DEV [mac LLADDR|default] " LIST_ARGS " " OTHER_ARGS,
	  .help = "change what is named, without a gap in service",
	  .keywords = set_keywords, .run = cmd_set },
	{ .name = "detach", .args = "DEV",
	  .help = "take the responder off an interface", .run = cmd_detach },
	{ .name = "show", .args = "[DEV [addresses|deny]]",
	  .help = "interfaces and their settings; or one list, complete",
	  .run = cmd_show },
	{ .name = "stats", .args = "[DEV] [--prometheus | --watch [SECONDS] | --reset]",
	  .help = "counters in total, by verdict and by protocol; or rates",
	  .takes = TAKES(OPT_ALL) | TAKES(OPT_PROMETHEUS) | TAKES(OPT_WATCH) |
		   TAKES(OPT_RESET),
	  .run = cmd_stats },
	{ .name = "load", .args = "FILE",
	  .help = "make a configuration file true, all of it or nothing",
	  .run = cmd_load },
	{ .name = "dump", .args = "",
	  .help = "print the configuration as a file for load", .json = true,
	  .run = cmd_dump },
	{ .name = "check", .args = "FILE",
	  .help = "read a configuration file; needs neither root nor module",
	  .run = cmd_check },
	{ .name = "monitor", .args = "[DEV...]",
	  .help = "frames as they are answered and dropped",
	  .takes = TAKES(OPT_FORMAT) | TAKES(OPT_VERDICT) | TAKES(OPT_PROTO) |
		   TAKES(OPT_FROM) | TAKES(OPT_TO) | TAKES(OPT_PORT) |
		   TAKES(OPT_BUFFER), .run = cmd_monitor },
	{ .name = "capture", .args = "FILE [DEV...]",
	  .help = "write a pcapng file of frames with their verdicts; -: stdout",
	  .takes = TAKES(OPT_COUNT) | TAKES(OPT_BUFFER), .run = cmd_capture },
	{ .name = "proto", .args = "list [DEV]",
	  .help = "protocols the module speaks, in the order they are asked",
	  .run = cmd_proto },
	{ .name = "version", .args = "",
	  .help = "versions of msdctl and of the module", .run = cmd_version },
	{ .name = "help", .args = "[COMMAND]",
	  .help = "this text, or a command's words", .run = cmd_help },
};

int wrong_word(struct err *err, const char *word, const char *why)
{
	char quoted[80];

	err_set(err, "%s: %s", err_quote(quoted, sizeof(quoted), word), why);
	return EXIT_USAGE;
}

int end_of_words(struct err *err, const struct words *words)
{
	return words->n ? wrong_word(err, *words->v, "one word too many") : 0;
}

int take_device(struct words *words, const char **dev, struct err *err)
{
	*dev = next_word(words);
	if (*dev)
		return 0;
	err_set(err, "DEV is missing");
	return EXIT_USAGE;
}

int find_device(const char *dev, __u32 *ifindex, struct err *err)
{
	char quoted[80];

	*ifindex = if_nametoindex(dev);
	if (*ifindex)
		return 0;
	err_set(err, "%s: no such device",
		err_quote(quoted, sizeof(quoted), dev));
	return EXIT_FAILURE;
}

static const struct command *find_command(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(name, commands[i].name))
			return &commands[i];
	return NULL;
}

static void print_usage(FILE *to, const struct command *cmd)
{
	fprintf(to, "usage: msdctl [-j] [-n NETNS] %s %s\n",
		cmd ? cmd->name : "COMMAND", cmd ? cmd->args : "...");
}

static void print_help(void)
{
	size_t i;

	print_usage(stdout, NULL);
	puts("\nCommands:");
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		printf("  %-8s  %s\n", commands[i].name, commands[i].help);
	puts("\nOptions, anywhere on the line:");
	options_print(~0u);
}

static void print_command_help(const struct command *cmd)
{
	print_usage(stdout, cmd);
	printf("\n%s\n", cmd->help);
	if (cmd->keywords) {
		putchar('\n');
		cmd->keywords();
	}
	if (cmd->takes) {
		putchar('\n');
		options_print(cmd->takes);
	}
}

static int cmd_help(struct ctl *ctl, struct words words)
{
	const char *name = next_word(&words);
	const struct command *cmd = name ? find_command(name) : NULL;

	if (name && !cmd)
		return wrong_word(&ctl->err, name, "unknown command");
	if (words.n)
		return end_of_words(&ctl->err, &words);
	if (cmd)
		print_command_help(cmd);
	else
		print_help();
	return 0;
}

/* Enter a network namespace by name (as ip netns knows it) or path. */
static int enter_netns(const char *netns, struct err *err)
{
	char path[4096];
	char quoted[80];
	int fd, ret;

	snprintf(path, sizeof(path), "%s%s",
		 strchr(netns, '/') ? "" : "/run/netns/", netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ret = fd < 0 ? -1 : setns(fd, CLONE_NEWNET);
	if (ret)
		err_set(err, "network namespace %s: %s",
			err_quote(quoted, sizeof(quoted), netns),
			errno == EINVAL ? "not a network namespace" :
					  strerror(errno));
	if (fd >= 0)
		close(fd);
	return ret;
}

/*
 * Files we open must not become standard input, output or error when the
 * caller closed those. What takes their place fails when it is used.
 */
static void occupy_standard_fds(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", fd ? O_RDONLY : O_WRONLY);
}

static void print_json_error(const struct err *err)
{
	struct json_object *obj = json_object_new_object();

	if (obj)
		json_object_object_add(obj, "error",
				       json_object_new_string(err->text));
	puts(json_object_to_json_string_ext(obj, JSON_C_TO_STRING_SPACED |
					    JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(obj);
}

static int report(const struct options *opts, const struct command *cmd,
		  const struct err *err, int ret)
{
	if (opts->val[OPT_JSON]) {
		print_json_error(err);
		return ret;
	}
	if (cmd && ret == EXIT_USAGE)
		fprintf(stderr, "msdctl: %s: %s\n", cmd->name, err->text);
	else
		fprintf(stderr, "msdctl: %s\n", err->text);
	if (ret == EXIT_USAGE)
		print_usage(stderr, cmd);
	return ret;
}

/* A reader that went away wants no words; a full disk does. */
static int write_failed(int error)
{
	if (error != EPIPE && error != EBADF)
		fprintf(stderr, "msdctl: cannot write output: %s\n",
			strerror(error));
	clearerr(stdout);
	return EXIT_FAILURE;
}

int write_document(struct out *out)
{
	int error = -out_finish(out);

	return error ? write_failed(error) : 0;
}

void no_document(struct ctl *ctl)
{
	out_free(ctl->out);
	ctl->out = NULL;
}

static int run_command(const struct options *opts, const struct command *cmd,
		       struct ctl *ctl, struct words words)
{
	int ret;

	if (options_check(opts, cmd->takes, cmd->name, &ctl->err))
		return EXIT_USAGE;
	if (opts->val[OPT_NETNS] &&
	    enter_netns(opts->val[OPT_NETNS], &ctl->err))
		return EXIT_FAILURE;
	ctl->opts = opts;
	ctl->out = out_new(opts->val[OPT_JSON] || cmd->json);
	if (!ctl->out) {
		err_set(&ctl->err, "out of memory");
		return EXIT_FAILURE;
	}
	ret = cmd->run(ctl, words);
	if (!ret && ctl->out && cmd->run != cmd_help)
		ret = write_document(ctl->out);
	out_free(ctl->out);
	return ret;
}

/* Options are known; what is left is a command and its words. */
static int dispatch(const struct options *opts, struct words words)
{
	const char *name = next_word(&words);
	const struct command *cmd = name ? find_command(name) : NULL;
	struct ctl ctl = { 0 };
	int ret;

	if (name && !cmd) {
		ret = wrong_word(&ctl.err, name, "unknown command");
		return report(opts, NULL, &ctl.err, ret);
	}
	if (opts->val[OPT_HELP]) {
		cmd ? print_command_help(cmd) : print_help();
		return 0;
	}
	if (!cmd) {
		err_set(&ctl.err, "COMMAND is missing");
		return report(opts, NULL, &ctl.err, EXIT_USAGE);
	}
	ret = run_command(opts, cmd, &ctl, words);
	return ret && *ctl.err.text ? report(opts, cmd, &ctl.err, ret) : ret;
}

int main(int argc, char **argv)
{
	struct options opts = { 0 };
	struct err err = { "" };
	struct words words;
	int first, ret = 0;

	occupy_standard_fds();
	first = options_parse(&opts, argc, argv, &err);
	words.v = argv + (first < 0 ? argc : first);
	words.n = argc - (words.v - argv);
	if (first < 0)
		ret = report(&opts, NULL, &err, EXIT_USAGE);
	else if (opts.val[OPT_VERSION])
		puts("msdctl " MSDCTL_VERSION);
	else
		ret = dispatch(&opts, words);
	errno = 0;
	if (fflush(stdout) == EOF || ferror(stdout))
		return write_failed(errno ? errno : EIO);
	return ret;
}
