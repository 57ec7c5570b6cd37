// SPDX-License-Identifier: GPL-2.0-only
/*
 * Neighbour solicitation in, advertisement out (RFC 4861 sections 7.1.1, 7.2.4).
 *
 *   source         destination      advertisement goes to      flags
 *   unicast        any              the source, its MAC        S O
 *   :: (DAD)       solicited-node   all-nodes, its group MAC   O
 *
 * The second kind is also what announces an address unasked (section 7.2.6).
 * Never R: we route nothing. Our link-layer address always goes along.
 */
#include <linux/in.h>
#include <linux/ipv6.h>
#include "net.h"

#define ND_HOP_LIMIT 255
#define NS_HLEN 24
#define OPT_SOURCE_LLADDR 1
#define OPT_TARGET_LLADDR 2
#define NA_SOLICITED 0x40
#define NA_OVERRIDE 0x20

/* Neighbour advertisement with the target link-layer address option. */
struct na {
	u8 type;
	u8 code;
	__sum16 checksum;
	u8 flags;
	u8 reserved[3];
	struct in6_addr target;
	u8 opt_type;
	u8 opt_len;
	u8 mac[ETH_ALEN];
} __packed;

static const struct in6_addr any;

static const struct in6_addr allnodes = {
	.s6_addr = { 0xff, 0x02, [15] = 1 },
};

static const u8 dad_mac[ETH_ALEN] = { 0x33, 0x33, 0, 0, 0, 1 };
/* ff02::1:ff00:0/104, RFC 4291 section 2.7.1 */
static const u8 solicited_node[13] = { 0xff, 0x02, [11] = 1, [12] = 0xff };

/* Are all options well formed? Tells whether one is our asker's MAC. */
static bool options_ok(struct msd_view v, bool *has_mac)
{
	while (v.len) {
		u8 type = msd_get8(&v);
		u8 len = msd_get8(&v);

		if (!len)
			return false;
		msd_skip(&v, len * 8 - 2);
		*has_mac |= type == OPT_SOURCE_LLADDR;
	}
	return msd_view_ok(&v);
}

static bool valid(const struct msd_flow *f, struct msd_view v, bool dad)
{
	bool has_mac = false;

	if (f->hop_limit != ND_HOP_LIMIT || v.p[1])
		return false;
	msd_skip(&v, NS_HLEN);
	if (!options_ok(v, &has_mac))
		return false;
	return !dad || (!has_mac && !memcmp(&f->daddr, solicited_node,
					    sizeof(solicited_node)));
}

static void advertise(const struct msd_ctx *ctx, struct msd_flow *flow,
		      const struct in6_addr *target, bool dad,
		      struct msd_out *out)
{
	const struct in6_addr *daddr = dad ? &allnodes : &flow->saddr;
	struct na *na = msd_put(&out->buf, sizeof(*na));

	if (!na)
		return;
	*na = (struct na){
		.type = MSD_ICMPV6_NA,
		.flags = NA_OVERRIDE | (dad ? 0 : NA_SOLICITED),
		.target = *target,
		.opt_type = OPT_TARGET_LLADDR,
		.opt_len = 1,
	};
	memcpy(na->mac, ctx->mac, ETH_ALEN);
	na->checksum = csum_ipv6_magic(target, daddr, sizeof(*na), flow->proto,
				       csum_partial(na, sizeof(*na), 0));
	msd_ipv6_put(ctx, flow, out->buf.data, out->buf.len, target, daddr,
		     dad ? dad_mac : msd_smac(flow), ND_HOP_LIMIT);
	msd_reply_frame(out);
}

void msd_ndisc_announce(const struct msd_ctx *ctx,
			const struct in6_addr *target, struct msd_out *out)
{
	static const u8 link[ETH_HLEN] = { [2 * ETH_ALEN] = 0x86, 0xdd };
	struct msd_flow flow = {
		.l2 = link, .l2_len = ETH_HLEN, .proto = IPPROTO_ICMPV6,
	};

	msd_reply_head(&flow, out, sizeof(struct ipv6hdr));
	advertise(ctx, &flow, target, true, out);
}

enum msd_verdict msd_ndisc(const struct msd_ctx *ctx, struct msd_flow *flow,
			   struct msd_view v, struct msd_out *out)
{
	bool dad = !memcmp(&flow->saddr, &any, sizeof(any));
	struct in6_addr target;

	if (v.len < NS_HLEN)
		return MSD_DROP_NDISC;
	memcpy(&target, v.p + 8, sizeof(target));
	if (!msd_owns(ctx, 6, &target) || !valid(flow, v, dad))
		return MSD_DROP_NDISC;
	if (!dad && !msd_source6_ok(ctx, &flow->saddr, &target))
		return MSD_DROP_SOURCE;
	if (!msd_csum_ok(ctx, flow, IPPROTO_ICMPV6, v.p, v.len))
		return MSD_DROP_CHECKSUM;
	advertise(ctx, flow, &target, dad, out);
	flow->daddr = target;
	return out->nframes ? MSD_ANSWER_NDISC : MSD_DROP_REPLY_SIZE;
}
