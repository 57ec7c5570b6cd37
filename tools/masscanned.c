// SPDX-License-Identifier: GPL-2.0-only
/*
 * masscanned: the command line of the userspace program of that name, over
 * kmasscanned. Loads the module, attaches it, stays in the foreground, and
 * detaches on SIGINT or SIGTERM. Names and meanings of the options are theirs;
 * unlike there, what cannot be done is an error, with exit status 1.
 */
#include <errno.h>
#include <getopt.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>
#include "err.h"
#include "netlink.h"
#include "parse.h"

#define EXIT_USAGE 2

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
 * @edit: what to attach
 * @verbose: -v was given
 * @err: why something failed
 */
struct run {
	const char *iface;
	struct iface_edit edit;
	bool verbose;
	struct err err;
};

static void say(const struct run *run, const char *text)
{
	if (run->verbose)
		fprintf(stderr, "masscanned: %s: %s\n", run->iface, text);
}

static int fail(const struct run *run)
{
	fprintf(stderr, "masscanned: %s\n", run->err.text);
	return EXIT_FAILURE;
}

static int usage(void)
{
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
		if (!strcmp(arg, "console") || !strcmp(arg, "logfmt"))
			break;
		fprintf(stderr, "masscanned: '%s': the formats are console and logfmt\n",
			arg);
		return usage();
	case 'v':
		run->verbose = true;
		break;
	case 'q':
		break;
	default:
		return usage();
	}
	return err ? fail(run) : 0;
}

/* Return: 0, an exit status, or -1 when the program has done all it should. */
static int take_options(struct run *run, int argc, char **argv)
{
	int opt, ret;

	while ((opt = getopt_long(argc, argv, "i:m:vqhV", options, NULL)) != -1) {
		if (opt == 'h' || opt == 'V') {
			fputs(opt == 'h' ? help : "masscanned (kmasscanned) "
			      MSDCTL_VERSION "\n", stdout);
			return -1;
		}
		ret = take_option(run, opt, optarg);
		if (ret)
			return ret;
	}
	if (optind < argc) {
		fprintf(stderr, "masscanned: unexpected argument '%s'\n",
			argv[optind]);
		return usage();
	}
	if (run->iface)
		return 0;
	fputs("masscanned: an interface is required (--iface)\n", stderr);
	return usage();
}

static int find_iface(struct run *run)
{
	struct ifreq req = {};
	int fd, err;

	run->edit.ifindex = if_nametoindex(run->iface);
	if (!run->edit.ifindex)
		return err_set(&run->err, "%s: no such interface", run->iface);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_set(&run->err, "socket: %s", strerror(errno));
	strncpy(req.ifr_name, run->iface, sizeof(req.ifr_name) - 1);
	err = ioctl(fd, SIOCGIFFLAGS, &req);
	close(fd);
	if (err)
		return err_set(&run->err, "%s: %s", run->iface, strerror(errno));
	if (!(req.ifr_flags & IFF_UP))
		return err_set(&run->err, "%s: the interface is down",
			       run->iface);
	return 0;
}

/* modprobe says itself why it fails. */
static bool load_module(void)
{
	static char *const argv[] = { "modprobe", "kmasscanned", NULL };
	int status;
	pid_t pid;

	if (posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ))
		return false;
	return waitpid(pid, &status, 0) == pid && !status;
}

static int connect_module(struct run *run, struct nl *nl)
{
	if (!nl_open(nl, &run->err))
		return 0;
	say(run, "loading the module");
	if (!load_module())
		return -1;
	return nl_open(nl, &run->err);
}

static int attach(struct run *run, struct nl *nl)
{
	if (!run->edit.own.n)
		fprintf(stderr,
			"masscanned: %s: no own addresses given: answering for every address but this host's\n",
			run->iface);
	if (nl_edit(nl, &run->edit, 1, &run->err))
		return err_prefix(&run->err, run->iface);
	say(run, "attached");
	return 0;
}

static int detach(struct run *run, struct nl *nl)
{
	struct iface_edit edit = {
		.op = EDIT_DETACH, .ifindex = run->edit.ifindex,
	};

	if (nl_edit(nl, &edit, 1, &run->err))
		return err_prefix(&run->err, run->iface);
	say(run, "detached");
	return 0;
}

/* Has this message the interface removed? */
static int on_link(const struct nlmsghdr *msg, void *data)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(msg);
	struct run *run = data;

	if (msg->nlmsg_type == RTM_DELLINK &&
	    (__u32)info->ifi_index == run->edit.ifindex)
		return err_set(&run->err, "%s: the interface is gone",
			       run->iface);
	return MNL_CB_OK;
}

static int read_links(struct run *run, struct mnl_socket *links)
{
	char buf[8192];
	ssize_t n = mnl_socket_recvfrom(links, buf, sizeof(buf));

	/* A burst of events too large to keep: look for ourselves. */
	if (n < 0 && !if_nametoindex(run->iface))
		return err_set(&run->err, "%s: the interface is gone",
			       run->iface);
	if (n < 0)
		return 0;
	return mnl_cb_run(buf, n, 0, 0, on_link, run) < 0 ? -1 : 0;
}

/* Until a signal (0) or the end of the interface (-1). */
static int wait_for_end(struct run *run, int signals, struct mnl_socket *links)
{
	struct pollfd fds[] = {
		{ .fd = signals, .events = POLLIN },
		{ .fd = mnl_socket_get_fd(links), .events = POLLIN },
	};

	for (;;) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return err_set(&run->err, "poll: %s", strerror(errno));
		if (fds[0].revents)
			return 0;
		if (fds[1].revents && read_links(run, links))
			return -1;
	}
}

static int serve(struct run *run, struct nl *nl, int signals)
{
	struct mnl_socket *links = mnl_socket_open(NETLINK_ROUTE);
	int err;

	if (!links || mnl_socket_bind(links, RTMGRP_LINK, MNL_SOCKET_AUTOPID)) {
		if (links)
			mnl_socket_close(links);
		return err_set(&run->err, "netlink: %s", strerror(errno));
	}
	err = attach(run, nl);
	if (!err)
		err = wait_for_end(run, signals, links) ?: detach(run, nl);
	mnl_socket_close(links);
	return err;
}

/* Signals are taken from a descriptor, so none is lost before the wait. */
static int block_signals(struct err *err)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC);
	return fd >= 0 ? fd : err_set(err, "signalfd: %s", strerror(errno));
}

static int run_all(struct run *run)
{
	int err = find_iface(run), signals;
	struct nl nl;

	if (err)
		return err;
	err = connect_module(run, &nl);
	if (err)
		return err;
	signals = block_signals(&run->err);
	err = signals < 0 ? -1 : serve(run, &nl, signals);
	if (signals >= 0)
		close(signals);
	nl_close(&nl);
	return err;
}

int main(int argc, char **argv)
{
	static struct run run = { .edit.op = EDIT_ATTACH };
	int ret = take_options(&run, argc, argv);

	if (!ret && run_all(&run))
		ret = fail(&run);
	iface_edit_free(&run.edit);
	return ret < 0 ? 0 : ret;
}
