// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lab's guest side: process 1, runs what the host asks for
 *
 * One worker per virtio-serial port, one command at a time each. A command
 * ends with its own process: what it left in the background lives on, but can
 * no longer be heard. When the host hangs up, the command's session is ended.
 */
#define _GNU_SOURCE
#include "job.h"
#include "wire.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/**
 * struct port - one virtio-serial port
 * @fd: the device
 * @hung_up: no client on the host's end
 * @greet: the client's token is to be sent back
 * @greeted: it has been, so that a command is that client's
 * @token: that token
 * @parser: frames from the client
 * @args: arguments so far
 * @args_len: their length
 * @tx: the frame being sent
 * @tx_off: how much of it is sent
 * @tx_len: its length, 0 when there is none
 * @job: the command
 */
struct port {
	int fd;
	bool hung_up;
	bool greet;
	bool greeted;
	uint8_t token[LAB_TOKEN];
	struct lab_parser parser;
	char args[LAB_ARGS_MAX];
	size_t args_len;
	uint8_t tx[LAB_HEAD + LAB_FRAME_MAX];
	size_t tx_off;
	size_t tx_len;
	struct job job;
};

static void nothing(int sig)
{
	(void)sig;
}

/* ---- from the client ---- */

static void port_arg(struct port *port, const uint8_t *p, size_t len)
{
	if (len > sizeof(port->args) - port->args_len)
		return;
	memcpy(port->args + port->args_len, p, len);
	port->args_len += len;
}

static void port_input(struct job *job, const uint8_t *p, size_t len)
{
	if (!job->pid || len > sizeof(job->in_buf) - job->in_len)
		return;
	memcpy(job->in_buf + job->in_len, p, len);
	job->in_len += len;
	lab_job_feed(job);
}

static void port_reset(struct port *port)
{
	lab_job_kill(&port->job);
	port->greet = false;
	port->greeted = false;
	port->args_len = 0;
	port->tx_len = 0;
}

static void port_hello(struct port *port, const uint8_t *p, size_t len)
{
	if (len != LAB_TOKEN)
		return;
	port_reset(port);
	memcpy(port->token, p, len);
	port->greet = true;
}

static void port_command(struct port *port, enum lab_type type)
{
	size_t len;
	const uint8_t *p = lab_payload(&port->parser, &len);

	switch (type) {
	case LAB_HELLO:
		port_hello(port, p, len);
		break;
	case LAB_ARG:
		port_arg(port, p, len);
		break;
	case LAB_RUN:
		if (port->greeted && !port->job.pid)
			lab_job_start(&port->job, port->args, port->args_len);
		break;
	case LAB_IN:
		port_input(&port->job, p, len);
		break;
	case LAB_IN_END:
		port->job.in_end = true;
		lab_job_feed(&port->job);
		break;
	default:
		break;
	}
}

static void port_read(struct port *port)
{
	uint8_t buf[LAB_FRAME_MAX];
	const uint8_t *p = buf;
	enum lab_type type;
	size_t left;
	ssize_t n;

	n = read(port->fd, buf, sizeof(buf));
	if (n <= 0)
		return;
	left = n;
	while ((type = lab_frame(&port->parser, &p, &left)) != LAB_PAD)
		port_command(port, type);
}

/* ---- to the client ---- */

static void port_send(struct port *port, enum lab_type type, const void *p, size_t len)
{
	port->tx_off = 0;
	port->tx_len = lab_head(port->tx, type, len);
	if (p)
		memcpy(port->tx + LAB_HEAD, p, len);
}

/* Return whether a frame was made of what the command wrote. */
static bool port_relay(struct port *port, enum lab_type type, struct stream *s)
{
	size_t max = LAB_FRAME_MAX;
	bool ended = port->job.pidfd < 0;
	ssize_t n;

	if (ended && (size_t)s->left < max)
		max = s->left;
	if (s->fd < 0 || !max)
		return false;
	n = read(s->fd, port->tx + LAB_HEAD, max);
	if (n < 0 && errno == EAGAIN)
		return false;
	if (n <= 0) {
		close(s->fd);
		s->fd = -1;
		return false;
	}
	if (ended)
		s->left -= n;
	port_send(port, type, NULL, n);
	return true;
}

static void port_exit(struct port *port)
{
	uint8_t status = port->job.status;

	lab_job_forget(&port->job);
	port_send(port, LAB_EXIT, &status, sizeof(status));
}

