/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The world the core is shown in tests and fuzzers: fixed key, clock,
 * addresses and configuration, so that every answer can be written down.
 */
#ifndef MSD_ENV_H
#define MSD_ENV_H

#include "../../kmod/core/core.h"
#include "../../kmod/proto/proto.h"

/* Monday, 23 November 2026, 00:00:00 UTC */
#define ENV_NOW 1795392000
#define ENV_NOW_MS 1000
#define ENV_MTU 1500
#define ENV_SSH "SSH-2.0-1"
#define ENV_CLIENT_PORT 40000
#define ENV_OWN_PORT 5060

extern const u8 env_own_mac[ETH_ALEN];
extern const u8 env_client_mac[ETH_ALEN];
/* 192.0.2.1 and 2001:db8::1; 192.0.2.129 and 2001:db8::8001 */
extern const struct in6_addr env_client4, env_own4, env_client6, env_own6;

/**
 * struct env - configuration and context of one test
 * @cfg: own 192.0.2.128/25 and 2001:db8::8000/113, nobody denied
 * @ctx: refers to @cfg
 * @own4: storage of the own set
 * @own6: storage of the own set
 */
struct env {
	struct msd_config cfg;
	struct msd_ctx ctx;
	struct msd_range4 own4;
	struct msd_range6 own6;
};

/* Fill @e; the responders' table is set up on the first call. */
void env_init(struct env *e);

/**
 * env_flow() - a flow from the client to our address
 * @family: 4 or 6
 * @proto: IPPROTO_TCP or IPPROTO_UDP
 */
struct msd_flow env_flow(u8 family, u8 proto);

/* Our timestamp of now in that flow, without the mark. */
u32 env_stamp(const struct env *e, u8 family);

/* Client address of a family, and ours. */
const struct in6_addr *env_client(u8 family);
const struct in6_addr *env_own(u8 family);

/*
 * Is a reply of this responder a request as well? A Modbus device repeats what
 * it was told to write, and Redis has one form for arrays. Over TCP no harm
 * comes of it: neither side connects.
 */
static inline bool env_mirrors(u8 proto, u8 transport)
{
	return transport == MSD_TCP &&
	       (proto == MSD_PROTO_modbus || proto == MSD_PROTO_redis);
}

#endif /* MSD_ENV_H */
