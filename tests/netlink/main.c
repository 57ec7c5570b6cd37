// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink fuzzer for the generic netlink family of kmasscanned.
 *
 * usage: netfuzz [-x] [-s SEED] [-n MESSAGES] [-j WORKERS] -i IFINDEX[,...] NETNS...
 *
 * Each network namespace gets WORKERS privileged workers and one that is not;
 * MESSAGES are divided among all. With -x all are taken for unprivileged, so that
 * they must find something: a test of the fuzzer. A device with each IFINDEX should be in each
 * namespace, now and then at least.
 *
 * Prints progress twice a minute, then what became of the requests of each
 * command, and each extack sentence that came. Exit status: 0 when all came
 * back as it must and no edit is left, 1 after a finding, 2 when it cannot run.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "fuzz.h"

#define SESSIONS 6
#define WORKERS_MAX 64
#define NOBODY 65534
#define TICK 30

/**
 * struct options - the command line
 * @mistaken: expect everyone to be refused
 * @seed: of the first worker
 * @messages: in all
 * @workers: privileged ones in each namespace
 * @ifindex: interfaces to aim at
 * @nifindex: how many
 * @netns: names of the namespaces
 * @nnetns: how many
 */
struct options {
	bool mistaken;
	uint64_t seed;
	uint64_t messages;
	unsigned int workers;
	uint32_t ifindex[IFINDEX_MAX];
	unsigned int nifindex;
	char **netns;
	unsigned int nnetns;
};

static const char *const command[COMMANDS] = {
	[MSD_CMD_UNSPEC] = "(none)",
	[MSD_CMD_EDIT_BEGIN] = "edit-begin",
	[MSD_CMD_EDIT_ATTACH] = "edit-attach",
	[MSD_CMD_EDIT_SET] = "edit-set",
	[MSD_CMD_EDIT_RANGES] = "edit-ranges",
	[MSD_CMD_EDIT_DETACH] = "edit-detach",
	[MSD_CMD_EDIT_COMMIT] = "edit-commit",
	[MSD_CMD_IFACE_GET] = "iface-get",
	[MSD_CMD_RANGES_GET] = "ranges-get",
	[MSD_CMD_STATS_GET] = "stats-get",
	[MSD_CMD_RESPONDER_GET] = "responder-get",
	[MSD_CMD_VERSION_GET] = "version-get",
	[MSD_CMD_STATS_RESET] = "stats-reset",
	[COMMANDS - 1] = "(unknown)",
};

/* ---- a worker ---- */

static size_t one_message(struct worker *w, struct session *s, struct nlmsghdr *nlh)
{
	if (one_in(&w->rng, 10)) {
		noise(w, nlh);
		return MNL_ALIGN(nlh->nlmsg_len);
	}
	message(w, s, nlh);
	if (one_in(&w->rng, 3))
		return spoil(w, nlh, MESSAGE_MAX);
	return MNL_ALIGN(nlh->nlmsg_len);
}

/* What is likely to come next: as if this message were accepted. */
static void look_ahead(struct session *s, const struct nlmsghdr *nlh, size_t len)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr = mnl_nlmsg_get_payload_offset(nlh, sizeof(*genl));

	if (genl->cmd == MSD_CMD_EDIT_BEGIN || genl->cmd == MSD_CMD_EDIT_COMMIT) {
		s->likely_open = genl->cmd == MSD_CMD_EDIT_BEGIN;
		s->staged = 0;
	}
	if (len < MNL_NLMSG_HDRLEN + sizeof(*genl) + 8)
		return;
	if ((genl->cmd == MSD_CMD_EDIT_ATTACH || genl->cmd == MSD_CMD_EDIT_SET) &&
	    attr->nla_type == MSD_A_IFINDEX)
		s->staged = mnl_attr_get_u32(attr);
}

static void compose(struct worker *w, struct session *s)
{
	unsigned int n = 1 + below(&w->rng, 6);
	struct nlmsghdr *nlh;
	size_t len;

	w->len = 0;
	while (n-- && w->len + MESSAGE_MAX <= DATAGRAM_MAX / 2) {
		nlh = (struct nlmsghdr *)(w->datagram + w->len);
		len = one_message(w, s, nlh);
		look_ahead(s, nlh, len);
		w->len += len;
	}
}

static void transmit(struct worker *w, struct session *s)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	if (sendto(s->fd, w->datagram, w->len, 0, (void *)&kernel, sizeof(kernel)) < 0)
		complain(w, "sending %zu bytes: %s", w->len, strerror(errno));
}

