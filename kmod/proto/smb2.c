// SPDX-License-Identifier: GPL-2.0-only
/*
 * SMB 2 and 3 (MS-SMB2) up to a logon that fails.
 *
 *   request                           reply
 *   first, other than a NEGOTIATE of
 *   its own with message id 0         end, without a word
 *   NEGOTIATE                         highest dialect both have, or NOT_SUPPORTED
 *   another one, message id 0         end, without a word
 *   SESSION_SETUP, NTLM negotiate     MORE_PROCESSING_REQUIRED, challenge
 *   SESSION_SETUP, NTLM authenticate  LOGON_FAILURE
 *   SESSION_SETUP, other session      USER_SESSION_DELETED
 *   ECHO                              the same
 *   CANCEL                            silence
 *   any other command                 USER_SESSION_DELETED
 *   one that does not parse           INVALID_PARAMETER
 *   header that does not              end, without a word
 *   response, not SMB                 not ours
 *
 * Session id, server GUID, challenge and salt are hashes, so there is nothing
 * to remember; how much the client has read tells its first message. Message id
 * 1 is that of a NEGOTIATE behind one in SMB 1, which counted as 0. Of compounded
 * requests the first is answered. TCP only: over UDP
 * no client speaks it, and the replies are larger than the requests.
 */
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include "smb.h"

#define MAGIC			"\xfeSMB"
#define HEADER_LEN		64

#define CMD_NEGOTIATE		0
#define CMD_SESSION_SETUP	1
#define CMD_CANCEL		12
#define CMD_ECHO		13

#define FLAG_RESPONSE		0x00000001
#define CREDITS_MAX		32

#define NEGOTIATE_SIZE		36
#define SETUP_SIZE		25
#define ECHO_SIZE		4
/* Where our security buffers begin, from the header on. */
#define NEGOTIATE_BLOB_AT	(HEADER_LEN + 64)
#define SETUP_BLOB_AT		(HEADER_LEN + 8)

#define SIGNING_ENABLED		1
#define CAP_DFS			0x01
#define CAP_LEASING		0x02
#define CAP_LARGE_MTU		0x04
#define CAP_MULTI_CHANNEL	0x08
#define CAP_DIR_LEASING		0x20
#define CAP_ENCRYPTION		0x40
#define TRANSFER_SMALL		0x10000
#define TRANSFER_LARGE		0x800000

#define DIALECT_0210		0x0210
#define DIALECT_0300		0x0300
#define DIALECT_0311		0x0311

#define CONTEXT_PREAUTH		1
#define CONTEXT_ENCRYPTION	2
#define HASH_SHA512		1
#define CIPHER_CCM		1
#define CIPHER_GCM		2
#define SALT_WORDS		4

/*
 * struct message - one request
 * @all: from its header on; offsets in it count from there
 * @body: behind the header
 * @compounded: another request follows it
 */
struct message {
	struct msd_view all;
	struct msd_view body;
	u16 charge;
	u16 command;
	u16 credits;
	u32 process;
	u32 tree;
	u64 id;
	u64 session;
	bool compounded;
};

/*
 * struct offer - what a client's negotiate says, and what we make of it
 * @dialect: highest common one; 0: none
 * @caps: capabilities of the client
 * @preauth: there was a preauthentication context
 * @sha512: it offered the only hash there is
 * @encrypts: there was an encryption context
 * @cipher: the one we would choose; 0: none in common
 */
struct offer {
	u16 dialect;
	u32 caps;
	bool preauth;
	bool sha512;
	bool encrypts;
	u16 cipher;
};

/* Newest first: the first of these that the client has is spoken. */
static const u16 dialects[] = { DIALECT_0311, 0x0302, DIALECT_0300, DIALECT_0210, MSD_SMB2_0202 };

/* Return: MSD_ASK_SILENT when its header makes no sense. */
static enum msd_ask get_message(struct msd_view v, struct message *m)
{
	u32 next, flags;
	u16 size;

