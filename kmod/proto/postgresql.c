// SPDX-License-Identifier: GPL-2.0-only
/*
 * PostgreSQL server that asks for a password and refuses it (PostgreSQL
 * documentation, chapter "Frontend/Backend Protocol", version 3).
 *
 *	message				reply
 *	SSLRequest, GSSENCRequest	N
 *	StartupMessage, version 3.0	AuthenticationCleartextPassword
 *	StartupMessage, version 3.x	NegotiateProtocolVersion in front of it
 *	the same without a user		ErrorResponse 28000, end
 *	the same without its end	ErrorResponse 08P01, end
 *	StartupMessage, other version	ErrorResponse 0A000, end
 *	PasswordMessage			ErrorResponse 28P01, end
 *	CancelRequest			none, end
 *
 * The user a password belongs to was named in an earlier message, of which
 * nothing is kept: the error names the user that is there always.
 */
#include <linux/kernel.h>
#include "proto.h"

#define SSL_REQUEST 80877103
#define GSSENC_REQUEST 80877104
#define CANCEL_REQUEST 80877102

/* Largest packet a server takes before authentication. */
#define STARTUP_MAX 10000
#define PASSWORD_MAX 1000
#define VERSION_3 3

#define CLEARTEXT_PASSWORD 3

/* Bytes a client may have read before its startup: both encryptions refused. */
#define REFUSALS_LEN 2
/* Bytes a client has read before it sends a password: the request for it. */
#define REQUEST_LEN 9

static const struct msd_pattern patterns[] = {
	MSD_PATTERN("\0\0\0\x08\x04\xd2\x16\x2f"),
	MSD_PATTERN("\0\0\0\x08\x04\xd2\x16\x30"),
	MSD_PATTERN("\0\0\0\x10\x04\xd2\x16\x2e"),
	MSD_PATTERN_MASK("\0\0\0\0\0\x03\0\0", "\xff\xff\0\0\xff\xff\xff\0"),
	MSD_PATTERN_MASK("\0\0\0\0\0\x02\0\0", "\xff\xff\0\0\xff\xff\xff\xff"),
	MSD_PATTERN("\0\0\0\x08\0\0\0\0"),
	MSD_PATTERN("\0\0\0\x09\0\xff\0\xff"),
	MSD_PATTERN("\0\0\0\x08\0\xff\0\xff"),
	MSD_PATTERN("p\0\0"),
};

/* Begin an ErrorResponse; the place of its length is returned. */
static u32 begin_error(struct msd_buf *out, const char *code)
{
	static const char severity[] = "SFATAL\0VFATAL\0C";
	u32 at;

	msd_put8(out, 'E');
	at = out->len;
	msd_put_be32(out, 0);
	msd_put_bytes(out, severity, sizeof(severity) - 1);
	msd_put_bytes(out, code, strlen(code) + 1);
	msd_put8(out, 'M');
	return at;
}

static void put_field(struct msd_buf *out, char type, const char *val)
{
	msd_put8(out, type);
	msd_put_bytes(out, val, strlen(val) + 1);
}

/* File, line and function of PostgreSQL 15; the connection ends. */
static enum msd_ask end_error(struct msd_request *rq, struct msd_buf *out,
			      u32 at, const char *file, const char *line,
			      const char *function)
{
	msd_put8(out, 0);
	put_field(out, 'F', file);
	put_field(out, 'L', line);
	put_field(out, 'R', function);
	msd_put8(out, 0);
	msd_patch_be32(out, at, out->len - at);
	rq->close = true;
	return MSD_ASK_ANSWER;
}

static enum msd_ask no_version(struct msd_request *rq, u32 version,
			       struct msd_buf *out)
{
	u32 at;

