// SPDX-License-Identifier: GPL-2.0-only
/* msdctl capture: the event msd_packet, as a capture file. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>
#include "monitor.h"
#include "pcapng.h"
#include "sink.h"
#include "trace.h"

/* How often a FIFO is asked whether it has a reader. */
#define FIFO_MS 50

/* Fields of the event, as names[] has them. */
enum field {
	F_REQUEST_ID, F_NETNS, F_IFINDEX, F_DEV, F_VERDICT, F_RESPONDER,
	F_DIRECTION, F_VLAN_PROTO, F_VLAN_TCI, F_ORIG_LEN, F_FRAME, F_N,
};

static const char *const names[F_N + 1] = {
	[F_REQUEST_ID] = "request_id", [F_NETNS] = "netns",
	[F_IFINDEX] = "ifindex", [F_DEV] = "dev", [F_VERDICT] = "verdict",
	[F_RESPONDER] = "responder_name", [F_DIRECTION] = "direction",
	[F_VLAN_PROTO] = "vlan_proto", [F_VLAN_TCI] = "vlan_tci",
	[F_ORIG_LEN] = "orig_len", [F_FRAME] = "frame",
};

/**
 * struct iface - an interface of the file
 * @ifindex: of the device
 * @name: of the device; one that is renamed is described anew
 * @written: packets in the file
 */
struct iface {
	__u32 ifindex;
	char name[IF_NAMESIZE];
	__u64 written;
};

/**
 * struct capture - one run of msdctl capture
 * @mon: what to follow
 * @path: name of the file
 * @stdout_fd: standard output as it was, while the file stands in its place
 * @count: packets wanted; 0: all
 * @start: when it began, nanoseconds since 1970
 * @written: packets in the file
 * @ifaces: interfaces in the order they are described; @nifaces of them
 * @nifaces: how many
 * @block: the block being made
 */
struct capture {
	struct monitor mon;
	const char *path;
	int stdout_fd;
	__u64 count;
	__u64 start;
	__u64 written;
	struct iface *ifaces;
	size_t nifaces;
	struct pcapng_block block;
};

static __u64 now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static void put(struct capture *c, struct sink *sink)
{
	sink_room(sink, c->block.len);
	text_put(&sink->text, (const char *)c->block.data, c->block.len);
}

/* Return: the interface's number in the file, or -1 without memory. */
static int describe(struct capture *c, struct sink *sink, __u32 ifindex,
		    const char *name)
{
	struct iface *more = realloc(c->ifaces,
				     (c->nifaces + 1) * sizeof(*more));

	if (!more)
		return -1;
	c->ifaces = more;
	more += c->nifaces;
	*more = (struct iface){ .ifindex = ifindex };
	snprintf(more->name, sizeof(more->name), "%s", name);
	pcapng_interface(&c->block, more->name);
	put(c, sink);
	return c->nifaces++;
}

static int find(struct capture *c, struct sink *sink, __u32 ifindex,
		const char *name)
{
	size_t i;

	for (i = 0; i < c->nifaces; i++)
		if (c->ifaces[i].ifindex == ifindex &&
		    !strcmp(c->ifaces[i].name, name))
			return i;
	return describe(c, sink, ifindex, name);
}

/* A FIFO has to wait for its reader, but not so that a signal waits, too. */
static int open_waiting(const struct capture *c)
{
	const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK;
	struct pollfd stop = { .fd = c->mon.setup.signals, .events = POLLIN };
	int fd;

	while ((fd = open(c->path, flags, 0666)) < 0 && errno == ENXIO)
		if (poll(&stop, 1, FIFO_MS) > 0) {
			errno = EINTR;
			break;
		}
	if (fd >= 0)
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
	return fd;
}

/* The file takes the place of standard output, where a watch writes. */
static int open_file(struct capture *c, struct err *err)
{
	char quoted[80];
	int fd, ret;

	if (!strcmp(c->path, "-"))
		return 0;
	fd = open_waiting(c);
	if (fd >= 0) {
		c->stdout_fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
		ret = dup2(fd, STDOUT_FILENO);
		close(fd);
		if (ret >= 0)
			return 0;
	}
	return err_set(err, "%s: %s",
		       err_quote(quoted, sizeof(quoted), c->path),
		       strerror(errno));
}

static void close_file(struct capture *c)
{
	if (c->stdout_fd < 0)
		return;
	dup2(c->stdout_fd, STDOUT_FILENO);
	close(c->stdout_fd);
}

/* No file is made, and none emptied, when there is nothing to read from. */
static struct trace *capture_open(void *data, unsigned int buffer_kb,
				  struct err *err)
{
	static const char *const events[] = { "msd_packet", NULL };
	static struct trace_setup setup = { .events = events, .fields = names };
	static char expression[FILTER_KERNEL_MAX];
	struct capture *c = data;
	struct trace *trace;

	filter_kernel(expression, &c->mon.filter);
	setup.buffer_kb = buffer_kb;
	setup.filter = expression;
	trace = trace_open(&setup, err);
	if (trace && open_file(data, err)) {
		trace_close(trace);
		trace = NULL;
	}
	return trace;
}

