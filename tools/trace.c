// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads the module's tracepoints of all CPUs through libtracefs, in order of time.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/membarrier.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <libmnl/libmnl.h>
#include <linux/kmasscanned.h>
#include "trace_int.h"

#define SYSTEM "kmasscanned"
#define PREFIX "msdctl-"

/* Longest time an event may be under way between its stamp and the buffer. */
#define HOLD_MS 10
#define TICK_MS 1000
#define NS_PER_MS 1000000ULL
#define NS_PER_S 1000000000ULL

/* Records handed out in one call. */
#define READ_MAX 8192

/**
 * struct trace - a reader
 * @setup: what to read
 * @instance: where
 * @cpus: its buffers
 * @formats: where the fields are
 * @notify: tells when the module's netlink family comes and goes
 * @loaded: the module is there, and the events are on
 * @fresh: what events there are belong to a module loaded since
 * @loads: how often it has come back
 * @stopped: the events are off for good
 * @woken: trace_wait() has returned for us
 * @rest: nothing to do before HOLD_MS have passed
 * @more: trace_read() has stopped before the end
 */
struct trace {
	const struct trace_setup *setup;
	struct tracefs_instance *instance;
	struct trace_cpus cpus;
	struct trace_formats formats;
	struct mnl_socket *notify;
	bool loaded;
	bool fresh;
	unsigned int loads;
	bool stopped;
	bool woken;
	bool rest;
	bool more;
};

static __u64 now_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

/* ---- the instance ---- */

/* When a process began, in ticks since the machine did; 0: there is none. */
static unsigned long long start_time(int pid)
{
	unsigned long long ticks = 0;
	char path[32], text[1024];
	FILE *file;
	size_t n;
	char *at;
	int i;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	n = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[n] = '\0';
	/* Behind the name, which may hold anything: state, then 18 numbers. */
	at = strrchr(text, ')');
	for (i = 0; at && i < 20; i++)
		at = strchr(at + 1, ' ');
	if (at)
		ticks = strtoull(at, NULL, 10);
	return ticks;
}

/*
 * Of a process that was killed: a number that is used again belongs to one that
 * has begun later. Should it live in another PID namespace, its open buffers
 * keep the kernel from removing the instance. None outlives a reboot.
 */
static int remove_stale(const char *name, void *data)
{
	struct tracefs_instance *instance;
	unsigned long long start = 0;
	int pid;

	(void)data;
	if (sscanf(name, PREFIX "%d-%llu", &pid, &start) < 1 || pid <= 0 ||
	    (start && start == start_time(pid)))
		return 0;
	instance = tracefs_instance_alloc(NULL, name);
	if (instance)
		tracefs_instance_destroy(instance);
	tracefs_instance_free(instance);
	return 0;
}

/* EPERM of a locked-down kernel, EACCES of everybody but root. */
static const char *why_not(int error)
{
	if (error == EACCES)
		return "permission denied: events can be read by root only";
	return strerror(error);
}

static int make_instance(struct trace *t, struct err *err)
{
	char name[64];
	int i = 0;

	tracefs_set_loglevel(TEP_LOG_NONE);
	if (!tracefs_tracing_dir())
		return err_set(err, "tracefs: %s", geteuid() ? why_not(EACCES) :
			       "this kernel has none, or it cannot be mounted");
	tracefs_instances_walk(remove_stale, NULL);
	do {
		snprintf(name, sizeof(name), PREFIX "%d-%llu%c", getpid(),
			 start_time(getpid()), 'a' + i);
	} while (tracefs_instance_exists(name) && ++i < 26);
	errno = 0;
	t->instance = tracefs_instance_create(name);
	if (t->instance)
		return 0;
	return err_set(err, "tracefs: cannot make an instance: %s",
		       why_not(errno ? errno : EACCES));
}

static int set_file(struct trace *t, const char *file, const char *value,
		    struct err *err)
{
	if (tracefs_instance_file_write(t->instance, file, value) >= 0)
		return 0;
	return err_set(err, "tracefs: cannot write %s to %s: %s", value, file,
		       strerror(errno));
}

