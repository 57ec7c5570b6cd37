// SPDX-License-Identifier: GPL-2.0-only
/*
 * Remote Desktop server, as far as the X.224 connection (MS-RDPBCGR 1.3.1.1,
 * 2.2.1.1, 2.2.1.2; RFC 1006).
 *
 *	size	Connection Request
 *	4	TPKT: version 3, 0, length of all in two bytes
 *	1	length of what follows
 *	6	0xe0, destination reference, source reference, class 0
 *	-	optional: routing token or cookie, a line that ends in CR LF
 *	8	optional: RDP_NEG_REQ, security protocols the client can do
 *	36	optional: RDP_NEG_CORRELATION_INFO
 *
 *	the client asks for			Connection Confirm
 *	nothing: no RDP_NEG_REQ			bare
 *	CredSSP, with early user authorisation	that, else plain CredSSP
 *	TLS, but not CredSSP			TLS
 *	none of them				standard RDP security
 *	restricted administration, no CredSSP	INCONSISTENT_FLAGS
 *	only what is newer			HYBRID_REQUIRED_BY_SERVER
 *
 * What follows (a TLS ClientHello, an MCS Connect Initial) is not ours.
 */
#include <linux/kernel.h>
#include "proto.h"

#define TPKT_VERSION 3
#define TPKT_LEN 4
#define X224_CONFIRM 0xd0
/* Behind the X.224 length byte. */
#define X224_LEN 6
#define X224_LENGTH_MAX 254

/* The reference Windows gives, for every connection the same. */
#define OWN_REFERENCE 0x1234

#define NEG_REQ 1
#define NEG_RSP 2
#define NEG_FAILURE 3
#define NEG_LEN 8
#define CORRELATION_INFO 6
#define CORRELATION_LEN 36

#define REQ_RESTRICTED_ADMIN 0x01
#define REQ_CORRELATION 0x08

/* Of current Windows: graphics pipeline, restricted administration, ... */
#define RSP_FLAGS 0x1f

#define PROTOCOL_RDP 0
#define PROTOCOL_SSL 1
#define PROTOCOL_HYBRID 2
#define PROTOCOL_HYBRID_EX 8

#define INCONSISTENT_FLAGS 4
#define HYBRID_REQUIRED 5

/* Two bytes of length, below 512, and the only type of a request. */
static const struct msd_pattern patterns[] = {
	MSD_PATTERN_MASK("\x03\0\0\0\0\xe0", "\xff\xff\xfe\0\0\xff"),
};

/**
 * struct connect - a Connection Request
 * @reference: of the client; our confirm is sent to it
 * @negotiates: RDP_NEG_REQ is there
 * @flags: of it
 * @protocols: of it
 */
struct connect {
	u16 reference;
	bool negotiates;
	u8 flags;
	u32 protocols;
};

/* A line of printable characters, if there is any: true when it is right. */
static bool take_cookie(struct msd_view *v)
{
	int lf = msd_find(v, '\n');
	struct msd_view line;

	if (!v->len || *v->p == NEG_REQ)
		return true;
	if (lf < 1 || v->p[lf - 1] != '\r')
		return false;
	line = msd_sub(v, lf - 1);
	msd_skip(v, 2);
	while (line.len)
		if (msd_get8(&line) < ' ')
			return false;
	return true;
}

static bool take_negotiation(struct msd_view *v, struct connect *c)
{
	if (!v->len)
		return true;
	c->negotiates = true;
	if (msd_get8(v) != NEG_REQ)
		return false;
	c->flags = msd_get8(v);
	if (msd_get_le16(v) != NEG_LEN)
		return false;
	c->protocols = msd_get_le32(v);
	if (!(c->flags & REQ_CORRELATION))
		return !v->len;
	return msd_get8(v) == CORRELATION_INFO && !msd_get8(v) &&
	       msd_get_le16(v) == CORRELATION_LEN && v->len == CORRELATION_LEN - 4;
}

/* Take the variable part of X.224; false when it is not RDP's. */
static bool take_connect(struct msd_view v, struct connect *c)
{
	msd_skip(&v, 1 + 2);
	c->reference = msd_get_be16(&v);
	return !msd_get8(&v) && take_cookie(&v) && take_negotiation(&v, c) &&
	       msd_view_ok(&v);
}

/* What a server that can do all three takes; false when it can do none. */
static bool choose(const struct connect *c, u32 *protocol)
{
	if (c->protocols & PROTOCOL_HYBRID_EX)
		*protocol = PROTOCOL_HYBRID_EX;
	else if (c->protocols & PROTOCOL_HYBRID)
		*protocol = PROTOCOL_HYBRID;
	else if (c->protocols & PROTOCOL_SSL)
		*protocol = PROTOCOL_SSL;
	else
		*protocol = PROTOCOL_RDP;
	return *protocol || !c->protocols;
}

static void put_negotiation(struct msd_buf *out, u8 type, u8 flags, u32 val)
{
	msd_put8(out, type);
	msd_put8(out, flags);
	msd_put_le16(out, NEG_LEN);
	msd_put_le32(out, val);
}

static void put_confirm(struct msd_buf *out, const struct connect *c)
{
	u32 len = X224_LEN + (c->negotiates ? NEG_LEN : 0), protocol;

	msd_put8(out, TPKT_VERSION);
	msd_put8(out, 0);
	msd_put_be16(out, TPKT_LEN + 1 + len);
	msd_put8(out, len);
	msd_put8(out, X224_CONFIRM);
	msd_put_be16(out, c->reference);
	msd_put_be16(out, OWN_REFERENCE);
	msd_put8(out, 0);
	if (!c->negotiates)
		return;
	if (!choose(c, &protocol))
		put_negotiation(out, NEG_FAILURE, 0, HYBRID_REQUIRED);
	else if (protocol < PROTOCOL_HYBRID && c->flags & REQ_RESTRICTED_ADMIN)
		put_negotiation(out, NEG_FAILURE, 0, INCONSISTENT_FLAGS);
	else
		put_negotiation(out, NEG_RSP, RSP_FLAGS, protocol);
}

static enum msd_ask answer(struct msd_request *rq, struct msd_buf *out)
{
	struct msd_view in = rq->in;
	struct connect c = { 0 };
	u32 len, x224;

	msd_skip(&in, 2);
	len = msd_get_be16(&in);
	x224 = msd_get8(&in);
	if (x224 < X224_LEN || x224 > X224_LENGTH_MAX ||
	    len != TPKT_LEN + 1 + x224)
		return MSD_ASK_NOT_MINE;
	rq->need = TPKT_LEN + 1 + x224;
	if (in.len < x224)
		return MSD_ASK_MORE;
	if (!take_connect(msd_sub(&in, x224), &c))
		return MSD_ASK_NOT_MINE;
	put_confirm(out, &c);
	return MSD_ASK_ANSWER;
}

const struct msd_responder msd_rdp = {
	.name = "rdp",
	.source = "MS-RDPBCGR",
	.transports = MSD_TCP,
	.npatterns = ARRAY_SIZE(patterns),
	.patterns = patterns,
	.answer = answer,
};
