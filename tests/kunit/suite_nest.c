// SPDX-License-Identifier: GPL-2.0-only
/*
 * The nests of a request, a range and a responder: what must be in them, of
 * what length, and what must not. A wrong one is refused with a sentence and
 * changes nothing.
 */
#include <linux/rtnetlink.h>
#include <net/netlink.h>
#include "netlink.h"
#include "rig.h"

#define PARTS 3

/**
 * struct part - an attribute in a nest
 * @type: of it
 * @len: of its payload
 * @data: payload
 */
struct part {
	u16 type;
	u16 len;
	const char *data;
};

/**
 * struct nest - a nest
 * @name: for the case's name
 * @type: MSD_A_RANGE or MSD_A_RESPONDER
 * @fits: is it accepted?
 * @part: what is in it; a length of 0 ends it
 * @own: a range for the own list; else for the list of the denied
 */
struct nest {
	const char *name;
	u16 type;
	bool fits;
	struct part part[PARTS];
	bool own;
};

#define RANGE (MSD_A_RANGE | NLA_F_NESTED)
#define RESPONDER (MSD_A_RESPONDER | NLA_F_NESTED)
#define FIRST(len, data) { MSD_RANGE_FIRST, len, data }
#define LAST(len, data) { MSD_RANGE_LAST, len, data }
#define NAME(len, data) { MSD_RESPONDER_NAME, len, data }
#define ON(n) { MSD_RESPONDER_ON, 4, (const char *)&(n) }

#define LOW4 "\xc6\x33\x64\x10"
#define HIGH4 "\xc6\x33\x64\x1f"
#define NET6 "\x20\x01\x0d\xb8\0\1\0\0\0\0\0\0\0\0"
#define LOW6 NET6 "\0\1"
#define HIGH6 NET6 "\0\2"

/* In the order of the machine, as netlink has it. */
static const u32 zero, one = 1, two = 2;

