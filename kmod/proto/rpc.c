// SPDX-License-Identifier: GPL-2.0-only
/*
 * ONC RPC (RFC 5531): rpcbind, versions 2 to 4 (RFC 1833), on every port. It is
 * the only program; it knows of nothing but itself, at port 111. Where the RFC
 * leaves a choice, we say what rpcbind 1.2.6 says.
 *
 *   call                               reply
 *   credential not AUTH_NONE, or an
 *   AUTH_SYS that is none              denied, AUTH_BADCRED
 *   CALLIT, BCAST, INDIRECT            denied, AUTH_TOOWEAK: they would send a
 *                                      third party's request on
 *   other program                      PROG_UNAVAIL
 *   other version                      PROG_MISMATCH 2 to 4
 *   NULL                               success
 *   GETPORT, GETADDR, GETVERSADDR      our port or address; 0 or "" for others
 *   DUMP over TCP                      the table of rpcbind
 *   DUMP over UDP                      its entries of the transport in use, as
 *                                      the whole would multiply what was sent
 *   GETTIME (3, 4)                     Unix time
 *   other procedure                    PROC_UNAVAIL
 *   arguments cut short                GARBAGE_ARGS
 *   anything else, replies and other
 *   versions of RPC included           silence
 *
 * A program has a number below 0x40000000 (RFC 5531 section 8.3): above that
 * stand words such as INIT, where a call begins like an NTP request. Over TCP a
 * call is one record of one fragment.
 */
#include <linux/build_bug.h>
#include <linux/in.h>
#include <linux/kernel.h>
#include "proto.h"

#define RPC_VERSION		2
#define RPCBIND			100000
#define RPCBIND_LOW		2
#define RPCBIND_HIGH		4
/* No program has a lower number; our own replies and zeros stay below. */
#define PROGRAM_MIN		100000
#define PORT			111

#define AUTH_NONE		0
#define AUTH_SYS		1
#define AUTH_BYTES_MAX		400
#define AUTH_NAME_MAX		255
#define AUTH_GROUPS_MAX		16

#define MSG_CALL		0
#define MSG_REPLY		1
#define REPLY_ACCEPTED		0
#define REPLY_DENIED		1
#define DENIED_AUTH		1
#define AUTH_BADCRED		1
#define AUTH_TOOWEAK		5

#define RECORD_LAST		0x80000000
#define RECORD_MAX		4095

enum accept_stat {
	SUCCESS,
	PROG_UNAVAIL,
	PROG_MISMATCH,
	PROC_UNAVAIL,
	GARBAGE_ARGS,
};

enum procedure {
	PROC_NULL = 0,
	PROC_GETADDR = 3,	/* GETPORT in version 2 */
	PROC_DUMP = 4,
	PROC_CALLIT = 5,	/* BCAST in version 4 */
	PROC_GETTIME = 6,
	PROC_GETVERSADDR = 9,
	PROC_INDIRECT = 10,
};

/*
 * struct call - an RPC call
 * @flavour: of the credential
 * @cred: its body
 * @args: what follows the verifier
 */
struct call {
	u32 xid;
	u32 prog;
	u32 vers;
	u32 proc;
	u32 flavour;
	struct msd_view cred;
	struct msd_view args;
};

/* What DUMP lists; a universal address of "any" is that of a socket. */
static const struct entry {
	const char *netid;
	const char *uaddr;
	u8 family;
	u8 transport;
	u8 low;
} table[] = {
	{ "tcp6", "::.0.111", 6, MSD_TCP, 3 },
	{ "udp6", "::.0.111", 6, MSD_UDP, 3 },
	{ "tcp", "0.0.0.0.0.111", 4, MSD_TCP, 2 },
	{ "udp", "0.0.0.0.0.111", 4, MSD_UDP, 2 },
	{ "local", "/run/rpcbind.sock", 0, 0, 3 },
};

/* XDR opaque or string: length, bytes, padding to four. */
static struct msd_view get_opaque(struct msd_view *v, u32 max)
{
	u32 len = msd_get_be32(v);
	struct msd_view bytes;

	if (len > max)
		v->bad = true;
	bytes = msd_sub(v, v->bad ? 0 : len);
	msd_skip(v, -len & 3);
	return bytes;
}

static void put_string(struct msd_buf *out, const char *s)
{
	u32 len = strlen(s);

	msd_put_be32(out, len);
	msd_put_bytes(out, s, len);
	msd_put_zero(out, -len & 3);
}

static bool get_call(struct msd_view v, struct call *c)
{
	c->xid = msd_get_be32(&v);
	if (msd_get_be32(&v) != MSG_CALL || msd_get_be32(&v) != RPC_VERSION)
		return false;
	c->prog = msd_get_be32(&v);
	c->vers = msd_get_be32(&v);
	c->proc = msd_get_be32(&v);
	c->flavour = msd_get_be32(&v);
	c->cred = get_opaque(&v, AUTH_BYTES_MAX);
	msd_skip(&v, 4);
	get_opaque(&v, AUTH_BYTES_MAX);
	c->args = v;
	return msd_view_ok(&v) && c->prog >= PROGRAM_MIN;
}