	m->all = v;
	if (!msd_starts(&v, MAGIC, 4))
		return MSD_ASK_SILENT;
	msd_skip(&v, 4);
	size = msd_get_le16(&v);
	m->charge = msd_get_le16(&v);
	msd_skip(&v, 4);
	m->command = msd_get_le16(&v);
	m->credits = msd_get_le16(&v);
	flags = msd_get_le32(&v);
	next = msd_get_le32(&v);
	m->id = msd_get_le64(&v);
	m->process = msd_get_le32(&v);
	m->tree = msd_get_le32(&v);
	m->session = msd_get_le64(&v);
	msd_skip(&v, 16);
	if (!msd_view_ok(&v) || size != HEADER_LEN)
		return MSD_ASK_SILENT;
	if (flags & FLAG_RESPONSE)
		return MSD_ASK_NOT_MINE;
	m->compounded = next;
	if (next) {
		msd_trim(&m->all, next);
		msd_trim(&v, next < HEADER_LEN ? 0 : next - HEADER_LEN);
	}
	m->body = v;
	return MSD_ASK_ANSWER;
}

static void put_header(struct msd_buf *out, const struct message *m, u32 status,
		       u64 session)
{
	msd_put_lit(out, MAGIC);
	msd_put_le16(out, HEADER_LEN);
	msd_put_le16(out, m->charge);
	msd_put_le32(out, status);
	msd_put_le16(out, m->command);
	msd_put_le16(out, m->command == CMD_NEGOTIATE ? 1 :
			  clamp_t(u16, m->credits, 1, CREDITS_MAX));
	msd_put_le32(out, FLAG_RESPONSE);
	msd_put_le32(out, 0);
	msd_put_le64(out, m->id);
	msd_put_le32(out, m->process);
	msd_put_le32(out, m->tree);
	msd_put_le64(out, session);
	msd_put_zero(out, 16);
}

/* ERROR response (MS-SMB2 section 2.2.2) without data. */
static void put_error(struct msd_buf *out, const struct message *m, u32 status)
{
	put_header(out, m, status, m->session);
	msd_put_le16(out, 9);
	msd_put_zero(out, 7);
}

/* Never 0 nor all ones, which have meanings of their own. */
static u64 session_id(const struct msd_request *rq)
{
	return (msd_smb_conn_secret(rq, MSD_SMB_SESSION) & ~(1ULL << 63)) | 1;
}

static u16 choose_dialect(struct msd_view list)
{
	u32 best = ARRAY_SIZE(dialects);

	while (list.len) {
		u16 offered = msd_get_le16(&list);
		u32 i;

		for (i = 0; i < best; i++)
			if (dialects[i] == offered)
				best = i;
	}
	return best < ARRAY_SIZE(dialects) ? dialects[best] : 0;
}

/* Hash ids and ciphers both: a count, then as many numbers behind @skip bytes. */
static bool offers(struct msd_view ctx, u32 skip, u16 want)
{
	u16 n = msd_get_le16(&ctx);

	msd_skip(&ctx, skip);
	while (n-- && ctx.len)
		if (msd_get_le16(&ctx) == want && msd_view_ok(&ctx))
			return true;
	return false;
}

static void get_context(struct msd_view ctx, u16 type, struct offer *o)
{
	if (type == CONTEXT_PREAUTH) {
		o->preauth = true;
		o->sha512 = offers(ctx, 2, HASH_SHA512);
	} else if (type == CONTEXT_ENCRYPTION) {
		o->encrypts = true;
		o->cipher = offers(ctx, 0, CIPHER_GCM) ? CIPHER_GCM :
			    offers(ctx, 0, CIPHER_CCM) ? CIPHER_CCM : 0;
	}
}

/* Contexts begin at multiples of eight, from the header on. */
static bool get_contexts(struct msd_view v, u32 at, u16 n, struct offer *o)
{
	msd_skip(&v, at);
	while (n-- && msd_view_ok(&v)) {
		u16 type = msd_get_le16(&v);
		u16 len = msd_get_le16(&v);
		struct msd_view ctx;

		msd_skip(&v, 4);
		ctx = msd_sub(&v, len);
		get_context(ctx, type, o);
		if (n)
			msd_skip(&v, -len & 7);
	}
	return msd_view_ok(&v);
}

