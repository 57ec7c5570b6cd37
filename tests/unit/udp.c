// SPDX-License-Identifier: GPL-2.0-only
/* UDP: lengths, checksums, silence, and the reply. */
#include <linux/in.h>
#include <linux/kernel.h>
#include "fake.h"
#include "run.h"
#include "unit.h"

static struct env e;

static void each_family(void (*fn)(u8 family))
{
	env_init(&e);
	unit_case("IPv4");
	fn(4);
	unit_case("IPv6");
	fn(6);
	fake_off();
}

static void reply(u8 family)
{
	struct pkt p = pkt_udp(family, "question");
	const struct answer *a;
	u32 i;

	fake_answer(100);
	a = run(&e.ctx, &p);
	CHECK_EQ(a->verdict, MSD_ANSWER_UDP);
	CHECK_EQ(a->n, 1);
	CHECK_EQ(a->r[0].sport, ENV_OWN_PORT);
	CHECK_EQ(a->r[0].dport, ENV_CLIENT_PORT);
	CHECK_EQ(a->r[0].len, 100);
	for (i = 0; i < a->r[0].len; i++)
		CHECK_EQ(a->r[0].data[i], fake_byte(i));
	CHECK_BYTES(fake.seen, fake.seen_len, "question", 8);
	CHECK_EQ(fake.offset, 0);
	CHECK_EQ(a->flow.responder, 0);
}

TEST(reply)
{
	each_family(reply);
}

/* Any port on either side, 0 included. */
static void ports(u8 family)
{
	static const u16 some[] = { 0, 1, 53, 65534, 65535 };
	struct pkt p = pkt_udp(family, "x");
	const struct answer *a;
	u32 i, k;

	fake_answer(1);
	for (i = 0; i < ARRAY_SIZE(some); i++) {
		for (k = 0; k < ARRAY_SIZE(some); k++) {
			p.sport = some[i];
			p.dport = some[k];
			a = run(&e.ctx, &p);
			CHECK_EQ(a->verdict, MSD_ANSWER_UDP);
			CHECK_EQ(a->r[0].sport, some[k]);
			CHECK_EQ(a->r[0].dport, some[i]);
		}
	}
}

TEST(ports)
{
	each_family(ports);
}

/* A responder may answer from another port (STUN). */
static void other_port(u8 family)
{
	struct pkt p = pkt_udp(family, "x");

	fake_answer(1);
	fake.port = 5061;
	CHECK_EQ(run(&e.ctx, &p)->r[0].sport, 5061);
}

TEST(other_port)
{
	each_family(other_port);
}

static void silence(u8 family)
{
	static const enum msd_ask said[] = { MSD_ASK_NOT_MINE, MSD_ASK_MORE,
					     MSD_ASK_SILENT };
	struct pkt p = pkt_udp(family, "x");
	u32 i;

	fake_answer(1);
	for (i = 0; i < ARRAY_SIZE(said); i++) {
		fake.ask = said[i];
		EXPECT(&e.ctx, &p, MSD_DROP_UDP_SILENT);
	}
}

TEST(silence)
{
	each_family(silence);
}

/* Nobody is asked about nothing. */
static void empty(u8 family)
{
	struct pkt p = pkt_udp(family, "");

	fake_answer(1);
	EXPECT(&e.ctx, &p, MSD_DROP_UDP_SILENT);
	CHECK_EQ(fake.asked, 0);
}

TEST(empty)
{
	each_family(empty);
}

/* The UDP length decides, within the packet. */
static void lengths(u8 family)
{
	struct pkt p = pkt_udp(family, "question");
	int delta;

	fake_answer(1);
	for (delta = -16; delta < -8; delta++) {
		p.udp_delta = delta;
		EXPECT(&e.ctx, &p, MSD_DROP_UDP_LENGTH);
	}
	for (delta = 1; delta < 40; delta++) {
		p.udp_delta = delta;
		EXPECT(&e.ctx, &p, MSD_DROP_UDP_LENGTH);
	}
	/* shorter than the packet: the rest is no payload, nor in the sum */
	p.udp_delta = -3;
	EXPECT(&e.ctx, &p, MSD_DROP_CHECKSUM);
}

TEST(lengths)
{
	each_family(lengths);
}

