// SPDX-License-Identifier: GPL-2.0-only
/*
 * Preloaded: one allocation of the kernel fails during a program's requests
 *
 *   LD_PRELOAD=failnth.so FAILNTH=N FAILNTH_LEFT=FILE PROGRAM...
 *   LD_PRELOAD=failnth.so FAILNTH_ALL=1 PROGRAM...
 *
 * Allocations are counted through all messages to and from generic netlink, through
 * init_module(), and when files of tracefs are opened, read and written; the Nth
 * of them fails. FILE then holds how many were
 * missing to N: 0 when one has failed. To FAILNTH_MARK, if set, goes a line "IN"
 * before each of these calls, and "OUT" after it. With FAILNTH_ALL the program is made to
 * fail in these calls as the kernel's fail_page_alloc and failslab are set up
 * with task-filter. The kernel needs FAULT_INJECTION.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/netlink.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#define STACK_MAX (512 * 1024)

static long left;
static bool all;
static int control = -1;
static int marks = -1;
static bool started;

static void __attribute__((noreturn)) give_up(const char *what)
{
	fprintf(stderr, "failnth: %s: %s\n", what, strerror(errno));
	_exit(99);
}

/*
 * The kernel repeats a page fault that finds no memory, for ever if there never
 * is: all pages are there before the first call.
 */
static void __attribute__((noinline)) touch_stack(void)
{
	char room[STACK_MAX];

	explicit_bzero(room, sizeof(room));
}

/* The file is opened before anything fails, and by the only thread there is. */
static void __attribute__((constructor)) start(void)
{
	const char *n = getenv("FAILNTH");

	all = getenv("FAILNTH_ALL");
	left = n && !all ? atol(n) : 0;
	control = open(all ? "/proc/thread-self/make-it-fail" :
			     "/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (control < 0)
		give_up("/proc");
	if (getenv("FAILNTH_MARK"))
		marks = open(getenv("FAILNTH_MARK"), O_WRONLY | O_CLOEXEC);
	touch_stack();
	if (all && mlockall(MCL_CURRENT | MCL_FUTURE))
		give_up("mlockall");
	started = true;
}

static void __attribute__((destructor)) report(void)
{
	const char *path = getenv("FAILNTH_LEFT");
	FILE *file = path && !all ? fopen(path, "w") : NULL;

	if (all)
		return;
	if (!file || fprintf(file, "%ld\n", left) < 0 || fclose(file))
		give_up("FAILNTH_LEFT");
}

static void set(long n)
{
	char text[20];
	int len = snprintf(text, sizeof(text), "%ld", n);

	if (pwrite(control, text, len, 0) != len)
		give_up("/proc");
}

static void mark(const char *text)
{
	/* write() is counted below */
	if (marks >= 0 && syscall(SYS_write, marks, text, strlen(text)) < 0)
		give_up("FAILNTH_MARK");
}

/* Count from here to end(). */
static void begin(void)
{
	mark("IN\n");
	if (left || all)
		set(all ? 1 : left);
}

static void end(void)
{
	char text[20] = "";
	int saved = errno;

	if (all)
		set(0);
	if (!left)
		return;
	if (pread(control, text, sizeof(text) - 1, 0) <= 0)
		give_up("/proc");
	set(0);
	mark("OUT\n");
	left = atol(text);
	errno = saved;
}

static bool is_ours(int fd)
{
	int family = 0, protocol = 0;
	socklen_t len = sizeof(int);

	return !getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &len) &&
	       !getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &len) &&
	       family == AF_NETLINK && protocol == NETLINK_GENERIC;
}

static bool is_tracefs(int fd)
{
	struct statfs fs;

	return started && !fstatfs(fd, &fs) && fs.f_type == TRACEFS_MAGIC;
}

static bool is_tracing(const char *path)
{
	return started && strstr(path, "/tracing/");
}

static void *next(const char *name)
{
	void *p = dlsym(RTLD_NEXT, name);

	if (!p)
		give_up(name);
	return p;
}

/* Call the function of this name in the C library, counting if @when. */
#define COUNTED(name, when, ...)					\
	do {								\
		__typeof__(name) *real = next(#name);			\
		bool counted = when;					\
		__typeof__(real(__VA_ARGS__)) ret;			\
									\
		if (counted)						\
			begin();					\
		ret = real(__VA_ARGS__);				\
		if (counted)						\
			end();						\
		return ret;						\
	} while (0)

ssize_t sendto(int fd, const void *buf, size_t len, int flags,
	       const struct sockaddr *addr, socklen_t addr_len)
{
	COUNTED(sendto, is_ours(fd), fd, buf, len, flags, addr, addr_len);
}

ssize_t sendmsg(int fd, const struct msghdr *msg, int flags)
{
	COUNTED(sendmsg, is_ours(fd), fd, msg, flags);
}

ssize_t recvmsg(int fd, struct msghdr *msg, int flags)
{
	COUNTED(recvmsg, is_ours(fd), fd, msg, flags);
}

int init_module(void *image, unsigned long len, const char *args);

int init_module(void *image, unsigned long len, const char *args)
{
	COUNTED(init_module, true, image, len, args);
}

ssize_t read(int fd, void *buf, size_t len)
{
	COUNTED(read, is_tracefs(fd), fd, buf, len);
}

ssize_t write(int fd, const void *buf, size_t len)
{
	COUNTED(write, is_tracefs(fd), fd, buf, len);
}

int open(const char *path, int flags, ...)
{
	mode_t mode;
	va_list ap;

	va_start(ap, flags);
	mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	COUNTED(open, is_tracing(path), path, flags, mode);
}

/* What msdctl's and libtracefs's open() are once compiled. */
int open64(const char *path, int flags, ...) __attribute__((alias("open")));
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags) __attribute__((alias("__open_2")));

int __open_2(const char *path, int flags)
{
	return open(path, flags);
}
