// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lab's host side: run one command in the guest
 *
 *   call [-t SECONDS] DIRECTORY COMMAND [ARGUMENT]...
 *
 * DIRECTORY holds the sockets of the virtio-serial ports, port1 and so on, and
 * a lock file beside each. Input, output and exit status are passed through; a
 * broken lab is exit status 125. When this program dies the guest ends the command.
 */
#include "wire.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define LAB_BROKEN	125
#define PATIENCE	30	/* seconds until the guest must have answered */

/**
 * struct call - one command
 * @fd: socket of the port
 * @argv: the command
 * @token: what the guest says back first
 * @window: the last bytes seen while looking for it
 * @synced: it has been seen
 * @input: standard input is still read
 * @credit: bytes of input the guest still accepts
 * @timeout: seconds until the guest must have answered
 * @parser: frames from the guest
 * @tx: bytes to send
 * @tx_off: how many of them are sent
 * @tx_len: how many there are, 0 when none
 */
struct call {
	int fd;
	char **argv;
	uint8_t token[LAB_HEAD + LAB_TOKEN];
	uint8_t window[LAB_HEAD + LAB_TOKEN];
	bool synced;
	bool input;
	size_t credit;
	int timeout;
	struct lab_parser parser;
	uint8_t tx[LAB_PADDING + LAB_ARGS_MAX + LAB_ARGS_MAX / LAB_FRAME_MAX * LAB_HEAD + 1024];
	size_t tx_off;
	size_t tx_len;
};

static void __attribute__((noreturn, format(printf, 1, 2))) broken(const char *fmt, ...)
{
	va_list ap;

	fputs("lab: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(LAB_BROKEN);
}

/* ---- a port of our own ---- */

static int lock_port(const char *dir, unsigned int nr, int how)
{
	char path[200];
	int fd;

	snprintf(path, sizeof(path), "%s/port%u.lock", dir, nr);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		broken("%s: %s", path, strerror(errno));
	if (flock(fd, how) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* The lock lives as long as this process. */
static unsigned int claim_port(const char *dir)
{
	unsigned int nr;

	for (nr = 1; nr <= LAB_PORTS; nr++)
		if (lock_port(dir, nr, LOCK_EX | LOCK_NB) >= 0)
			return nr;
	nr = 1 + getpid() % LAB_PORTS;
	if (lock_port(dir, nr, LOCK_EX) < 0)
		broken("all ports are busy: %s", strerror(errno));
	return nr;
}

static int connect_port(const char *dir)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd, n;

	n = snprintf(addr.sun_path, sizeof(addr.sun_path), "%s/port%u", dir, claim_port(dir));
	if (n < 0 || (size_t)n >= sizeof(addr.sun_path))
		broken("%s: path too long", dir);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0)
		broken("the guest cannot be reached: %s", strerror(errno));
	return fd;
}

/* ---- to the guest ---- */

static void queue(struct call *c, enum lab_type type, const void *p, size_t len)
{
	uint8_t *to = c->tx + c->tx_len;

	c->tx_len += lab_head(to, type, len);
	if (len)
		memcpy(to + LAB_HEAD, p, len);
}

static void queue_args(struct call *c)
{
	static char args[LAB_ARGS_MAX];
	size_t n, off, len = 0;
	char **argv = c->argv;

	for (; *argv; argv++) {
		n = strlen(*argv) + 1;
		if (n > sizeof(args) - len)
			broken("the command is longer than %zu bytes", sizeof(args));
		memcpy(args + len, *argv, n);
		len += n;
	}
	for (off = 0; off < len; off += n) {
		n = len - off < LAB_FRAME_MAX ? len - off : LAB_FRAME_MAX;
		queue(c, LAB_ARG, args + off, n);
	}
}

static void greet(struct call *c)
{
	uint8_t token[LAB_TOKEN];

	if (getrandom(token, sizeof(token), 0) != sizeof(token))
		broken("no random bytes: %s", strerror(errno));
	lab_head(c->token, LAB_HELLO, LAB_TOKEN);
	memcpy(c->token + LAB_HEAD, token, LAB_TOKEN);
	c->tx_len = LAB_PADDING;
	queue(c, LAB_HELLO, token, LAB_TOKEN);
}

/* Only now: the guest takes a command from whom it has greeted. */
static void begin(struct call *c)
{
	queue_args(c);
	queue(c, LAB_RUN, NULL, 0);
	if (!c->input)
		queue(c, LAB_IN_END, NULL, 0);
}

static void send_more(struct call *c)
{
	ssize_t n = send(c->fd, c->tx + c->tx_off, c->tx_len - c->tx_off,
			 MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n < 0 && errno != EAGAIN)
		broken("the guest has gone away");
	if (n > 0)
		c->tx_off += n;
	if (c->tx_off == c->tx_len) {
		c->tx_off = 0;
		c->tx_len = 0;
	}
}

static void read_input(struct call *c)
{
	uint8_t buf[LAB_FRAME_MAX];
	size_t max = c->credit < sizeof(buf) ? c->credit : sizeof(buf);
	ssize_t n = read(STDIN_FILENO, buf, max);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0) {
		c->credit -= n;
		queue(c, LAB_IN, buf, n);
	} else {
		c->input = false;
		queue(c, LAB_IN_END, NULL, 0);
	}
}