/* The same with a checksum over the shorter datagram. */
TEST(trailing_bytes)
{
	struct pkt p = pkt_udp(4, "question");

	env_init(&e);
	fake_answer(1);
	p.udp_delta = -3;
	p.no_csum = true;
	EXPECT(&e.ctx, &p, MSD_ANSWER_UDP);
	CHECK_BYTES(fake.seen, fake.seen_len, "quest", 5);
	fake_off();
}

/* Less than a header. */
static void cut(u8 family)
{
	struct pkt p = pkt_udp(family, "");

	for (p.ip_delta = -8; p.ip_delta < 0; p.ip_delta++)
		EXPECT(&e.ctx, &p, MSD_DROP_UDP_LENGTH);
}

TEST(cut)
{
	each_family(cut);
}

TEST(checksums)
{
	struct pkt p4 = pkt_udp(4, "x"), p6 = pkt_udp(6, "x");

	env_init(&e);
	fake_answer(1);
	p4.bad_csum = true;
	p6.bad_csum = true;
	EXPECT(&e.ctx, &p4, MSD_DROP_CHECKSUM);
	EXPECT(&e.ctx, &p6, MSD_DROP_CHECKSUM);
	/* none: allowed over IPv4, forbidden over IPv6 (RFC 8200 8.1) */
	p4 = pkt_udp(4, "x");
	p6 = pkt_udp(6, "x");
	p4.no_csum = true;
	p6.no_csum = true;
	EXPECT(&e.ctx, &p4, MSD_ANSWER_UDP);
	EXPECT(&e.ctx, &p6, MSD_DROP_CHECKSUM);
	fake_off();
}

/* What the reply's checksum field would be before the rule about zero. */
static u16 raw_sum(const struct answer *a)
{
	u32 l2 = a->r[0].l2_len, ip = a->r[0].family == 4 ? 20 : 40;
	u32 len = a->frame_len - l2 - ip;
	u8 copy[256];

	memcpy(copy, a->frame + l2 + ip, len);
	memset(copy + 6, 0, 2);
	return ~slow_l4_sum(a->r[0].family, IPPROTO_UDP, &a->r[0].saddr,
			    &a->r[0].daddr, copy, len);
}

/* Try ports until the sum comes out as zero: it must be sent as 0xffff. */
static void zero_sum(u8 family)
{
	struct pkt p = pkt_udp(family, "x");
	u32 port, found = 0, len = family == 4 ? 20 : 40;

	fake_answer(3);
	for (port = 0; port < 65536; port++) {
		const struct answer *a;
		u16 sum;

		p.sport = port;
		a = run(&e.ctx, &p);
		sum = raw_sum(a);
		found += !sum;
		if (!CHECK_EQ(get_unaligned_be16(a->frame + 14 + len + 6),
			      sum ?: 0xffff))
			return;
	}
	CHECK_EQ(found, 1);
}

TEST(zero_checksum_is_sent_as_ones)
{
	each_family(zero_sum);
}

static void sizes(u8 family)
{
	struct pkt p = pkt_udp(family, "x");
	u32 most = ENV_MTU - 8 - (family == 4 ? 20 : 40);

	fake_answer(most);
	EXPECT(&e.ctx, &p, MSD_ANSWER_UDP);
	fake_answer(most + 1);
	EXPECT(&e.ctx, &p, MSD_DROP_REPLY_SIZE);
	fake_answer(MSD_PAYLOAD_MAX);
	EXPECT(&e.ctx, &p, MSD_DROP_REPLY_SIZE);
	fake_answer(MSD_PAYLOAD_MAX + 1);
	EXPECT(&e.ctx, &p, MSD_DROP_UDP_SILENT);
}

TEST(sizes)
{
	each_family(sizes);
}

/* The largest datagram there is, as it comes over loopback. */
TEST(largest_request)
{
	static u8 big[65535 - 28];
	struct pkt p = pkt_ip(4, IPPROTO_UDP);

	env_init(&e);
	fake_answer(1);
	p.data = big;
	p.len = sizeof(big);
	EXPECT(&e.ctx, &p, MSD_ANSWER_UDP);
	CHECK_EQ(fake.seen_len, sizeof(big));
	fake_off();
}
