// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages that keep to the grammar: attributes of the right types in the right
 * nests, with values of which most are possible.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "fuzz.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))
#define SSH_PREFIX "SSH-2.0-"
/* Ranges in one message; 44 bytes each at most. */
#define RANGES_MAX 180

static const char *const responder[] = {
#define MSD_ROW(name) (#name),
#include "../../kmod/proto/rows.h"
};

/* Commands that are likely, without an edit and in one. */
static const uint8_t idle[] = {
	MSD_CMD_EDIT_BEGIN, MSD_CMD_EDIT_BEGIN, MSD_CMD_EDIT_BEGIN,
	MSD_CMD_EDIT_BEGIN, MSD_CMD_EDIT_BEGIN, MSD_CMD_EDIT_BEGIN,
	MSD_CMD_EDIT_ATTACH, MSD_CMD_EDIT_SET, MSD_CMD_EDIT_RANGES,
	MSD_CMD_EDIT_DETACH, MSD_CMD_EDIT_COMMIT, MSD_CMD_IFACE_GET,
	MSD_CMD_IFACE_GET, MSD_CMD_RANGES_GET, MSD_CMD_RANGES_GET,
	MSD_CMD_STATS_GET, MSD_CMD_STATS_GET, MSD_CMD_RESPONDER_GET,
	MSD_CMD_VERSION_GET, MSD_CMD_STATS_RESET, MSD_CMD_UNSPEC,
};

static const uint8_t editing[] = {
	MSD_CMD_EDIT_ATTACH, MSD_CMD_EDIT_ATTACH, MSD_CMD_EDIT_ATTACH,
	MSD_CMD_EDIT_SET, MSD_CMD_EDIT_SET, MSD_CMD_EDIT_SET,
	MSD_CMD_EDIT_SET, MSD_CMD_EDIT_SET, MSD_CMD_EDIT_SET,
	MSD_CMD_EDIT_RANGES, MSD_CMD_EDIT_RANGES, MSD_CMD_EDIT_RANGES,
	MSD_CMD_EDIT_RANGES, MSD_CMD_EDIT_RANGES, MSD_CMD_EDIT_RANGES,
	MSD_CMD_EDIT_DETACH, MSD_CMD_EDIT_COMMIT, MSD_CMD_EDIT_COMMIT,
	MSD_CMD_EDIT_COMMIT, MSD_CMD_EDIT_COMMIT, MSD_CMD_EDIT_COMMIT,
	MSD_CMD_EDIT_BEGIN, MSD_CMD_IFACE_GET, MSD_CMD_STATS_RESET,
	MSD_CMD_RANGES_GET,
};

bool is_dump(uint8_t cmd)
{
	return cmd == MSD_CMD_IFACE_GET || cmd == MSD_CMD_RANGES_GET ||
	       cmd == MSD_CMD_STATS_GET || cmd == MSD_CMD_RESPONDER_GET;
}

static void put_ifindex(struct worker *w, struct nlmsghdr *nlh)
{
	static const uint32_t bad[] = { 0, 1, 999999, INT32_MAX, UINT32_MAX };
	uint32_t ifindex;

	if (one_in(&w->rng, 16))
		ifindex = bad[below(&w->rng, LEN(bad))];
	else
		ifindex = w->ifindex[below(&w->rng, w->nifindex)];
	mnl_attr_put_u32(nlh, MSD_A_IFINDEX, ifindex);
}

static void put_mac(struct worker *w, struct nlmsghdr *nlh)
{
	uint8_t mac[6] = { 0 };

	if (!one_in(&w->rng, 4)) {
		fill(&w->rng, mac, sizeof(mac));
		if (!one_in(&w->rng, 8))
			mac[0] &= ~1;
	}
	mnl_attr_put(nlh, MSD_A_MAC, sizeof(mac), mac);
}