/* Whatever is still to be said on it: an edit, a dump that was half read. */
static void reopen(struct worker *w, struct session *s)
{
	uint8_t some[4096];

	if (one_in(&w->rng, 2) && recv(s->fd, some, sizeof(some), MSG_DONTWAIT) < 0 &&
	    errno != EAGAIN)
		complain(w, "reading half a dump: %s", strerror(errno));
	close(s->fd);
	w->tally->unread += s->n;
	s->fd = socket_open();
	s->open = false;
	s->likely_open = false;
	s->staged = 0;
	s->n = 0;
}

/* An edit more than there may be. */
static void crowd(struct worker *w, struct session *s)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)w->datagram;
	int fd[EDITS_MAX];

	settle(w, s);
	crowd_open(w->family, fd);
	request(nlh, w->family, NLM_F_REQUEST | NLM_F_ACK, MSD_CMD_EDIT_BEGIN);
	w->len = nlh->nlmsg_len;
	foretell(w, s);
	transmit(w, s);
	settle(w, s);
	crowd_close(fd);
}

/* An edit that names more interfaces than it may. */
static void crowd_edit(struct worker *w, struct session *s)
{
	uint32_t ifindex = 1;
	struct nlmsghdr *nlh;

	while (ifindex < EDIT_IFACES_MAX + PENDING_MAX) {
		settle(w, s);
		w->len = 0;
		do {
			nlh = (struct nlmsghdr *)(w->datagram + w->len);
			detach_message(w, ifindex, nlh);
			w->len += nlh->nlmsg_len;
		} while (++ifindex % PENDING_MAX);
		foretell(w, s);
		transmit(w, s);
	}
	settle(w, s);
}

static void step(struct worker *w, struct session *s)
{
	if (one_in(&w->rng, 4000) && w->privileged)
		crowd(w, s);
	if (one_in(&w->rng, 4000))
		crowd_edit(w, s);
	if (one_in(&w->rng, 60))
		reopen(w, s);
	compose(w, s);
	foretell(w, s);
	transmit(w, s);
	/* Now and then leave the answers, and the dumps, for later. */
	if (s->n > PENDING_MAX / 2 || !one_in(&w->rng, 8))
		settle(w, s);
}

/* @drop: what it is privileged to do is given up when the sockets are open. */
static void work(struct worker *w, uint64_t messages, bool drop)
{
	static struct session session[SESSIONS];
	unsigned int i;

	for (i = 0; i < SESSIONS; i++)
		session[i].fd = socket_open();
	if (drop && (setgid(NOBODY) || setuid(NOBODY)))
		complain(w, "setuid: %s", strerror(errno));
	while (w->tally->messages < messages)
		step(w, &session[below(&w->rng, SESSIONS)]);
	for (i = 0; i < SESSIONS; i++)
		settle(w, &session[i]);
}

/* ---- all of them ---- */

static void enter(const char *netns)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET)) {
		fprintf(stderr, "netfuzz: %s: %s\n", path, strerror(errno));
		exit(2);
	}
	close(fd);
}

static void start(const struct options *o, unsigned int nr, struct tally *tally)
{
	static struct worker w;
	unsigned int each = o->workers + 1;
	bool drop;

	if (fork())
		return;
	enter(o->netns[nr / each]);
	w.nr = nr;
	w.rng.state = (o->seed + nr + 1) * 0x9e3779b97f4a7c15ULL | 1;
	w.family = family_id();
	drop = nr % each == o->workers;
	w.privileged = !drop && !o->mistaken;
	memcpy(w.ifindex, o->ifindex, sizeof(w.ifindex));
	w.nifindex = o->nifindex;
	w.tally = tally;
	work(&w, o->messages / (each * o->nnetns), drop);
	exit(0);
}

static uint64_t messages(const struct tally *tally, unsigned int n)
{
	uint64_t sum = 0;

	while (n--)
		sum += tally++->messages;
	return sum;
}

/* Return: whether all workers ended well. */
static bool wait_all(const struct tally *tally, unsigned int n, const sigset_t *child)
{
	struct timespec tick = { .tv_sec = TICK };
	unsigned int left = n;
	bool good = true;
	int status;

	while (left) {
		if (sigtimedwait(child, NULL, &tick) < 0 && errno == EAGAIN) {
			printf("# %" PRIu64 " messages\n", messages(tally, n));
			fflush(stdout);
		}
		while (left && waitpid(-1, &status, WNOHANG) > 0) {
			good &= WIFEXITED(status) && !WEXITSTATUS(status);
			left--;
		}
	}
	return good;
}

