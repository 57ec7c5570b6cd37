// SPDX-License-Identifier: GPL-2.0-only
/*
 * SOCKS proxy that relays nothing (SOCKS4, SOCKS4A, RFC 1928, RFC 1929).
 *
 *	request				reply
 *	5, methods with "none"		5 0
 *	5, methods with "password"	5 2
 *	5, other methods		5 255, end
 *	1, user and password		1 1 (refused), end
 *	5, connect, bind, associate	5 2 (not allowed), end
 *	5, any other command		5 7 (unknown command), end
 *	4, connect, bind		0 91 (refused), end
 *
 * The two requests of version 5 look alike; the client's acknowledgment of our
 * first two bytes tells them apart.
 */
#include <linux/kernel.h>
#include "proto.h"

#define METHOD_NONE 0
#define METHOD_PASSWORD 2
#define METHOD_REFUSED 0xff
#define METHOD_REPLY_LEN 2

#define CMD_MAX 3
#define NOT_ALLOWED 2
#define UNKNOWN_COMMAND 7
#define UNKNOWN_ADDRESS 8

#define ATYP_IPV4 1
#define ATYP_NAME 3
#define ATYP_IPV6 4

/* SOCKS4: request rejected or failed. */
#define REJECTED 91

static const struct msd_pattern patterns[] = {
	MSD_PATTERN("\x05"),
	MSD_PATTERN("\x04\x01"),
	MSD_PATTERN("\x04\x02"),
	MSD_PATTERN("\x01"),
};

static enum msd_ask methods5(struct msd_view in, struct msd_request *rq,
			     struct msd_buf *out)
{
	u8 n = msd_get8(&in), choice;
	struct msd_view list;

	if (!msd_view_ok(&in))
		return MSD_ASK_MORE;
	if (!n)
		return MSD_ASK_NOT_MINE;
	list = msd_sub(&in, n);
	if (!msd_view_ok(&list))
		return MSD_ASK_MORE;
	if (msd_find(&list, METHOD_NONE) >= 0)
		choice = METHOD_NONE;
	else if (msd_find(&list, METHOD_PASSWORD) >= 0)
		choice = METHOD_PASSWORD;
	else
		choice = METHOD_REFUSED;
	msd_put8(out, 5);
	msd_put8(out, choice);
	rq->close = choice == METHOD_REFUSED;
	return MSD_ASK_ANSWER;
}

/* Skip an address of version 5; false when its type is unknown. */
static bool skip_address(struct msd_view *in)
{
	switch (msd_get8(in)) {
	case ATYP_IPV4:
		msd_skip(in, 4);
		return true;
	case ATYP_NAME:
		msd_skip(in, msd_get8(in));
		return true;
	case ATYP_IPV6:
		msd_skip(in, 16);
		return true;
	default:
		return !msd_view_ok(in);
	}
}

static enum msd_ask request5(struct msd_view in, struct msd_request *rq,
			     struct msd_buf *out)
{
	u8 cmd = msd_get8(&in), reserved = msd_get8(&in);
	bool known = skip_address(&in);

	if (known)
		msd_skip(&in, 2);
	if (!msd_view_ok(&in))
		return MSD_ASK_MORE;
	if (reserved || !cmd)
		return MSD_ASK_NOT_MINE;
	msd_put8(out, 5);
	if (!known)
		msd_put8(out, UNKNOWN_ADDRESS);
	else
		msd_put8(out, cmd > CMD_MAX ? UNKNOWN_COMMAND : NOT_ALLOWED);
	msd_put8(out, 0);
	msd_put8(out, ATYP_IPV4);
	msd_put_zero(out, 6);
	rq->close = true;
	return MSD_ASK_ANSWER;
}

static enum msd_ask password5(struct msd_view in, struct msd_request *rq,
			      struct msd_buf *out)
{
	msd_skip(&in, msd_get8(&in));
	msd_skip(&in, msd_get8(&in));
	if (!msd_view_ok(&in))
		return MSD_ASK_MORE;
	msd_put8(out, 1);
	msd_put8(out, 1);
	rq->close = true;
	return MSD_ASK_ANSWER;
}

/* Take a string and its NUL; false when the NUL is missing. */
static bool skip_string(struct msd_view *in)
{
	int nul = msd_find(in, 0);

	if (nul < 0)
		return false;
	msd_skip(in, nul + 1);
	return true;
}

static enum msd_ask request4(struct msd_view in, struct msd_request *rq,
			     struct msd_buf *out)
{
	u16 port;
	u32 addr;

	msd_skip(&in, 1);
	port = msd_get_be16(&in);
	addr = msd_get_be32(&in);
	if (!msd_view_ok(&in) || !skip_string(&in))
		return MSD_ASK_MORE;
	/* 0.0.0.x means: a name follows (SOCKS4A). */
	if (addr && addr < 256 && !skip_string(&in))
		return MSD_ASK_MORE;
	msd_put8(out, 0);
	msd_put8(out, REJECTED);
	msd_put_be16(out, port);
	msd_put_be32(out, addr);
	rq->close = true;
	return MSD_ASK_ANSWER;
}

static enum msd_ask answer(struct msd_request *rq, struct msd_buf *out)
{
	struct msd_view in = rq->in;
	bool chosen = rq->offset == METHOD_REPLY_LEN;

	switch (msd_get8(&in)) {
	case 5:
		if (chosen)
			return request5(in, rq, out);
		return rq->offset ? MSD_ASK_NOT_MINE : methods5(in, rq, out);
	case 4:
		return rq->offset ? MSD_ASK_NOT_MINE : request4(in, rq, out);
	default:
		return chosen ? password5(in, rq, out) : MSD_ASK_NOT_MINE;
	}
}

const struct msd_responder msd_socks = {
	.name = "socks",
	.source = "RFC 1928, RFC 1929, SOCKS4A",
	.transports = MSD_TCP,
	.npatterns = ARRAY_SIZE(patterns),
	.patterns = patterns,
	.answer = answer,
};
