// SPDX-License-Identifier: GPL-2.0-only
/*
 * SMB1 (MS-CIFS, MS-SMB) up to a logon that fails, and the NetBIOS session
 * request (RFC 1002 section 4.3.2) that stands before it on port 139.
 *
 *   request                          reply
 *   first, other than a NEGOTIATE
 *   that holds together              end, without a word
 *   NetBIOS session request          positive response
 *   NEGOTIATE with an SMB 2 dialect  SMB 2 negotiate response, if smb2 is on
 *   NEGOTIATE with NT LM 0.12        it, with SPNEGO where the client can
 *   NEGOTIATE with neither           dialect index 0xffff, end
 *   SESSION_SETUP, NTLM negotiate    MORE_PROCESSING_REQUIRED, challenge
 *   SESSION_SETUP, any other         LOGON_FAILURE
 *   any other command                BAD_UID
 *   one that does not parse          INVALID_SMB
 *   response                         not ours
 *
 * TCP only, as for SMB 2.
 */
#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include "smb.h"

#define MAGIC			"\xffSMB"

#define CMD_NEGOTIATE		0x72
#define CMD_SESSION_SETUP	0x73
#define ANDX_NONE		0xff

#define FLAG_REPLY		0x80
/* Paths are canonical, case does not matter. */
#define FLAGS_COPIED		0x18

#define FLAG2_LONG_NAMES	0x0001
#define FLAG2_EXTENDED		0x0800
#define FLAG2_NT_STATUS		0x4000
#define FLAG2_UNICODE		0x8000
#define FLAG2_COPIED		(FLAG2_EXTENDED | FLAG2_NT_STATUS | FLAG2_UNICODE)

/* First of the user ids a Windows server gives out. */
#define UID			2048

#define NEGOTIATE_WORDS		17
#define SECURITY_USER_ENCRYPTED	0x03
#define MPX			50
#define BUFFER_SIZE		16644
#define RAW_SIZE		65536
#define CHALLENGE_LEN		8
#define CAP_EXTENDED		0x80000000
/*
 * Unicode, large files, NT SMBs, RPC, 32-bit status, level II oplocks, lock and
 * read, NT find, DFS, information level passthrough, large reads and writes,
 * LWIO.
 */
#define CAPS			0x0001f3fc

#define DIALECT_NONE		0xffff
/* Words of a session setup with a security blob. */
#define SETUP_WORDS		12
#define SETUP_REPLY_WORDS	4

#define NETBIOS_POSITIVE	0x82
#define NETBIOS_NAME_LEN	32
#define NETBIOS_REQUEST_LEN	(4 + 2 * (1 + NETBIOS_NAME_LEN + 1))

/*
 * struct message - one request
 * @words: parameter block
 * @bytes: data block
 */
struct message {
	u8 command;
	u8 flags;
	u16 flags2;
	u16 pid_high;
	u16 tid;
	u16 pid;
	u16 uid;
	u16 mid;
	struct msd_view words;
	struct msd_view bytes;
};

/*
 * struct dialects - where in a client's list the ones we know stand
 *
 * Each is an index, or DIALECT_NONE.
 */
struct dialects {
	u16 nt;
	u16 smb2;
	u16 wildcard;
};

/* Return: it is all there; a damaged body is for the caller. */
static bool get_header(struct msd_view *v, struct message *m)
{
	if (!msd_starts(v, MAGIC, 4))
		return false;
	msd_skip(v, 4);
	m->command = msd_get8(v);
	msd_skip(v, 4);
	m->flags = msd_get8(v);
	m->flags2 = msd_get_le16(v);
	m->pid_high = msd_get_le16(v);
	msd_skip(v, 10);
	m->tid = msd_get_le16(v);
	m->pid = msd_get_le16(v);
	m->uid = msd_get_le16(v);
	m->mid = msd_get_le16(v);
	return msd_view_ok(v);
}

static bool get_blocks(struct msd_view *v, struct message *m)
{
	m->words = msd_sub(v, 2 * msd_get8(v));
	m->bytes = msd_sub(v, msd_get_le16(v));
	return msd_view_ok(v);
}

/*
 * The few NT codes we send to clients from before NT are, but for one, DOS
 * error classes and codes already.
 */
static u32 status_for(const struct message *m, u32 status)
{
	if (status == MSD_STATUS_LOGON_FAILURE && !(m->flags2 & FLAG2_NT_STATUS))
		return 0x00020002;	/* ERRSRV, ERRbadpw */
	return status;
}

static void put_header(struct msd_buf *out, const struct message *m, u32 status,
		       u16 uid)
{
	msd_put_lit(out, MAGIC);
	msd_put8(out, m->command);
	msd_put_le32(out, status_for(m, status));
	msd_put8(out, FLAG_REPLY | (m->flags & FLAGS_COPIED));
	msd_put_le16(out, (m->flags2 & FLAG2_COPIED) | FLAG2_LONG_NAMES);
	msd_put_le16(out, m->pid_high);
	msd_put_zero(out, 10);
	msd_put_le16(out, m->tid);
	msd_put_le16(out, m->pid);
	msd_put_le16(out, uid);
	msd_put_le16(out, m->mid);
}

