// SPDX-License-Identifier: GPL-2.0-only
/*
 * SPNEGO (RFC 4178, MS-SPNG) with NTLMSSP as the only mechanism, in DER (X.690).
 *
 *   token of the client               status and our token
 *   another mechanism's               MORE_PROCESSING, NTLMSSP is named
 *   NTLMSSP negotiate                 MORE_PROCESSING, NTLMSSP challenge
 *   NTLMSSP authenticate              LOGON_FAILURE, none
 *   anything else                     INVALID_PARAMETER, none
 *
 * NTLMSSP that comes without SPNEGO around it is answered without.
 */
#include "smb.h"

#define DER_OCTETS		0x04
#define DER_OID			0x06
#define DER_ENUMERATED		0x0a
#define DER_GENERAL_STRING	0x1b
#define DER_SEQUENCE		0x30
#define DER_APPLICATION		0x60
#define DER_CONTEXT(n)		(0xa0 + (n))

#define OID_SPNEGO		"\x2b\x06\x01\x05\x05\x02"
#define OID_NTLMSSP		"\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a"

#define INIT_MECH_TYPES		0
#define INIT_HINTS		3
#define HINT_NAME		0
#define RESP_STATE		0
#define RESP_MECH		1
#define EITHER_TOKEN		2
#define STATE_INCOMPLETE	1

/* Length of an element in 1 to 3 bytes; longer ones are not for us. */
static u32 get_length(struct msd_view *v)
{
	u8 first = msd_get8(v);

	if (first < 0x80)
		return first;
	if (first == 0x81)
		return msd_get8(v);
	if (first == 0x82)
		return msd_get_be16(v);
	v->bad = true;
	return 0;
}

static struct msd_view get_any(struct msd_view *v, u8 *tag)
{
	*tag = msd_get8(v);
	return msd_sub(v, get_length(v));
}

/* The content of an element that must be a @tag; bad when it is not. */
static struct msd_view get_element(struct msd_view *v, u8 want)
{
	struct msd_view body;
	u8 tag;

	body = get_any(v, &tag);
	if (tag != want || !msd_view_ok(v))
		body = (struct msd_view){ .bad = true };
	return body;
}

/* Inside the initial token: past the OID that says it is SPNEGO. */
static struct msd_view open_initial(struct msd_view blob)
{
	struct msd_view app = get_element(&blob, DER_APPLICATION);
	struct msd_view oid = get_element(&app, DER_OID);

	if (!msd_starts(&oid, OID_SPNEGO, sizeof(OID_SPNEGO) - 1))
		app.bad = true;
	return app;
}

/* The mechanism's token in a NegTokenInit or NegTokenResp; may be empty. */
static bool get_token(struct msd_view blob, struct msd_view *token)
{
	bool initial = blob.len && *blob.p == DER_APPLICATION;
	struct msd_view v = initial ? open_initial(blob) : blob;
	struct msd_view choice = get_element(&v, DER_CONTEXT(initial ? 0 : 1));
	struct msd_view seq = get_element(&choice, DER_SEQUENCE);
	bool ok = msd_view_ok(&v) && msd_view_ok(&seq);

	*token = msd_view(NULL, 0);
	while (ok && seq.len) {
		u8 tag;
		struct msd_view field = get_any(&seq, &tag);

		if (tag == DER_CONTEXT(EITHER_TOKEN)) {
			*token = get_element(&field, DER_OCTETS);
			ok = msd_view_ok(token);
		}
		ok = ok && msd_view_ok(&seq);
	}
	return ok;
}

/* Begin an element of unknown length; returns where its content begins. */
static u32 der_open(struct msd_buf *out, u8 tag)
{
	msd_put8(out, tag);
	msd_put8(out, 0);
	return out->len;
}

/* DER wants the shortest length, so the content may have to make room. */
static void der_close(struct msd_buf *out, u32 at)
{
	u32 len = out->len - at;
	u32 more = len < 0x80 ? 0 : len < 0x100 ? 1 : 2;

	if (!msd_put(out, more))
		return;
	memmove(out->data + at + more, out->data + at, len);
	if (more)
		out->data[at - 1] = 0x80 | more;
	out->data[at - 1 + more] = len;
	if (more == 2)
		out->data[at] = len >> 8;
}

