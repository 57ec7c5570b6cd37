/* SPDX-License-Identifier: GPL-2.0-only */
/* Redis: what its parser (redis.c) and its commands (rediscmd.c) share. */
#ifndef MSD_REDIS_H
#define MSD_REDIS_H

#include "proto.h"

/* Arguments we look at; an array may have more. */
#define MSD_REDIS_ARGS 8

/**
 * struct msd_redis_command - a command and its first arguments
 * @n: number of words
 * @arg: the first MSD_REDIS_ARGS of them
 */
struct msd_redis_command {
	u32 n;
	struct msd_view arg[MSD_REDIS_ARGS];
};

/**
 * msd_redis_is() - is this word of the client the one named?
 * @v: the word, in any case
 * @word: in upper case
 *
 * Return: true when it is.
 */
bool msd_redis_is(const struct msd_view *v, const char *word);

/* Write a bulk string. */
void msd_redis_put_bulk(struct msd_buf *out, const void *p, u32 len);

/* Write text of the client, up to @most bytes or a NUL, and break no line. */
void msd_redis_put_text(struct msd_buf *out, struct msd_view v, u32 most);

/* Write the error of a command that nobody has. */
void msd_redis_put_unknown(struct msd_buf *out, const struct msd_redis_command *c);

/**
 * msd_redis_inline() - may a first line be meant for Redis?
 * @c: its words
 *
 * Commands that other protocols have as well must have arguments that fit.
 *
 * Return: true when it is certainly Redis.
 */
bool msd_redis_inline(const struct msd_redis_command *c);

/**
 * msd_redis_reply() - write the reply of a command
 * @rq: the request; @rq->close is set by QUIT
 * @c: the command, of one word at least
 * @out: receives it
 */
void msd_redis_reply(struct msd_request *rq, const struct msd_redis_command *c,
		     struct msd_buf *out);

/* redisinfo.c */

/**
 * msd_redis_put_info() - write the reply of INFO
 * @rq: the request
 * @section: name of a section; empty: all that the server has by default
 * @out: receives it
 */
void msd_redis_put_info(const struct msd_request *rq, struct msd_view section,
			struct msd_buf *out);

#endif /* MSD_REDIS_H */
