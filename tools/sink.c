// SPDX-License-Identifier: GPL-2.0-only
/* Writes records to a file or pipe without waiting past a signal. */
#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include "sink.h"

static_assert(sizeof(off_t) == 8, "a file may be larger than 2 GB");

void sink_init(struct sink *s, int stop)
{
	struct stat st;

	s->text = (struct text){ .buf = s->buf, .size = sizeof(s->buf) };
	s->stop = stop;
	s->error = 0;
	s->regular = !fstat(STDOUT_FILENO, &st) && S_ISREG(st.st_mode);
}

/* Wait until PIPE_BUF bytes can be written. Return: 0 or an errno. */
static int wait_for_reader(const struct sink *s)
{
	struct pollfd fds[] = {
		{ .fd = STDOUT_FILENO, .events = POLLOUT },
		{ .fd = s->stop, .events = POLLIN },
	};

	while (poll(fds, 2, -1) < 0)
		if (errno != EINTR)
			return errno;
	return fds[0].revents ? 0 : EINTR;
}

void sink_say(const struct sink *s, const char *fmt, ...)
{
	struct pollfd fds[] = {
		{ .fd = STDERR_FILENO, .events = POLLOUT },
		{ .fd = s->stop, .events = POLLIN },
	};
	char text[PIPE_BUF];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	while (poll(fds, 2, -1) < 0 && errno == EINTR)
		;
	if (n > 0 && fds[0].revents &&
	    write(STDERR_FILENO, text, n < PIPE_BUF ? n : PIPE_BUF - 1) < 0)
		return;
}

int sink_flush(struct sink *s)
{
	size_t done = 0;

	while (!s->error && done < s->text.len) {
		size_t n = s->text.len - done;
		ssize_t put;

		if (!s->regular) {
			s->error = wait_for_reader(s);
			n = n < PIPE_BUF ? n : PIPE_BUF;
		}
		if (s->error)
			break;
		put = write(STDOUT_FILENO, s->buf + done, n);
		if (put >= 0)
			done += put;
		else if (errno != EINTR && errno != EAGAIN)
			s->error = errno;
	}
	s->text.len = 0;
	return s->error ? -1 : 0;
}

void sink_room(struct sink *s, size_t n)
{
	if (s->text.size - s->text.len < n)
		sink_flush(s);
}