static int set_up_instance(struct trace *t, struct err *err)
{
	char size[16];

	snprintf(size, sizeof(size), "%u", t->setup->buffer_kb);
	if (set_file(t, "options/overwrite", "0", err) ||
	    set_file(t, "trace_clock", "mono", err) ||
	    set_file(t, "buffer_percent", "0", err) ||
	    set_file(t, "buffer_size_kb", size, err))
		return -1;
	/* Names of processes are of no use here. */
	tracefs_instance_file_write(t->instance, "options/record-cmd", "0");
	return cpus_open(&t->cpus, t->instance, err);
}

/* ---- events on and off, as the module comes and goes ---- */

static bool events_exist(struct trace *t)
{
	unsigned int e;

	for (e = 0; e < TRACE_EVENTS_MAX && t->setup->events[e]; e++)
		if (!tracefs_event_file_exists(t->instance, SYSTEM,
					       t->setup->events[e], "enable"))
			return false;
	return true;
}

/*
 * Before the events are on, and anew for a module that has come back. A kernel
 * that does not take the expression lets all pass.
 */
static void filter_events(struct trace *t)
{
	unsigned int e;

	for (e = 0; *t->setup->filter && e < TRACE_EVENTS_MAX &&
	     t->setup->events[e]; e++)
		tracefs_event_file_write(t->instance, SYSTEM,
					 t->setup->events[e], "filter",
					 t->setup->filter);
}

static int switch_events(struct trace *t, bool on, struct err *err)
{
	unsigned int e;

	for (e = 0; e < TRACE_EVENTS_MAX && t->setup->events[e]; e++)
		if (tracefs_event_file_write(t->instance, SYSTEM,
					     t->setup->events[e], "enable",
					     on ? "1" : "0") < 0)
			return err_set(err, "tracefs: event %s: %s",
				       t->setup->events[e], strerror(errno));
	return 0;
}

static int start(struct trace *t, struct err *err)
{
	if (!tracefs_dir_exists(t->instance, "events/" SYSTEM))
		return err_set(err, "the module is not loaded");
	if (formats_load(&t->formats, t->setup, err))
		return -1;
	filter_events(t);
	if (switch_events(t, true, err))
		return -1;
	t->loaded = true;
	t->fresh = false;
	return 0;
}

/* The kernel tells all network namespaces when a family comes or goes. */
static int listen_to_module(struct trace *t, struct err *err)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int group = GENL_ID_CTRL;

	t->notify = mnl_socket_open2(NETLINK_GENERIC,
				     SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (!t->notify || mnl_socket_bind(t->notify, 0, MNL_SOCKET_AUTOPID) ||
	    mnl_socket_setsockopt(t->notify, NETLINK_ADD_MEMBERSHIP, &group,
				  sizeof(group)) ||
	    epoll_ctl(t->cpus.epoll, EPOLL_CTL_ADD,
		      mnl_socket_get_fd(t->notify), &ev))
		return err_set(err, "netlink: %s", strerror(errno));
	return 0;
}

static int on_attr(const struct nlattr *attr, void *data)
{
	bool *ours = data;

	if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_NAME &&
	    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0 &&
	    !strcmp(mnl_attr_get_str(attr), MSD_GENL_NAME))
		*ours = true;
	return MNL_CB_OK;
}

static int on_notice(const struct nlmsghdr *msg, void *data)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(msg);
	struct trace *t = data;
	bool ours = false;

	if (msg->nlmsg_type != GENL_ID_CTRL)
		return MNL_CB_OK;
	mnl_attr_parse(msg, sizeof(*genl), on_attr, &ours);
	if (ours && genl->cmd == CTRL_CMD_NEWFAMILY) {
		t->fresh = true;
	} else if (ours && genl->cmd == CTRL_CMD_DELFAMILY) {
		t->loaded = false;
		t->fresh = false;
	}
	return MNL_CB_OK;
}

/*
 * Has the module gone, or come back? While it unloads the events of old are
 * still there: only their absence, or a new family, says that they are new.
 */
static void look_for_module(struct trace *t)
{
	char buf[8192];
	ssize_t n;

	errno = 0;
	while ((n = mnl_socket_recvfrom(t->notify, buf, sizeof(buf))) > 0)
		mnl_cb_run(buf, n, 0, 0, on_notice, t);
	if (errno == ENOBUFS || !events_exist(t)) {
		t->loaded = false;
		t->fresh = true;
	}
}

