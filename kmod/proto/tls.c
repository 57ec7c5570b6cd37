// SPDX-License-Identifier: GPL-2.0-only
/*
 * TLS server that agrees to nothing: a ClientHello draws one fatal alert, and
 * the connection ends (RFC 8446, RFC 5246; SSLv2 format: RFC 5246 E.2).
 *
 *	ClientHello				alert, as nginx with OpenSSL 3.0
 *	offers TLS 1.2 or later			handshake_failure
 *	offers TLS 1.3 without key_share	missing_extension
 *	offers TLS 1.0 or 1.1 at most		internal_error
 *	below TLS 1.3, with
 *	TLS_FALLBACK_SCSV (RFC 7507)		inappropriate_fallback
 *	offers SSL 3.0 in its version		handshake_failure
 *	offers SSL 3.0 in its list, or 2.0	protocol_version
 *	lengths that do not add up, in the
 *	hello, SNI (RFC 6066), ALPN (RFC 7301)
 *	or supported_versions			decode_error
 *	no cipher suites, or too large		illegal_parameter
 *	no null compression			decode_error
 *	interrupted by another record, or by
 *	one without content			unexpected_message
 *	record of more than 2^14 bytes		record_overflow
 *
 * The alert's record carries the hello's version, kept between SSL 3.0 and TLS
 * 1.2, as TLS 1.3 wants it too. Any other record, alerts included, is not ours.
 *
 * A hello may be spread over records as it likes and is judged when all of it
 * is there. Of a hello that ends behind the first MSD_FLOW_BYTES of the stream
 * the middle may have been lost (core/flow.c), and with it the count of its
 * bytes: it is judged by what is surely whole, as soon as that is there.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>
#include "../core/flow.h"
#include "proto.h"

#define ALERT 21
#define HANDSHAKE 22
#define CLIENT_HELLO 1

#define SSL3 0x0300
#define TLS1_0 0x0301
#define TLS1_2 0x0303
#define TLS1_3 0x0304

#define RECORD_MAX 16384
/* What OpenSSL takes; no hello comes near it. */
#define HELLO_MAX 131396
#define RANDOM_LEN 32
#define SESSION_ID_MAX 32

#define FALLBACK_SCSV 0x5600
#define COMPRESSION_NULL 0

#define SERVER_NAME 0
#define ALPN 16
#define SUPPORTED_VERSIONS 43
#define KEY_SHARE 51

/* Bytes of an SSLv2 hello before its three lists. */
#define V2_HEAD 11

#define FATAL 2
#define UNEXPECTED_MESSAGE 10
#define RECORD_OVERFLOW 22
#define HANDSHAKE_FAILURE 40
#define ILLEGAL_PARAMETER 47
#define DECODE_ERROR 50
#define PROTOCOL_VERSION 70
#define INTERNAL_ERROR 80
#define INAPPROPRIATE_FALLBACK 86
#define MISSING_EXTENSION 109

/* A handshake record of any SSL 3 or TLS that begins with a ClientHello. */
static const struct msd_pattern patterns[] = {
	MSD_PATTERN_MASK("\x16\x03\0\0\0\x01", "\xff\xff\xf8\x80\0\xff"),
	MSD_PATTERN_MASK("\x80\0\x01\0\0", "\xfe\0\xff\xfc\xfc"),
};

/**
 * struct stream - handshake bytes, whatever records they come in
 * @in: records not yet opened; bad when another one is needed
 * @rec: rest of the open record, as far as it is there
 * @alert: what is wrong with it; 0: nothing so far
 */
struct stream {
	struct msd_view in;
	struct msd_view rec;
	u8 alert;
};

/**
 * struct block - part of a stream that has a length of its own
 * @s: the stream
 * @left: bytes of the block not yet read
 */
struct block {
	struct stream *s;
	u32 left;
};

/**
 * struct hello - what decides about the alert
 * @version: highest version, or what stands for it since TLS 1.3
 * @listed: supported_versions is there
 * @best: highest version in it that we know
 * @fallback: TLS_FALLBACK_SCSV is there
 * @share: key_share is there
 */
struct hello {
	u16 version;
	bool listed;
	u16 best;
	bool fallback;
	bool share;
};

static bool stream_ok(const struct stream *s)
{
	return !s->alert && msd_view_ok(&s->in);
}

/* The first complaint counts. */
static void fail(struct stream *s, u8 alert)
{
	if (stream_ok(s))
		s->alert = alert;
}

static void open_record(struct stream *s)
{
	u8 type = msd_get8(&s->in);
	u8 major = msd_get8(&s->in);
	u32 len;

	msd_skip(&s->in, 1);
	len = msd_get_be16(&s->in);
	if (type != HANDSHAKE || major != 3 || !len)
		fail(s, UNEXPECTED_MESSAGE);
	else if (len > RECORD_MAX)
		fail(s, RECORD_OVERFLOW);
	s->rec = msd_sub(&s->in, min(len, s->in.len));
}