static void put_error(struct msd_buf *out, const struct message *m, u32 status)
{
	put_header(out, m, status, m->uid);
	msd_put8(out, 0);
	msd_put_le16(out, 0);
}

/* A string with its NUL. */
static void put_text(struct msd_buf *out, const char *s, bool unicode)
{
	msd_smb_put_str(out, s, unicode);
	msd_put_zero(out, unicode ? 2 : 1);
}

static bool is(const struct msd_view *name, const char *want)
{
	return name->len == strlen(want) && msd_starts(name, want, name->len);
}

/* Format byte 2 and a string with its NUL, each. */
static bool get_dialects(struct msd_view v, struct dialects *d)
{
	u16 i;

	*d = (struct dialects){ DIALECT_NONE, DIALECT_NONE, DIALECT_NONE };
	for (i = 0; v.len; i++) {
		struct msd_view name;
		int end;

		if (msd_get8(&v) != 2)
			return false;
		end = msd_find(&v, 0);
		if (end < 0)
			return false;
		name = msd_sub(&v, end);
		msd_skip(&v, 1);
		if (is(&name, "NT LM 0.12"))
			d->nt = i;
		else if (is(&name, "SMB 2.002"))
			d->smb2 = i;
		else if (is(&name, "SMB 2.???"))
			d->wildcard = i;
	}
	return true;
}

/*
 * What follows the words: GUID and token, or challenge, domain and name. Those
 * are UTF-16 from a server that has the capability, whatever the client sent.
 */
static void put_identity(const struct msd_request *rq, bool extended,
			 struct msd_buf *out)
{
	char name[MSD_SMB_NAME_LEN + 1];

	if (extended) {
		msd_smb_put_guid(out, rq);
		msd_spnego_put_init(out);
		return;
	}
	msd_smb_name(rq, name);
	msd_put_le64(out, msd_smb_secret(rq, MSD_SMB_CHALLENGE));
	put_text(out, "WORKGROUP", true);
	put_text(out, name, true);
}

/* NEGOTIATE response for NT LM 0.12 (MS-SMB section 2.2.4.5.2). */
static void put_nt(const struct msd_request *rq, const struct message *m, u16 index,
		   struct msd_buf *out)
{
	bool extended = m->flags2 & FLAG2_EXTENDED;
	u32 at;

	put_header(out, m, MSD_STATUS_OK, m->uid);
	msd_put8(out, NEGOTIATE_WORDS);
	msd_put_le16(out, index);
	msd_put8(out, SECURITY_USER_ENCRYPTED);
	msd_put_le16(out, MPX);
	msd_put_le16(out, 1);
	msd_put_le32(out, BUFFER_SIZE);
	msd_put_le32(out, RAW_SIZE);
	msd_put_le32(out, 0);
	msd_put_le32(out, CAPS | (extended ? CAP_EXTENDED : 0));
	msd_put_le64(out, msd_smb_time(rq->ctx));
	msd_put_le16(out, 0);
	msd_put8(out, extended ? 0 : CHALLENGE_LEN);
	msd_put_le16(out, 0);
	at = out->len;
	put_identity(rq, extended, out);
	msd_patch_le16(out, at - 2, out->len - at);
}

/* As MS-SMB2 section 3.3.5.3 has it, SMB 2 comes first. */
static void negotiate(struct msd_request *rq, const struct message *m,
		      struct msd_buf *out)
{
	bool smb2 = rq->ctx->cfg->protos & BIT_ULL(MSD_PROTO_smb2);
	struct dialects d;

	if (!get_dialects(m->bytes, &d)) {
		put_error(out, m, MSD_STATUS_INVALID_SMB);
	} else if (smb2 && d.wildcard != DIALECT_NONE) {
		msd_smb_negotiate2(rq, MSD_SMB2_WILDCARD, out);
	} else if (smb2 && d.smb2 != DIALECT_NONE) {
		msd_smb_negotiate2(rq, MSD_SMB2_0202, out);
	} else if (d.nt != DIALECT_NONE) {
		put_nt(rq, m, d.nt, out);
	} else {
		put_header(out, m, MSD_STATUS_OK, m->uid);
		msd_put8(out, 1);
		msd_put_le16(out, DIALECT_NONE);
		msd_put_le16(out, 0);
		rq->close = true;
	}
}

