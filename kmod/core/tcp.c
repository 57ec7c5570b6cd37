// SPDX-License-Identifier: GPL-2.0-only
/*
 * TCP without connections (RFC 9293): what a segment draws.
 *
 *   flags in (S F R A P; U E C and NS do not matter)    reply
 *   R, with anything                                    none
 *   S alone                                             S A, cookie
 *   S E C, not marked itself                            S A E, cookie
 *   S with A or F                                       none
 *   no A                                                none
 *   A, no payload, no F, no P                           none
 *   -- from here on the ACK must be within a cookie, else none --
 *   A P, no payload                                     A
 *   A, payload, a responder answers                     P A, payload
 *   A, payload, no responder answers                    A, or F A when one closes
 *   A F, payload, a responder answers                   F P A, payload
 *   A F otherwise                                       F A
 *   -- unless our FIN was acknowledged --
 *   A, with anything                                    A
 *
 * The reply acknowledges everything up to the end of the segment, whether a
 * gap was before it or not. A RST is never sent: it would tell a scanner that
 * nobody is behind the SYN-ACK.
 *
 * A FIN is told from one that answers ours by a mark in the echoed timestamp,
 * without timestamps by a note (msd_flow_end()): two of us must not end one
 * connection for ever. An urgent byte is no payload; a segment with a window of
 * zero draws no payload, and no reply waits for the window to open.
 *
 * Reply payload longer than the client's MSS is cut into segments. They are
 * sent at once and never again: a client that loses one repeats its request
 * and gets them all.
 */
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/minmax.h>
#include "net.h"
#include "cookie.h"
#include "flow.h"
#include "stamp.h"
#include "tcpopt.h"
#include "../proto/proto.h"

#define TCP_HLEN ((u32)sizeof(struct tcphdr))

/* Offset of the flags byte and its bits (RFC 9293 section 3.1). */
#define FLAGS 13
#define FIN 0x01
#define SYN 0x02
#define RST 0x04
#define PSH 0x08
#define ACK 0x10
#define URG 0x20
#define ECE 0x40
#define CWR 0x80

/*
 * A Linux server's window: as many segments of an Ethernet path as 64 KB have
 * room for. Timestamps make them shorter, and so does IPv6.
 */
#define WINDOW4 (44 * 1460)
#define WINDOW4_TS (45 * 1448)
#define WINDOW6 (45 * 1440)
#define WINDOW6_TS (45 * 1428)

/* Defaults of RFC 9293 section 3.7.1 for a SYN without an MSS option. */
#define MSS4_DEFAULT 536
#define MSS6_DEFAULT 1220
/* The longest IPv4 packet there is. */
#define PACKET_MAX 65535
/* The least anybody may ask for, as Linux has it. */
#define MSS_MIN 48

/**
 * struct seg - a parsed segment
 * @seq: sequence number
 * @ack: acknowledgment number
 * @flags: the low eight flag bits
 * @closed: there is no room for a byte in its window
 * @urgent: of a segment with URG: offset of the urgent byte
 * @end: what the reply acknowledges
 * @ours: our timestamp, if there are any
 * @ended: its sender has read our FIN
 * @opt: options
 * @data: payload, without an urgent byte
 */
struct seg {
	u32 seq;
	u32 ack;
	u8 flags;
	bool closed;
	bool ended;
	u16 urgent;
	u32 end;
	u32 ours;
	struct msd_tcpopt opt;
	struct msd_view data;
};

static bool parse(struct msd_flow *flow, struct msd_view v, struct seg *s)
{
	const struct tcphdr *th = msd_pull(&v, TCP_HLEN);
	const u8 *opt;
	u32 optlen;

	if (unlikely(!th))
		return false;
	/* A header length below the least becomes a length no segment has. */
	optlen = th->doff * 4 - TCP_HLEN;
	opt = msd_pull(&v, optlen);
	if (unlikely(!opt))
		return false;
	flow->sport = th->source;
	flow->dport = th->dest;
	s->seq = ntohl(th->seq);
	s->ack = ntohl(th->ack_seq);
	s->flags = ((const u8 *)th)[FLAGS];
	s->closed = !th->window;
	s->ended = false;
	s->urgent = ntohs(th->urg_ptr);
	s->opt = msd_tcpopt_read(msd_view(opt, optlen));
	s->data = v;
	/* Data that comes with a SYN is not taken. */
	s->end = s->seq + (s->flags & SYN ? 1 : v.len + (s->flags & FIN));
	return true;
}

