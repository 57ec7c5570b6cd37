// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two of us, with different keys, and a forger who knows both cookies: whatever
 * he sends in the name of one, they soon fall silent.
 */
#include <stdlib.h>
#include <linux/in.h>
#include <linux/kernel.h>
#include "../../kmod/core/cookie.h"
#include "../../kmod/core/flow.h"
#include "fake.h"
#include "frames.h"
#include "run.h"
#include "unit.h"

/* Packets of an exchange at most. */
#define MOST 3

/* Side 0 owns env_own(), side 1 env_client(). */
static struct env side[2];

static void init_side(u32 n)
{
	struct env *e = &side[n];

	env_init(e);
	if (n) {
		e->own4 = (struct msd_range4){ 0xc0000201, 0xc0000201 };
		e->own6.first = (struct msd_u128){ 0x20010db800000000, 1 };
		e->own6.last = e->own6.first;
		msd_addrset_seal(&e->cfg.own);
		e->cfg.key.key[0] = 77;
		e->ctx.mac = env_client_mac;
	}
	e->ctx.flows = calloc(1, msd_flow_bytes());
	if (!e->ctx.flows)
		abort();
}

static void exit_side(u32 n)
{
	free(side[n].ctx.flows);
	side[n].ctx.flows = NULL;
}

/* What side @n wants acknowledged, @read bytes of it read. */
static u32 cookie(u32 n, u8 family, u32 read)
{
	struct msd_flow flow = env_flow(family, IPPROTO_TCP);
	u64 id;

	if (n) {
		swap(flow.saddr, flow.daddr);
		swap(flow.sport, flow.dport);
	}
	return msd_cookie_make(&side[n].cfg.key, &flow, ENV_NOW, 1460, &id) +
	       1 + read;
}

/* Pass the last frame of each answer to the other side; how many there were. */
static u32 exchange(const struct pkt *p)
{
	static u8 frame[PKT_MAX];
	u32 len = pkt_build(p, frame), n = 0, to = 0;
	const struct answer *a;

	while (n < 100) {
		a = run_frame(&side[to].ctx, frame, len);
		if (!verdict_answers(a->verdict))
			break;
		n += a->n;
		len = a->frame_len;
		memcpy(frame, a->frame, len);
		to = !to;
	}
	return n;
}

/* The first segment; @stamp: with timestamps, this one echoed. */
static struct pkt first(u8 family, u8 flags, const char *data, u32 len,
			const u32 *stamp)
{
	u32 end = len + !!(flags & TH_FIN);
	struct pkt p = pkt_tcp(family, flags, cookie(1, family, 500) - end,
			       cookie(0, family, 500));

	p.data = data;
	p.len = len;
	if (stamp) {
		memcpy(p.tcpopt, "\1\1\x08\x0a\1\2\3\4", 8);
		put_unaligned_be32(*stamp, p.tcpopt + 4);
		put_unaligned_be32(*stamp ^ 1, p.tcpopt + 8);
		p.tcpopt_len = 12;
	}
	return p;
}

static const struct {
	const char *data;
	u32 len;
} payloads[] = {
	{ "", 0 }, { "hello", 5 }, { "SSH-2.0-x\r\n", 11 },
	{ "GET / HTTP/1.0\r\n\r\n", 18 },
	{ "\x10\x0c\0\4MQTT\4\2\0\x3c\0\0", 14 },
};

static u32 longest(u8 family, u8 flags, const char *data, u32 len)
{
	u32 most = 0, i;

	for (i = 0; i < 9; i++) {
		u32 echo = i < 4 ? env_stamp(&side[i & 1], family) + (i >> 1) :
				   (u32)unit_random();
		struct pkt p;

		init_side(0);
		init_side(1);
		p = first(family, flags, data, len, i ? &echo : NULL);
		most = max(most, exchange(&p));
		exit_side(0);
		exit_side(1);
	}
	return most;
}

TEST(two_of_us)
{
	u32 flags, i, n, most = 0;
	u8 family;

	init_side(0);
	init_side(1);
	exit_side(0);
	exit_side(1);
	for (family = 4; family <= 6; family += 2)
		for (flags = 0; flags < 64; flags++)
			for (i = 0; i < ARRAY_SIZE(payloads); i++) {
				n = longest(family, flags, payloads[i].data,
					    payloads[i].len);
				unit_case("IPv%u, flags %02x, payload %u",
					  family, flags, i);
				CHECK(n <= MOST);
				most = max(most, n);
			}
	unit_note("longest exchange: %u packets", most);
}
