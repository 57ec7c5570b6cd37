// SPDX-License-Identifier: GPL-2.0-only
/*
 * SIP: the replies of sip.c. They echo Via, From, To, Call-ID and CSeq (RFC 3261
 * section 8.2.6), To with a tag made of the key and Call-ID, so that it is the
 * same for a repeat.
 *
 * Sources of UDP can be forged, so there what a reply can do without (Server,
 * Accept, Allow to OPTIONS) is left out when it would be longer than
 * MSD_SIP_UDP_MOST of the request; what is longer all the same is not sent.
 */
#include <linux/kernel.h>
#include "sip.h"

/* Set our uses of the key apart from others'. */
#define TWEAK_TAG 0x73697000
#define TWEAK_NONCE 0x73697001

#define ALLOW "Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REGISTER\r\n"

/* Length of an address as text. */
#define ADDR_MAX 48
/* Of the challenge, and of Content-Length with the blank line. */
#define CHALLENGE_LEN 83
#define END_LEN 21

/**
 * struct reason - a status and its reason phrase
 * @status: status code
 * @text: reason phrase
 */
struct reason {
	u16 status;
	const char *text;
};

static const struct reason reasons[] = {
	{ 200, "OK" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 420, "Bad Extension" },
	{ 481, "Call/Transaction Does Not Exist" },
	{ 501, "Not Implemented" },
	{ 505, "Version Not Supported" },
};

/* Echoed below Via, in this order. */
static const struct {
	enum msd_sip_field field;
	const char *name;
} echoed[] = {
	{ MSD_SIP_FROM, "From" },
	{ MSD_SIP_TO, "To" },
	{ MSD_SIP_CALL_ID, "Call-ID" },
	{ MSD_SIP_CSEQ, "CSeq" },
};

/*
 * Host of "SIP/2.0/UDP host:port", and whether it is such a thing at all. An
 * IPv6 address loses its brackets.
 */
static bool sent_by(struct msd_view via, struct msd_view *host)
{
	struct msd_view name = msd_sip_until(&via, '/');
	struct msd_view version = msd_sip_until(&via, '/');

	msd_sip_trim(&name);
	msd_sip_trim(&version);
	msd_sip_trim(&via);
	while (via.len && !msd_sip_blank(*via.p))
		msd_skip(&via, 1);
	msd_sip_trim(&via);
	if (msd_starts(&via, "[", 1)) {
		msd_skip(&via, 1);
		*host = msd_sip_until(&via, ']');
	} else {
		*host = msd_sip_until(&via, ':');
		msd_sip_trim(host);
	}
	return msd_sip_is(&name, "SIP") && msd_sip_is(&version, "2.0") && host->len;
}

bool msd_sip_via_ok(const struct msd_sip_request *q)
{
	struct msd_view via = q->value[MSD_SIP_VIA], first = msd_sip_until(&via, ',');
	struct msd_view host;

	return sent_by(msd_sip_until(&first, ';'), &host);
}

/* Take a parameter, such as "rport" or "ttl=16", and the ';' behind it. */
static struct msd_view take_param(struct msd_view *v)
{
	struct msd_view param = *v;
	u32 n = 0;

	while (n < v->len && v->p[n] != ';')
		n++;
	param.len = n;
	msd_skip(v, n < v->len ? n + 1 : n);
	return param;
}

/* Is the parameter's name this word, in any case? */
static bool param_is(struct msd_view param, const char *word, u32 len)
{
	while (param.len && msd_sip_blank(*param.p))
		msd_skip(&param, 1);
	if (param.len < len || (*param.p | 0x20) != *word ||
	    strncasecmp((const char *)param.p, word, len))
		return false;
	msd_skip(&param, len);
	while (param.len && msd_sip_blank(*param.p))
		msd_skip(&param, 1);
	return !param.len || *param.p == '=';
}

/*
 * The Via of who sent us this: with the address it came from, when that is not
 * the one it names or its port is asked for (RFC 3261 section 18.2.1, RFC 3581
 * section 4). What the client claims of these itself is dropped.
 */
static void put_top_via(struct msd_buf *out, const struct msd_request *rq,
			struct msd_view via)
{
	char text[ADDR_MAX];
	struct msd_buf addr = msd_buf(text, sizeof(text));
	struct msd_view first = msd_sip_until(&via, ','), host;
	struct msd_view head = msd_sip_until(&first, ';');
	bool rport = false;

	msd_put_addr(&addr, rq->flow->family, &rq->flow->saddr);
	sent_by(head, &host);
	msd_put_bytes(out, head.p, head.len);
	while (first.len) {
		struct msd_view param = take_param(&first);
		bool asks = param_is(param, "rport", 5);

		rport |= asks;
		if (asks || param_is(param, "received", 8))
			continue;
		msd_put8(out, ';');
		msd_put_bytes(out, param.p, param.len);
	}
	if (rport || host.len != addr.len || memcmp(host.p, text, addr.len)) {
		msd_put_lit(out, ";received=");
		msd_put_bytes(out, text, addr.len);
	}
	if (rport) {
		msd_put_lit(out, ";rport=");
		msd_put_dec(out, be16_to_cpu(rq->flow->sport), 1);
	}
	if (via.len) {
		msd_put8(out, ',');
		msd_put_bytes(out, via.p, via.len);
	}
}

