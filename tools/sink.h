/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Standard output for a stream that must end when it is told to: a reader that
 * does not read can keep it waiting, but not from obeying a signal.
 */
#ifndef MSDCTL_SINK_H
#define MSDCTL_SINK_H

#include "err.h"
#include "text.h"

#define SINK_SIZE 65536

/**
 * struct sink - text on its way out
 * @text: what is not written yet; append to it
 * @stop: descriptor that is readable when it is time to end
 * @error: errno of the write that failed; EINTR: told to end before all was
 *	written. Nothing is written after that
 * @regular: a file, which never keeps us waiting
 * @buf: the bytes of @text
 */
struct sink {
	struct text text;
	int stop;
	int error;
	bool regular;
	char buf[SINK_SIZE];
};

/**
 * sink_init() - begin
 * @s: the sink
 * @stop: descriptor that is readable when it is time to end
 */
void sink_init(struct sink *s, int stop);

/**
 * sink_room() - make room for text
 * @s: the sink
 * @n: bytes wanted, at most SINK_SIZE
 */
void sink_room(struct sink *s, size_t n);

/**
 * sink_flush() - write what there is
 * @s: the sink
 *
 * Return: 0, or -1 when a write has failed, now or before.
 */
int sink_flush(struct sink *s);

/**
 * sink_say() - write a sentence to standard error
 * @s: the sink; told to end, it does not wait for a reader of the sentence
 * @fmt: format; at most PIPE_BUF bytes come of it
 */
void __printf(2, 3) sink_say(const struct sink *s, const char *fmt, ...);

#endif /* MSDCTL_SINK_H */
