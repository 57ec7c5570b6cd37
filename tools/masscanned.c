// SPDX-License-Identifier: GPL-2.0-only
/*
 * masscanned: the command line of the userspace program of that name, over
 * kmasscanned. Loads the module, attaches it, prints the packet log, and detaches
 * on SIGINT or SIGTERM. Names and meanings of the options are theirs;
 * unlike there, what cannot be done is an error, with exit status 1.
 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "err.h"
#include "links.h"
#include "module.h"
#include "netlink.h"
#include "parse.h"
#include "trace.h"
#include "watch.h"

#define EXIT_USAGE 2

/* Room for foreign text, made printable. */
#define QUOTE_LEN 80

/* Options without a letter of their own. */
enum {
	OPT_SELF_FILE = 256,
	OPT_SELF_LIST,
	OPT_DENY_FILE,
	OPT_DENY_LIST,
	OPT_FORMAT,
};

static const struct option options[] = {
	{ "iface", required_argument, NULL, 'i' },
	{ "mac-addr", required_argument, NULL, 'm' },
	{ "self-ip-file", required_argument, NULL, OPT_SELF_FILE },
	{ "self-ip-list", required_argument, NULL, OPT_SELF_LIST },
	{ "remote-ip-deny-file", required_argument, NULL, OPT_DENY_FILE },
	{ "remote-ip-deny-list", required_argument, NULL, OPT_DENY_LIST },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "verbose", no_argument, NULL, 'v' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

static const char help[] =
	"usage: masscanned -i IFACE [OPTION...]\n"
	"\n"
	"Answers scanners on an interface until SIGINT or SIGTERM.\n"
	"\n"
	"  -i, --iface IFACE             interface; required\n"
	"  -m, --mac-addr MAC            own MAC address; default: the interface's\n"
	"      --self-ip-file FILE       own addresses, one or a prefix a line\n"
	"      --self-ip-list LIST       own addresses, separated by commas\n"
	"      --remote-ip-deny-file FILE  clients that get no answer\n"
	"      --remote-ip-deny-list LIST  likewise\n"
	"      --format console|logfmt   form of the packet log\n"
	"  -v, --verbose                 say what is done, on standard error\n"
	"  -q, --quiet                   no packet log\n"
	"  -h, --help                    this text\n"
	"  -V, --version                 version\n";

/**
 * struct run - one run of the program
 * @iface: name of the interface
 * @shown: the same, printable
 * @edit: what to attach
 * @verbose: -v was given
 * @quiet: -q was given
 * @filter: the interface, for the packet log
 * @log: the packet log
 * @err: why something failed
 */
struct run {
	const char *iface;
	char shown[QUOTE_LEN];
	struct iface_edit edit;
	bool verbose;
	bool quiet;
	struct filter filter;
	struct watch_setup log;
	struct err err;
};

static void say(const struct run *run, const char *text)
{
	if (run->verbose)
		fprintf(stderr, "masscanned: %s: %s\n", run->shown, text);
}

static int fail(const struct run *run)
{
	fprintf(stderr, "masscanned: %s\n", run->err.text);
	return EXIT_FAILURE;
}

/* @word: what is wrong on the command line, or NULL; @why: what it is. */
static int usage(const char *word, const char *why)
{
	char quoted[QUOTE_LEN];

	if (word)
		fprintf(stderr, "masscanned: '%s': %s\n",
			err_quote(quoted, sizeof(quoted), word), why);
	else
		fprintf(stderr, "masscanned: %s\n", why);
	fputs("masscanned: try 'masscanned --help'\n", stderr);
	return EXIT_USAGE;
}

/* Addresses separated by commas. */
static int add_list(struct addr_list *list, char *text, struct err *err)
{
	struct addr_range range;
	char *item;

	while ((item = strsep(&text, ","))) {
		if (parse_range(&range, item, err))
			return -1;
		if (addr_list_add(list, &range))
			return err_set(err, "out of memory");
	}
	return 0;
}

static int set_mac(struct run *run, const char *text)
{
	run->edit.has |= HAS_MAC;
	return parse_mac(run->edit.mac, text, &run->err);
}

/* JSON was not among the formats of that program, and is msdctl's. */
static int set_format(struct run *run, const char *name)
{
	run->log.format = watch_format(name);
	if (run->log.format == WATCH_CONSOLE || run->log.format == WATCH_LOGFMT)
		return 0;
	return usage(name, "the formats are console and logfmt");
}

/* Return: 0, EXIT_FAILURE or EXIT_USAGE. */
static int take_option(struct run *run, int opt, char *arg)
{
	struct iface_edit *e = &run->edit;
	int err = 0;

	switch (opt) {
	case 'i':
		run->iface = arg;
		break;
	case 'm':
		err = set_mac(run, arg);
		break;
	case OPT_SELF_FILE:
		err = parse_range_file(&e->own, arg, &run->err);
		break;
	case OPT_SELF_LIST:
		err = add_list(&e->own, arg, &run->err);
		break;
	case OPT_DENY_FILE:
		err = parse_range_file(&e->deny, arg, &run->err);
		break;
	case OPT_DENY_LIST:
		err = add_list(&e->deny, arg, &run->err);
		break;
	case OPT_FORMAT:
		return set_format(run, arg);
	case 'v':
		run->verbose = true;
		break;
	case 'q':
		run->quiet = true;
		break;
	}
	return err ? fail(run) : 0;
}

/* getopt_long() would print the word as it is. @word: the last it has taken. */
static int refuse_option(int opt, const char *word)
{
	char letter[] = { '-', optopt, '\0' };

	return usage(optopt && optopt <= UCHAR_MAX ? letter : word,
		     opt == ':' ? "the option requires an argument" :
				  "no such option, or it takes no argument");
}

/* Return: 0, an exit status, or -1 when the program has done all it should. */
static int take_options(struct run *run, int argc, char **argv)
{
	int opt, ret;

	opterr = 0;
	while ((opt = getopt_long(argc, argv, ":i:m:vqhV", options, NULL)) != -1) {
		if (opt == 'h' || opt == 'V') {
			fputs(opt == 'h' ? help : "masscanned (kmasscanned) "
			      MSDCTL_VERSION "\n", stdout);
			return -1;
		}
		if (opt == '?' || opt == ':')
			return refuse_option(opt, argv[optind - 1]);
		ret = take_option(run, opt, optarg);
		if (ret)
			return ret;
	}
	if (optind < argc)
		return usage(argv[optind], "unexpected argument");
	if (!run->iface)
		return usage(NULL, "an interface is required (--iface)");
	err_quote(run->shown, sizeof(run->shown), run->iface);
	return 0;
}

static int find_iface(struct run *run)
{
	struct ifreq req = {};
	int fd, err;

	run->edit.ifindex = if_nametoindex(run->iface);
	if (!run->edit.ifindex)
		return err_set(&run->err, "%s: no such interface", run->shown);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_set(&run->err, "socket: %s", strerror(errno));
	strncpy(req.ifr_name, run->iface, sizeof(req.ifr_name) - 1);
	err = ioctl(fd, SIOCGIFFLAGS, &req);
	close(fd);
	if (err)
		return err_set(&run->err, "%s: %s", run->shown, strerror(errno));
	if (!(req.ifr_flags & IFF_UP))
		return err_set(&run->err, "%s: the interface is down",
			       run->shown);
	return 0;
}

static int attach(struct run *run, struct nl *nl)
{
	if (!run->edit.own.n) {
		run->edit.has |= HAS_ANY;
		fprintf(stderr,
			"masscanned: %s: no own addresses given: answering for every address but this host's, which takes over unused addresses of a shared network\n",
			run->shown);
	}
	if (nl_edit(nl, &run->edit, 1, &run->err))
		return err_prefix(&run->err, run->shown);
	say(run, "attached");
	return 0;
}

static int detach(struct run *run, struct nl *nl)
{
	struct iface_edit edit = {
		.op = EDIT_DETACH, .ifindex = run->edit.ifindex,
	};

	if (nl_edit(nl, &edit, 1, &run->err))
		return err_prefix(&run->err, run->shown);
	say(run, "detached");
	return 0;
}

/* Until a signal or the end of the log's reader (0), or of the interface (-1). */
static int wait_for_end(struct run *run, struct watch *w,
			struct mnl_socket *links)
{
	struct pollfd fds[WATCH_FDS + 2];
	struct pollfd *mine = fds + WATCH_FDS;

	mine[0] = (struct pollfd){ .fd = run->log.signals, .events = POLLIN };
	mine[1] = (struct pollfd){ .fd = mnl_socket_get_fd(links),
				   .events = POLLIN };
	for (;;) {
		if (watch_step(w))
			return 0;
		if (watch_wait(w, fds, WATCH_FDS + 2) < 0)
			return err_set(&run->err, "poll: %s", strerror(errno));
		if (mine[0].revents)
			return 0;
		if (!mine[1].revents)
			continue;
		links_drain(links);
		if (!link_exists(run->edit.ifindex))
			return err_set(&run->err, "%s: the interface is gone",
				       run->shown);
	}
}

/* The log is open before the first frame can be answered. */
static int serve(struct run *run, struct nl *nl, struct mnl_socket *links)
{
	struct watch *w = NULL;
	int err, error;

	if (!run->quiet) {
		run->filter.netns = own_netns();
		run->filter.ifindex[0] = run->edit.ifindex;
		run->filter.nifindex = 1;
		w = watch_open(&run->log, &run->err);
		if (!w)
			return -1;
	}
	err = attach(run, nl) ?: wait_for_end(run, w, links) ?: detach(run, nl);
	error = watch_close(w);
	/* A reader that went away has ended it as a signal does. */
	if (!err && error && error != EINTR && error != EPIPE)
		err = err_set(&run->err, "cannot write the packet log: %s",
			      strerror(error));
	return err;
}

static int run_all(struct run *run)
{
	struct mnl_socket *links;
	struct nl nl;
	int err;

	if (find_iface(run) ||
	    module_open(&nl, run->verbose ? "masscanned" : NULL, &run->err))
		return -1;
	run->log.signals = watch_signals(&run->err);
	links = links_open(&run->err);
	err = !links || run->log.signals < 0 ? -1 : serve(run, &nl, links);
	if (links)
		mnl_socket_close(links);
	watch_signals_end(run->log.signals);
	nl_close(&nl);
	return err;
}

int main(int argc, char **argv)
{
	static struct run run = {
		.edit.op = EDIT_ATTACH,
		.log = { .program = "masscanned", .format = WATCH_CONSOLE,
			 .buffer_kb = TRACE_BUFFER_KB },
	};
	int ret;

	run.log.filter = &run.filter;
	ret = take_options(&run, argc, argv);

	if (!ret && run_all(&run))
		ret = fail(&run);
	iface_edit_free(&run.edit);
	return ret < 0 ? 0 : ret;
}