/* Of the interfaces that have the responder now; others follow as they come. */
static void describe_attached(struct capture *c, struct sink *sink)
{
	struct iface_info *ifaces;
	struct err ignored = { "" };
	struct nl nl;
	size_t i, n;

	if (nl_open(&nl, &ignored))
		return;
	if (!nl_get_ifaces(&nl, MSD_CMD_IFACE_GET, 0, &ifaces, &n, &ignored)) {
		for (i = 0; i < n; i++)
			find(c, sink, ifaces[i].ifindex, ifaces[i].ifname);
		iface_info_free(ifaces, n);
	}
	nl_close(&nl);
}

static void capture_begin(void *data, struct sink *sink)
{
	struct capture *c = data;
	const struct filter *f = &c->mon.filter;
	struct utsname uts = { 0 };
	char os[2 * sizeof(uts.release)];
	size_t i;

	uname(&uts);
	snprintf(os, sizeof(os), "%s %s", uts.sysname, uts.release);
	c->start = now();
	pcapng_section(&c->block, os, "msdctl " MSDCTL_VERSION);
	put(c, sink);
	for (i = 0; i < f->nifindex; i++)
		find(c, sink, f->ifindex[i], c->mon.devs[i]);
	if (!f->nifindex)
		describe_attached(c, sink);
}

static void make_packet(struct capture *c, const struct trace_record *rec,
			__u32 iface)
{
	const char *responder = trace_str(rec, F_RESPONDER);
	__u32 verdict = trace_uint(rec, F_VERDICT);
	char comment[80];
	size_t len;
	struct pcapng_frame frame = {
		.iface = iface,
		.time = rec->time,
		.data = trace_bytes(rec, F_FRAME, &len),
		.orig_len = trace_uint(rec, F_ORIG_LEN),
		.vlan_proto = trace_uint(rec, F_VLAN_PROTO),
		.vlan_tci = trace_uint(rec, F_VLAN_TCI),
		.outbound = trace_uint(rec, F_DIRECTION),
		.verdict = verdict_answers(verdict) ? PCAPNG_TX : PCAPNG_DROP,
		.id = trace_uint(rec, F_REQUEST_ID),
		.comment = comment,
	};

	frame.len = len;
	snprintf(comment, sizeof(comment), "%s%s%s", verdict_name(verdict),
		 *responder ? " " : "", responder);
	pcapng_packet(&c->block, &frame);
}

static int capture_record(void *data, struct sink *sink,
			  const struct trace_record *rec)
{
	struct capture *c = data;
	__u32 ifindex = trace_uint(rec, F_IFINDEX);
	int iface;

	if (!filter_device(&c->mon.filter, trace_uint(rec, F_NETNS), ifindex))
		return 0;
	iface = find(c, sink, ifindex, trace_str(rec, F_DEV));
	if (iface < 0) {
		sink->error = ENOMEM;
		return 0;
	}
	make_packet(c, rec, iface);
	put(c, sink);
	c->ifaces[iface].written++;
	return ++c->written == c->count ? -1 : 1;
}

/* The buffers are common to all devices: losses are counted with the first. */
static void capture_end(void *data, struct sink *sink, __u64 lost)
{
	struct capture *c = data;
	__u64 end = now();
	size_t i;

	for (i = 0; i < c->nifaces; i++) {
		const struct pcapng_stats stats = {
			.iface = i,
			.start = c->start,
			.end = end,
			.received = c->ifaces[i].written + (i ? 0 : lost),
			.dropped = i ? 0 : lost,
			.written = c->ifaces[i].written,
			.comment = !i && lost ? "lost: of all interfaces" : NULL,
		};

		pcapng_statistics(&c->block, &stats);
		put(c, sink);
	}
}

static int choose_count(struct capture *c, struct ctl *ctl)
{
	const char *text = ctl->opts->val[OPT_COUNT];

	if (!text)
		return 0;
	errno = 0;
	c->count = strtoull(text, NULL, 10);
	if (!c->count || errno || strspn(text, "0123456789") != strlen(text))
		return wrong_word(&ctl->err, text, "not a number of frames");
	return 0;
}

static int choose_file(struct capture *c, struct ctl *ctl, struct words *words)
{
	c->path = next_word(words);
	if (!c->path) {
		err_set(&ctl->err, "FILE is missing");
		return EXIT_USAGE;
	}
	if (!strcmp(c->path, "-") && isatty(STDOUT_FILENO))
		return wrong_word(&ctl->err, c->path,
				  "standard output is a terminal");
	return 0;
}

int cmd_capture(struct ctl *ctl, struct words words)
{
	static const struct watch_tap tap = {
		.open = capture_open, .begin = capture_begin,
		.record = capture_record, .end = capture_end,
	};
	struct capture c = { .stdout_fd = -1 };
	int ret;

	c.mon.setup = (struct watch_setup){
		.program = "msdctl", .filter = &c.mon.filter, .tap = &tap,
		.data = &c,
	};
	ret = choose_file(&c, ctl, &words) ?: choose_count(&c, ctl) ?:
	      monitor_buffer(&c.mon, ctl) ?:
	      monitor_devices(&c.mon, ctl, &words) ?: monitor_run(&c.mon, ctl);
	close_file(&c);
	filter_free(&c.mon.filter);
	free(c.ifaces);
	return ret;
}
