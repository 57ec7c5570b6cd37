// SPDX-License-Identifier: GPL-2.0-only
/*
 * SOCKS proxy that reaches nothing (SOCKS4, SOCKS4A, RFC 1928, RFC 1929).
 *
 *	request				reply
 *	5, methods with "none"		5 0
 *	5, methods with "password"	5 2
 *	5, other methods, or none	5 255, end
 *	1, user and password		1 1 (refused), end
 *	5, connect to an address	5 5 (connection refused), end
 *	5, connect to a name		5 4 (host unreachable), end
 *	5, any other command		5 7 (not supported), end
 *	4, connect, bind		0 91 (refused), end
 *
 * The two requests of version 5 look alike; the client's acknowledgment of our
 * first two bytes tells them apart. A first message is taken only when nothing
 * stands behind it, or what a client that does not wait sends next.
 */
#include <linux/bits.h>
#include <linux/kernel.h>
#include "proto.h"

#define METHOD_NONE 0
#define METHOD_PASSWORD 2
#define METHOD_REFUSED 0xff
#define METHOD_REPLY_LEN 2

#define CONNECT 1
#define HOST_UNREACHABLE 4
#define REFUSED 5
#define UNKNOWN_COMMAND 7
#define UNKNOWN_ADDRESS 8

/* Bytes of a user or a host in version 4, as dante has it. */
#define STRING_MAX 255

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

/* What comes of a request for an address of type @type. */
static u8 outcome(u8 cmd, u8 type, bool known)
{
	if (!known)
		return UNKNOWN_ADDRESS;
	if (cmd != CONNECT)
		return UNKNOWN_COMMAND;
	return type == ATYP_NAME ? HOST_UNREACHABLE : REFUSED;
}

static enum msd_ask request5(struct msd_view in, struct msd_request *rq,
			     struct msd_buf *out)
{
	u8 cmd = msd_get8(&in), reserved = msd_get8(&in);
	u8 type = in.len ? *in.p : 0;
	bool known = skip_address(&in);

	if (known)
		msd_skip(&in, 2);
	if (!msd_view_ok(&in))
		return MSD_ASK_MORE;
	if (reserved || !cmd)
		return MSD_ASK_NOT_MINE;
	msd_put8(out, 5);
	msd_put8(out, outcome(cmd, type, known));
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

/* What a client that does not wait for the choice sends behind its methods. */
static enum msd_ask next5(struct msd_view in, u8 choice, struct msd_request *rq,
			  struct msd_buf *out)
{
	u8 version = msd_get8(&in);

	if (choice == METHOD_NONE && version == 5)
		return request5(in, rq, out);
	if (choice == METHOD_PASSWORD && version == 1)
		return password5(in, rq, out);
	return MSD_ASK_NOT_MINE;
}

/* No client names a method twice; other protocols repeat bytes often. */
static bool distinct(struct msd_view list)
{
	u32 seen[256 / 32] = { 0 };

	while (list.len) {
		u8 method = msd_get8(&list);

		if (seen[method / 32] & BIT(method % 32))
			return false;
		seen[method / 32] |= BIT(method % 32);
	}
	return true;
}

static u8 choose(const struct msd_view *list)
{
	if (msd_find(list, METHOD_NONE) >= 0)
		return METHOD_NONE;
	if (msd_find(list, METHOD_PASSWORD) >= 0)
		return METHOD_PASSWORD;
	return METHOD_REFUSED;
}

static enum msd_ask methods5(struct msd_view in, struct msd_request *rq,
			     struct msd_buf *out)
{
	u8 n = msd_get8(&in), choice;
	struct msd_view list = msd_sub(&in, n);

	rq->need = 2 + n;
	if (!msd_view_ok(&in))
		return MSD_ASK_MORE;
	if (!distinct(list) || (!n && in.len))
		return MSD_ASK_NOT_MINE;
	choice = choose(&list);
	msd_put8(out, 5);
	msd_put8(out, choice);
	rq->close = choice == METHOD_REFUSED;
	return in.len ? next5(in, choice, rq, out) : MSD_ASK_ANSWER;
}

/*
 * Take a string of printable characters and its NUL. MSD_ASK_MORE when the NUL
 * is missing, MSD_ASK_NOT_MINE when it is no such string.
 */
static enum msd_ask take_string(struct msd_view *in)
{
	u32 n;

	for (n = 0; in->len; n++) {
		u8 c = msd_get8(in);

		if (!c)
			return MSD_ASK_ANSWER;
		if (c < ' ' || c > '~' || n == STRING_MAX)
			return MSD_ASK_NOT_MINE;
	}
	return MSD_ASK_MORE;
}

static enum msd_ask request4(struct msd_view in, struct msd_request *rq,
			     struct msd_buf *out)
{
	enum msd_ask ask;
	u16 port;
	u32 addr;

	msd_skip(&in, 1);
	port = msd_get_be16(&in);
	addr = msd_get_be32(&in);
	ask = take_string(&in);
	/* 0.0.0.x means: a name follows (SOCKS4A). */
	if (ask == MSD_ASK_ANSWER && addr && addr < 256)
		ask = take_string(&in);
	if (ask != MSD_ASK_ANSWER)
		return ask;
	if (in.len)
		return MSD_ASK_NOT_MINE;
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
		/* No user, but more than that: a length, such as postgresql's. */
		return chosen && (in.len < 3 || *in.p) ?
			password5(in, rq, out) : MSD_ASK_NOT_MINE;
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