/* ---- from the guest ---- */

static void write_out(int fd, const uint8_t *p, size_t len)
{
	struct pollfd ready = { .fd = fd, .events = POLLOUT };
	ssize_t n;

	while (len) {
		n = write(fd, p, len);
		if (n < 0 && errno == EAGAIN) {
			poll(&ready, 1, -1);
			continue;
		}
		if (n < 0 && errno != EINTR)
			broken("write: %s", strerror(errno));
		if (n > 0) {
			p += n;
			len -= n;
		}
	}
}

static void handle(struct call *c, enum lab_type type)
{
	size_t len;
	const uint8_t *p = lab_payload(&c->parser, &len);
	uint32_t took;

	if (type == LAB_OUT) {
		write_out(STDOUT_FILENO, p, len);
	} else if (type == LAB_ERR) {
		write_out(STDERR_FILENO, p, len);
	} else if (type == LAB_TOOK && len == sizeof(took)) {
		memcpy(&took, p, sizeof(took));
		c->credit += took;
	} else if (type == LAB_EXIT && len == 1) {
		exit(*p);
	}
}

/* Skip bytes meant for an earlier client of this port. */
static void look_for_token(struct call *c, const uint8_t **p, size_t *len)
{
	while (*len && !c->synced) {
		memmove(c->window, c->window + 1, sizeof(c->window) - 1);
		c->window[sizeof(c->window) - 1] = *(*p)++;
		(*len)--;
		c->synced = !memcmp(c->window, c->token, sizeof(c->token));
		if (c->synced)
			begin(c);
	}
}

static void receive(struct call *c)
{
	uint8_t buf[64 * 1024];
	const uint8_t *p = buf;
	enum lab_type type;
	size_t left;
	ssize_t n;

	n = recv(c->fd, buf, sizeof(buf), MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0)
		broken("the guest has gone away");
	left = n;
	look_for_token(c, &p, &left);
	while ((type = lab_frame(&c->parser, &p, &left)) != LAB_PAD)
		handle(c, type);
}

static void step(struct call *c)
{
	bool want = c->synced && c->input && c->credit && !c->tx_len;
	struct pollfd fds[] = {
		{ c->fd, POLLIN | (c->tx_len ? POLLOUT : 0), 0 },
		{ want ? STDIN_FILENO : -1, POLLIN, 0 },
	};

	if (!poll(fds, 2, c->synced ? -1 : c->timeout * 1000))
		broken("the guest does not answer");
	if (fds[0].revents & POLLOUT)
		send_more(c);
	if (fds[0].revents & ~POLLOUT)
		receive(c);
	if (fds[1].revents)
		read_input(c);
}

/* Reading a terminal from the background would stop us. */
static bool may_read_input(void)
{
	return !isatty(STDIN_FILENO) || tcgetpgrp(STDIN_FILENO) == getpgrp();
}

int main(int argc, char **argv)
{
	static struct call c = { .timeout = PATIENCE, .credit = LAB_WINDOW };
	int opt;

	while ((opt = getopt(argc, argv, "+t:")) != -1) {
		if (opt != 't')
			return LAB_BROKEN;
		c.timeout = atoi(optarg);
	}
	if (argc - optind < 2)
		broken("usage: call [-t SECONDS] DIRECTORY COMMAND [ARGUMENT]...");
	c.argv = argv + optind + 1;
	c.fd = connect_port(argv[optind]);
	c.input = may_read_input();
	greet(&c);
	for (;;)
		step(&c);
}