/* Our timestamp, and whether a mark of ours comes back (stamp.h). */
static void read_stamp(const struct msd_ctx *ctx, const struct msd_flow *flow,
		       struct seg *s)
{
	u32 offset, now;

	if (!s->opt.ts)
		return;
	offset = msd_stamp_offset(&ctx->cfg->key, flow);
	now = msd_now_ms(ctx);
	s->ours = msd_stamp(offset, now, false);
	s->ended = msd_stamp_marked(offset, now, s->opt.tsecr);
}

/* The timestamp of a reply: a FIN and all that follows it carry the mark. */
static u32 stamp_of(const struct seg *s, u8 flags)
{
	return s->ours + (s->ended || flags & FIN);
}

/*
 * The largest payload our own link takes. No link is so small as to need less
 * than MSS_MIN, and some claim an MTU that no packet can have.
 */
static u16 own_mss(const struct msd_ctx *ctx, const struct msd_flow *flow,
		   const struct msd_out *out)
{
	u32 head = out->head - flow->l2_len + TCP_HLEN;

	return clamp_t(u32, ctx->mtu, head + MSS_MIN, PACKET_MAX) - head;
}

/* The fixed header in words (RFC 9293 section 3.1). */
struct words {
	__be16 source;
	__be16 dest;
	__be32 seq;
	__be32 ack;
	__be32 rest;	/* header length, flags, window */
	__sum16 check;
	__be16 urgent;
};

/* What the words in front of the checksum add to a sum. */
static __wsum sum_words(const struct words *w, __wsum sum)
{
	__wsum ports = (__force __wsum)((__force u32)w->source +
					(__force u32)w->dest);

	sum = csum_add(sum, ports);
	sum = csum_add(sum, (__force __wsum)w->seq);
	sum = csum_add(sum, (__force __wsum)w->ack);
	return csum_add(sum, (__force __wsum)w->rest);
}

static u16 window(const struct msd_flow *flow, const struct seg *s)
{
	if (flow->family == 4)
		return s->opt.ts ? WINDOW4_TS : WINDOW4;
	return s->opt.ts ? WINDOW6_TS : WINDOW6;
}

/*
 * Write the fixed header of a segment. @thlen is its length with options, @len
 * that of the payload, @sum the sum of options and payload.
 */
static void put_header(const struct msd_flow *flow, const struct seg *s,
		       u8 *at, u32 thlen, u32 len, u32 seq, u8 flags,
		       __wsum sum)
{
	struct words *w = (struct words *)at;

	w->source = flow->dport;
	w->dest = flow->sport;
	w->seq = htonl(seq);
	w->ack = htonl(s->end);
	w->rest = htonl(thlen << (28 - 2) | flags << 16 | window(flow, s));
	w->check = msd_csum_fold(flow, IPPROTO_TCP, thlen + len,
				 sum_words(w, sum));
	w->urgent = 0;
}

/* A segment without payload; @mss as in msd_tcpopt_put(). */
static bool put_bare(const struct msd_flow *flow, const struct seg *s, u32 seq,
		     u8 flags, u16 mss, struct msd_out *out)
{
	struct msd_buf b = out->buf;
	u32 thlen = TCP_HLEN + msd_tcpopt_len(&s->opt, mss);
	u8 *at = msd_put(&b, thlen);
	__wsum sum;

	if (!at)
		return false;
	sum = msd_tcpopt_put(at + TCP_HLEN, &s->opt, mss, stamp_of(s, flags));
	put_header(flow, s, at, thlen, 0, seq, flags, sum);
	out->buf.len = b.len;
	msd_reply_frame(out);
	return true;
}

/* ECN as Linux accepts it by default; a SYN that is marked itself does not ask. */
static u8 ecn(const struct msd_flow *flow, const struct seg *s)
{
	return (s->flags & (ECE | CWR)) == (ECE | CWR) && !(flow->tos & 3) ?
		       ECE : 0;
}

static enum msd_verdict synack(const struct msd_ctx *ctx,
			       const struct msd_flow *flow,
			       struct seg *s, struct msd_out *out)
{
	u16 mss = s->opt.mss;
	u32 isn;
	u64 id;

