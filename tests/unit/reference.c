// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames another responder of this kind answers, kept as bytes: where the
 * behaviour is meant to be the same, so is the frame.
 */
#include <linux/kernel.h>
#include "run.h"
#include "unit.h"

static struct env e;
static const u8 own_mac[ETH_ALEN] = { 0x52, 0x1c, 0x4e, 0xc2, 0xa4, 0x1f };

/* 192.0.0.1 and 2001:41d0::ab32:bdb8 */
static void world(void)
{
	env_init(&e);
	e.ctx.mac = own_mac;
	e.own4 = (struct msd_range4){ 0xc0000001, 0xc0000001 };
	e.own6.first = (struct msd_u128){ 0x200141d000000000, 0xab32bdb8 };
	e.own6.last = e.own6.first;
	msd_addrset_seal(&e.cfg.own);
}

static int digit(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

static u32 unhex(const char *s, u8 *p)
{
	u32 n;

	for (n = 0; s[2 * n]; n++)
		p[n] = digit(s[2 * n]) << 4 | digit(s[2 * n + 1]);
	return n;
}

/**
 * struct frame_case - a request and what it draws
 * @name: for messages
 * @in: request, hexadecimal
 * @out: reply, or NULL for none
 * @v: verdict
 */
struct frame_case {
	const char *name;
	const char *in;
	const char *out;
	enum msd_verdict v;
};

#define TO_OWN "521c4ec2a41f020000000001"
#define TO_CLIENT "020000000001521c4ec2a41f"
#define BROADCAST "ffffffffffff020000000001"
#define NS_HEAD "86dd6000000000203aff200141d0000000000000000012345678"
#define NA "86dd6000000000203aff200141d00000000000000000ab32bdb8" \
	   "200141d0000000000000000012345678880070ae60000000" \
	   "200141d00000000000000000ab32bdb80201521c4ec2a41f"

static const struct frame_case cases[] = {
	{ "ARP for an own address",
	  BROADCAST "0806000108000604000102000000"
	  "0001c0000000000000000000c0000001",
	  TO_CLIENT "08060001080006040002521c4ec2a41fc0000001"
	  "020000000001c0000000", MSD_ANSWER_ARP },
	{ "ARP for another address",
	  BROADCAST "0806000108000604000102000000"
	  "0001c000000000000000000001020304", NULL, MSD_PASS_TARGET },
	{ "echo, odd length",
	  TO_OWN "080045000021133740004001a7a3c0000000c0000001"
	  "0800a3151111000768656c6c6f",
	  TO_CLIENT "080045000021000040004001badac0000001c0000000"
	  "0000ab151111000768656c6c6f", MSD_ANSWER_ECHO },
	{ "echo to another MAC",
	  "000000111111020000000001080045000021133740004001a7a3c0000000"
	  "c00000010800a3151111000768656c6c6f", NULL, MSD_PASS_MAC },
	{ "echo to another address",
	  TO_OWN "080045000021133740004001639fc000000001020304"
	  "0800a3151111000768656c6c6f", NULL, MSD_PASS_ADDRESS },
	{ "echo with a code",
	  TO_OWN "08004500001c133740004001a7a8c0000000c0000001"
	  "0801e6e611110007",
	  /* beyond the reference: as Linux */
	  TO_CLIENT "08004500001c000040004001badfc0000001c0000000"
	  "0001eee611110007", MSD_ANSWER_ECHO },
	{ "echo with IPv4 options",
	  TO_OWN "0800470000291337400040019a94c0000000c0000001"
	  "07070400000000000800a3151111000768656c6c6f",
	  TO_CLIENT "080045000021000040004001badac0000001c0000000"
	  "0000ab151111000768656c6c6f", MSD_ANSWER_ECHO },
	{ "solicitation to all-nodes",
	  BROADCAST "86dd6000000000183aff200141d0000000000000000012345678"
	  "ff0200000000000000000000000000018700e46e00000000"
	  "200141d00000000000000000ab32bdb8",
	  TO_CLIENT NA, MSD_ANSWER_NDISC },
	{ "solicitation to the solicited-node group",
	  "3333ff32bdb8020000000001" NS_HEAD
	  "ff0200000000000000000001ff32bdb88700247900000000"
	  "200141d00000000000000000ab32bdb80101020000000001",
	  TO_CLIENT NA, MSD_ANSWER_NDISC },
	{ "solicitation of another address",
	  BROADCAST "86dd6000000000183aff200141d0000000000000000012345678"
	  "ff02000000000000000000000000000187003fbc00000000"
	  "2020414130302020000000000000bdbd", NULL, MSD_PASS_TARGET },
	{ "echo over IPv6",
	  TO_OWN "86dd60000000000d3a40200141d0000000000000000012345678"
	  "200141d00000000000000000ab32bdb8"
	  "800095931111000768656c6c6f",
	  TO_CLIENT
	  "86dd60000000000d3a40200141d00000000000000000ab32bdb8"
	  "200141d0000000000000000012345678"
	  "810094931111000768656c6c6f", MSD_ANSWER_ECHO6 },
	{ "FIN without a connection",
	  TO_OWN "080045000028133740004006a797c0000000c0000001"
	  "07d100500000004d000000635011200007010000", NULL,
	  MSD_DROP_TCP_COOKIE },
	{ "data with a wrong acknowledgment",
	  TO_OWN "080045000029133740004006a796c0000000c0000001"
	  "04d200500000006500000001501820009241000078", NULL,
	  MSD_DROP_TCP_COOKIE },
	{ "datagram nobody knows",
	  TO_OWN "080045000021133740004011a793c0000000c0000001"
	  "1388270f000d016968656c6c6f", NULL, MSD_DROP_UDP_SILENT },
};

TEST(frames)
{
	u8 in[256], out[256];
	u32 i;

	world();
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct frame_case *c = &cases[i];
		const struct answer *a;

		unit_case("%s", c->name);
		a = run_frame(&e.ctx, in, unhex(c->in, in));
		unit_verdict(a->verdict, c->v, __FILE__, __LINE__);
		if (c->out)
			CHECK_BYTES(a->frame, a->frame_len, out,
				    unhex(c->out, out));
	}
}

/* Replies that differ in what we do better: options, checksum of the ISN. */
TEST(handshake_frames)
{
	static const char syn4[] = TO_OWN
		"080045000028133740004006a797c0000000c0000001"
		"04d200500000006400000000500220000a5b0000";
	static const char syn6[] = TO_OWN
		"86dd6000000000140640200141d0000000000000000012345678"
		"200141d00000000000000000ab32bdb8"
		"04d20050000000640000000050022000f5220000";
	u8 in[256];
	const struct answer *a;

	world();
	a = run_frame(&e.ctx, in, unhex(syn4, in));
	CHECK_EQ(a->verdict, MSD_ANSWER_SYNACK);
	CHECK_EQ(a->r[0].sport, 80);
	CHECK_EQ(a->r[0].dport, 1234);
	CHECK_EQ(a->r[0].ack, 101);
	a = run_frame(&e.ctx, in, unhex(syn6, in));
	CHECK_EQ(a->verdict, MSD_ANSWER_SYNACK);
	CHECK_EQ(a->r[0].ack, 101);
}
