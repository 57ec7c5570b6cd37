// SPDX-License-Identifier: GPL-2.0-only
/*
 * The per-CPU buffers of an instance. One page of each CPU is here, the rest
 * waits in the kernel, which does not overwrite: what does not fit is counted
 * there, event by event.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/netlink.h>
#include "trace_int.h"

#define STATS_LEN 512

static int open_file(struct tracefs_instance *instance, int cpu,
		     const char *name, int flags, struct err *err)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "per_cpu/cpu%d/%s", cpu, name);
	fd = tracefs_instance_file_open(instance, path,
					flags | O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err_set(err, "tracefs: %s: %s", path, strerror(errno));
	return fd;
}

static bool is_online(int cpu)
{
	char path[64];
	FILE *file;
	int is;

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/online", cpu);
	file = fopen(path, "re");
	/* The first CPU often has no such file. */
	if (!file)
		return !cpu;
	is = fgetc(file);
	fclose(file);
	return is == '1';
}

/*
 * A CPU that has never been online has no buffer to wait for. The kernel tells
 * when one comes, though not in every namespace: trace_wait() returns often
 * enough to find what it writes, and then it is watched, too.
 */
static void watch(struct trace_cpus *c, struct trace_cpu *cpu)
{
	struct epoll_event ev = { .events = EPOLLIN };

	cpu->watched = !epoll_ctl(c->epoll, EPOLL_CTL_ADD, cpu->fd, &ev);
}

static void listen_for_cpus(struct trace_cpus *c)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	struct epoll_event ev = { .events = EPOLLIN };

	c->uevents = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC,
			    NETLINK_KOBJECT_UEVENT);
	if (c->uevents < 0)
		return;
	if (!bind(c->uevents, (struct sockaddr *)&addr, sizeof(addr)) &&
	    !epoll_ctl(c->epoll, EPOLL_CTL_ADD, c->uevents, &ev))
		return;
	close(c->uevents);
	c->uevents = -1;
}

void cpus_look(struct trace_cpus *c)
{
	bool told = false;
	char byte;
	int i;

	/* Which device it was does not matter; nor does what did not fit. */
	while (c->uevents >= 0 &&
	       (recv(c->uevents, &byte, 1, 0) >= 0 || errno == ENOBUFS))
		told = true;
	for (i = 0; told && i < c->n; i++)
		if (!c->v[i].watched && is_online(c->v[i].cpu))
			watch(c, &c->v[i]);
}

static int open_cpu(struct trace_cpus *c, struct tracefs_instance *instance,
		    int number, struct err *err)
{
	struct trace_cpu *all = realloc(c->v, (c->n + 1) * sizeof(*all));
	struct trace_cpu *cpu;

	if (!all)
		return err_set(err, "out of memory");
	c->v = all;
	cpu = &all[c->n++];
	*cpu = (struct trace_cpu){ .cpu = number, .stats = -1 };
	cpu->fd = open_file(instance, number, "trace_pipe_raw", O_NONBLOCK,
			    err);
	if (cpu->fd < 0)
		return -1;
	cpu->stats = open_file(instance, number, "stats", 0, err);
	if (cpu->stats < 0)
		return -1;
	cpu->page = malloc(c->page_size);
	cpu->kbuf = kbuffer_alloc(KBUFFER_LSIZE_SAME_AS_HOST,
				  KBUFFER_ENDIAN_SAME_AS_HOST);
	if (!cpu->page || !cpu->kbuf)
		return err_set(err, "out of memory");
	if (is_online(number))
		watch(c, cpu);
	return 0;
}

int cpus_open(struct trace_cpus *c, struct tracefs_instance *instance,
	      struct err *err)
{
	char *path = tracefs_instance_get_file(instance, "per_cpu");
	DIR *dir = path ? opendir(path) : NULL;
	struct dirent *entry;
	int number, ret = 0;

	c->page_size = getpagesize();
	c->epoll = epoll_create1(EPOLL_CLOEXEC);
	listen_for_cpus(c);
	if (!dir || c->epoll < 0)
		ret = err_set(err, "tracefs: per_cpu: %s", strerror(errno));
	while (!ret && (entry = readdir(dir)))
		if (sscanf(entry->d_name, "cpu%d", &number) == 1)
			ret = open_cpu(c, instance, number, err);
	if (dir)
		closedir(dir);
	tracefs_put_tracing_file(path);
	return ret;
}

void cpus_close(struct trace_cpus *c)
{
	int i;

	for (i = 0; i < c->n; i++) {
		struct trace_cpu *cpu = &c->v[i];

		if (cpu->fd >= 0)
			close(cpu->fd);
		if (cpu->stats >= 0)
			close(cpu->stats);
		kbuffer_free(cpu->kbuf);
		free(cpu->page);
	}
	free(c->v);
	if (c->uevents >= 0)
		close(c->uevents);
	if (c->epoll >= 0)
		close(c->epoll);
	*c = (struct trace_cpus){ .epoll = -1, .uevents = -1 };
}

/* Take the next page of the kernel's. Return: is there a record? */
static bool load(struct trace_cpu *cpu, int page_size)
{
	ssize_t n = read(cpu->fd, cpu->page, page_size);

	if (n <= 0 || kbuffer_load_subbuffer(cpu->kbuf, cpu->page) < 0)
		return false;
	cpu->data = kbuffer_read_event(cpu->kbuf, &cpu->ts);
	return cpu->data;
}

void cpus_begin(struct trace_cpus *c)
{
	int i;

	for (i = 0; i < c->n; i++)
		c->v[i].empty = false;
}

struct trace_cpu *cpus_first(struct trace_cpus *c, bool *idle)
{
	struct trace_cpu *first = NULL;
	int i;

	*idle = false;
	for (i = 0; i < c->n; i++) {
		struct trace_cpu *cpu = &c->v[i];

		if (!cpu->data && !cpu->empty)
			cpu->empty = !load(cpu, c->page_size);
		if (cpu->data && !cpu->watched)
			watch(c, cpu);
		if (!cpu->data)
			*idle = true;
		else if (!first || cpu->ts < first->ts)
			first = cpu;
	}
	return first;
}

void cpu_next(struct trace_cpu *cpu)
{
	cpu->data = kbuffer_next_event(cpu->kbuf, &cpu->ts);
}

/* Lines "NAME: NUMBER"; three of them count events that did not fit. */
static __u64 read_lost(const struct trace_cpu *cpu)
{
	static const char *const names[] = {
		"\noverrun: ", "\ncommit overrun: ", "\ndropped events: ",
	};
	char text[STATS_LEN];
	ssize_t n = pread(cpu->stats, text, sizeof(text) - 1, 0);
	__u64 lost = 0;
	size_t i;

	text[n > 0 ? n : 0] = '\0';
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *at = strstr(text, names[i]);

		if (at)
			lost += strtoull(at + strlen(names[i]), NULL, 10);
	}
	return lost;
}

__u64 cpus_lost(struct trace_cpus *c)
{
	__u64 total = 0;
	int i;

	for (i = 0; i < c->n; i++) {
		struct trace_cpu *cpu = &c->v[i];
		__u64 lost = read_lost(cpu);

		if (lost < cpu->lost)
			c->lost += cpu->lost;
		cpu->lost = lost;
		total += lost;
	}
	return c->lost + total;
}