	if (!mss)
		mss = flow->family == 4 ? MSS4_DEFAULT : MSS6_DEFAULT;
	isn = msd_cookie_make(&ctx->cfg->key, flow, ctx->now, mss, &id);
	msd_flow_forget(ctx->flows, id);
	read_stamp(ctx, flow, s);
	s->ended = false;
	return put_bare(flow, s, isn, SYN | ACK | ecn(flow, s),
			own_mss(ctx, flow, out), out) ?
		       MSD_ANSWER_SYNACK : MSD_DROP_REPLY_SIZE;
}

/* Payload bytes per segment: the client's MSS, our MTU, less the options. */
static u32 room(const struct msd_ctx *ctx, const struct msd_flow *flow,
		const struct msd_out *out, const struct seg *s, u16 mss)
{
	return min(mss, own_mss(ctx, flow, out)) - msd_tcpopt_len(&s->opt, 0);
}

/* Frames are apart by a multiple of four, so that headers stay aligned. */
static u32 stride(u32 n)
{
	return (n + 3) & ~3U;
}

/*
 * Cut @len bytes of payload, which stand behind the first frame's headers,
 * into segments of @mss bytes, the last one first so that none is overwritten.
 */
static bool put_data(const struct msd_flow *flow, const struct seg *s, u32 len,
		     u32 mss, u8 flags, struct msd_out *out)
{
	u32 thlen = TCP_HLEN + msd_tcpopt_len(&s->opt, 0);
	u32 head = out->head + thlen, i;
	u32 step = stride(head + mss), n = (len + mss - 1) / mss;
	const u8 *payload = out->buf.data + head;

	if (n > MSD_FRAMES_MAX || n * step > out->buf.cap)
		return false;
	for (i = n; i--;) {
		u8 *frame = out->buf.data + i * step;
		u32 chunk = min_t(u32, mss, len - i * mss);
		u8 *at = frame + out->head;
		u8 fl = i == n - 1 ? flags | PSH : flags & ~FIN;
		__wsum sum;

		memmove(frame + head, payload + i * mss, chunk);
		sum = msd_tcpopt_put(at + TCP_HLEN, &s->opt, 0,
				     stamp_of(s, fl));
		put_header(flow, s, at, thlen, chunk, s->ack + i * mss, fl,
			   csum_partial(frame + head, chunk, sum));
		out->frame[i] = (struct msd_frame){ .off = i * step,
						    .len = head + chunk };
	}
	out->nframes = n;
	out->buf.len = out->frame[n - 1].off + out->frame[n - 1].len;
	return true;
}

/**
 * struct talk - one question and what came of it
 * @said: what the responders say
 * @proto: who spoke
 * @close: the connection ends
 * @payload: the reply, at its final place
 * @need: see struct msd_request
 * @until: likewise
 */
struct talk {
	enum msd_ask said;
	u8 proto;
	bool close;
	struct msd_buf payload;
	u32 need;
	enum msd_until until;
};

/* Put a stream to the responders. */
static void put_to(const struct msd_ctx *ctx, const struct msd_flow *flow,
		   const struct seg *s, u32 offset, struct msd_view in,
		   const struct msd_out *out, struct talk *t)
{
	u32 head = out->head + TCP_HLEN + msd_tcpopt_len(&s->opt, 0);
	struct msd_request rq = {
		.ctx = ctx, .flow = flow, .in = in, .offset = offset,
		.transport = MSD_TCP, .reply_port = flow->dport,
	};

	t->payload = msd_buf(out->buf.data + head, MSD_PAYLOAD_MAX);
	t->said = msd_proto_ask(&rq, &t->proto, &t->payload);
	t->close = rq.close;
	t->need = rq.need;
	t->until = rq.until;
}

/* Whether to keep the stream, and for what. */
static void remember(const struct msd_ctx *ctx, const struct msd_cookie *c,
		     const struct msd_stream *stream, const struct talk *t)
{
	if (t->said == MSD_ASK_MORE)
		msd_flow_wait(ctx->flows, c->id, stream, t->need, t->until);
	else if (t->said == MSD_ASK_ANSWER && stream->joined)
		msd_flow_done(ctx->flows, c->id, c->offset, stream);
	else
		msd_flow_forget(ctx->flows, c->id);
}

/*
 * Ask the responders. What was kept may not belong to the segment: a keepalive
 * probe sends one byte from before the next one. So a segment that makes
 * nobody's request with it, or none yet with a single byte, is judged alone.
 */