/* Return: status; the offer counts when it is MSD_STATUS_OK. */
static u32 get_offer(const struct message *m, struct offer *o)
{
	struct msd_view v = m->body, list;
	u16 size = msd_get_le16(&v);
	u16 n = msd_get_le16(&v), ncontexts;
	u32 at;

	msd_skip(&v, 4);
	o->caps = msd_get_le32(&v);
	msd_skip(&v, 16);
	at = msd_get_le32(&v);
	ncontexts = msd_get_le16(&v);
	msd_skip(&v, 2);
	list = msd_sub(&v, 2 * n);
	if (size != NEGOTIATE_SIZE || !n || !msd_view_ok(&v))
		return MSD_STATUS_INVALID_PARAMETER;
	o->dialect = choose_dialect(list);
	if (!o->dialect)
		return MSD_STATUS_NOT_SUPPORTED;
	if (o->dialect != DIALECT_0311)
		return MSD_STATUS_OK;
	if (!get_contexts(m->all, at, ncontexts, o) || !o->preauth)
		return MSD_STATUS_INVALID_PARAMETER;
	return o->sha512 ? MSD_STATUS_OK : MSD_STATUS_NO_HASH_OVERLAP;
}

static u32 capabilities(const struct offer *o)
{
	u32 caps = CAP_DFS;

	if (o->dialect >= DIALECT_0210)
		caps |= CAP_LEASING | CAP_LARGE_MTU;
	if (o->dialect >= DIALECT_0300)
		caps |= o->caps & (CAP_MULTI_CHANNEL | CAP_DIR_LEASING);
	/* From 3.1.1 on a context says it. */
	if (o->dialect >= DIALECT_0300 && o->dialect < DIALECT_0311)
		caps |= o->caps & CAP_ENCRYPTION;
	return caps;
}

static void put_context(struct msd_buf *out, u32 start, u16 type, u16 len)
{
	msd_put_zero(out, (start - out->len) & 7);
	msd_put_le16(out, type);
	msd_put_le16(out, len);
	msd_put_le32(out, 0);
}

static void put_contexts(const struct msd_request *rq, const struct offer *o,
			 u32 start, struct msd_buf *out)
{
	u32 i;

	put_context(out, start, CONTEXT_PREAUTH, 6 + 8 * SALT_WORDS);
	msd_put_le16(out, 1);
	msd_put_le16(out, 8 * SALT_WORDS);
	msd_put_le16(out, HASH_SHA512);
	for (i = 0; i < SALT_WORDS; i++)
		msd_put_le64(out, msd_smb_conn_secret(rq, MSD_SMB_SALT + i));
	if (!o->encrypts)
		return;
	put_context(out, start, CONTEXT_ENCRYPTION, 4);
	msd_put_le16(out, 1);
	msd_put_le16(out, o->cipher);
}

/* NEGOTIATE response (section 2.2.4), header included. */
static void put_negotiate(const struct msd_request *rq, const struct message *m,
			  const struct offer *o, struct msd_buf *out)
{
	u32 transfer = o->dialect >= DIALECT_0210 ? TRANSFER_LARGE : TRANSFER_SMALL;
	bool contexts = o->dialect == DIALECT_0311;
	u32 start = out->len, blob;

	put_header(out, m, MSD_STATUS_OK, m->session);
	msd_put_le16(out, 65);
	msd_put_le16(out, SIGNING_ENABLED);
	msd_put_le16(out, o->dialect);
	msd_put_le16(out, contexts ? 1 + o->encrypts : 0);
	msd_smb_put_guid(out, rq);
	msd_put_le32(out, capabilities(o));
	msd_put_le32(out, transfer);
	msd_put_le32(out, transfer);
	msd_put_le32(out, transfer);
	msd_put_le64(out, msd_smb_time(rq->ctx));
	msd_put_le64(out, 0);
	msd_put_le16(out, NEGOTIATE_BLOB_AT);
	msd_put_le16(out, 0);
	msd_put_le32(out, 0);
	blob = out->len;
	msd_spnego_put_init(out);
	msd_patch_le16(out, blob - 6, out->len - blob);
	if (contexts) {
		msd_patch_le32(out, blob - 4, round_up(out->len - start, 8));
		put_contexts(rq, o, start, out);
	}
}

void msd_smb_negotiate2(const struct msd_request *rq, u16 dialect,
			struct msd_buf *out)
{
	struct message m = { .command = CMD_NEGOTIATE };
	struct offer o = { .dialect = dialect };

	put_negotiate(rq, &m, &o, out);
}