/* See to it that the open record has bytes; false when there are no more. */
static bool refill(struct stream *s)
{
	if (!s->rec.len && stream_ok(s))
		open_record(s);
	if (!s->rec.len)
		msd_skip(&s->in, 1);
	return stream_ok(s);
}

static noinline u8 get8_slowly(struct block *b)
{
	if (!b->left) {
		fail(b->s, DECODE_ERROR);
		return 0;
	}
	b->left--;
	return refill(b->s) ? msd_get8(&b->s->rec) : 0;
}

/* Most bytes are in the open record. */
static __always_inline u8 get8(struct block *b)
{
	struct stream *s = b->s;

	if (unlikely(!b->left || !s->rec.len || s->alert))
		return get8_slowly(b);
	b->left--;
	s->rec.len--;
	return *s->rec.p++;
}

static u16 get16(struct block *b)
{
	u16 high = get8(b);

	return high << 8 | get8(b);
}

/* Take @n bytes as a block of their own, to be used up before going on. */
static struct block take(struct block *b, u32 n)
{
	if (n > b->left)
		fail(b->s, DECODE_ERROR);
	if (!stream_ok(b->s))
		n = 0;
	b->left -= n;
	return (struct block){ .s = b->s, .left = n };
}

/* Skip what is left of a block. */
static void finish(struct block *b)
{
	while (b->left && refill(b->s)) {
		u32 n = min(b->left, b->s->rec.len);

		msd_skip(&b->s->rec, n);
		b->left -= n;
	}
}

/* A block must have been used up. */
static void expect_end(const struct block *b)
{
	if (b->left)
		fail(b->s, DECODE_ERROR);
}

/* Take a vector behind a length of one or two bytes; it must not be empty. */
static struct block take_vector(struct block *b, u32 width)
{
	struct block v = take(b, width == 1 ? get8(b) : get16(b));

	if (!v.left)
		fail(b->s, DECODE_ERROR);
	return v;
}

static void judge_ciphers(struct block *b, struct hello *h)
{
	struct block list = take(b, get16(b));

	if (!list.left)
		fail(b->s, ILLEGAL_PARAMETER);
	while (list.left && stream_ok(list.s))
		h->fallback |= get16(&list) == FALLBACK_SCSV;
}

static void judge_compression(struct block list)
{
	bool null = false;

	while (list.left && stream_ok(list.s))
		null |= get8(&list) == COMPRESSION_NULL;
	if (!null)
		fail(list.s, DECODE_ERROR);
}

/* RFC 6066 section 3: types, each with a name; OpenSSL takes an empty one. */
static void judge_names(struct block *ext)
{
	struct block list = take_vector(ext, 2), name;

	while (list.left && stream_ok(list.s)) {
		get8(&list);
		name = take(&list, get16(&list));
		finish(&name);
	}
}

static void judge_alpn(struct block *ext)
{
	struct block list = take_vector(ext, 2), name;

	while (list.left && stream_ok(list.s)) {
		name = take_vector(&list, 1);
		finish(&name);
	}
}

static void judge_versions(struct block *ext, struct hello *h)
{
	struct block list = take_vector(ext, 1);

	h->listed = true;
	if (list.left & 1)
		fail(list.s, PROTOCOL_VERSION);
	while (list.left && stream_ok(list.s)) {
		u16 version = get16(&list);

		if (version >= SSL3 && version <= TLS1_3)
			h->best = max(h->best, version);
	}
}

static void judge_extension(struct block *all, struct hello *h)
{
	u16 type = get16(all);
	struct block ext = take(all, get16(all));

	switch (type) {
	case SERVER_NAME:
		judge_names(&ext);
		break;
	case ALPN:
		judge_alpn(&ext);
		break;
	case SUPPORTED_VERSIONS:
		judge_versions(&ext, h);
		break;
	case KEY_SHARE:
		h->share = true;
		fallthrough;
	default:
		finish(&ext);
	}
	expect_end(&ext);
}

/* RFC 8446 section 4.1.2; before TLS 1.2 there may be no extensions. */
static void judge_hello(struct block *b, struct hello *h)
{
	u16 version = get16(b);
	struct block part;

	if (stream_ok(b->s))
		h->version = version;
	part = take(b, RANDOM_LEN);
	finish(&part);
	part = take(b, get8(b));
	if (part.left > SESSION_ID_MAX)
		fail(b->s, DECODE_ERROR);
	finish(&part);
	judge_ciphers(b, h);
	judge_compression(take_vector(b, 1));
	if (!b->left)
		return;
	part = take(b, get16(b));
	expect_end(b);
	while (part.left && stream_ok(b->s))
		judge_extension(&part, h);
}

static u8 choose_alert(const struct hello *h)
{
	u16 best = h->listed ? h->best : h->version;

	if (best < SSL3 || (best < TLS1_0 && h->listed))
		return PROTOCOL_VERSION;
	if (best < TLS1_0)
		return HANDSHAKE_FAILURE;
	if (best < TLS1_3 && h->fallback)
		return INAPPROPRIATE_FALLBACK;
	if (best < TLS1_2)
		return INTERNAL_ERROR;
	if (h->listed && best == TLS1_3 && !h->share)
		return MISSING_EXTENSION;
	return HANDSHAKE_FAILURE;
}

