// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events, as a listener gets them: the layers of each sort of frame, read a
 * second time, and the bytes of request and replies.
 */
#include <linux/tcp.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/tracepoint.h>
#include "../../kmod/event.h"
#include "rig.h"

/* What was heard last, its views turned into copies. */
static struct msd_event last;
static u8 payload[64];
static unsigned int answers, drops, packets;
static u64 ids[2];

static void hear(const struct msd_event *ev)
{
	last = *ev;
	memcpy(payload, ev->payload.p,
	       min_t(u32, ev->payload.len, sizeof(payload)));
}

static void on_answer(void *data, const struct msd_event *ev)
{
	answers++;
	hear(ev);
}

static void on_drop(void *data, const struct msd_event *ev)
{
	drops++;
	hear(ev);
}

static void on_packet(void *data, const struct msd_event *ev,
		      const struct msd_packet *pkt)
{
	ids[pkt->direction] = pkt->request_id;
	packets++;
}

static int listen(struct kunit *test)
{
	int err = rig_attach(test);

	answers = 0;
	drops = 0;
	packets = 0;
	return err ?: register_trace_msd_answer(on_answer, NULL) ?:
	       register_trace_msd_drop(on_drop, NULL) ?:
	       register_trace_msd_packet(on_packet, NULL);
}

static void stop(struct kunit *test)
{
	unregister_trace_msd_answer(on_answer, NULL);
	unregister_trace_msd_drop(on_drop, NULL);
	unregister_trace_msd_packet(on_packet, NULL);
	tracepoint_synchronize_unregister();
	rig_detach(test);
}

static void receive(struct kunit *test, const struct pkt *p)
{
	struct sk_buff *skb = rig_skb(p);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	rig_receive(skb);
}

static void expect_addrs(struct kunit *test, u8 family)
{
	const void *saddr = &last.saddr.in6.sin6_addr;
	const void *daddr = &last.daddr.in6.sin6_addr;
	u32 len = family == 4 ? 4 : 16;

	if (family == 4) {
		saddr = &last.saddr.in.sin_addr;
		daddr = &last.daddr.in.sin_addr;
	}
	KUNIT_EXPECT_EQ(test, (int)last.family, family == 4 ? AF_INET : AF_INET6);
	KUNIT_EXPECT_EQ(test, memcmp(saddr, env_client(family), len), 0);
	KUNIT_EXPECT_EQ(test, memcmp(daddr, env_own(family), len), 0);
	KUNIT_EXPECT_TRUE(test, ether_addr_equal(last.smac, env_client_mac));
}

static void syn(struct kunit *test)
{
	u8 family;

	for (family = 4; family <= 6; family += 2) {
		struct pkt p = pkt_tcp(family, TH_SYN, 0x12345678, 0);

		memcpy(p.tcpopt, "\2\4\5\xb4", 4);
		p.tcpopt_len = 4;
		receive(test, &p);
		expect_addrs(test, family);
		KUNIT_EXPECT_EQ(test, (int)last.verdict, MSD_ANSWER_SYNACK);
		KUNIT_EXPECT_EQ(test, (int)last.protocol, IPPROTO_TCP);
		KUNIT_EXPECT_EQ(test, (int)last.tcp_flags, TH_SYN);
		KUNIT_EXPECT_EQ(test, last.seq, 0x12345678u);
		KUNIT_EXPECT_EQ(test, last.options.len, 4u);
		KUNIT_EXPECT_EQ(test, last.payload_len, 0u);
	}
	KUNIT_EXPECT_EQ(test, answers, 2u);
	KUNIT_EXPECT_EQ(test, drops, 0u);
}

/* The reply is told as it left: data beside a SYN is not taken. */
static void reply(struct kunit *test)
{
	struct pkt p = pkt_tcp(4, TH_SYN, 7, 0);
	struct sk_buff *skb;
	const struct tcphdr *th;

	p.data = "early";
	p.len = 5;
	receive(test, &p);
	skb = skb_peek(&rig.sent);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	th = (const void *)(skb->data + ETH_HLEN + sizeof(struct iphdr));
	KUNIT_EXPECT_EQ(test, last.payload_len, 5u);
	KUNIT_EXPECT_EQ(test, last.reply_ack, 8u);
	KUNIT_EXPECT_EQ(test, last.reply_ack, ntohl(th->ack_seq));
	KUNIT_EXPECT_EQ(test, last.reply_seq, ntohl(th->seq));
	KUNIT_EXPECT_EQ(test, (int)last.reply_window, ntohs(th->window));
	KUNIT_EXPECT_EQ(test, (int)last.reply_tcp_flags, TH_SYN | TH_ACK);
}

