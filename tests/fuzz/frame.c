// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whole-frame target: two bytes of configuration, then a frame.
 *
 *   byte 0  bit 0     own set empty; the host has .7 and ::7
 *           bit 1     the usual client is denied
 *           bits 2-3  checksum state: none, good, complete, complete but wrong
 *           bits 4-5  MTU 1500, 1280, 9000, 65535
 *           bit 6     no flow table
 *           bit 7     VLAN 5 alone is listed
 *   byte 1  what fuzz_repair() leaves as it is
 *
 * Beyond reply_judge(): the same frame draws the same answer from an empty
 * table, and again from the table it left behind, if all of it was kept there;
 * two responders do not talk for ever.
 */
#include <linux/kernel.h>
#include <net/checksum.h>
#include "../../kmod/core/flow.h"
#include "fuzz.h"

#define EMPTY_OWN 0x01
#define DENY 0x02
#define NO_FLOWS 0x40
#define SOME_VLANS 0x80

static const u32 mtus[] = { 1500, 1280, 9000, 65535 };
static const struct msd_range4 deny4 = { 0xc0000201, 0xc0000201 };
static const struct msd_range6 deny6 = { { 0x20010db800000000, 1 },
					 { 0x20010db800000000, 1 } };

static bool is_host(void *host __maybe_unused, u8 family, const void *addr)
{
	return ((const u8 *)addr)[family == 4 ? 3 : 15] == 7;
}

static void configure(struct env *e, u8 bits)
{
	env_init(e);
	if (bits & EMPTY_OWN)
		memset(&e->cfg.own, 0, sizeof(e->cfg.own));
	if (bits & DENY) {
		e->cfg.deny.r4 = &deny4;
		e->cfg.deny.n4 = 1;
		e->cfg.deny.r6 = &deny6;
		e->cfg.deny.n6 = 1;
		msd_addrset_seal(&e->cfg.deny);
	}
	e->cfg.some_vlans = bits & SOME_VLANS;
	e->cfg.vlans[0] = 1 << 5;
	e->ctx.host_has = is_host;
	e->ctx.mtu = mtus[bits >> 4 & 3];
}

static void set_csum(struct msd_ctx *ctx, u8 bits, const u8 *frame, u32 len)
{
	u32 kind = bits >> 2 & 3;
	/* the same bytes on every machine */
	__be16 wrong = htons(kind == 3 ? 0x0100 : 0);

	ctx->csum = min_t(u32, kind, MSD_CSUM_COMPLETE);
	if (len > ETH_HLEN)
		ctx->csum_value = csum_partial(frame + ETH_HLEN, len - ETH_HLEN,
					       (__force __wsum)wrong);
}

static void ask_all(struct msd_ctx *ctx, u8 bits, const u8 *frame, u32 len)
{
	struct fuzz_answer a, b;

	ctx->flows = bits & NO_FLOWS ? NULL : fuzz_flows();
	fuzz_ask(ctx, frame, len, &a, 0);
	fuzz_ask(ctx, frame, len, &b, 1);
	if (len <= MSD_FLOW_BYTES && !fuzz_same(&a, &b))
		fuzz_fail("%s, and when repeated %s",
			  msd_verdict_name(a.verdict),
			  msd_verdict_name(b.verdict));
	ctx->flows = bits & NO_FLOWS ? NULL : fuzz_flows();
	fuzz_ask(ctx, frame, len, &b, 1);
	if (!fuzz_same(&a, &b))
		fuzz_fail("%s, and from an empty table %s",
			  msd_verdict_name(a.verdict),
			  msd_verdict_name(b.verdict));
	fuzz_feed_back(ctx, &a);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static u8 frame[MSD_FRAME_MAX];
	struct env e;
	u32 len;

	if (size < 2 || size - 2 > sizeof(frame))
		return 0;
	len = size - 2;
	configure(&e, data[0]);
	memcpy(frame, data + 2, len);
	fuzz_repair(&e.ctx, frame, len, data[1]);
	set_csum(&e.ctx, data[0], frame, len);
	ask_all(&e.ctx, data[0], frame, len);
	return 0;
}