bool msd_rpc_is_reply(struct msd_view in)
{
	msd_skip(&in, 4);
	return msd_get_be32(&in) == MSG_REPLY &&
	       msd_get_be32(&in) <= REPLY_DENIED && msd_view_ok(&in);
}

/* AUTH_NONE, or AUTH_SYS with all its parts (RFC 5531 section 14). */
static bool cred_ok(const struct call *c)
{
	struct msd_view v = c->cred;
	u32 groups;

	if (c->flavour != AUTH_SYS)
		return c->flavour == AUTH_NONE;
	msd_skip(&v, 4);
	get_opaque(&v, AUTH_NAME_MAX);
	msd_skip(&v, 8);
	groups = msd_get_be32(&v);
	msd_skip(&v, groups <= AUTH_GROUPS_MAX ? groups * 4 : U32_MAX);
	return msd_view_ok(&v);
}

/* Would we send somebody else's request on? */
static bool passes_on(const struct call *c)
{
	return c->prog == RPCBIND && c->vers >= RPCBIND_LOW &&
	       c->vers <= RPCBIND_HIGH &&
	       (c->proc == PROC_CALLIT ||
		(c->proc == PROC_INDIRECT && c->vers == RPCBIND_HIGH));
}

static void put_denied(struct msd_buf *out, const struct call *c, u32 why)
{
	msd_put_be32(out, c->xid);
	msd_put_be32(out, MSG_REPLY);
	msd_put_be32(out, REPLY_DENIED);
	msd_put_be32(out, DENIED_AUTH);
	msd_put_be32(out, why);
}

static void put_accepted(struct msd_buf *out, const struct call *c,
			 enum accept_stat stat)
{
	msd_put_be32(out, c->xid);
	msd_put_be32(out, MSG_REPLY);
	msd_put_be32(out, REPLY_ACCEPTED);
	msd_put_be32(out, AUTH_NONE);
	msd_put_be32(out, 0);
	msd_put_be32(out, stat);
}

/* Universal address (RFC 5665 section 5.2.3): address and port, as a string. */
static void put_uaddr(struct msd_buf *out, const struct msd_flow *flow)
{
	u32 at = out->len, len;

	msd_put_be32(out, 0);
	msd_put_addr(out, flow->family, &flow->daddr);
	msd_put_lit(out, ".0.");
	msd_put_dec(out, PORT, 1);
	len = out->len - at - 4;
	msd_put_zero(out, -len & 3);
	msd_patch_be32(out, at, len);
}

/* Version 2 GETPORT: program, version, protocol, port. */
static enum accept_stat getport(const struct call *c, struct msd_buf *out)
{
	struct msd_view v = c->args;
	u32 prog = msd_get_be32(&v), prot;

	msd_skip(&v, 4);
	prot = msd_get_be32(&v);
	msd_skip(&v, 4);
	if (!msd_view_ok(&v))
		return GARBAGE_ARGS;
	put_accepted(out, c, SUCCESS);
	msd_put_be32(out, prog == RPCBIND && (prot == IPPROTO_TCP || prot == IPPROTO_UDP) ?
			  PORT : 0);
	return SUCCESS;
}

/*
 * Versions 3 and 4: program, version, netid, address, owner. GETADDR takes any
 * version of the program, GETVERSADDR just the one that is named.
 */
static enum accept_stat getaddr(const struct msd_request *rq, const struct call *c,
				struct msd_buf *out)
{
	struct msd_view v = c->args;
	u32 prog = msd_get_be32(&v), vers = msd_get_be32(&v);
	bool known = prog == RPCBIND;

	get_opaque(&v, RECORD_MAX);
	get_opaque(&v, RECORD_MAX);
	get_opaque(&v, RECORD_MAX);
	if (!msd_view_ok(&v))
		return GARBAGE_ARGS;
	if (c->proc == PROC_GETVERSADDR)
		known = known && vers >= RPCBIND_LOW && vers <= RPCBIND_HIGH;
	put_accepted(out, c, SUCCESS);
	if (known)
		put_uaddr(out, rq->flow);
	else
		put_string(out, "");
	return SUCCESS;
}

static void put_entry(struct msd_buf *out, const struct entry *e, u32 vers,
		      bool old)
{
	msd_put_be32(out, true);
	msd_put_be32(out, RPCBIND);
	msd_put_be32(out, vers);
	if (old) {
		msd_put_be32(out, e->transport == MSD_TCP ? IPPROTO_TCP : IPPROTO_UDP);
		msd_put_be32(out, PORT);
	} else {
		put_string(out, e->netid);
		put_string(out, e->uaddr);
		put_string(out, "superuser");
	}
}

/* Version 2 knows IPv4 only, whatever it is asked over. */
static bool listed(const struct msd_request *rq, const struct entry *e, bool old)
{
	if (old && e->family != 4)
		return false;
	return rq->transport == MSD_TCP ||
	       (e->transport == MSD_UDP && (old || e->family == rq->flow->family));
}

