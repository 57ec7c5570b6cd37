// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lab's guest side: process 1, runs what the host asks for
 *
 * One worker per virtio-serial port, one command at a time each. A command
 * ends with its own process: what it left in the background lives on, but can
 * no longer be heard. When the host hangs up, the command's session is ended.
 */
#define _GNU_SOURCE
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
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define GRACE_MS 500	/* between SIGTERM and SIGKILL */

/**
 * struct stream - standard output or error of the command
 * @fd: our end of the pipe, -1 when closed
 * @left: once the command has ended, bytes of its own still in the pipe
 */
struct stream {
	int fd;
	int left;
};

/**
 * struct job - the command of one port
 * @pid: its process, 0 when none
 * @pidfd: readable when it has ended; -1 then
 * @status: exit status once it has ended
 * @in: pipe to its standard input, -1 when closed
 * @out: standard output
 * @err: standard error
 * @took: input bytes used and not yet reported
 * @in_len: input bytes waiting in @in_buf
 * @in_end: the client has no more input
 * @in_buf: input not yet written to the command
 */
struct job {
	pid_t pid;
	int pidfd;
	int status;
	int in;
	struct stream out;
	struct stream err;
	uint32_t took;
	size_t in_len;
	bool in_end;
	uint8_t in_buf[LAB_WINDOW];
};

/**
 * struct port - one virtio-serial port
 * @fd: the device
 * @hung_up: no client on the host's end
 * @greet: the client's token is to be sent back
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

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* ---- the command ---- */

static void job_forget(struct job *job)
{
	close_fd(&job->pidfd);
	close_fd(&job->in);
	close_fd(&job->out.fd);
	close_fd(&job->err.fd);
	job->pid = 0;
	job->took = 0;
	job->in_len = 0;
	job->in_end = false;
}

static void job_kill(struct job *job)
{
	struct pollfd end = { .fd = job->pidfd, .events = POLLIN };

	if (job->pid && job->pidfd >= 0) {
		kill(-job->pid, SIGTERM);
		poll(&end, 1, GRACE_MS);
		kill(-job->pid, SIGKILL);
		kill(job->pid, SIGKILL);
		waitpid(job->pid, NULL, 0);
	}
	job_forget(job);
}

static void become(char **argv, const int *fds)
{
	sigset_t none;
	int i;

	setsid();
	for (i = 0; i < 3; i++)
		dup2(fds[i], i);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	execvp(argv[0], argv);
	fprintf(stderr, "lab: %s: %s\n", argv[0], strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

static bool make_pipe(int *theirs, int *ours, bool input)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return false;
	*theirs = fds[!input];
	*ours = fds[input];
	fcntl(*ours, F_SETFL, O_NONBLOCK);
	return true;
}

static bool job_fork(struct job *job, char **argv)
{
	int theirs[3] = { -1, -1, -1 };
	bool ok;
	int i;

	ok = make_pipe(&theirs[0], &job->in, true) &&
	     make_pipe(&theirs[1], &job->out.fd, false) &&
	     make_pipe(&theirs[2], &job->err.fd, false);
	if (ok) {
		job->pid = fork();
		if (!job->pid)
			become(argv, theirs);
		ok = job->pid > 0;
	}
	for (i = 0; i < 3; i++)
		close_fd(&theirs[i]);
	if (ok)
		job->pidfd = pidfd_open(job->pid, 0);
	return ok;
}

/* Arguments arrive as strings one after the other, each with its NUL. */
static void job_start(struct port *port)
{
	size_t off, n = 0;
	char **argv;

	if (!port->args_len || port->args[port->args_len - 1])
		return;
	argv = calloc(port->args_len + 1, sizeof(*argv));
	if (!argv)
		return;
	for (off = 0; off < port->args_len; off += strlen(port->args + off) + 1)
		argv[n++] = port->args + off;
	if (!job_fork(&port->job, argv)) {
		perror("lab: cannot start a command");
		job_forget(&port->job);
	}
	free(argv);
}

/* What the command wrote is in the pipes by now; anything later is not its own. */
static void job_ended(struct job *job)
{
	int status;

	waitpid(job->pid, &status, 0);
	job->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	close_fd(&job->pidfd);
	close_fd(&job->in);
	if (ioctl(job->out.fd, FIONREAD, &job->out.left) < 0)
		job->out.left = 0;
	if (ioctl(job->err.fd, FIONREAD, &job->err.left) < 0)
		job->err.left = 0;
}

/* Input for a command that no longer reads is used up all the same. */
static void job_feed(struct job *job)
{
	ssize_t n = job->in_len;

	if (job->in >= 0 && job->in_len)
		n = write(job->in, job->in_buf, job->in_len);
	if (n < 0 && errno == EAGAIN)
		return;
	if (n < 0) {
		n = job->in_len;
		close_fd(&job->in);
	}
	job->took += n;
	job->in_len -= n;
	memmove(job->in_buf, job->in_buf + n, job->in_len);
	if (job->in_end && !job->in_len)
		close_fd(&job->in);
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
	job_feed(job);
}

static void port_reset(struct port *port)
{
	job_kill(&port->job);
	port->greet = false;
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
		if (!port->job.pid)
			job_start(port);
		break;
	case LAB_IN:
		port_input(&port->job, p, len);
		break;
	case LAB_IN_END:
		port->job.in_end = true;
		job_feed(&port->job);
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
		close_fd(&s->fd);
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

	job_forget(&port->job);
	port_send(port, LAB_EXIT, &status, sizeof(status));
}

/* Choose the next frame: at most one waits at a time, so nothing piles up here. */
static void port_next(struct port *port)
{
	struct job *job = &port->job;

	if (port->greet) {
		port->greet = false;
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
		port->tx_off += n;
		if (port->tx_off == port->tx_len)
			port->tx_len = 0;
	}
}

/* ---- the loop of one port ---- */

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
		job_ended(job);
	if (fds[2].revents)
		job_feed(job);
	poll(&now, 1, 0);
	if (now.revents & POLLIN)
		port_read(port);
	port->hung_up = now.revents & POLLHUP;
	if (port->hung_up)
		port_reset(port);
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
