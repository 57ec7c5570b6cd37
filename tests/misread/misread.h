/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Does a responder answer only what is certainly its own? Each file asks in
 * another way and says what it found by judge(); main.c chooses.
 */
#ifndef MSD_MISREAD_H
#define MSD_MISREAD_H

#include "../search/search.h"

/* Size classes of random payloads; class_name() has their limits. */
#define CLASSES 4

/* One answer in so many random payloads is allowed. */
#define UDP_BOUND 100000
#define TCP_BOUND 10000

static inline const char *transport_name(u8 transport)
{
	return transport == MSD_TCP ? "tcp" : "udp";
}

static inline const char *row_name(u8 row)
{
	return row < MSD_NPROTO ? msd_responders[row]->name : "nobody";
}

/* One result: "ok N - WHAT" or "not ok N - WHAT". Return: @good. */
__printf(2, 3) bool judge(bool good, const char *fmt, ...);

/* A comment below a result, with a payload in hexadecimal. */
void show(const char *what, const u8 *data, u32 len);

/**
 * random_payloads() - random bytes of every size
 * @n: how many over both transports
 * @seed: of the random numbers
 *
 * All responders are on. Half of the segments come first on their connection,
 * half after something of ours was read.
 */
void random_payloads(u64 n, u64 seed);

/**
 * climb() - the least a request must have right
 * @steps: attempts for each responder and transport
 *
 * Begins with the vectors and climbs towards short payloads of which most bytes
 * do not matter, counting for each byte how many of its values are answered.
 */
void climb(u32 steps);

/**
 * foreign() - messages of protocols that are not spoken, or replies of servers
 * @path: a list; see the head of tests/misread/foreign
 * @n: how often each is put, with other bytes in its free fields
 */
void foreign(const char *path, u32 n);

/**
 * own_replies() - our own replies to the vectors, said to us
 * @nfiles: number of @files
 * @files: vector files
 */
void own_replies(int nfiles, char **files);

/**
 * refusals() - vectors changed so that their specification refuses them
 * @path: a list; see the head of tests/misread/refused
 * @nfiles: number of @files
 * @files: vector files
 */
void refusals(const char *path, int nfiles, char **files);

/**
 * cross() - all vectors against all responders
 * @path: pairs that share requests; see the head of tests/misread/shared
 * @n: random changes of each vector
 * @nfiles: number of @files
 * @files: vector files
 *
 * A vector's request is put to each other responder alone. Then its bytes are
 * swept: whatever the vector's own responder still answers alone, it must
 * answer when all are on.
 */
void cross(const char *path, u32 n, int nfiles, char **files);

#endif /* MSD_MISREAD_H */