static void put_alert(struct msd_request *rq, struct msd_buf *out, u16 version,
		      u8 alert)
{
	msd_put8(out, ALERT);
	msd_put_be16(out, clamp_t(u16, version, SSL3, TLS1_2));
	msd_put_be16(out, 2);
	msd_put8(out, FATAL);
	msd_put8(out, alert);
	rq->close = true;
}

/* Take the header of the handshake message; the block is its body. */
static struct block take_hello(struct stream *s)
{
	struct block head = { .s = s, .left = 4 };
	u32 len;

	get8(&head);
	len = get8(&head) << 16;
	len |= get16(&head);
	if (len > HELLO_MAX)
		fail(s, ILLEGAL_PARAMETER);
	return (struct block){ .s = s, .left = len };
}

/**
 * struct walk - one pass over the headers of the records of a hello
 * @got: handshake bytes seen so far
 * @head: the first four of them, which say how many there are
 */
struct walk {
	u32 got;
	u32 head;
};

/* Handshake bytes wanted: of the hello, or until its length is known. */
static u32 wanted(const struct walk *w)
{
	return w->got < 4 ? 4 : 4 + (w->head & 0xffffff);
}

/* Count the content of a record that is there. */
static void count(struct walk *w, const u8 *p, u32 len)
{
	u32 i;

	for (i = 0; i < len && w->got + i < 4; i++)
		w->head = w->head << 8 | p[i];
	w->got += len;
}

/*
 * Is all of the hello there, or something wrong with its records? If not, how
 * long must the stream be for the answer to change?
 */
static bool hello_complete(struct msd_view in, u32 *need)
{
	struct walk w = { 0 };
	u32 at = 0, len = 0;

	for (;; at += 5 + len) {
		const u8 *p = in.p + at;

		*need = at + 5;
		if (*need > in.len)
			return false;
		len = get_unaligned_be16(p + 3);
		if (p[0] != HANDSHAKE || p[1] != 3 || !len || len > RECORD_MAX)
			return true;
		count(&w, p + 5, min(len, in.len - *need));
		if (w.got >= 4 && (w.got >= wanted(&w) ||
				   wanted(&w) > 4 + HELLO_MAX))
			return true;
		if (len <= in.len - *need)
			continue;
		*need = in.len + min(wanted(&w) - w.got, *need + len - in.len);
		return false;
	}
}

static enum msd_ask answer_hello(struct msd_request *rq, struct msd_buf *out)
{
	struct stream s = { .in = rq->in };
	struct hello h = { .version = get_unaligned_be16(rq->in.p + 1) };
	struct block body;
	u32 need;

	msd_trim(&s.in, MSD_FLOW_BYTES);
	if (!hello_complete(s.in, &need)) {
		if (rq->in.len < MSD_FLOW_BYTES) {
			rq->need = min_t(u32, need, MSD_FLOW_BYTES);
			return MSD_ASK_MORE;
		}
		msd_trim(&s.in, MSD_FLOW_BYTES - MSD_FLOW_TAIL);
	}
	body = take_hello(&s);
	judge_hello(&body, &h);
	put_alert(rq, out, h.version, s.alert ? s.alert : choose_alert(&h));
	return MSD_ASK_ANSWER;
}

/* The format of SSL 2.0, which says by its version what the client can do. */
static enum msd_ask answer_v2(struct msd_request *rq, struct msd_buf *out)
{
	struct msd_view in = rq->in;
	struct hello h = { 0 };
	u32 len, ciphers, id, challenge;
	u8 alert;

	len = msd_get_be16(&in) & 0x7fff;
	msd_skip(&in, 1);
	h.version = msd_get_be16(&in);
	ciphers = msd_get_be16(&in);
	id = msd_get_be16(&in);
	challenge = msd_get_be16(&in);
	if (!msd_view_ok(&in)) {
		rq->need = V2_HEAD;
		return MSD_ASK_MORE;
	}
	if (!ciphers || ciphers % 3 || (id && id != 16) || challenge < 16 ||
	    challenge > 32 || len != 9 + ciphers + id + challenge)
		return MSD_ASK_NOT_MINE;
	if (in.len < ciphers + id + challenge) {
		rq->need = 2 + len;
		return MSD_ASK_MORE;
	}
	alert = choose_alert(&h);
	if (alert == INTERNAL_ERROR)
		alert = HANDSHAKE_FAILURE;
	put_alert(rq, out, h.version, alert);
	return MSD_ASK_ANSWER;
}

static enum msd_ask answer(struct msd_request *rq, struct msd_buf *out)
{
	return *rq->in.p == HANDSHAKE ? answer_hello(rq, out) : answer_v2(rq, out);
}

const struct msd_responder msd_tls = {
	.name = "tls",
	.source = "RFC 8446, RFC 5246",
	.transports = MSD_TCP,
	.npatterns = ARRAY_SIZE(patterns),
	.patterns = patterns,
	.answer = answer,
};