static void put_vias(struct msd_buf *out, const struct msd_request *rq,
		     const struct msd_sip_request *q)
{
	u32 i;

	for (i = 0; i < q->nvias; i++) {
		struct msd_view value = msd_view(q->base + q->via[i].at,
						 q->via[i].len);

		msd_put_lit(out, "Via: ");
		if (!i)
			put_top_via(out, rq, value);
		else
			msd_put_bytes(out, value.p, value.len);
		msd_put_lit(out, "\r\n");
	}
}

/* Parameters behind an address: those within <> belong to the URI. */
static struct msd_view params_of(struct msd_view v)
{
	bool quoted = false;
	u32 i;

	for (i = 0; i < v.len; i++) {
		if (v.p[i] == '"')
			quoted = !quoted;
		else if (quoted && v.p[i] == '\\')
			i++;
		else if (!quoted && v.p[i] == '>')
			break;
	}
	if (i < v.len)
		msd_skip(&v, i);
	msd_sip_until(&v, ';');
	return v;
}

static bool has_tag(struct msd_view to)
{
	struct msd_view params = params_of(to);

	while (params.len)
		if (param_is(take_param(&params), "tag", 3))
			return true;
	return false;
}

static void put_hex(struct msd_buf *out, u64 val, u32 digits)
{
	while (digits--)
		msd_put8(out, "0123456789abcdef"[val >> 4 * digits & 15]);
}

/* A number that depends on the call, or on the time too. */
static u64 secret(const struct msd_request *rq, const struct msd_sip_request *q,
		  u64 now, u64 tweak)
{
	const siphash_key_t *key = &rq->ctx->cfg->key;
	const struct msd_view *id = &q->value[MSD_SIP_CALL_ID];

	return siphash_3u64(siphash(id->p, id->len, key), now, tweak, key);
}

static void put_value(struct msd_buf *out, const char *name,
		      const struct msd_view *value)
{
	msd_put_str(out, name);
	msd_put_lit(out, ": ");
	msd_put_bytes(out, value->p, value->len);
}

/* The fields every reply echoes, as far as the request has them. */
static void put_echo(struct msd_buf *out, const struct msd_request *rq,
		     const struct msd_sip_request *q)
{
	u32 i;

	put_vias(out, rq, q);
	for (i = 0; i < ARRAY_SIZE(echoed); i++) {
		const struct msd_view *value = &q->value[echoed[i].field];

		if (!value->len)
			continue;
		put_value(out, echoed[i].name, value);
		if (echoed[i].field == MSD_SIP_TO && !has_tag(*value)) {
			msd_put_lit(out, ";tag=");
			put_hex(out, secret(rq, q, 0, TWEAK_TAG), 8);
		}
		msd_put_lit(out, "\r\n");
	}
}

static void put_status(struct msd_buf *out, u16 status)
{
	const struct reason *r = reasons;

	while (r->status != status)
		r++;
	msd_put_lit(out, "SIP/2.0 ");
	msd_put_dec(out, status, 3);
	msd_put8(out, ' ');
	msd_put_str(out, r->text);
	msd_put_lit(out, "\r\n");
}

static void put_challenge(struct msd_buf *out, const struct msd_request *rq,
			  const struct msd_sip_request *q)
{
	msd_put_lit(out, "WWW-Authenticate: Digest algorithm=MD5");
	msd_put_lit(out, ", realm=\"asterisk\", nonce=\"");
	put_hex(out, secret(rq, q, rq->ctx->now, TWEAK_NONCE), 16);
	msd_put_lit(out, "\"\r\n");
}

/* Lines a reply can do without, as far as @end bytes of the buffer go. */
static void put_extra(struct msd_buf *out, u32 end, const char *line)
{
	u32 len = strlen(line);

	if (out->len + len <= end)
		msd_put_bytes(out, line, len);
}

void msd_sip_reply(struct msd_buf *out, const struct msd_request *rq,
		   const struct msd_sip_request *q, u16 status)
{
	bool udp = rq->transport == MSD_UDP;
	u32 end = udp ? out->len + MSD_SIP_UDP_MOST(rq->in.len) : U32_MAX;

	end -= END_LEN + (status == 401 ? CHALLENGE_LEN : 0);
	put_status(out, status);
	put_echo(out, rq, q);
	put_extra(out, end, "Server: Asterisk PBX 16.28.0\r\n");
	if (status == 405 || status == 501)
		msd_put_lit(out, ALLOW);
	if (status == 200) {
		put_extra(out, end, ALLOW);
		put_extra(out, end, "Accept: application/sdp\r\n");
	}
	if (status == 401)
		put_challenge(out, rq, q);
	if (status == 420) {
		put_value(out, "Unsupported", &q->value[MSD_SIP_REQUIRE]);
		msd_put_lit(out, "\r\n");
	}
	msd_put_lit(out, "Content-Length: 0\r\n\r\n");
}
