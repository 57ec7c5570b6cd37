// SPDX-License-Identifier: GPL-2.0-only
/*
 * STUN server: Binding requests of RFC 5389/8489 clients, known by the magic
 * cookie, and of RFC 3489 clients, which have none.
 *
 *	offset	size	header
 *	0	2	class and method; 0x0001 Binding request
 *	2	2	length behind the header, a multiple of 4
 *	4	4	magic cookie 0x2112a442, or transaction id (RFC 3489)
 *	8	12	transaction id
 *
 * Each attribute is a type, a length and a value, padded to a multiple of 4.
 *
 *	request				reply
 *	with cookie			XOR-MAPPED-ADDRESS
 *	without				MAPPED-ADDRESS
 *	unknown mandatory attribute	error 420 with UNKNOWN-ATTRIBUTES
 *	FINGERPRINT			the same, and FINGERPRINT
 *	wrong FINGERPRINT, attributes
 *	that do not fit			none
 *
 * CHANGE-REQUEST (RFC 5780) over UDP: with "change port" the reply comes from
 * the next port; behind 65535 that is 1, since nobody can answer port 0.
 * "Change IP" is ignored, for there is no second address that is surely ours.
 * RESPONSE-ADDRESS (RFC 3489) is ignored: replies go to who asked, nowhere
 * else. Requests carry no credentials we could check: USERNAME,
 * MESSAGE-INTEGRITY and the like are ignored. RFC 3489 knows no TCP, so over
 * TCP the cookie is required.
 *
 * Without the cookie four bytes are all there is to know a request by, and a
 * reply to an RPC call can have them. So it has attributes, none of which is of
 * type 0, or one of the ports is STUN's; and it does not go on as such a reply.
 */
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include "proto.h"

#define HEADER_LEN 20
#define PORT 3478
#define COOKIE 0x2112a442
#define BINDING_REQUEST 0x0001
#define BINDING_SUCCESS 0x0101
#define BINDING_ERROR 0x0111

/* No Binding request comes near this; it bounds the work spent on one. */
#define LENGTH_MAX 1280

#define MAPPED_ADDRESS 0x0001
#define CHANGE_REQUEST 0x0003
#define ERROR_CODE 0x0009
#define UNKNOWN_ATTRIBUTES 0x000a
#define XOR_MAPPED_ADDRESS 0x0020
#define FINGERPRINT 0x8028

/* Types from here on may be ignored when unknown. */
#define OPTIONAL 0x8000
#define CHANGE_PORT 0x00000002
#define FINGERPRINT_XOR 0x5354554e

/*
 * Any length that is a multiple of 4; whether the rest fits is judged below.
 * The cookie is no part of it, RFC 3489 clients have none.
 */
static const struct msd_pattern patterns[] = {
	MSD_PATTERN_MASK("\x00\x01\x00\x00", "\xff\xff\x00\x03"),
};

/**
 * struct binding - a Binding request
 * @cookie: it has the magic cookie
 * @id: bytes 4 to 19: cookie and transaction id
 * @attrs: its attributes
 * @change_port: CHANGE-REQUEST asks for another port
 * @fingerprint: it ends in a right FINGERPRINT
 * @unknown: number of unknown mandatory attributes
 */
struct binding {
	bool cookie;
	const u8 *id;
	struct msd_view attrs;
	bool change_port;
	bool fingerprint;
	u32 unknown;
};

/* CRC-32 of ISO/IEC 8802-3, four bits a step. */
static u32 crc32(const u8 *p, u32 len)
{
	static const u32 nibble[16] = {
		0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac,
		0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
		0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
		0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
	};
	u32 crc = ~0U;

	for (; len; len--, p++) {
		crc = nibble[(crc ^ *p) & 15] ^ crc >> 4;
		crc = nibble[(crc ^ *p >> 4) & 15] ^ crc >> 4;
	}
	return ~crc;
}