/* ---- what came of it ---- */

static void merge_sentence(struct tally *sum, const struct sentence *s)
{
	struct sentence *t = sum->sentence;

	while (t->n && strcmp(t->text, s->text))
		t++;
	*t = (struct sentence){ .n = t->n + s->n };
	memcpy(t->text, s->text, sizeof(t->text));
}

static void merge(struct tally *sum, const struct tally *one)
{
	unsigned int i;

	sum->messages += one->messages;
	sum->unread += one->unread;
	for (i = 0; i < COMMANDS; i++) {
		sum->count[i].accepted += one->count[i].accepted;
		sum->count[i].refused += one->count[i].refused;
	}
	for (i = 0; i < SENTENCES_MAX && one->sentence[i].n; i++)
		merge_sentence(sum, &one->sentence[i]);
}

static void report(const struct tally *tally, unsigned int n)
{
	static struct tally sum;
	const struct sentence *s;
	unsigned int i;

	for (i = 0; i < n; i++)
		merge(&sum, &tally[i]);
	for (s = sum.sentence; s->n; s++)
		printf("# %9" PRIu64 " times: %s\n", s->n, s->text);
	printf("# %-14s %10s %10s\n", "command", "accepted", "refused");
	for (i = 0; i < COMMANDS; i++)
		printf("# %-14s %10" PRIu64 " %10" PRIu64 "\n", command[i], sum.count[i].accepted,
		       sum.count[i].refused);
	printf("# %" PRIu64 " messages, and %" PRIu64 " on sockets closed before the answer\n",
	       sum.messages, sum.unread);
}

/* Where all edits that may be can be begun, none was left open. */
static bool check_edits(const struct options *o)
{
	unsigned int i, begun;
	int fd[EDITS_MAX];

	for (i = 0; i < o->nnetns; i++) {
		enter(o->netns[i]);
		begun = crowd_open(family_id(), fd);
		crowd_close(fd);
		if (begun != EDITS_MAX) {
			printf("# finding: %u of %u edits could be begun in %s\n", begun,
			       EDITS_MAX, o->netns[i]);
			return false;
		}
	}
	printf("# no edit is open\n");
	return true;
}

static void bad_arguments(void)
{
	fputs("usage: netfuzz [-x] [-s SEED] [-n MESSAGES] [-j WORKERS]\n"
	      "               -i IFINDEX[,...] NETNS...\n", stderr);
	exit(2);
}

static void parse_ifindex(struct options *o, char *list)
{
	char *word;

	for (word = strtok(list, ","); word; word = strtok(NULL, ",")) {
		if (o->nifindex == IFINDEX_MAX)
			bad_arguments();
		o->ifindex[o->nifindex++] = strtoul(word, NULL, 0);
	}
}

static void parse(struct options *o, int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "xs:n:j:i:")) != -1) {
		if (c == 'x')
			o->mistaken = true;
		else if (c == 's')
			o->seed = strtoull(optarg, NULL, 0);
		else if (c == 'n')
			o->messages = strtoull(optarg, NULL, 0);
		else if (c == 'j')
			o->workers = strtoul(optarg, NULL, 0);
		else if (c == 'i')
			parse_ifindex(o, optarg);
		else
			bad_arguments();
	}
	o->netns = argv + optind;
	o->nnetns = argc - optind;
	if (!o->nnetns || !o->nifindex || !o->workers ||
	    (o->workers + 1) * o->nnetns > WORKERS_MAX)
		bad_arguments();
}

int main(int argc, char **argv)
{
	struct options o = { .seed = 1, .messages = 10000, .workers = 2 };
	unsigned int i, n;
	struct tally *tally;
	sigset_t child;
	bool good;

	parse(&o, argc, argv);
	n = (o.workers + 1) * o.nnetns;
	tally = mmap(NULL, n * sizeof(*tally), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		     -1, 0);
	if (tally == MAP_FAILED)
		return 2;
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	printf("# seed %" PRIu64 ", %u workers\n", o.seed, n);
	fflush(stdout);
	for (i = 0; i < n; i++)
		start(&o, i, &tally[i]);
	good = wait_all(tally, n, &child);
	report(tally, n);
	return !(good && check_edits(&o));
}