static void put_key(struct worker *w, struct nlmsghdr *nlh)
{
	uint8_t key[16] = { 0 };

	if (!one_in(&w->rng, 4))
		fill(&w->rng, key, sizeof(key));
	mnl_attr_put(nlh, MSD_A_KEY, sizeof(key), key);
}

static void put_ssh(struct worker *w, struct nlmsghdr *nlh)
{
	char banner[300];
	size_t i, len = below(&w->rng, one_in(&w->rng, 8) ? sizeof(banner) : 40);

	for (i = 0; i < len; i++)
		banner[i] = one_in(&w->rng, 200) ? rnd(&w->rng) : '0' + below(&w->rng, 75);
	if (!one_in(&w->rng, 8) && len >= strlen(SSH_PREFIX))
		memcpy(banner, SSH_PREFIX, strlen(SSH_PREFIX));
	mnl_attr_put(nlh, MSD_A_SSH_BANNER, len, banner);
}

static void put_responder(struct worker *w, struct nlmsghdr *nlh)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, MSD_A_RESPONDER);
	const char *name = responder[below(&w->rng, LEN(responder))];

	if (!one_in(&w->rng, 40))
		mnl_attr_put_strz(nlh, MSD_RESPONDER_NAME, one_in(&w->rng, 40) ? "" : name);
	if (!one_in(&w->rng, 40))
		mnl_attr_put_u32(nlh, MSD_RESPONDER_ON,
				 below(&w->rng, one_in(&w->rng, 40) ? 3 : 2));
	mnl_attr_nest_end(nlh, nest);
}

/* The ends of a range; either may be missing. */
static void put_ends(struct rng *r, struct nlmsghdr *nlh, size_t len, const uint8_t *first,
		     const uint8_t *last)
{
	if (!one_in(r, 400))
		mnl_attr_put(nlh, MSD_RANGE_FIRST, one_in(r, 400) ? len - 1 : len, first);
	if (!one_in(r, 3))
		mnl_attr_put(nlh, MSD_RANGE_LAST, one_in(r, 400) ? 4 : len, last);
}

static void put_range4(struct worker *w, struct nlmsghdr *nlh)
{
	static const uint8_t odd[] = { 0, 126, 127, 223, 224, 255 };
	uint8_t first[4] = { 198, 51, 100 }, last[4];

	if (one_in(&w->rng, 60))
		first[0] = odd[below(&w->rng, LEN(odd))];
	first[3] = rnd(&w->rng);
	memcpy(last, first, sizeof(last));
	last[3] |= rnd(&w->rng);
	if (one_in(&w->rng, 200))
		last[below(&w->rng, 4)] = rnd(&w->rng);
	put_ends(&w->rng, nlh, sizeof(first), first, last);
}

static void put_range6(struct worker *w, struct nlmsghdr *nlh)
{
	uint8_t first[16] = { 0x20, 0x01, 0x0d, 0xb8 }, last[16];

	if (one_in(&w->rng, 200))
		first[0] = 0xff;
	if (one_in(&w->rng, 2))
		first[below(&w->rng, 12) + 4] = rnd(&w->rng);
	first[15] = rnd(&w->rng);
	if (one_in(&w->rng, 200)) {
		memset(first, 0, sizeof(first));
		first[15] = below(&w->rng, 3);
		if (one_in(&w->rng, 2))
			memset(first + 10, 0xff, 2);
	}
	memcpy(last, first, sizeof(last));
	last[below(&w->rng, 12) + 4] |= rnd(&w->rng);
	if (one_in(&w->rng, 200))
		last[0] = rnd(&w->rng);
	put_ends(&w->rng, nlh, sizeof(first), first, last);
}