/* Mandatory attributes of RFC 3489, 5389 and 8489; 5780's CHANGE-REQUEST. */
static bool known(u16 type)
{
	switch (type) {
	case 0x0001 ... 0x000b:	/* MAPPED-ADDRESS to REFLECTED-FROM */
	case 0x0014:		/* REALM */
	case 0x0015:		/* NONCE */
	case 0x001c:		/* MESSAGE-INTEGRITY-SHA256 */
	case 0x001d:		/* PASSWORD-ALGORITHM */
	case 0x001e:		/* USERHASH */
	case 0x0020:		/* XOR-MAPPED-ADDRESS */
		return true;
	default:
		return type >= OPTIONAL;
	}
}

/* Take one attribute with its padding; @attrs turns bad when it is cut off. */
static struct msd_view take_attr(struct msd_view *attrs, u16 *type)
{
	struct msd_view value;
	u32 len;

	*type = msd_get_be16(attrs);
	len = msd_get_be16(attrs);
	value = msd_sub(attrs, ALIGN(len, 4));
	msd_trim(&value, len);
	return value;
}

/* Check FINGERPRINT @value of the message that begins at @msg. */
static bool fingerprint_right(const u8 *msg, struct msd_view value)
{
	u32 before = value.p - 4 - msg;

	return value.len == 4 &&
	       msd_get_be32(&value) == (crc32(msg, before) ^ FINGERPRINT_XOR);
}

/* Walk the attributes of the message at @msg; false when they are malformed. */
static bool walk(const u8 *msg, struct binding *b)
{
	struct msd_view attrs = b->attrs;

	while (attrs.len) {
		u16 type;
		struct msd_view value = take_attr(&attrs, &type);

		if (!msd_view_ok(&attrs) || !(type || b->cookie))
			return false;
		if (type == CHANGE_REQUEST) {
			if (value.len != 4)
				return false;
			b->change_port |= msd_get_be32(&value) & CHANGE_PORT;
		} else if (type == FINGERPRINT && b->cookie) {
			if (attrs.len || !fingerprint_right(msg, value))
				return false;
			b->fingerprint = true;
		} else if (!known(type)) {
			b->unknown++;
		}
	}
	return true;
}

/* Could what is left begin with the cookie? */
static bool cookie_ahead(const struct msd_view *in)
{
	return !memcmp(in->p, "\x21\x12\xa4\x42", min_t(u32, in->len, 4));
}

/* Can it be the request of a client that knows no cookie? */
static bool old_ok(const struct msd_request *rq)
{
	const struct msd_flow *flow = rq->flow;

	if (rq->transport == MSD_TCP || msd_rpc_is_reply(rq->in))
		return false;
	return rq->in.len > HEADER_LEN || flow->dport == cpu_to_be16(PORT) ||
	       flow->sport == cpu_to_be16(PORT);
}

/* Take header and attributes; MORE while a TCP stream lacks some of them. */
static enum msd_ask take_message(struct msd_request *rq, struct binding *b)
{
	struct msd_view in = rq->in;
	u16 type = msd_get_be16(&in);
	u16 len = msd_get_be16(&in);

	if (!msd_view_ok(&in) || type != BINDING_REQUEST || len % 4 ||
	    len > LENGTH_MAX)
		return MSD_ASK_NOT_MINE;
	b->cookie = cookie_ahead(&in);
	if (!b->cookie && !old_ok(rq))
		return MSD_ASK_NOT_MINE;
	rq->need = HEADER_LEN + len;
	if (rq->transport == MSD_TCP)
		msd_trim(&in, HEADER_LEN - 4 + len);
	if (in.len != HEADER_LEN - 4 + len)
		return rq->transport == MSD_TCP ? MSD_ASK_MORE : MSD_ASK_NOT_MINE;
	b->id = msd_pull(&in, HEADER_LEN - 4);
	b->attrs = in;
	return MSD_ASK_ANSWER;
}

