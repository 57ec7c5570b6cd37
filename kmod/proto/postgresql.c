// SPDX-License-Identifier: GPL-2.0-only
/*
 * PostgreSQL server that asks for a password and refuses it (PostgreSQL
 * documentation, chapter "Frontend/Backend Protocol", version 3).
 *
 *	message				reply
 *	SSLRequest, GSSENCRequest	N
 *	StartupMessage, version 3.0	AuthenticationCleartextPassword
 *	StartupMessage, version 3.x	NegotiateProtocolVersion in front of it
 *	PasswordMessage			ErrorResponse 28P01, end
 *	CancelRequest			none
 */
#include <linux/kernel.h>
#include "proto.h"

#define SSL_REQUEST 80877103
#define GSSENC_REQUEST 80877104
#define CANCEL_REQUEST 80877102

/* Largest packet a server takes before authentication. */
#define STARTUP_MAX 10000
#define PASSWORD_MAX 1000

#define CLEARTEXT_PASSWORD 3

/* Bytes a client has read before it sends a password: the request for it. */
#define REQUEST_LEN 9

static const struct msd_pattern patterns[] = {
	MSD_PATTERN("\0\0\0\x08\x04\xd2\x16\x2f"),
	MSD_PATTERN("\0\0\0\x08\x04\xd2\x16\x30"),
	MSD_PATTERN("\0\0\0\x10\x04\xd2\x16\x2e"),
	MSD_PATTERN_MASK("\0\0\0\0\0\x03\0\0", "\xff\xff\0\0\xff\xff\xff\0"),
	MSD_PATTERN("p\0\0"),
};

/* Names and values of the startup message end in an empty name. */
static bool params_ok(struct msd_view v)
{
	while (v.len) {
		int nul = msd_find(&v, 0);

		if (nul < 0)
			return false;
		msd_skip(&v, nul + 1);
		if (!nul)
			return !v.len;
	}
	return false;
}

static enum msd_ask startup(struct msd_view v, u8 minor, struct msd_buf *out)
{
	if (!params_ok(v))
		return MSD_ASK_NOT_MINE;
	if (minor) {
		msd_put8(out, 'v');
		msd_put_be32(out, 12);
		msd_put_be32(out, 3 << 16);
		msd_put_be32(out, 0);
	}
	msd_put8(out, 'R');
	msd_put_be32(out, 8);
	msd_put_be32(out, CLEARTEXT_PASSWORD);
	return MSD_ASK_ANSWER;
}

static void put_field(struct msd_buf *out, char type, const char *val)
{
	msd_put8(out, type);
	msd_put_bytes(out, val, strlen(val) + 1);
}

static enum msd_ask refuse(struct msd_request *rq, struct msd_buf *out)
{
	struct msd_view in = rq->in;
	u32 len, start = out->len;

	msd_skip(&in, 1);
	len = msd_get_be32(&in);
	if (rq->offset < REQUEST_LEN)
		return MSD_ASK_NOT_MINE;
	if (!msd_view_ok(&in))
		return MSD_ASK_MORE;
	if (len < 5 || len > PASSWORD_MAX)
		return MSD_ASK_NOT_MINE;
	if (in.len < len - 4)
		return MSD_ASK_MORE;
	msd_put8(out, 'E');
	msd_put_be32(out, 0);
	put_field(out, 'S', "FATAL");
	put_field(out, 'V', "FATAL");
	put_field(out, 'C', "28P01");
	put_field(out, 'M', "password authentication failed");
	msd_put8(out, 0);
	msd_patch_be32(out, start + 1, out->len - start - 1);
	rq->close = true;
	return MSD_ASK_ANSWER;
}

static enum msd_ask answer(struct msd_request *rq, struct msd_buf *out)
{
	struct msd_view in = rq->in, body;
	u32 len, code;

	if (*in.p == 'p')
		return refuse(rq, out);
	len = msd_get_be32(&in);
	code = msd_get_be32(&in);
	if (len < 8 || len > STARTUP_MAX)
		return MSD_ASK_NOT_MINE;
	if (code == CANCEL_REQUEST)
		return MSD_ASK_SILENT;
	if (code == SSL_REQUEST || code == GSSENC_REQUEST) {
		msd_put8(out, 'N');
		return MSD_ASK_ANSWER;
	}
	body = msd_sub(&in, len - 8);
	if (!msd_view_ok(&body))
		return MSD_ASK_MORE;
	return startup(body, code & 0xff, out);
}

const struct msd_responder msd_postgresql = {
	.name = "postgresql",
	.source = "PostgreSQL documentation, protocol 3.0",
	.transports = MSD_TCP,
	.npatterns = ARRAY_SIZE(patterns),
	.patterns = patterns,
	.answer = answer,
};
