/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What does a payload cost? A recipe says how the payload is made and how it
 * comes in; measure.c sends it through the core as frames; grow.c searches for
 * recipes that cost much.
 */
#ifndef MSD_COST_H
#define MSD_COST_H

#include "../search/search.h"

/*
 * Instructions of a SYN's whole way on the stock kernel, from the interrupt's
 * poll to the driver of the reply: the first row of README's table, which
 * "make bench" measures.
 */
#define SYN 3271

/* Bytes of a datagram, a segment, segments that were merged. */
#define UDP_MOST 1472
#define TCP_MOST 1460
#define MERGED_MOST 60000
/* Bytes that are kept, and segments of one byte that follow. */
#define KEPT 2047
#define KEPT_SEGMENTS 32

#define PARTS 12

/**
 * enum cost_how - how a payload comes in
 * @COST_UDP: as one datagram
 * @COST_TCP: as one segment of a new connection
 * @COST_MERGED: as one segment that receive offload made of many
 * @COST_KEPT: as segments, of which the last have one byte each
 */
enum cost_how {
	COST_UDP,
	COST_TCP,
	COST_MERGED,
	COST_KEPT,
	COST_HOWS,
};

/**
 * struct cost_part - some bytes, repeated
 * @count: how often
 * @len: how many bytes
 * @data: the bytes
 */
struct cost_part {
	u32 count;
	u32 len;
	u8 data[UDP_MOST];
};

/**
 * struct cost_recipe - a payload, by its parts
 * @row: the responder it is for
 * @how: how it comes in
 * @n: number of @part
 * @part: what it consists of
 */
struct cost_recipe {
	u8 row;
	enum cost_how how;
	u32 n;
	struct cost_part part[PARTS];
};

extern const char *const cost_how_name[COST_HOWS];

/* Basic blocks of the core that were run; counted in the search's build only. */
extern u64 cost_blocks;

/* Read a recipe from a file; ends the program when it is none. */
void cost_read(const char *path, struct cost_recipe *r);

/* Write it to a file below @folder, named by responder, way and content. */
void cost_write(const char *folder, const struct cost_recipe *r);

/* Make the payload in @to, as long as its way allows. Return: its length. */
u32 cost_expand(const struct cost_recipe *r, u8 *to);

/* Change a recipe a little. */
void cost_mutate(struct cost_recipe *r);

/* Set the world up. */
void cost_init(void);

/*
 * Called around each frame that counts, with the bytes of its payload. Of a
 * connection all segments count, together: none may come to more than the bytes
 * up to it are allowed.
 */
typedef void (*cost_frame_fn)(bool begin, u32 len);

/**
 * cost_send() - send a payload on its way
 * @r: the recipe
 * @all: all responders are on, not only its own
 * @fn: is told of each frame that counts
 */
void cost_send(const struct cost_recipe *r, bool all, cost_frame_fn fn);

/**
 * cost_grow() - search for dear payloads
 * @folder: the corpus, which is read first and added to
 * @seconds: for all responders and ways
 * @only: responder, or NULL
 */
void cost_grow(const char *folder, u32 seconds, const char *only);

#endif /* MSD_COST_H */
