/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the searches share: random numbers from a seed, inputs to begin with,
 * changes made to them, and the question put to the responders. The pure core
 * is compiled as it is in the module's build, -O2 and without sanitizers.
 */
#ifndef MSD_SEARCH_H
#define MSD_SEARCH_H

#include "../unit/env.h"
#include "../unit/vecfile.h"

/* Payload of a datagram or segment on an Ethernet link, and some room. */
#define SEARCH_SIZE_MAX 1472
#define SEARCH_ROOM 2048

/* Row number that stands for all of them. */
#define SEARCH_ALL MSD_NPROTO

/**
 * struct search_input - a payload
 * @len: its length
 * @data: its bytes
 */
struct search_input {
	u32 len;
	u8 data[SEARCH_ROOM];
};

/**
 * struct search_question - how a payload is put
 * @row: the only responder that is on, or SEARCH_ALL
 * @transport: MSD_TCP or MSD_UDP
 * @family: 4 or 6
 * @offset: bytes of ours the client has read (TCP)
 * @sport: port of the client, host order; 0: ENV_CLIENT_PORT
 * @dport: port that is asked, host order; 0: ENV_OWN_PORT
 * @back: the roles are exchanged
 * @banner: SSH identification, or NULL: ENV_SSH
 */
struct search_question {
	u8 row;
	u8 transport;
	u8 family;
	u32 offset;
	u16 sport;
	u16 dport;
	bool back;
	const char *banner;
};

/**
 * struct search_said - what came back
 * @ask: the result
 * @proto: row that answered, or MSD_NO_PROTO
 * @port: port the reply comes from, host order
 * @len: length of the reply
 * @reply: the reply
 */
struct search_said {
	enum msd_ask ask;
	u8 proto;
	u16 port;
	u32 len;
	u8 reply[MSD_PAYLOAD_MAX];
};

/* Begin: configurations for each row, random numbers from @seed. */
void search_init(u64 seed);

/* Begin another sequence of random numbers. */
void search_seed(u64 seed);

/* 32 random bits. */
u32 search_rnd(void);

/* A random number below @n, which is not 0. */
u32 search_below(u32 n);

/* @len random bytes. */
void search_fill(u8 *p, u32 len);

/* Put @len bytes at @data as @q says. Return: true for an answer. */
bool search_ask(const struct search_question *q, const u8 *data, u32 len,
		struct search_said *said);

/* Change @x a little; it stays between 1 and @most bytes long. */
void search_mutate(struct search_input *x, u32 most);

/* Add a payload to the pool that mutation and searches draw from. */
void search_add(const u8 *data, u32 len);

/* Add the request of each vector of a file, or each file of a folder. */
void search_load(const char *path);

/* Payloads in the pool, and one of them. */
u32 search_pool(void);
const struct search_input *search_pick(u32 i);

/* Print at most @most bytes in hexadecimal, and "…" when there are more. */
void search_hex(const u8 *p, u32 len, u32 most);

#endif /* MSD_SEARCH_H */
