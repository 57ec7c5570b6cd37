// SPDX-License-Identifier: GPL-2.0-only
/* Fixed world for tests: see env.h. */
#include <stdio.h>
#include <stdlib.h>
#include <linux/in.h>
#include <linux/kernel.h>
#include "../../kmod/core/stamp.h"
#include "env.h"

const u8 env_own_mac[ETH_ALEN] = { 0x02, 0, 0, 0, 0, 0x02 };
const u8 env_client_mac[ETH_ALEN] = { 0x02, 0, 0, 0, 0, 0x01 };

const struct in6_addr env_client4 = { .s6_addr = { 192, 0, 2, 1 } };
const struct in6_addr env_own4 = { .s6_addr = { 192, 0, 2, 129 } };
const struct in6_addr env_client6 = {
	.s6_addr = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 }
};

const struct in6_addr env_own6 = {
	.s6_addr = { 0x20, 0x01, 0x0d, 0xb8, [14] = 0x80, [15] = 1 }
};

static void init_proto(void)
{
	static bool done;

	if (done)
		return;
	if (msd_proto_init()) {
		fprintf(stderr, "msd_proto_init() refused the table\n");
		abort();
	}
	done = true;
}

static void init_config(struct env *e)
{
	struct msd_config *cfg = &e->cfg;

	e->own4 = (struct msd_range4){ 0xc0000280, 0xc00002ff };
	e->own6.first = (struct msd_u128){ 0x20010db800000000, 0x8000 };
	e->own6.last = (struct msd_u128){ 0x20010db800000000, 0xffff };
	cfg->own.r4 = &e->own4;
	cfg->own.n4 = 1;
	cfg->own.r6 = &e->own6;
	cfg->own.n6 = 1;
	msd_addrset_seal(&cfg->own);
	cfg->key.key[0] = 0x0706050403020100;
	cfg->key.key[1] = 0x0f0e0d0c0b0a0908;
	cfg->protos = GENMASK_ULL(MSD_NPROTO - 1, 0);
	cfg->ssh_len = strlen(ENV_SSH);
	memcpy(cfg->ssh, ENV_SSH, cfg->ssh_len);
	msd_proto_config(cfg);
}

void env_init(struct env *e)
{
	memset(e, 0, sizeof(*e));
	init_proto();
	init_config(e);
	e->ctx.cfg = &e->cfg;
	e->ctx.mac = env_own_mac;
	e->ctx.now = ENV_NOW;
	e->ctx.now_ms = ENV_NOW_MS;
	e->ctx.mtu = ENV_MTU;
}

const struct in6_addr *env_client(u8 family)
{
	return family == 4 ? &env_client4 : &env_client6;
}

const struct in6_addr *env_own(u8 family)
{
	return family == 4 ? &env_own4 : &env_own6;
}

struct msd_flow env_flow(u8 family, u8 proto)
{
	static u8 l2[ETH_HLEN];
	struct msd_flow flow = {
		.l2 = l2,
		.l2_len = sizeof(l2),
		.family = family,
		.proto = proto,
		.responder = MSD_NO_PROTO,
		.hop_limit = 64,
		.sport = htons(ENV_CLIENT_PORT),
		.dport = htons(ENV_OWN_PORT),
		.saddr = *env_client(family),
		.daddr = *env_own(family),
	};

	memcpy(l2, env_own_mac, ETH_ALEN);
	memcpy(l2 + ETH_ALEN, env_client_mac, ETH_ALEN);
	return flow;
}

u32 env_stamp(const struct env *e, u8 family)
{
	struct msd_flow flow = env_flow(family, IPPROTO_TCP);

	return msd_stamp(msd_stamp_offset(&e->cfg.key, &flow), e->ctx.now_ms,
			 false);
}