	/* Clients of version 2 know errors as text. */
	if (version >> 16 == 2) {
		msd_put_lit(out, "EFATAL:  unsupported frontend protocol 2.");
		msd_put_dec(out, version & 0xffff, 1);
		msd_put_lit(out, ": server supports 3.0 to 3.0\n");
		msd_put8(out, 0);
		rq->close = true;
		return MSD_ASK_ANSWER;
	}
	at = begin_error(out, "0A000");
	msd_put_lit(out, "unsupported frontend protocol ");
	msd_put_dec(out, version >> 16, 1);
	msd_put8(out, '.');
	msd_put_dec(out, version & 0xffff, 1);
	msd_put_lit(out, ": server supports 3.0 to 3.0");
	return end_error(rq, out, at, "postmaster.c", "2222",
			 "ProcessStartupPacket");
}

static enum msd_ask no_user(struct msd_request *rq, struct msd_buf *out)
{
	u32 at = begin_error(out, "28000");

	msd_put_lit(out, "no PostgreSQL user name specified in startup packet");
	return end_error(rq, out, at, "postmaster.c", "2351",
			 "ProcessStartupPacket");
}

static enum msd_ask bad_layout(struct msd_request *rq, struct msd_buf *out)
{
	u32 at = begin_error(out, "08P01");

	msd_put_lit(out, "invalid startup packet layout: expected terminator as last byte");
	return end_error(rq, out, at, "postmaster.c", "2334",
			 "ProcessStartupPacket");
}

/* Take a string and its NUL. */
static struct msd_view take_string(struct msd_view *v)
{
	int nul = msd_find(v, 0);
	struct msd_view s = msd_sub(v, nul < 0 ? v->len + 1 : (u32)nul);

	msd_skip(v, 1);
	return s;
}

/*
 * Names and values of the startup message end in an empty name. False when
 * they do not; @user is the value of "user", if it is there.
 */
static bool take_params(struct msd_view v, struct msd_view *user)
{
	*user = msd_view(NULL, 0);
	while (v.len) {
		struct msd_view name = take_string(&v), val;

		if (!name.len)
			return msd_view_ok(&v) && !v.len;
		val = take_string(&v);
		if (name.len == 4 && msd_starts(&name, "user", 4))
			*user = val;
	}
	return false;
}

static enum msd_ask startup(struct msd_request *rq, struct msd_view v, u8 minor,
			    struct msd_buf *out)
{
	struct msd_view user;

	if (!take_params(v, &user))
		return bad_layout(rq, out);
	if (!user.len)
		return no_user(rq, out);
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

static enum msd_ask refuse(struct msd_request *rq, struct msd_buf *out)
{
	struct msd_view in = rq->in;
	u32 len, at;

	msd_skip(&in, 1);
	len = msd_get_be32(&in);
	if (rq->offset < REQUEST_LEN)
		return MSD_ASK_NOT_MINE;
	rq->need = 5;
	if (!msd_view_ok(&in))
		return MSD_ASK_MORE;
	if (len < 5 || len > PASSWORD_MAX)
		return MSD_ASK_NOT_MINE;
	rq->need = 1 + len;
	if (in.len < len - 4)
		return MSD_ASK_MORE;
	at = begin_error(out, "28P01");
	if (len == 5) {
		msd_put_lit(out, "empty password returned by client");
		return end_error(rq, out, at, "auth.c", "757",
				 "recv_password_packet");
	}
	msd_put_lit(out, "password authentication failed for user \"postgres\"");
	return end_error(rq, out, at, "auth.c", "334", "auth_failed");
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
	if (code == SSL_REQUEST || code == GSSENC_REQUEST) {
		msd_put8(out, 'N');
		return MSD_ASK_ANSWER;
	}
	rq->need = len;
	body = msd_sub(&in, len - 8);
	if (!msd_view_ok(&body))
		return MSD_ASK_MORE;
	if (code == CANCEL_REQUEST) {
		rq->close = true;
		return MSD_ASK_SILENT;
	}
	if (in.len || rq->offset > REFUSALS_LEN)
		return MSD_ASK_NOT_MINE;
	if (code >> 16 != VERSION_3)
		return no_version(rq, code, out);
	return startup(rq, body, code & 0xff, out);
}

const struct msd_responder msd_postgresql = {
	.name = "postgresql",
	.source = "PostgreSQL documentation, protocol 3.0",
	.transports = MSD_TCP,
	.npatterns = ARRAY_SIZE(patterns),
	.patterns = patterns,
	.answer = answer,
};