static enum accept_stat dump(const struct msd_request *rq, const struct call *c,
			     struct msd_buf *out)
{
	bool old = c->vers == 2;
	u32 i, vers;

	put_accepted(out, c, SUCCESS);
	for (i = 0; i < ARRAY_SIZE(table); i++)
		for (vers = RPCBIND_HIGH; vers >= table[i].low; vers--)
			if (listed(rq, &table[i], old))
				put_entry(out, &table[i], vers, old);
	msd_put_be32(out, false);
	return SUCCESS;
}

/* Writes the reply on success only; returns why not otherwise. */
static enum accept_stat rpcbind(const struct msd_request *rq, const struct call *c,
				struct msd_buf *out)
{
	switch (c->proc) {
	case PROC_NULL:
		put_accepted(out, c, SUCCESS);
		return SUCCESS;
	case PROC_GETADDR:
		return c->vers == 2 ? getport(c, out) : getaddr(rq, c, out);
	case PROC_DUMP:
		return dump(rq, c, out);
	case PROC_GETTIME:
		if (c->vers == 2)
			return PROC_UNAVAIL;
		put_accepted(out, c, SUCCESS);
		msd_put_be32(out, rq->ctx->now);
		return SUCCESS;
	case PROC_GETVERSADDR:
		return c->vers == 4 ? getaddr(rq, c, out) : PROC_UNAVAIL;
	}
	return PROC_UNAVAIL;
}

static void put_reply(const struct msd_request *rq, const struct call *c,
		      struct msd_buf *out)
{
	enum accept_stat stat;

	if (!cred_ok(c)) {
		put_denied(out, c, AUTH_BADCRED);
	} else if (passes_on(c)) {
		put_denied(out, c, AUTH_TOOWEAK);
	} else if (c->prog != RPCBIND) {
		put_accepted(out, c, PROG_UNAVAIL);
	} else if (c->vers < RPCBIND_LOW || c->vers > RPCBIND_HIGH) {
		put_accepted(out, c, PROG_MISMATCH);
		msd_put_be32(out, RPCBIND_LOW);
		msd_put_be32(out, RPCBIND_HIGH);
	} else {
		stat = rpcbind(rq, c, out);
		if (stat != SUCCESS)
			put_accepted(out, c, stat);
	}
}

static enum msd_ask answer_udp(struct msd_request *rq, struct msd_buf *out)
{
	struct call c;

	if (!get_call(rq->in, &c))
		return MSD_ASK_NOT_MINE;
	put_reply(rq, &c, out);
	return MSD_ASK_ANSWER;
}

/* Record marking (RFC 5531 section 11): last-fragment bit and length. */
static enum msd_ask answer_record(struct msd_request *rq, struct msd_view *v,
				  struct msd_buf *out)
{
	u32 mark = msd_get_be32(v);
	u32 len = mark & ~RECORD_LAST;
	u32 start = out->len;
	struct call c;

	if (!(mark & RECORD_LAST) || len > RECORD_MAX)
		return MSD_ASK_NOT_MINE;
	rq->need = rq->in.len - v->len + len;
	if (v->len < len)
		return MSD_ASK_MORE;
	if (!get_call(msd_sub(v, len), &c))
		return MSD_ASK_NOT_MINE;
	msd_put_be32(out, 0);
	put_reply(rq, &c, out);
	msd_patch_be32(out, start, RECORD_LAST | (out->len - start - 4));
	return MSD_ASK_ANSWER;
}

/*
 * The calls that are there are answered together, as far as there is room. One
 * that is not whole by then is lost.
 */
static enum msd_ask answer_tcp(struct msd_request *rq, struct msd_buf *out)
{
	struct msd_view v = rq->in;
	enum msd_ask ask = answer_record(rq, &v, out);

	while (ask == MSD_ASK_ANSWER && v.len) {
		struct msd_buf before = *out;

		if (answer_record(rq, &v, out) == MSD_ASK_ANSWER && msd_buf_ok(out))
			continue;
		*out = before;
		break;
	}
	return ask;
}

static enum msd_ask answer(struct msd_request *rq, struct msd_buf *out)
{
	return rq->transport == MSD_TCP ? answer_tcp(rq, out) : answer_udp(rq, out);
}

/*
 * A call: any xid, type 0, RPC version 2, program below 0x40000000, any version,
 * procedure below 256; over TCP behind the mark of a last fragment below 4096
 * bytes.
 */
#define CALL "\0\0\0\0\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0\0\0\0\0\0"
#define CALL_MASK "\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff" \
		  "\xc0\x00\x00\x00\x00\x00\x00\x00\xff\xff\xff\x00"

static const struct msd_pattern patterns[] = {
	MSD_PATTERN_MASK(CALL, CALL_MASK),
	MSD_PATTERN_MASK("\x80\0\0\0" CALL, "\xff\xff\xf0\x00" CALL_MASK),
};

const struct msd_responder msd_rpc = {
	.name = "rpc",
	.source = "RFC 5531, RFC 1833",
	.transports = MSD_TCP | MSD_UDP,
	.npatterns = ARRAY_SIZE(patterns),
	.patterns = patterns,
	.answer = answer,
};
