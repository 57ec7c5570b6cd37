// SPDX-License-Identifier: GPL-2.0-only
/* Each frame is counted once, whatever becomes of it. */
#include <linux/netdevice.h>
#include "rig.h"

static u8 store[64];

static struct pkt other_mac(void)
{
	struct pkt p = pkt_echo(4, "x", 1);

	p.dmac[5]++;
	return p;
}

static struct pkt other_address(void)
{
	struct pkt p = pkt_echo(4, "x", 1);

	p.daddr.s6_addr[1]++;
	return p;
}

static struct pkt other_type(void)
{
	struct pkt p = pkt_echo(4, "x", 1);

	p.ethertype = 0x88cc;
	return p;
}

static struct pkt ask_arp(void)
{
	struct arp a = arp_request();

	return pkt_arp(&a, store);
}

static struct pkt ask_ns(void)
{
	return pkt_ns(&env_own6, store, NULL, 0);
}

static struct pkt echo4(void)
{
	return pkt_echo(4, "x", 1);
}

static struct pkt echo6(void)
{
	return pkt_echo(6, "x", 1);
}

static struct pkt syn(void)
{
	return pkt_tcp(4, TH_SYN, 1, 0);
}

static struct pkt syn6(void)
{
	return pkt_tcp(6, TH_SYN, 1, 0);
}

static struct pkt reset(void)
{
	return pkt_tcp(4, TH_RST, 1, 0);
}

static struct pkt bare_ack(void)
{
	return pkt_tcp(4, TH_ACK, 1, 1);
}

static struct pkt bad_cookie(void)
{
	struct pkt p = pkt_tcp(4, TH_ACK | TH_PSH, 1, 12345);

	p.data = "GET / HTTP/1.1\r\n\r\n";
	p.len = 18;
	return p;
}

static struct pkt bad_sum(void)
{
	struct pkt p = syn();

	p.bad_csum = true;
	return p;
}

static struct pkt bad_head(void)
{
	struct pkt p = syn();

	p.bad_ip_csum = true;
	return p;
}

static struct pkt fragment(void)
{
	struct pkt p = echo4();

	p.frag = 0x2000;
	return p;
}

static struct pkt query(void)
{
	return pkt_udp(4, "GET / HTTP/1.0\r\n\r\n");
}

static struct pkt silent(void)
{
	return pkt_udp(4, "\xff\xff\xff\xff nothing");
}

/**
 * struct drawn - a frame and its verdict
 * @v: verdict
 * @make: describes the frame
 */
struct drawn {
	enum msd_verdict v;
	struct pkt (*make)(void);
};

static const struct drawn frames[] = {
	{ MSD_PASS_MAC, other_mac },
	{ MSD_PASS_ADDRESS, other_address },
	{ MSD_PASS_ETHERTYPE, other_type },
	{ MSD_ANSWER_ARP, ask_arp },
	{ MSD_ANSWER_NDISC, ask_ns },
	{ MSD_ANSWER_ECHO, echo4 },
	{ MSD_ANSWER_ECHO6, echo6 },
	{ MSD_ANSWER_SYNACK, syn },
	{ MSD_ANSWER_SYNACK, syn6 },
	{ MSD_ANSWER_UDP, query },
	{ MSD_DROP_TCP_RST, reset },
	{ MSD_DROP_TCP_ACK, bare_ack },
	{ MSD_DROP_TCP_COOKIE, bad_cookie },
	{ MSD_DROP_CHECKSUM, bad_sum },
	{ MSD_DROP_IP_CHECKSUM, bad_head },
	{ MSD_DROP_FRAGMENT, fragment },
	{ MSD_DROP_UDP_SILENT, silent },
};

static void drawn_desc(const struct drawn *d, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s by %ps",
		 msd_verdict_name(d->v), d->make);
}

KUNIT_ARRAY_PARAM(drawn, frames, drawn_desc);

/**
 * struct total - sums over all verdicts
 * @frames: frames
 * @rx: bytes in
 * @sent: frames out
 * @tx: bytes out
 */
