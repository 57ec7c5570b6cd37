/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Responders: who may answer a payload, and the automaton that picks them.
 *
 * A responder is one file with one const struct msd_responder named
 * msd_NAME, one row in rows.h, one word in Kbuild, one vector file and one row
 * of doc/protocols.md's table. Nothing here allocates, locks, logs or reads a clock.
 */
#ifndef MSD_PROTO_H
#define MSD_PROTO_H

#include <linux/build_bug.h>
#include <linux/types.h>
#include "../core/bytes.h"
#include "../core/core.h"

/* Transports a responder serves. */
#define MSD_TCP 1
#define MSD_UDP 2

/* Longest pattern, in bytes from the first byte of the stream. */
#define MSD_PATTERN_MAX 32

/**
 * struct msd_pattern - bytes a request begins with
 * @bytes: values, at offset 0 of the stream or datagram
 * @mask: which bits of each byte count; NULL when all do
 * @len: number of bytes, 1 to MSD_PATTERN_MAX
 */
struct msd_pattern {
	const char *bytes;
	const char *mask;
	u8 len;
};

/* A literal; every byte counts. */
#define MSD_PATTERN(s) { .bytes = (s), .len = sizeof(s) - 1 }
/* A literal and a mask of the same length, such as "\xff\x00\xdf". */
#define MSD_PATTERN_MASK(s, m)						\
	{ .bytes = (s), .mask = (m),					\
	  .len = sizeof(s) - 1 + BUILD_BUG_ON_ZERO(sizeof(s) != sizeof(m)) }

/**
 * enum msd_ask - what a responder says to a request
 * @MSD_ASK_NOT_MINE: not this protocol; the next candidate is asked
 * @MSD_ASK_MORE: this protocol so far, but incomplete. TCP keeps the bytes and
 *	asks again with a later segment, see struct msd_request; over UDP it
 *	means silence
 * @MSD_ASK_ANSWER: the reply payload stands in the buffer
 * @MSD_ASK_SILENT: this protocol, and the right reaction is no payload
 */
enum msd_ask {
	MSD_ASK_NOT_MINE,
	MSD_ASK_MORE,
	MSD_ASK_ANSWER,
	MSD_ASK_SILENT,
};

/**
 * enum msd_until - what must come before an incomplete stream is judged again
 * @MSD_UNTIL_ANY: any further byte
 * @MSD_UNTIL_LINE: the end of a line, '\n'
 * @MSD_UNTIL_BLANK: a blank line, "\n\n" or "\n\r\n"
 *
 * In this order each is met whenever the next one is.
 */
enum msd_until {
	MSD_UNTIL_ANY,
	MSD_UNTIL_LINE,
	MSD_UNTIL_BLANK,
};

/**
 * struct msd_request - one question put to a responder
 * @ctx: configuration, time and keys
 * @flow: addresses and ports of the client (s*) and of us (d*)
 * @in: the datagram, or the stream since the last reply, from its first byte
 * @offset: TCP: how many of our bytes the client has acknowledged, that is,
 *	the stage of the dialogue; 0 for UDP
 * @transport: MSD_TCP or MSD_UDP
 * @reply_port: port the reply comes from, preset to the one that was asked
 * @close: set by the responder: end the connection, after this reply or, with
 *	MSD_ASK_SILENT, without a word (TCP)
 * @need: set by the responder with MSD_ASK_MORE: judging again makes sense only
 *	when the stream has this many bytes; 0: any further byte (TCP)
 * @until: likewise: only when this has come, behind the bytes of @in
 *
 * Both hints must be met before the responder is asked again, so a request that
 * arrives byte by byte is not judged from its first byte for each of them.
 */
struct msd_request {
	const struct msd_ctx *ctx;
	const struct msd_flow *flow;
	struct msd_view in;
	u32 offset;
	u8 transport;
	__be16 reply_port;
	bool close;
	u32 need;
	enum msd_until until;
};

/**
 * struct msd_responder - one protocol
 * @name: lower case, unique; what msdctl and events print
 * @source: RFC or document the behaviour follows
 * @transports: MSD_TCP, MSD_UDP or both
 * @npatterns: number of @patterns; 0 means: asked last, for any payload
 * @patterns: how its requests begin
 * @answer: judge @rq->in and write the reply payload to the buffer. Called in
 *	softirq context under RCU; must be pure, bounded and tolerate any bytes.
 *	What it wrote before an answer other than MSD_ASK_ANSWER is discarded;
 *	a reply that overflows the buffer counts as MSD_ASK_SILENT.
 */