/* Called with nothing left to read in the old formats. */
static void follow_module(struct trace *t)
{
	struct err ignored;

	if (t->loaded || t->stopped || !t->fresh || !events_exist(t))
		return;
	cpus_lost(&t->cpus);
	if (!start(t, &ignored))
		t->loads++;
}

/* ---- what the caller sees ---- */

static int set_up(struct trace *t, struct err *err)
{
	if (make_instance(t, err) || set_up_instance(t, err) ||
	    listen_to_module(t, err))
		return -1;
	return start(t, err);
}

struct trace *trace_open(const struct trace_setup *setup, struct err *err)
{
	struct trace *t = calloc(1, sizeof(*t));

	if (!t) {
		err_set(err, "out of memory");
		return NULL;
	}
	t->setup = setup;
	t->cpus.epoll = -1;
	t->cpus.uevents = -1;
	if (!set_up(t, err))
		return t;
	trace_close(t);
	return NULL;
}

void trace_close(struct trace *t)
{
	if (!t)
		return;
	cpus_close(&t->cpus);
	if (t->notify)
		mnl_socket_close(t->notify);
	formats_free(&t->formats);
	if (t->instance)
		tracefs_instance_destroy(t->instance);
	tracefs_instance_free(t->instance);
	free(t);
}

int trace_wait(struct trace *t, struct pollfd *fds, nfds_t n)
{
	int timeout = TICK_MS, ret;

	if (t->more)
		timeout = 0;
	else if (t->rest)
		timeout = HOLD_MS;
	fds[0] = (struct pollfd){ .fd = t->rest ? -1 : t->cpus.epoll,
				  .events = POLLIN };
	ret = poll(fds, n, timeout);
	if (ret < 0) {
		fds[0].revents = 0;
		return errno == EINTR ? 0 : -1;
	}
	t->woken = fds[0].revents;
	return ret;
}

static int hand_out(struct trace *t, const struct trace_cpu *cpu, __u64 offset,
		    trace_fn *fn, void *data)
{
	struct trace_record rec = {
		.time = cpu->ts + offset, .cpu = cpu->cpu, .data = cpu->data,
		.size = kbuffer_event_size(cpu->kbuf),
	};
	int event = formats_event(&t->formats, t->setup, rec.data, rec.size);

	if (event < 0)
		return 0;
	rec.event = event;
	rec.fields = t->formats.field[event];
	return fn(data, &rec);
}

int trace_read(struct trace *t, trace_fn *fn, void *data)
{
	__u64 now = now_ns(CLOCK_MONOTONIC), limit = now - HOLD_MS * NS_PER_MS;
	__u64 offset = now_ns(CLOCK_REALTIME) - now;
	struct trace_cpu *cpu = NULL;
	bool idle;
	int n, ret = 0;

	look_for_module(t);
	if (!t->loaded || t->stopped)
		limit = ~0ULL;
	cpus_look(&t->cpus);
	cpus_begin(&t->cpus);
	for (n = 0; n < READ_MAX && !ret; n++) {
		cpu = cpus_first(&t->cpus, &idle);
		if (!cpu || (idle && cpu->ts > limit))
			break;
		ret = hand_out(t, cpu, offset, fn, data);
		cpu_next(cpu);
	}
	t->more = n == READ_MAX;
	t->rest = !t->more && (cpu || (!n && t->woken));
	if (!cpu)
		follow_module(t);
	return ret ? -1 : n;
}

/* Probes run with preemption off; a grace period of RCU has seen them end. */
void trace_stop(struct trace *t)
{
	struct err ignored;

	look_for_module(t);
	if (t->loaded)
		switch_events(t, false, &ignored);
	syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
	t->stopped = true;
}

__u64 trace_lost(struct trace *t)
{
	return cpus_lost(&t->cpus);
}

bool trace_loaded(const struct trace *t)
{
	return t->loaded;
}

unsigned int trace_loads(const struct trace *t)
{
	return t->loads;
}