static const struct nest nests[] = {
	{ "range", RANGE, true, { FIRST(4, LOW4), LAST(4, HIGH4) } },
	{ "range, IPv6", RANGE, true, { FIRST(16, LOW6), LAST(16, HIGH6) } },
	{ "range, one address", RANGE, true, { FIRST(4, LOW4) } },
	{ "range, one IPv6 address", RANGE, true, { FIRST(16, LOW6) } },
	{ "range, empty", RANGE, false, {} },
	{ "range, not marked as a nest", MSD_A_RANGE, false,
	  { FIRST(4, LOW4), LAST(4, HIGH4) } },
	{ "range, no first", RANGE, false, { LAST(4, HIGH4) } },
	{ "range, ends before", RANGE, false, { FIRST(4, HIGH4), LAST(4, LOW4) } },
	{ "range, ends before, IPv6", RANGE, false,
	  { FIRST(16, HIGH6), LAST(16, LOW6) } },
	{ "range, two families", RANGE, false, { FIRST(4, LOW4), LAST(16, LOW6) } },
	{ "range, 3 bytes", RANGE, false, { FIRST(3, LOW4) } },
	{ "range, 5 bytes", RANGE, false, { FIRST(5, LOW6) } },
	{ "range, 15 bytes", RANGE, false, { FIRST(15, LOW6) } },
	{ "range, 17 bytes", RANGE, false, { FIRST(17, LOW6 "\0") } },
	{ "range, foreign attribute", RANGE, false,
	  { FIRST(4, LOW4), { MSD_RANGE_MAX + 1, 4, LOW4 } } },
	{ "own range", RANGE, true, { FIRST(4, LOW4), LAST(4, HIGH4) }, true },
	{ "own range, IPv6", RANGE, true, { FIRST(16, LOW6) }, true },
	{ "own range, 0/8", RANGE, false,
	  { FIRST(4, "\0\xff\xff\xff"), LAST(4, "\1\0\0\0") }, true },
	{ "own range, loopback", RANGE, false, { FIRST(4, "\x7f\1\2\3") }, true },
	{ "own range, multicast", RANGE, false,
	  { FIRST(4, "\xdf\xff\xff\xff"), LAST(4, "\xe0\0\0\0") }, true },
	{ "own range, ::1", RANGE, false,
	  { FIRST(16, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1") }, true },
	{ "own range, ::2", RANGE, true,
	  { FIRST(16, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\2") }, true },
	{ "own range, IPv4-mapped", RANGE, false,
	  { FIRST(16, "\0\0\0\0\0\0\0\0\0\0\xff\xff\1\2\3\4") }, true },
	{ "own range, IPv6 multicast", RANGE, false,
	  { FIRST(16, LOW6), LAST(16, "\xff\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0") },
	  true },
	{ "responder, on", RESPONDER, true, { NAME(5, "http"), ON(one) } },
	{ "responder, off", RESPONDER, true, { NAME(5, "http"), ON(zero) } },
	{ "responder, empty", RESPONDER, false, {} },
	{ "responder, not marked as a nest", MSD_A_RESPONDER, false,
	  { NAME(5, "http"), ON(one) } },
	{ "responder, no name", RESPONDER, false, { ON(one) } },
	{ "responder, name only", RESPONDER, false, { NAME(5, "http") } },
	{ "responder, unknown", RESPONDER, false,
	  { NAME(5, "htt!"), ON(one) } },
	{ "responder, part of a name", RESPONDER, false,
	  { NAME(4, "htt"), ON(one) } },
	{ "responder, name without end", RESPONDER, false,
	  { NAME(4, "http"), ON(one) } },
	{ "responder, neither on nor off", RESPONDER, false,
	  { NAME(5, "http"), ON(two) } },
	{ "responder, on in 3 bytes", RESPONDER, false,
	  { NAME(5, "http"), { MSD_RESPONDER_ON, 3, (char *)&one } } },
	{ "responder, attribute of a reply", RESPONDER, false,
	  { NAME(5, "http"), ON(one),
	    { MSD_RESPONDER_TRANSPORTS, 4, (char *)&one } } },
};

static void nest_desc(const struct nest *n, char *desc)
{
	strscpy(desc, n->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(nest, nests, nest_desc);

/* Put the parts one behind the other. Return: the length. */
static u16 build(const struct nest *n, u8 *buf)
{
	unsigned int i;
	u16 at = 0;

	for (i = 0; i < PARTS && n->part[i].len; i++) {
		const struct part *p = &n->part[i];
		struct nlattr *a = (struct nlattr *)(buf + at);

		a->nla_type = p->type;
		a->nla_len = nla_attr_size(p->len);
		memcpy(nla_data(a), p->data, p->len);
		at += nla_total_size(p->len);
	}
	return at;
}

/* An edit that attaches the device anew, so that lists can be staged. */
static void stage(struct kunit *test, const struct nl_attr *ifindex)
{
	const struct nl_attr attrs[NL_ATTRS] = { *ifindex };

	nl_accept(test, MSD_CMD_EDIT_SET, false, attrs, 0);
}

static void one_nest(struct kunit *test)
{
	static u8 buf[128] __aligned(NLA_ALIGNTO);
	const struct nest *n = test->param_value;
	bool range = (n->type & NLA_TYPE_MASK) == MSD_A_RANGE;
	const u32 ifindex = rig.dev->ifindex;
	const u32 list = n->own ? MSD_LIST_OWN : MSD_LIST_DENY;
	const struct nl_attr dev = { MSD_A_IFINDEX, 4, &ifindex };
	struct nl_attr attrs[NL_ATTRS] = { dev };
	unsigned int last = 1;

	memset(buf, 0, sizeof(buf));
	if (range) {
		stage(test, &dev);
		attrs[last++] = (struct nl_attr){ MSD_A_LIST, 4, &list };
	}
	attrs[last] = (struct nl_attr){ n->type, build(n, buf), buf };
	if (n->fits)
		nl_accept(test, range ? MSD_CMD_EDIT_RANGES : MSD_CMD_EDIT_SET,
			  false, attrs, 0);
	else
		nl_refuse(test, range ? MSD_CMD_EDIT_RANGES : MSD_CMD_EDIT_SET,
			  false, attrs);
}

/* What was staged by a nest is so after the commit. */
static void takes_effect(struct kunit *test)
{
	static u8 buf[128] __aligned(NLA_ALIGNTO);
	const u32 ifindex = rig.dev->ifindex, list = MSD_LIST_DENY;
	const struct nl_attr dev = { MSD_A_IFINDEX, 4, &ifindex };
	const struct nest off = {
		"", RESPONDER, true, { NAME(5, "http"), ON(zero) } };
	const struct nest range = {
		"", RANGE, true, { FIRST(4, LOW4), LAST(4, HIGH4) } };
	const struct nl_attr set[NL_ATTRS] = {
		dev, { RESPONDER, build(&off, buf), buf } };
	struct nl_attr deny[NL_ATTRS] = { dev, { MSD_A_LIST, 4, &list } };
	struct msd_iface *iface = rig_iface();
	const struct msd_iface_cfg *cfg;

	nl_accept(test, MSD_CMD_EDIT_SET, false, set, 0);
	deny[2] = (struct nl_attr){ RANGE, build(&range, buf), buf };
	nl_accept(test, MSD_CMD_EDIT_RANGES, false, deny, 0);
	nl_accept(test, MSD_CMD_EDIT_COMMIT, false, nl_nothing, 0);
	deny[2].type = 0;
	nl_accept(test, MSD_CMD_RANGES_GET, true, deny, 1);
	rtnl_lock();
	cfg = rtnl_dereference(iface->cfg);
	KUNIT_EXPECT_FALSE(test, cfg->core.protos & BIT_ULL(MSD_PROTO_http));
	KUNIT_EXPECT_EQ(test, cfg->core.deny.n4, 1u);
	KUNIT_EXPECT_EQ(test, cfg->core.deny.r4[0].first, 0xc6336410u);
	KUNIT_EXPECT_EQ(test, cfg->core.deny.r4[0].last, 0xc633641fu);
	rtnl_unlock();
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(one_nest, nest_gen_params),
	KUNIT_CASE(takes_effect),
	{}
};

RIG_SUITE("msd_nest", nl_begin, nl_end);
