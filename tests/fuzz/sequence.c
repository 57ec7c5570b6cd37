// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sequence target: the input is a script of a few clients, whose cookies are
 * always valid unless the script spoils them. Each step is two bytes and its
 * operands:
 *
 *   byte 0  bits 0-1  client; bit 0 also chooses the family
 *           bits 2-4  what: see enum step
 *           bit 5     with FIN
 *           bit 6     with timestamps
 *           bit 7     spoil the acknowledgment number
 *   byte 1            operand: MSS, jump, length
 *
 * After each step the reply's numbers are held against what the client sent.
 */
#include <linux/in.h>
#include <linux/kernel.h>
#include "../../kmod/core/cookie.h"
#include "fuzz.h"

#define CLIENTS 4
#define STEPS_MAX 64

enum step {
	STEP_SYN,	/* begin anew; operand: MSS / 16 */
	STEP_DATA,	/* operand bytes follow */
	STEP_AGAIN,	/* the last segment once more */
	STEP_JUMP,	/* sequence number moves on by the operand: a gap */
	STEP_BACK,	/* ... or back: an overlap */
	STEP_READ,	/* all that was received so far is acknowledged */
	STEP_TIME,	/* the clock moves by operand * 16 seconds */
	STEP_RST,
};

/**
 * struct client - one end of a connection
 * @seq: next sequence number
 * @ack: acknowledgment number to send
 * @end: sequence number behind what was received
 * @last: last data segment
 * @data: its payload
 */
struct client {
	u32 seq;
	u32 ack;
	u32 end;
	struct pkt last;
	u8 data[256];
};

static struct client clients[CLIENTS];

static void check_numbers(const struct pkt *p, const struct fuzz_answer *a)
{
	u32 i, seq = p->ack, len = p->len + (p->flags & TH_FIN);
	struct reply r;

	for (i = 0; i < a->out.nframes; i++) {
		reply_parse(a->out.buf.data + a->out.frame[i].off,
			    a->out.frame[i].len, &r);
		if (r.ack != p->seq + len)
			fuzz_fail("acknowledges %u, not %u", r.ack,
				  p->seq + len);
		if (r.seq != seq)
			fuzz_fail("begins at %u, not %u", r.seq, seq);
		seq += r.len;
	}
}

/* The client takes in what came. */
static void receive(struct client *c, const struct fuzz_answer *a)
{
	struct reply r;
	u32 i;

	for (i = 0; i < a->out.nframes; i++) {
		reply_parse(a->out.buf.data + a->out.frame[i].off,
			    a->out.frame[i].len, &r);
		c->end = r.seq + r.len + !!(r.flags & (TH_SYN | TH_FIN));
	}
}

static void send(struct env *e, struct client *c, const struct pkt *p)
{
	static u8 frame[PKT_MAX];
	u32 len = pkt_build(p, frame);
	struct fuzz_answer a;

	fuzz_ask(&e->ctx, frame, len, &a, 0);
	if (!verdict_answers(a.verdict))
		return;
	if (!(p->flags & TH_SYN))
		check_numbers(p, &a);
	receive(c, &a);
	fuzz_feed_back(&e->ctx, &a);
}

static struct pkt segment(u32 n, u8 op, u8 flags)
{
	struct client *c = &clients[n];
	struct pkt p = pkt_tcp(n & 1 ? 6 : 4, flags, c->seq, c->ack);

	p.sport += n;
	if (op & 0x20)
		p.flags |= TH_FIN;
	if (op & 0x40) {
		memcpy(p.tcpopt, "\1\1\x08\x0a\1\2\3\4\5\6\7\x08", 12);
		p.tcpopt_len = 12;
	}
	if (op & 0x80)
		p.ack += 0x12345678;
	return p;
}

static void syn(struct env *e, u32 n, u8 op, u8 arg)
{
	struct client *c = &clients[n];
	struct pkt p;

	c->seq = 0xfffffff0 + n * 0x40000000;
	p = segment(n, op & 0x40, TH_SYN);
	memcpy(p.tcpopt + p.tcpopt_len, "\2\4", 2);
	put_unaligned_be16(arg * 16, p.tcpopt + p.tcpopt_len + 2);
	p.tcpopt_len += 4;
	send(e, c, &p);
	c->seq++;
	c->ack = c->end;
}

static void data(struct env *e, u32 n, u8 op, struct msd_view bytes)
{
	struct client *c = &clients[n];

	c->last = segment(n, op, TH_ACK);
	memcpy(c->data, bytes.p, bytes.len);
	c->last.data = c->data;
	c->last.len = bytes.len;
	send(e, c, &c->last);
	c->seq += bytes.len + !!(op & 0x20);
}

static void one_step(struct env *e, u8 op, u8 arg, struct msd_view *script)
{
	u32 n = op & 3;
	struct client *c = &clients[n];
	struct pkt p;

	switch ((enum step)(op >> 2 & 7)) {
	case STEP_SYN:
		syn(e, n, op, arg);
		break;
	case STEP_DATA:
		data(e, n, op, msd_sub(script, min_t(u32, arg, script->len)));
		break;
	case STEP_AGAIN:
		if (c->last.family)
			send(e, c, &c->last);
		break;
	case STEP_JUMP:
		c->seq += arg;
		break;
	case STEP_BACK:
		c->seq -= arg;
		break;
	case STEP_READ:
		c->ack = c->end;
		break;
	case STEP_TIME:
		e->ctx.now += arg * 16;
		e->ctx.now_ms += arg * 16000;
		break;
	case STEP_RST:
		p = segment(n, op, TH_RST);
		send(e, c, &p);
		break;
	}
}

int LLVMFuzzerTestOneInput(const u8 *data_in, size_t size)
{
	struct msd_view script = msd_view(data_in, size);
	struct env e;
	u32 i;

	env_init(&e);
	e.ctx.flows = fuzz_flows();
	memset(clients, 0, sizeof(clients));
	for (i = 0; i < STEPS_MAX && script.len >= 2; i++) {
		u8 op = msd_get8(&script);
		u8 arg = msd_get8(&script);

		one_step(&e, op, arg, &script);
	}
	return 0;
}