struct msd_responder {
	const char *name;
	const char *source;
	u8 transports;
	u8 npatterns;
	const struct msd_pattern *patterns;
	enum msd_ask (*answer)(struct msd_request *rq, struct msd_buf *out);
};

/* Declares msd_NAME of each row; the last one only ends the list. */
extern const struct msd_responder
#define MSD_ROW(name) msd_##name,
#include "rows.h"
#undef MSD_ROW
	msd_row_end;

#define MSD_ROW(name) MSD_PROTO_##name,
enum msd_proto {
#include "rows.h"
	MSD_NPROTO,
};

#undef MSD_ROW

/* Value of msd_flow.responder when nobody answered. */
#define MSD_NO_PROTO 0xff

/* Table of all responders, in the order they are asked; MSD_NPROTO rows. */
extern const struct msd_responder *const msd_responders[];

/**
 * msd_proto_ask() - find the responder of a payload and let it answer
 * @rq: the request; @rq->reply_port, close, need and until may be changed
 * @proto: out: row of the responder that spoke, else MSD_NO_PROTO
 * @out: receives the reply payload
 *
 * Only responders that are on in @rq->ctx->cfg and serve @rq->transport are
 * asked. Those whose patterns match are asked in row order, then those without
 * patterns, until one answers or is silent. Failing that MSD_ASK_MORE is
 * returned when some pattern could still complete or a responder asked for
 * more; over UDP, where nothing more comes, MSD_ASK_SILENT instead of the
 * latter. An empty payload is nobody's. When several may still take the request
 * @rq->need and @rq->until are what suffices for any of them.
 *
 * Context: any; pure.
 * Return: MSD_ASK_ANSWER with the payload in @out, otherwise @out is as before.
 */
enum msd_ask msd_proto_ask(struct msd_request *rq, u8 *proto,
			   struct msd_buf *out);

/**
 * msd_proto_init() - compile all patterns into the automaton's table
 *
 * Context: once, before the first frame (module load, start of a test).
 * Return: 0, or -EINVAL when a row breaks a limit of this header.
 */
int msd_proto_init(void);

/**
 * msd_proto_config() - derive the automaton's start state from cfg->protos
 * @cfg: configuration that is being built; sets @cfg->live
 */
void msd_proto_config(struct msd_config *cfg);

/**
 * msd_proto_find() - row of a responder by name
 * @name: its name
 *
 * Return: row number, or -1.
 */
int msd_proto_find(const char *name);

/* addr.c */

/**
 * msd_put_addr() - write an address as text
 * @out: receives it
 * @family: 4 or 6
 * @addr: network order; IPv4 in its first word
 *
 * Dotted decimal, or the canonical form of RFC 5952 without its section 5.
 */
void msd_put_addr(struct msd_buf *out, u8 family, const struct in6_addr *addr);

/* rpc.c */

/**
 * msd_rpc_is_reply() - does a datagram begin as a reply to an RPC call?
 * @in: the datagram
 *
 * Its transaction id is the caller's choice, so it can begin like a request of
 * any protocol that is known by four bytes: STUN without a cookie, NTP.
 *
 * Return: true when it does.
 */
bool msd_rpc_is_reply(struct msd_view in);

/* match.c */

/**
 * struct msd_match - result of one pass of the automaton
 * @hits: responders (bit = row) with a pattern that matched completely
 * @open: responders with a pattern that more bytes could still complete
 */
struct msd_match {
	u64 hits;
	u64 open;
};

/**
 * msd_match_add() - add one pattern to the automaton
 * @row: the responder's row
 * @pat: the pattern
 *
 * Return: 0, or -EINVAL when the pattern or the table is over its limit.
 */
int msd_match_add(u8 row, const struct msd_pattern *pat);

/* Forget all patterns (tests build tables of their own). */
void msd_match_reset(void);

/* Size of the automaton's tables in bytes. */
size_t msd_match_size(void);

/**
 * msd_match_start() - start state for a set of responders
 * @rows: bit per row that may match
 * @live: out: MSD_MATCH_WORDS words, to be kept in the configuration
 */
void msd_match_start(u64 rows, u64 *live);

/**
 * msd_match_run() - run the automaton over the head of a payload
 * @live: start state
 * @in: payload; only its first MSD_PATTERN_MAX bytes are looked at
 *
 * Return: which responders matched and which still may.
 */
struct msd_match msd_match_run(const u64 *live, struct msd_view in);

#endif /* MSD_PROTO_H */