static void put_ranges(struct worker *w, const struct session *s, struct nlmsghdr *nlh)
{
	uint32_t n = below(&w->rng, one_in(&w->rng, 10) ? RANGES_MAX : 8);
	struct nlattr *nest;

	if (s->staged && !one_in(&w->rng, 8))
		mnl_attr_put_u32(nlh, MSD_A_IFINDEX, s->staged);
	else if (!one_in(&w->rng, 40))
		put_ifindex(w, nlh);
	if (!one_in(&w->rng, 40))
		mnl_attr_put_u32(nlh, MSD_A_LIST, 1 + below(&w->rng, one_in(&w->rng, 40) ? 3 : 2));
	while (n--) {
		nest = mnl_attr_nest_start(nlh, MSD_A_RANGE);
		if (one_in(&w->rng, 2))
			put_range4(w, nlh);
		else
			put_range6(w, nlh);
		mnl_attr_nest_end(nlh, nest);
	}
}

/* Everything ATTACH and SET take, each now and then. */
static void put_iface(struct worker *w, uint8_t cmd, struct nlmsghdr *nlh)
{
	static const uint16_t flag[] = {
		MSD_A_FORCE, MSD_A_CLEAR_OWN, MSD_A_CLEAR_DENY, MSD_A_ANY,
	};
	struct rng *r = &w->rng;
	unsigned int i;

	if (!one_in(r, 40))
		put_ifindex(w, nlh);
	if (one_in(r, 4))
		put_mac(w, nlh);
	if (one_in(r, 4))
		put_key(w, nlh);
	if (one_in(r, cmd == MSD_CMD_EDIT_ATTACH ? 2 : 30))
		mnl_attr_put_u32(nlh, MSD_A_VIA, 1 + below(r, one_in(r, 20) ? 3 : 2));
	if (one_in(r, 4))
		put_ssh(w, nlh);
	if (one_in(r, 4))
		mnl_attr_put_u32(nlh, MSD_A_SNAP, below(r, MSD_SNAP_MAX + 20));
	for (i = 0; i < LEN(flag); i++)
		if (one_in(r, 3))
			mnl_attr_put(nlh, flag[i], 0, NULL);
	for (i = below(r, 4); i; i--)
		put_responder(w, nlh);
}

static void put_attrs(struct worker *w, const struct session *s, uint8_t cmd,
		      struct nlmsghdr *nlh)
{
	switch (cmd) {
	case MSD_CMD_EDIT_ATTACH:
	case MSD_CMD_EDIT_SET:
		put_iface(w, cmd, nlh);
		break;
	case MSD_CMD_EDIT_RANGES:
		put_ranges(w, s, nlh);
		break;
	case MSD_CMD_RANGES_GET:
		mnl_attr_put_u32(nlh, MSD_A_LIST, 1 + below(&w->rng, 2));
		put_ifindex(w, nlh);
		break;
	case MSD_CMD_EDIT_DETACH:
		put_ifindex(w, nlh);
		break;
	case MSD_CMD_IFACE_GET:
	case MSD_CMD_STATS_GET:
	case MSD_CMD_STATS_RESET:
		if (one_in(&w->rng, 2))
			put_ifindex(w, nlh);
		break;
	default:
		break;
	}
}

static uint16_t flags(struct rng *r, uint8_t cmd)
{
	uint16_t f = NLM_F_REQUEST;

	if (!one_in(r, 5))
		f |= NLM_F_ACK;
	if (is_dump(cmd) != one_in(r, 30))
		f |= NLM_F_DUMP;
	if (one_in(r, 60))
		f ^= 1 << below(r, 16);
	return f;
}

static uint8_t command(struct rng *r, const struct session *s)
{
	return s->likely_open ? editing[below(r, LEN(editing))] : idle[below(r, LEN(idle))];
}

void message(struct worker *w, const struct session *s, struct nlmsghdr *nlh)
{
	uint8_t cmd = command(&w->rng, s);

	request(nlh, w->family, flags(&w->rng, cmd), cmd);
	put_attrs(w, s, cmd, nlh);
}

void detach_message(struct worker *w, uint32_t ifindex, struct nlmsghdr *nlh)
{
	request(nlh, w->family, NLM_F_REQUEST | NLM_F_ACK, MSD_CMD_EDIT_DETACH);
	mnl_attr_put_u32(nlh, MSD_A_IFINDEX, ifindex);
}