static void put_oid(struct msd_buf *out, const char *oid, u32 len)
{
	msd_put8(out, DER_OID);
	msd_put8(out, len);
	msd_put_bytes(out, oid, len);
}

/* MS-SPNG section 2.2.1: every Windows server sends this very text. */
static void put_hints(struct msd_buf *out)
{
	u32 ctx = der_open(out, DER_CONTEXT(INIT_HINTS));
	u32 seq = der_open(out, DER_SEQUENCE);
	u32 name = der_open(out, DER_CONTEXT(HINT_NAME));
	u32 text = der_open(out, DER_GENERAL_STRING);

	msd_put_lit(out, "not_defined_in_RFC4178@please_ignore");
	der_close(out, text);
	der_close(out, name);
	der_close(out, seq);
	der_close(out, ctx);
}

void msd_spnego_put_init(struct msd_buf *out)
{
	u32 app = der_open(out, DER_APPLICATION);
	u32 choice, seq, types, list;

	put_oid(out, OID_SPNEGO, sizeof(OID_SPNEGO) - 1);
	choice = der_open(out, DER_CONTEXT(0));
	seq = der_open(out, DER_SEQUENCE);
	types = der_open(out, DER_CONTEXT(INIT_MECH_TYPES));
	list = der_open(out, DER_SEQUENCE);
	put_oid(out, OID_NTLMSSP, sizeof(OID_NTLMSSP) - 1);
	der_close(out, list);
	der_close(out, types);
	put_hints(out);
	der_close(out, seq);
	der_close(out, choice);
	der_close(out, app);
}

/* NegTokenResp: go on, with NTLMSSP; a challenge when its turn has come. */
static void put_resp(struct msd_buf *out, const struct msd_request *rq,
		     const struct msd_logon *l)
{
	u32 choice = der_open(out, DER_CONTEXT(1));
	u32 seq = der_open(out, DER_SEQUENCE);
	u32 field = der_open(out, DER_CONTEXT(RESP_STATE));
	u32 octets;

	msd_put8(out, DER_ENUMERATED);
	msd_put8(out, 1);
	msd_put8(out, STATE_INCOMPLETE);
	der_close(out, field);

	field = der_open(out, DER_CONTEXT(RESP_MECH));
	put_oid(out, OID_NTLMSSP, sizeof(OID_NTLMSSP) - 1);
	der_close(out, field);

	if (l->challenge) {
		field = der_open(out, DER_CONTEXT(EITHER_TOKEN));
		octets = der_open(out, DER_OCTETS);
		msd_ntlm_put_challenge(rq, l->flags, out);
		der_close(out, octets);
		der_close(out, field);
	}
	der_close(out, seq);
	der_close(out, choice);
}

u32 msd_spnego_read(struct msd_view blob, struct msd_logon *l)
{
	struct msd_view token = blob;
	enum msd_ntlm what;

	*l = (struct msd_logon){};
	what = msd_ntlm_read(blob, &l->flags);
	l->raw = what != MSD_NTLM_NONE;
	if (!l->raw) {
		if (!get_token(blob, &token))
			return MSD_STATUS_INVALID_PARAMETER;
		what = msd_ntlm_read(token, &l->flags);
	}
	l->challenge = what == MSD_NTLM_NEGOTIATE;
	if (what == MSD_NTLM_AUTHENTICATE)
		return MSD_STATUS_LOGON_FAILURE;
	if (what == MSD_NTLM_BAD)
		return MSD_STATUS_INVALID_PARAMETER;
	return MSD_STATUS_MORE_PROCESSING;
}

void msd_spnego_put_answer(const struct msd_request *rq,
			   const struct msd_logon *l, struct msd_buf *out)
{
	if (l->raw)
		msd_ntlm_put_challenge(rq, l->flags, out);
	else
		put_resp(out, rq, l);
}