struct total {
	u64 frames;
	u64 rx;
	u64 sent;
	u64 tx;
};

static struct total total(void)
{
	const struct msd_iface *iface = rig_iface();
	struct total t = {};
	int cpu, i;

	for_each_possible_cpu(cpu) {
		const struct msd_stats *s = per_cpu_ptr(iface->stats, cpu);

		for (i = 0; i < __MSD_VERDICT_MAX; i++) {
			t.frames += u64_stats_read(&s->count[i].frames);
			t.rx += u64_stats_read(&s->count[i].rx_bytes);
			t.sent += u64_stats_read(&s->count[i].tx_frames);
			t.tx += u64_stats_read(&s->count[i].tx_bytes);
		}
	}
	return t;
}

static u64 sent_bytes(void)
{
	struct sk_buff *skb;
	u64 n = 0;

	skb_queue_walk(&rig.sent, skb)
		n += skb->len;
	return n;
}

static u32 receive(struct kunit *test, const struct drawn *d)
{
	struct pkt p = d->make();
	struct sk_buff *skb = rig_skb(&p);
	u32 len;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	len = skb->len;
	rig_receive(skb);
	return len;
}

static void one(struct kunit *test)
{
	const struct drawn *d = test->param_value;
	u32 len = receive(test, d);
	struct total t = total();

	KUNIT_EXPECT_EQ(test, rig_count(d->v), 1ull);
	KUNIT_EXPECT_EQ(test, t.frames, 1ull);
	KUNIT_EXPECT_EQ(test, t.rx, (u64)len);
	KUNIT_EXPECT_EQ(test, t.tx, sent_bytes());
	KUNIT_EXPECT_EQ(test, t.sent, (u64)skb_queue_len(&rig.sent));
	KUNIT_EXPECT_EQ(test, skb_queue_len(&rig.sent),
			msd_is_answer(d->v) ? 1u : 0u);
}

static void sums(struct kunit *test)
{
	unsigned int i, n = 0;
	struct total t;
	u64 rx = 0;

	for (n = 0; n < 5; n++)
		for (i = 0; i < ARRAY_SIZE(frames); i++)
			rx += receive(test, &frames[i]);
	t = total();
	KUNIT_EXPECT_EQ(test, t.frames, (u64)n * ARRAY_SIZE(frames));
	KUNIT_EXPECT_EQ(test, t.rx, rx);
	KUNIT_EXPECT_EQ(test, t.tx, sent_bytes());
	KUNIT_EXPECT_EQ(test, t.sent, (u64)skb_queue_len(&rig.sent));
	KUNIT_EXPECT_EQ(test, rig_count(MSD_ANSWER_SYNACK), 2ull * n);
}

/* The responder that spoke is counted beside the verdict. */
static void responder(struct kunit *test)
{
	const struct drawn d = { MSD_ANSWER_UDP, query };
	u32 item = __MSD_VERDICT_MAX + MSD_PROTO_http;
	const struct msd_iface *iface = rig_iface();
	u64 n = 0;
	int cpu;

	receive(test, &d);
	for_each_possible_cpu(cpu)
		n += u64_stats_read(&per_cpu_ptr(iface->stats, cpu)->count[item].frames);
	KUNIT_EXPECT_EQ(test, n, 1ull);
}

/* A device that is down takes nothing, and that is what is counted. */
static void not_taken(struct kunit *test)
{
	const struct drawn d = { MSD_DROP_XMIT, echo4 };
	u32 len;

	clear_bit(__LINK_STATE_START, &rig.dev->state);
	rig.dev->flags &= ~IFF_UP;
	len = receive(test, &d);
	rig.dev->flags |= IFF_UP;
	set_bit(__LINK_STATE_START, &rig.dev->state);
	KUNIT_EXPECT_EQ(test, total().frames, 1ull);
	KUNIT_EXPECT_EQ(test, total().rx, (u64)len);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(one, drawn_gen_params),
	KUNIT_CASE(sums),
	KUNIT_CASE(responder),
	KUNIT_CASE(not_taken),
	{}
};

RIG_SUITE("msd_count", rig_attach, rig_detach);