static void negotiate(const struct msd_request *rq, const struct message *m,
		      struct msd_buf *out)
{
	struct offer o = {};
	u32 status = get_offer(m, &o);

	if (status == MSD_STATUS_OK)
		put_negotiate(rq, m, &o, out);
	else
		put_error(out, m, status);
}

/* SESSION_SETUP request (section 2.2.5): the client's token, or nothing. */
static struct msd_view get_token(const struct message *m)
{
	struct msd_view v = m->body, all = m->all;
	u16 size = msd_get_le16(&v), at, len;

	msd_skip(&v, 10);
	at = msd_get_le16(&v);
	len = msd_get_le16(&v);
	msd_skip(&v, 8);
	if (size != SETUP_SIZE || !msd_view_ok(&v) || at < HEADER_LEN)
		return msd_view(NULL, 0);
	msd_skip(&all, at);
	return msd_sub(&all, len);
}

/* SESSION_SETUP response (section 2.2.6), header included. */
static void put_setup(const struct msd_request *rq, const struct message *m,
		      const struct msd_logon *l, struct msd_buf *out)
{
	u32 blob;

	put_header(out, m, MSD_STATUS_MORE_PROCESSING, session_id(rq));
	msd_put_le16(out, 9);
	msd_put_le16(out, 0);
	msd_put_le16(out, SETUP_BLOB_AT);
	msd_put_le16(out, 0);
	blob = out->len;
	msd_spnego_put_answer(rq, l, out);
	msd_patch_le16(out, blob - 2, out->len - blob);
}

static void session_setup(const struct msd_request *rq, const struct message *m,
			  struct msd_buf *out)
{
	struct msd_logon logon;
	u32 status = MSD_STATUS_SESSION_DELETED;

	if (!m->session || m->session == session_id(rq))
		status = msd_spnego_read(get_token(m), &logon);
	if (status == MSD_STATUS_MORE_PROCESSING)
		put_setup(rq, m, &logon, out);
	else
		put_error(out, m, status);
}

/* ECHO needs no session. */
static void echo(const struct message *m, struct msd_buf *out)
{
	struct msd_view v = m->body;

	if (msd_get_le16(&v) != ECHO_SIZE) {
		put_error(out, m, MSD_STATUS_INVALID_PARAMETER);
		return;
	}
	put_header(out, m, MSD_STATUS_OK, m->session);
	msd_put_le16(out, ECHO_SIZE);
	msd_put_le16(out, 0);
}

/* May this message come at this point of the connection? */
static bool in_turn(const struct msd_request *rq, const struct message *m)
{
	if (msd_smb_first(rq))
		return m->command == CMD_NEGOTIATE && !m->id && !m->compounded;
	return m->command != CMD_NEGOTIATE || m->id;
}

static enum msd_ask answer(struct msd_request *rq, struct msd_buf *out)
{
	struct msd_view msg;
	struct message m;
	enum msd_ask ask = msd_smb_open(rq, &msg);
	u32 start;

	if (ask != MSD_ASK_ANSWER)
		return ask;
	ask = get_message(msg, &m);
	if (ask == MSD_ASK_NOT_MINE)
		return ask;
	if (ask == MSD_ASK_SILENT || !in_turn(rq, &m))
		return msd_smb_end_silent(rq);
	start = msd_smb_begin(out);
	switch (m.command) {
	case CMD_NEGOTIATE:
		negotiate(rq, &m, out);
		break;
	case CMD_SESSION_SETUP:
		session_setup(rq, &m, out);
		break;
	case CMD_ECHO:
		echo(&m, out);
		break;
	case CMD_CANCEL:
		return MSD_ASK_SILENT;
	default:
		put_error(out, &m, MSD_STATUS_SESSION_DELETED);
	}
	msd_smb_end(out, start);
	return MSD_ASK_ANSWER;
}

static const struct msd_pattern patterns[] = {
	MSD_PATTERN_MASK("\0\0\0\0" MAGIC, "\xff\xff\0\0\xff\xff\xff\xff"),
};

const struct msd_responder msd_smb2 = {
	.name = "smb2",
	.source = "MS-SMB2, MS-NLMP, MS-SPNG",
	.transports = MSD_TCP,
	.npatterns = ARRAY_SIZE(patterns),
	.patterns = patterns,
	.answer = answer,
};