/* Choose the next frame: at most one waits at a time, so nothing piles up here. */
static void port_next(struct port *port)
{
	struct job *job = &port->job;

	if (port->greet) {
		port->greet = false;
		port->greeted = true;
		port_send(port, LAB_HELLO, port->token, LAB_TOKEN);
		return;
	}
	if (!job->pid)
		return;
	if (job->took) {
		port_send(port, LAB_TOOK, &job->took, sizeof(job->took));
		job->took = 0;
		return;
	}
	if (!port_relay(port, LAB_ERR, &job->err) && !port_relay(port, LAB_OUT, &job->out) &&
	    job->pidfd < 0)
		port_exit(port);
}

/* Return whether the port took everything there is to say at the moment. */
static bool port_write(struct port *port)
{
	ssize_t n;

	for (;;) {
		if (!port->tx_len)
			port_next(port);
		if (!port->tx_len)
			return true;
		n = write(port->fd, port->tx + port->tx_off, port->tx_len - port->tx_off);
		if (n < 0)
			return false;
		port->hung_up = false;	/* or it would have been refused */
		port->tx_off += n;
		if (port->tx_off == port->tx_len)
			port->tx_len = 0;
	}
}

/* ---- the loop of one port ---- */

/* The next client's first bytes may be here before the news of its arrival. */
static void port_hangup(struct port *port, bool hung_up)
{
	if (hung_up && !port->hung_up)
		port_reset(port);
	port->hung_up = hung_up;
}

/*
 * A port without a client is always ready and says so; it is left out then,
 * and the SIGIO of the next client's arrival ends the wait.
 */
static void port_wait(struct port *port, bool idle)
{
	struct job *job = &port->job;
	struct pollfd fds[] = {
		{ port->hung_up ? -1 : port->fd, POLLIN | (idle ? 0 : POLLOUT), 0 },
		{ job->pidfd, POLLIN, 0 },
		{ job->in_len ? job->in : -1, POLLOUT, 0 },
		{ idle ? job->out.fd : -1, POLLIN, 0 },
		{ idle ? job->err.fd : -1, POLLIN, 0 },
	};
	struct pollfd now = { port->fd, POLLIN, 0 };
	sigset_t none;

	sigemptyset(&none);
	ppoll(fds, sizeof(fds) / sizeof(fds[0]), NULL, &none);
	if (fds[1].revents)
		lab_job_ended(job);
	if (fds[2].revents)
		lab_job_feed(job);
	poll(&now, 1, 0);
	port_hangup(port, now.revents & POLLHUP);
	if (now.revents & POLLIN)
		port_read(port);
}

/* The first number in a port's name depends on what other devices there are. */
static int try_open(unsigned int nr)
{
	char pattern[32];
	glob_t found = { 0 };
	int fd = -1;

	snprintf(pattern, sizeof(pattern), "/dev/vport*p%u", nr);
	if (!glob(pattern, 0, NULL, &found))
		fd = open(found.gl_pathv[0], O_RDWR | O_NONBLOCK | O_CLOEXEC);
	globfree(&found);
	return fd;
}

static int port_open(unsigned int nr)
{
	int fd;

	while ((fd = try_open(nr)) < 0)
		usleep(10000);	/* the driver makes it when it is ready to */
	fcntl(fd, F_SETOWN, getpid());
	fcntl(fd, F_SETFL, O_NONBLOCK | O_ASYNC);
	return fd;
}

static void worker(unsigned int nr)
{
	static struct port port = {
		.job = { .pidfd = -1, .in = -1, .out.fd = -1, .err.fd = -1 },
	};

	port.fd = port_open(nr);
	for (;;)
		port_wait(&port, port_write(&port));
}

static pid_t start(unsigned int nr)
{
	pid_t pid = fork();

	if (!pid) {
		worker(nr);
		_exit(1);
	}
	return pid;
}

int main(void)
{
	struct sigaction quiet = { .sa_handler = nothing };
	pid_t workers[LAB_PORTS], pid;
	sigset_t block;
	unsigned int i;

	sigemptyset(&block);
	sigaddset(&block, SIGIO);
	sigprocmask(SIG_BLOCK, &block, NULL);
	sigaction(SIGIO, &quiet, NULL);
	signal(SIGPIPE, SIG_IGN);
	for (i = 0; i < LAB_PORTS; i++)
		workers[i] = start(i + 1);
	for (;;) {
		pid = wait(NULL);
		for (i = 0; i < LAB_PORTS; i++)
			if (workers[i] == pid)
				workers[i] = start(i + 1);
	}
}
