/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SYN cookies: make and check.
 */
#ifndef MSD_COOKIE_H
#define MSD_COOKIE_H

#include "core.h"

/* A cookie lives for one to two epochs of 2^MSD_EPOCH_SHIFT seconds. */
#define MSD_EPOCH_SHIFT 8
/* Bytes of ours a client may acknowledge on one connection. */
#define MSD_SENT_MAX 32768

/**
 * struct msd_cookie - what a valid acknowledgment number tells
 * @id: hash of the connection, the same for all its segments
 * @offset: bytes of ours the client has acknowledged
 * @mss: segment size the client can take
 */
struct msd_cookie {
	u64 id;
	u32 offset;
	u16 mss;
};

/**
 * msd_cookie_make() - initial sequence number of a SYN-ACK
 * @key: of the interface
 * @flow: addresses and ports
 * @now: Unix time in seconds
 * @mss: the client's MSS
 * @id: out: hash of the connection
 *
 * Return: sequence number, host byte order.
 */
u32 msd_cookie_make(const siphash_key_t *key, const struct msd_flow *flow,
		    u64 now, u16 mss, u64 *id);

/**
 * msd_cookie_check() - is an acknowledgment number one that follows a cookie?
 * @key: of the interface
 * @flow: addresses and ports
 * @now: Unix time in seconds
 * @ack: acknowledgment number, host byte order
 * @c: out: what it tells
 *
 * Return: true when a cookie of this epoch or the last one matches.
 */
bool msd_cookie_check(const siphash_key_t *key, const struct msd_flow *flow,
		      u64 now, u32 ack, struct msd_cookie *c);

#endif /* MSD_COOKIE_H */
