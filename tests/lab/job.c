// SPDX-License-Identifier: GPL-2.0-only
/*
 * One command in the lab's guest; contract in job.h
 */
#define _GNU_SOURCE
#include "job.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define GRACE_MS 500	/* between SIGTERM and SIGKILL */

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void lab_job_forget(struct job *job)
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

void lab_job_kill(struct job *job)
{
	struct pollfd end = { .fd = job->pidfd, .events = POLLIN };

	if (job->pid && job->pidfd >= 0) {
		kill(-job->pid, SIGTERM);
		poll(&end, 1, GRACE_MS);
		kill(-job->pid, SIGKILL);
		kill(job->pid, SIGKILL);
		waitpid(job->pid, NULL, 0);
	}
	lab_job_forget(job);
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

void lab_job_start(struct job *job, char *args, size_t len)
{
	size_t off, n = 0;
	char **argv;

	if (!len || args[len - 1])
		return;
	argv = calloc(len + 1, sizeof(*argv));
	if (!argv)
		return;
	for (off = 0; off < len; off += strlen(args + off) + 1)
		argv[n++] = args + off;
	if (!job_fork(job, argv)) {
		perror("lab: cannot start a command");
		lab_job_forget(job);
	}
	free(argv);
}

void lab_job_ended(struct job *job)
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

void lab_job_feed(struct job *job)
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
