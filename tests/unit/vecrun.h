/* SPDX-License-Identifier: GPL-2.0-only */
/* Puts vectors to msd_proto_ask(); what is checked: tests/vectors/README. */
#ifndef MSD_VECRUN_H
#define MSD_VECRUN_H

#include "vecfile.h"

/**
 * struct vec_outcome - what one question drew
 * @ask: result
 * @proto: responder
 * @close: it ends the connection
 * @need: "more": length at which to ask again
 * @until: "more": what must come first
 * @port: port the reply comes from
 * @len: length of the reply
 * @reply: the reply
 */
struct vec_outcome {
	enum msd_ask ask;
	u8 proto;
	bool close;
	u32 need;
	enum msd_until until;
	u16 port;
	u32 len;
	u8 reply[MSD_PAYLOAD_MAX];
};

/**
 * struct vec_side - family and transport a vector is being run over
 * @family: 4 or 6
 * @transport: MSD_TCP or MSD_UDP
 */
struct vec_side {
	u8 family;
	u8 transport;
};

typedef void (*vec_side_fn)(const struct vec *v, const struct vec_side *s);

/* Before the first vector: the fixed world of the vectors. */
void vec_init(void);

/**
 * vec_run() - check the answers to a vector
 * @v: the vector
 *
 * Prints what is wrong. Return: false when something is.
 */
bool vec_run(const struct vec *v);

/* Put the vector cut or longer at either end: only sanitizers judge. */
void vec_cut(const struct vec *v);

/* Call @fn for both families and each transport of a vector. */
void vec_each_side(const struct vec *v, vec_side_fn fn);

/**
 * vec_ask() - put the head of a vector's request
 * @v: the vector
 * @s: family and transport
 * @len: length of the head
 * @cap: room for the reply
 * @o: receives what came back
 */
void vec_ask(const struct vec *v, const struct vec_side *s, u32 len, u32 cap,
	     struct vec_outcome *o);

/* Name of a row, or "nobody". */
const char *vec_proto_name(u8 proto);

#endif /* MSD_VECRUN_H */