/* Request and reply share an identifier; the next request has another. */
static void udp(struct kunit *test)
{
	struct pkt p = pkt_udp(4, "GET / HTTP/1.0\r\n\r\n");
	u64 first;

	receive(test, &p);
	expect_addrs(test, 4);
	KUNIT_EXPECT_EQ(test, (int)last.verdict, MSD_ANSWER_UDP);
	KUNIT_EXPECT_EQ(test, (int)last.responder, MSD_PROTO_http);
	KUNIT_EXPECT_EQ(test, strcmp(last.responder_name, "http"), 0);
	KUNIT_EXPECT_EQ(test, last.payload_len, 18u);
	KUNIT_EXPECT_EQ(test, memcmp(payload, "GET / HTTP/1.0\r\n\r\n", 18), 0);
	KUNIT_EXPECT_EQ(test, last.reply_len, skb_peek(&rig.sent)->len);
	KUNIT_EXPECT_EQ(test, packets, 2u);
	KUNIT_EXPECT_EQ(test, ids[0], ids[1]);
	first = ids[0];
	receive(test, &p);
	KUNIT_EXPECT_EQ(test, packets, 4u);
	KUNIT_EXPECT_NE(test, ids[0], first);
}

static void echo(struct kunit *test)
{
	u8 family;

	for (family = 4; family <= 6; family += 2) {
		struct pkt p = pkt_echo(family, "ping", 4);

		receive(test, &p);
		expect_addrs(test, family);
		KUNIT_EXPECT_EQ(test, (int)last.icmp_type,
				family == 4 ? 8 : 128);
		KUNIT_EXPECT_EQ(test, (int)last.reply_icmp_type,
				family == 4 ? 0 : 129);
		KUNIT_EXPECT_EQ(test, last.payload_len, 4u);
		KUNIT_EXPECT_EQ(test, memcmp(payload, "ping", 4), 0);
	}
}

static void neighbours(struct kunit *test)
{
	static u8 store[64];
	struct arp a = arp_request();
	struct pkt p = pkt_arp(&a, store);

	receive(test, &p);
	KUNIT_EXPECT_EQ(test, (int)last.verdict, MSD_ANSWER_ARP);
	KUNIT_EXPECT_EQ(test, (int)last.ethertype, ETH_P_ARP);
	KUNIT_EXPECT_EQ(test, (int)last.arp_op, 1);
	expect_addrs(test, 4);
	p = pkt_ns(&env_own6, store, NULL, 0);
	receive(test, &p);
	KUNIT_EXPECT_EQ(test, (int)last.verdict, MSD_ANSWER_NDISC);
	KUNIT_EXPECT_EQ(test, memcmp(&last.nd_target, &env_own6, 16), 0);
	KUNIT_EXPECT_EQ(test, (int)last.reply_icmp_type, 136);
}

/* What is not well formed, or a piece, is told as far as it goes. */
static void drop(struct kunit *test)
{
	struct pkt p = pkt_tcp(4, TH_SYN, 1, 0);

	p.bad_csum = true;
	receive(test, &p);
	KUNIT_EXPECT_EQ(test, (int)last.verdict, MSD_DROP_CHECKSUM);
	KUNIT_EXPECT_EQ(test, (int)last.responder, MSD_NO_PROTO);
	expect_addrs(test, 4);
	p = pkt_echo(4, "x", 1);
	p.frag = 0x2000;
	receive(test, &p);
	KUNIT_EXPECT_EQ(test, (int)last.verdict, MSD_DROP_FRAGMENT);
	KUNIT_EXPECT_EQ(test, (int)last.icmp_type, 0);
	expect_addrs(test, 4);
	p = pkt_tcp(6, TH_SYN, 1, 0);
	p.doff = 4;
	receive(test, &p);
	KUNIT_EXPECT_EQ(test, (int)last.saddr.in6.sin6_port, 0);
	KUNIT_EXPECT_EQ(test, (int)last.reply_tcp_flags, 0);
	KUNIT_EXPECT_EQ(test, answers, 0u);
	KUNIT_EXPECT_EQ(test, drops, 3u);
	KUNIT_EXPECT_EQ(test, packets, 3u);
}

/* Nothing is told of what the host gets. */
static void pass(struct kunit *test)
{
	struct pkt p = pkt_echo(4, "x", 1);

	p.daddr.s6_addr[1]++;
	receive(test, &p);
	KUNIT_EXPECT_EQ(test, rig_count(MSD_PASS_ADDRESS), 1ull);
	KUNIT_EXPECT_EQ(test, answers + drops + packets, 0u);
}

/* The outer tag, taken off by the card or not. */
static void tag(struct kunit *test)
{
	struct pkt p = pkt_echo(4, "x", 1);
	struct sk_buff *skb = rig_skb(&p);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), 42);
	rig_receive(skb);
	KUNIT_EXPECT_EQ(test, (int)last.vlan_proto, ETH_P_8021Q);
	KUNIT_EXPECT_EQ(test, (int)last.vlan_tci, 42);
	expect_addrs(test, 4);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(syn),
	KUNIT_CASE(reply),
	KUNIT_CASE(udp),
	KUNIT_CASE(echo),
	KUNIT_CASE(neighbours),
	KUNIT_CASE(drop),
	KUNIT_CASE(pass),
	KUNIT_CASE(tag),
	{}
};

RIG_SUITE("msd_event", listen, stop);