static void ask(const struct msd_ctx *ctx, const struct msd_flow *flow,
		const struct seg *s, const struct msd_cookie *c,
		const struct msd_out *out, struct talk *t)
{
	struct msd_stream stream = msd_flow_join(ctx->flows, c->id, c->offset,
						 s->seq, s->data);
	struct talk other;

	if (stream.idle)
		return;
	put_to(ctx, flow, s, c->offset, stream.in, out, t);
	if (stream.before && (t->said == MSD_ASK_NOT_MINE ||
			      (t->said == MSD_ASK_MORE && stream.before == 1))) {
		put_to(ctx, flow, s, c->offset, s->data, out, &other);
		if (t->said == MSD_ASK_NOT_MINE ||
		    other.said == MSD_ASK_ANSWER) {
			*t = other;
			stream = msd_flow_alone(s->seq, s->data);
		}
	}
	remember(ctx, c, &stream, t);
}

/*
 * Take the urgent byte out of the payload, as Linux does for whoever does not
 * ask for it inline. What is left is copied to the end of the reply's buffer,
 * where a payload this long leaves room.
 */
static void drop_urgent(struct seg *s, const struct msd_out *out)
{
	u32 at = s->urgent ? s->urgent - 1 : 0, len = s->data.len;
	u8 *copy = out->buf.data + out->buf.cap - len;

	if (at >= len || out->head + len + 2 * MSD_PAYLOAD_MAX > out->buf.cap)
		return;
	memcpy(copy, s->data.p, at);
	memcpy(copy + at, s->data.p + at + 1, len - at - 1);
	s->data = msd_view(copy, len - 1);
	s->seq++;
}

/* No payload may go to a closed window, and none follows a FIN. */
static bool may_ask(const struct seg *s)
{
	return s->data.len && !s->closed && !s->ended;
}

static enum msd_verdict respond(const struct msd_ctx *ctx,
				const struct msd_flow *flow,
				const struct seg *s, const struct msd_cookie *c,
				const struct talk *t, struct msd_out *out)
{
	u8 fin = s->flags & FIN, end = t->close ? FIN : fin;
	u32 len = t->said == MSD_ASK_ANSWER ? t->payload.len : 0;
	bool sent;

	if (s->ended) {
		fin = 0;
		end = 0;
	}
	sent = len && put_data(flow, s, len, room(ctx, flow, out, s, c->mss),
			       ACK | end, out);
	if (!sent && len)
		end = fin;
	if (!sent && !put_bare(flow, s, s->ack, ACK | end, 0, out))
		return MSD_DROP_REPLY_SIZE;
	if (end && !s->opt.ts)
		msd_flow_end(ctx->flows, c->id, c->offset + (sent ? len : 0));
	if (sent)
		return MSD_ANSWER_TCP;
	return end ? MSD_ANSWER_FIN : MSD_ANSWER_ACK;
}

static enum msd_verdict data(const struct msd_ctx *ctx, struct msd_flow *flow,
			     struct seg *s, const struct msd_cookie *c,
			     struct msd_out *out)
{
	struct talk t = { .said = MSD_ASK_NOT_MINE, .proto = MSD_NO_PROTO };

	read_stamp(ctx, flow, s);
	if (!s->opt.ts)
		s->ended = msd_flow_ended(ctx->flows, c->id, c->offset);
	if (unlikely(s->flags & URG))
		drop_urgent(s, out);
	if (may_ask(s))
		ask(ctx, flow, s, c, out, &t);
	flow->responder = t.proto;
	return respond(ctx, flow, s, c, &t, out);
}

enum msd_verdict msd_tcp(const struct msd_ctx *ctx, struct msd_flow *flow,
			 struct msd_view v, struct msd_out *out)
{
	struct msd_cookie c;
	struct seg s;

	if (unlikely(!parse(flow, v, &s)))
		return MSD_DROP_TCP_HEADER;
	if (unlikely(!msd_csum_ok(ctx, flow, IPPROTO_TCP, v.p, v.len)))
		return MSD_DROP_CHECKSUM;
	if (s.flags & RST)
		return MSD_DROP_TCP_RST;
	if (s.flags & SYN)
		return s.flags & (ACK | FIN) ? MSD_DROP_TCP_FLAGS :
					       synack(ctx, flow, &s, out);
	if (!(s.flags & ACK))
		return MSD_DROP_TCP_FLAGS;
	if (!s.data.len && !(s.flags & (FIN | PSH)))
		return MSD_DROP_TCP_ACK;
	if (!msd_cookie_check(&ctx->cfg->key, flow, ctx->now, s.ack, &c))
		return MSD_DROP_TCP_COOKIE;
	return data(ctx, flow, &s, &c, out);
}