static void put_header(struct msd_buf *out, u16 type, const struct binding *b)
{
	msd_put_be16(out, type);
	msd_put_be16(out, 0);
	msd_put_bytes(out, b->id, HEADER_LEN - 4);
}

/* The client's address: in clear, or hidden from meddling NATs with the id. */
static void put_address(struct msd_buf *out, const struct msd_flow *flow,
			const struct binding *b)
{
	u32 len = flow->family == 4 ? 4 : 16;
	u32 i;

	msd_put_be16(out, b->cookie ? XOR_MAPPED_ADDRESS : MAPPED_ADDRESS);
	msd_put_be16(out, 4 + len);
	msd_put8(out, 0);
	msd_put8(out, flow->family == 4 ? 1 : 2);
	msd_put_be16(out, be16_to_cpu(flow->sport) ^
			  (b->cookie ? COOKIE >> 16 : 0));
	for (i = 0; i < len; i++)
		msd_put8(out, flow->saddr.s6_addr[i] ^
			      (b->cookie ? b->id[i] : 0));
}

/*
 * RFC 3489 has no padding: it wants the reason's length to be a multiple of 4,
 * and an odd list to be evened out by repeating one type.
 */
static void put_error(struct msd_buf *out, const struct binding *b)
{
	struct msd_view attrs = b->attrs;
	u32 unknown = b->unknown;
	u16 type = 0, last = 0;

	msd_put_be16(out, ERROR_CODE);
	msd_put_be16(out, 24);
	msd_put_be32(out, 4 << 8 | 20);
	msd_put_lit(out, "Unknown attribute(s)");
	msd_put_be16(out, UNKNOWN_ATTRIBUTES);
	msd_put_be16(out, 2 * (b->cookie ? unknown : ALIGN(unknown, 2)));
	while (attrs.len) {
		take_attr(&attrs, &type);
		if (known(type))
			continue;
		msd_put_be16(out, type);
		last = type;
	}
	if (unknown % 2)
		msd_put_be16(out, b->cookie ? 0 : last);
}

/* Set the length of the message at @start, and add FINGERPRINT if wanted. */
static void finish(struct msd_buf *out, u32 start, const struct binding *b)
{
	u32 len = out->len - start - HEADER_LEN;

	if (!msd_buf_ok(out))
		return;
	if (!b->fingerprint) {
		msd_patch_be16(out, start + 2, len);
		return;
	}
	msd_patch_be16(out, start + 2, len + 8);
	msd_put_be16(out, FINGERPRINT);
	msd_put_be16(out, 4);
	msd_put_be32(out, crc32(out->data + start, HEADER_LEN + len) ^
			  FINGERPRINT_XOR);
}

static __be16 next_port(__be16 port)
{
	u16 next = be16_to_cpu(port) + 1;

	return cpu_to_be16(next ? next : 1);
}

static enum msd_ask stun_answer(struct msd_request *rq, struct msd_buf *out)
{
	struct binding b = { 0 };
	u32 start = out->len;
	enum msd_ask ask;

	ask = take_message(rq, &b);
	if (ask != MSD_ASK_ANSWER)
		return ask;
	if (!walk(rq->in.p, &b))
		return b.cookie ? MSD_ASK_SILENT : MSD_ASK_NOT_MINE;
	if (b.unknown) {
		put_header(out, BINDING_ERROR, &b);
		put_error(out, &b);
	} else {
		put_header(out, BINDING_SUCCESS, &b);
		put_address(out, rq->flow, &b);
		if (b.change_port && rq->transport == MSD_UDP)
			rq->reply_port = next_port(rq->reply_port);
	}
	finish(out, start, &b);
	return MSD_ASK_ANSWER;
}

const struct msd_responder msd_stun = {
	.name = "stun",
	.source = "RFC 8489, RFC 5389, RFC 3489, RFC 5780",
	.transports = MSD_TCP | MSD_UDP,
	.npatterns = ARRAY_SIZE(patterns),
	.patterns = patterns,
	.answer = stun_answer,
};