/* SESSION_SETUP_ANDX response (MS-SMB section 2.2.4.6.2) around a token. */
static void put_setup(const struct msd_request *rq, const struct message *m,
		      const struct msd_logon *l, struct msd_buf *out)
{
	bool unicode = m->flags2 & FLAG2_UNICODE;
	u32 start = out->len, blob;

	put_header(out, m, MSD_STATUS_MORE_PROCESSING, UID);
	msd_put8(out, SETUP_REPLY_WORDS);
	msd_put_le16(out, ANDX_NONE);
	msd_put_le16(out, 0);
	msd_put_le16(out, 0);
	msd_put_le16(out, 0);
	msd_put_le16(out, 0);
	blob = out->len;
	msd_spnego_put_answer(rq, l, out);
	msd_patch_le16(out, blob - 4, out->len - blob);
	/* UTF-16 stands at even offsets, from the header on. */
	if (unicode && (out->len - start) & 1)
		msd_put8(out, 0);
	put_text(out, MSD_SMB_OS, unicode);
	put_text(out, MSD_SMB_LANMAN, unicode);
	msd_patch_le16(out, blob - 2, out->len - blob);
}

/* A request with 10 or 13 words has passwords in it; they are all wrong. */
static u32 setup_token(const struct message *m, struct msd_view *token)
{
	struct msd_view words = m->words, bytes = m->bytes;

	if (words.len != 2 * SETUP_WORDS)
		return words.len == 2 * 10 || words.len == 2 * 13 ?
		       MSD_STATUS_LOGON_FAILURE : MSD_STATUS_INVALID_SMB;
	msd_skip(&words, 14);
	*token = msd_sub(&bytes, msd_get_le16(&words));
	return msd_view_ok(token) ? MSD_STATUS_OK : MSD_STATUS_INVALID_SMB;
}

static void session_setup(const struct msd_request *rq, const struct message *m,
			  struct msd_buf *out)
{
	struct msd_logon logon;
	struct msd_view token;
	u32 status = setup_token(m, &token);

	if (status == MSD_STATUS_OK)
		status = msd_spnego_read(token, &logon);
	if (status == MSD_STATUS_MORE_PROCESSING)
		put_setup(rq, m, &logon, out);
	else
		put_error(out, m, status);
}

static void put_reply(struct msd_request *rq, const struct message *m, bool whole,
		      struct msd_buf *out)
{
	if (!whole)
		put_error(out, m, MSD_STATUS_INVALID_SMB);
	else if (m->command == CMD_NEGOTIATE)
		negotiate(rq, m, out);
	else if (m->command == CMD_SESSION_SETUP)
		session_setup(rq, m, out);
	else
		put_error(out, m, MSD_STATUS_BAD_UID);
}

/* A name in first-level encoding (RFC 1001 section 14.1), without scope. */
static bool netbios_name_byte(u32 at, u8 c)
{
	if (!at)
		return c == NETBIOS_NAME_LEN;
	if (at <= NETBIOS_NAME_LEN)
		return c >= 'A' && c <= 'P';
	return !c;
}

/* What the view has run out of is as good as right. */
static bool skip_netbios_name(struct msd_view *v)
{
	u32 at;

	for (at = 0; at < 1 + NETBIOS_NAME_LEN + 1; at++) {
		u8 c = msd_get8(v);

		if (msd_view_ok(v) && !netbios_name_byte(at, c))
			return false;
	}
	return true;
}

static enum msd_ask answer_netbios(struct msd_request *rq, struct msd_buf *out)
{
	struct msd_view v = rq->in;

	msd_skip(&v, 4);
	if (!skip_netbios_name(&v) || !skip_netbios_name(&v))
		return MSD_ASK_NOT_MINE;
	if (!msd_view_ok(&v)) {
		rq->need = NETBIOS_REQUEST_LEN;
		return MSD_ASK_MORE;
	}
	msd_put8(out, NETBIOS_POSITIVE);
	msd_put_zero(out, 3);
	return MSD_ASK_ANSWER;
}

static enum msd_ask answer(struct msd_request *rq, struct msd_buf *out)
{
	struct message m = {};
	struct msd_view msg;
	enum msd_ask ask;
	bool whole;
	u32 start;

	if (rq->in.len && *rq->in.p)
		return answer_netbios(rq, out);
	ask = msd_smb_open(rq, &msg);
	if (ask != MSD_ASK_ANSWER)
		return ask;
	if (!get_header(&msg, &m))
		return msd_smb_end_silent(rq);
	if (m.flags & FLAG_REPLY)
		return MSD_ASK_NOT_MINE;
	whole = get_blocks(&msg, &m);
	if (msd_smb_first(rq) && (!whole || m.command != CMD_NEGOTIATE))
		return msd_smb_end_silent(rq);
	start = msd_smb_begin(out);
	put_reply(rq, &m, whole, out);
	msd_smb_end(out, start);
	return MSD_ASK_ANSWER;
}

static const struct msd_pattern patterns[] = {
	MSD_PATTERN_MASK("\0\0\0\0" MAGIC, "\xff\xff\0\0\xff\xff\xff\xff"),
	/* Session request for two names without scope. */
	MSD_PATTERN("\x81\0\0\x44\x20"),
};

const struct msd_responder msd_smb1 = {
	.name = "smb1",
	.source = "MS-CIFS, MS-SMB, RFC 1002",
	.transports = MSD_TCP,
	.npatterns = ARRAY_SIZE(patterns),
	.patterns = patterns,
	.answer = answer,
};
