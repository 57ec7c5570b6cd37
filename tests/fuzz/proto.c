// SPDX-License-Identifier: GPL-2.0-only
/*
 * Responder target: four bytes, then a payload put to msd_proto_ask().
 *
 *   byte 0     row that is on; beyond the last one: all; FUZZ_ROW=NAME in the
 *              environment pins it: one target per responder
 *   byte 1     bit 0: TCP or UDP; bit 1: IPv4 or IPv6;
 *              bit 2: a short reply buffer
 *   bytes 2-3  offset (TCP), or length of the short buffer
 *
 * Held to the contract in proto.h: nothing but an answer leaves a trace, an
 * answer is never empty and never overflows, the same question draws the same
 * answer, and two of us do not talk for ever.
 */
#include <stdio.h>
#include <stdlib.h>
#include <linux/in.h>
#include <linux/kernel.h>
#include "fuzz.h"

/**
 * struct question - what is asked
 * @row: row that is on, or beyond: all
 * @transport: MSD_TCP or MSD_UDP
 * @family: 4 or 6
 * @offset: bytes of ours that were read
 * @cap: room for the reply
 */
struct question {
	u8 row;
	u8 transport;
	u8 family;
	u32 offset;
	u32 cap;
};

/**
 * struct reaction - what came of it
 * @ask: result
 * @proto: row
 * @len: length of the reply
 * @data: the reply
 */
struct reaction {
	enum msd_ask ask;
	u8 proto;
	u32 len;
	u8 data[MSD_PAYLOAD_MAX];
};

static void check_contract(const struct question *q, const struct msd_buf *out,
			   const struct reaction *r)
{
	bool answers = r->ask == MSD_ASK_ANSWER;
	bool nobody = r->proto == MSD_NO_PROTO;

	if (out->over || out->len > q->cap)
		fuzz_fail("reply buffer overflowed");
	if (answers == nobody)
		fuzz_fail("result %d with row %u", r->ask, r->proto);
	if (answers != !!out->len)
		fuzz_fail("result %d with %u bytes", r->ask, out->len);
	if (r->ask == MSD_ASK_MORE && q->transport == MSD_UDP)
		fuzz_fail("more over UDP");
	if (r->proto != MSD_NO_PROTO && r->proto >= MSD_NPROTO)
		fuzz_fail("row %u", r->proto);
	if (q->row < MSD_NPROTO && r->proto != MSD_NO_PROTO &&
	    r->proto != q->row)
		fuzz_fail("%s is off and answers",
			  msd_responders[r->proto]->name);
}

static void ask(const struct question *q, const u8 *data, u32 len, bool back,
		struct reaction *r)
{
	struct msd_flow flow = env_flow(q->family, q->transport == MSD_TCP ?
					IPPROTO_TCP : IPPROTO_UDP);
	u8 *in = malloc(len ?: 1), *reply = malloc(q->cap ?: 1);
	struct msd_buf out = msd_buf(reply, q->cap);
	struct msd_request rq = { .flow = &flow, .transport = q->transport,
				  .offset = q->offset };
	struct env e;

	if (!in || !reply)
		abort();
	env_init(&e);
	if (q->row < MSD_NPROTO) {
		e.cfg.protos = BIT_ULL(q->row);
		msd_proto_config(&e.cfg);
	}
	if (back) {
		flow.saddr = *env_own(q->family);
		flow.daddr = *env_client(q->family);
		flow.sport = htons(ENV_OWN_PORT);
		flow.dport = htons(ENV_CLIENT_PORT);
	}
	memcpy(in, data, len);
	rq.ctx = &e.ctx;
	rq.in = msd_view(in, len);
	rq.reply_port = flow.dport;
	r->ask = msd_proto_ask(&rq, &r->proto, &out);
	check_contract(q, &out, r);
	fuzz_said = fuzz_digest_u32(fuzz_said, r->ask);
	fuzz_said = fuzz_digest_u32(fuzz_said, r->proto << 1 | rq.close);
	fuzz_said = fuzz_digest(fuzz_said, reply, out.len);
	r->len = out.len;
	memcpy(r->data, reply, out.len);
	free(in);
	free(reply);
}

static bool same(const struct reaction *a, const struct reaction *b)
{
	return a->ask == b->ask && a->proto == b->proto && a->len == b->len &&
	       !memcmp(a->data, b->data, a->len);
}

/*
 * All of us may be on at the other end, not only the one that spoke. @back
 * tells who was the client of the question that drew @r.
 */
static void feed_back(const struct question *q, const struct reaction *r,
		      bool back, int hops)
{
	struct question other = *q;
	struct reaction next;

	other.row = 0xff;
	other.cap = MSD_PAYLOAD_MAX;
	other.offset = q->transport == MSD_TCP ? r->len : 0;
	ask(&other, r->data, r->len, !back, &next);
	if (next.ask != MSD_ASK_ANSWER || env_mirrors(next.proto, q->transport))
		return;
	if (hops == FUZZ_HOPS)
		fuzz_fail("%s still answers the reply of %s",
			  msd_responders[next.proto]->name,
			  msd_responders[r->proto]->name);
	feed_back(&other, &next, !back, hops + 1);
}

size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max,
			       unsigned int seed);

/* Row of FUZZ_ROW, or -1: the input chooses. */
static int pinned_row(void)
{
	static int row = -2;
	const char *name;

	if (row == -2) {
		name = getenv("FUZZ_ROW");
		row = name ? msd_proto_find(name) : -1;
		if (name && row < 0) {
			fprintf(stderr, "FUZZ_ROW: no responder %s\n", name);
			exit(2);
		}
	}
	return row;
}

/* What is found with a pinned row is to mean the same without the pin. */
size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max,
			       unsigned int seed __maybe_unused)
{
	size = LLVMFuzzerMutate(data, size, max);
	if (size && pinned_row() >= 0)
		data[0] = pinned_row();
	return size;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static struct reaction first, again;
	struct question q;

	if (size < 4)
		return 0;
	q.row = pinned_row() >= 0 ? pinned_row() : data[0];
	q.transport = data[1] & 1 ? MSD_UDP : MSD_TCP;
	q.family = data[1] & 2 ? 6 : 4;
	q.offset = q.transport == MSD_TCP ? get_unaligned_be16(data + 2) : 0;
	q.cap = MSD_PAYLOAD_MAX;
	if (data[1] & 4)
		q.cap = get_unaligned_be16(data + 2) % MSD_PAYLOAD_MAX;
	ask(&q, data + 4, size - 4, false, &first);
	ask(&q, data + 4, size - 4, false, &again);
	if (!same(&first, &again))
		fuzz_fail("two answers to one question");
	if (first.ask == MSD_ASK_ANSWER)
		feed_back(&q, &first, false, 1);
	return 0;
}
