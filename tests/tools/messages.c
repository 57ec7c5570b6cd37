// SPDX-License-Identifier: GPL-2.0-only
/* The messages of an edit, read with libmnl and compared with the edit. */
#include <arpa/inet.h>
#include <linux/genetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../tools/netlink.h"
#include "tap.h"

#define FAMILY 33
#define MANY 100000

/**
 * struct seen - what came by
 * @cmds: commands, one letter each
 * @n: how many
 * @ok: all well so far
 * @ranges: ranges in EDIT_RANGES messages
 * @max: size of the largest message
 * @list: last MSD_A_LIST
 * @settings: copy of the ATTACH or SET message
 */
struct seen {
	char cmds[4096];
	size_t n;
	bool ok;
	size_t ranges;
	size_t max;
	__u32 list;
	char settings[NL_BUF];
};

static const char letters[] = "?bASRDc";

static __u8 command(const struct nlmsghdr *msg)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(msg);

	return genl->cmd;
}

static const struct nlattr *find_attr(const struct nlmsghdr *msg, int type)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, msg, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == type)
			return attr;
	return NULL;
}

/* Range @i of the long list is one address, or two when @i is odd. */
static struct addr_range nth_range(__u32 i)
{
	__u32 first = htonl(0x0a000000 + 4 * i);
	__u32 last = htonl(0x0a000000 + 4 * i + i % 2);
	struct addr_range r = { .len = 4 };

	memcpy(r.first, &first, 4);
	memcpy(r.last, &last, 4);
	return r;
}

static bool range_is(const struct nlattr *nest, const struct addr_range *want)
{
	const struct nlattr *first = mnl_attr_get_payload(nest);
	const struct nlattr *last = mnl_attr_next(first);
	bool single = !memcmp(want->first, want->last, want->len);
	size_t size = mnl_attr_get_len(first);

	if (!single)
		size += mnl_attr_get_len(last);
	return nest->nla_type == (NLA_F_NESTED | MSD_A_RANGE) &&
	       mnl_attr_get_payload_len(nest) == size &&
	       mnl_attr_get_type(first) == MSD_RANGE_FIRST &&
	       mnl_attr_get_payload_len(first) == want->len &&
	       !memcmp(mnl_attr_get_payload(first), want->first, want->len) &&
	       (single ||
		(mnl_attr_get_type(last) == MSD_RANGE_LAST &&
		 !memcmp(mnl_attr_get_payload(last), want->last, want->len)));
}

static void see_ranges(const struct nlmsghdr *msg, struct seen *seen)
{
	const struct nlattr *attr;

	seen->list = mnl_attr_get_u32(find_attr(msg, MSD_A_LIST));
	mnl_attr_for_each(attr, msg, sizeof(struct genlmsghdr)) {
		struct addr_range want = nth_range(seen->ranges);

		if (mnl_attr_get_type(attr) != MSD_A_RANGE)
			continue;
		seen->ok &= range_is(attr, &want);
		seen->ranges++;
	}
}

static int see(struct nlmsghdr *msg, void *arg)
{
	struct seen *seen = arg;
	__u8 cmd = command(msg);

	seen->ok &= msg->nlmsg_type == FAMILY &&
		    msg->nlmsg_flags == (NLM_F_REQUEST | NLM_F_ACK) &&
		    msg->nlmsg_len <= NL_BUF;
	if (cmd != MSD_CMD_EDIT_BEGIN && cmd != MSD_CMD_EDIT_COMMIT)
		seen->ok &= find_attr(msg, MSD_A_IFINDEX) &&
			    mnl_attr_get_u32(find_attr(msg, MSD_A_IFINDEX)) == 7;
	if (msg->nlmsg_len > seen->max)
		seen->max = msg->nlmsg_len;
	if (cmd == MSD_CMD_EDIT_RANGES)
		see_ranges(msg, seen);
	if (cmd == MSD_CMD_EDIT_ATTACH || cmd == MSD_CMD_EDIT_SET)
		memcpy(seen->settings, msg, msg->nlmsg_len);
	if (seen->n < sizeof(seen->cmds) - 1)
		seen->cmds[seen->n++] = cmd < 7 ? letters[cmd] : '?';
	return 0;
}

static struct seen *look(const struct iface_edit *edit)
{
	static struct seen seen;

	memset(&seen, 0, sizeof(seen));
	seen.ok = true;
	nl_build_edit(edit, 1, FAMILY, see, &seen);
	return &seen;
}

static bool has(const struct seen *seen, int type)
{
	return find_attr((const void *)seen->settings, type);
}

static void test_long_list(void)
{
	struct iface_edit edit = { .op = EDIT_ATTACH, .ifindex = 7,
				   .has = HAS_OWN };
	const struct seen *seen;
	__u32 i;

	for (i = 0; i < MANY; i++) {
		struct addr_range r = nth_range(i);

		addr_list_add(&edit.own, &r);
	}
	seen = look(&edit);
	tap_ok(seen->ok && seen->ranges == MANY,
	       "every range is sent once, in order, byte for byte");
	tap_ok(seen->max <= NL_BUF && seen->max > NL_BUF - 64,
	       "messages are as full as they get");
	tap_ok(seen->n < 3 + MANY * 20 / (NL_BUF - 128),
	       "no message more than needed");
	tap_ok(!strncmp(seen->cmds, "bAR", 3) &&
	       !strcmp(seen->cmds + seen->n - 2, "Rc"), "begin to commit");
	tap_ok(seen->list == MSD_LIST_OWN, "the own list");
	iface_edit_free(&edit);
}

static void test_settings(void)
{
	struct iface_edit edit = {
		.op = EDIT_ATTACH, .ifindex = 7, .via = MSD_VIA_INGRESS,
		.has = HAS_MAC | HAS_KEY | HAS_VIA | HAS_BANNER | HAS_FORCE |
		       HAS_OWN | HAS_DENY | HAS_SNAP,
		.mac = { 2, 0, 0, 0, 0, 1 }, .key = { 1, 2, 3 },
		.banner = "SSH-2.0-x", .snap = 128, .nprotos = 1,
		.protos = { { .name = "http", .on = true } },
	};
	const struct nlmsghdr *msg;
	const struct nlattr *nest, *name, *on;
	const struct seen *seen = look(&edit);

	tap_str(seen->cmds, "bAc", "settings alone need no ranges");
	msg = (const void *)seen->settings;
	tap_ok(!memcmp(mnl_attr_get_payload(find_attr(msg, MSD_A_MAC)),
		       edit.mac, MAC_LEN), "MAC");
	tap_ok(!memcmp(mnl_attr_get_payload(find_attr(msg, MSD_A_KEY)),
		       edit.key, KEY_LEN), "key");
	tap_ok(mnl_attr_get_u32(find_attr(msg, MSD_A_VIA)) == MSD_VIA_INGRESS,
	       "via");
	tap_str(mnl_attr_get_str(find_attr(msg, MSD_A_SSH_BANNER)),
		"SSH-2.0-x", "banner");
	tap_ok(mnl_attr_get_u32(find_attr(msg, MSD_A_SNAP)) == 128, "snap");
	tap_ok(has(seen, MSD_A_FORCE), "force");
	tap_ok(!has(seen, MSD_A_ANY), "any is a word");
	tap_ok(!has(seen, MSD_A_CLEAR_OWN) && !has(seen, MSD_A_CLEAR_DENY),
	       "an attach clears nothing");
	nest = find_attr(msg, MSD_A_RESPONDER);
	name = mnl_attr_get_payload(nest);
	on = mnl_attr_next(name);
	tap_ok(!strcmp(mnl_attr_get_str(name), "http") &&
	       mnl_attr_get_u32(on) == 1, "responder");
}

static bool is_tags(const struct nlattr *nest, __u32 a, __u32 b)
{
	const struct nlattr *first = mnl_attr_get_payload(nest);
	const struct nlattr *last = mnl_attr_next(first);

	return mnl_attr_get_type(nest) == MSD_A_VLAN &&
	       mnl_attr_get_type(first) == MSD_TAG_FIRST &&
	       mnl_attr_get_u32(first) == a &&
	       mnl_attr_get_type(last) == MSD_TAG_LAST &&
	       mnl_attr_get_u32(last) == b;
}

static void test_vlan(void)
{
	struct iface_edit edit = { .op = EDIT_SET, .ifindex = 7,
				   .has = HAS_VLAN,
				   .vlans = { .n = 2, .r = { { 0, 0 }, { 100, 4094 } } } };
	const struct seen *seen = look(&edit);
	const struct nlattr *nest;

	tap_str(seen->cmds, "bSc", "VLANs need no ranges");
	nest = find_attr((const void *)seen->settings, MSD_A_VLAN);
	tap_ok(is_tags(nest, 0, 0) && is_tags(mnl_attr_next(nest), 100, 4094),
	       "VLANs, first and last of each");
	tap_ok(!has(seen, MSD_A_CLEAR_VLAN), "they need no clearing");
	edit.vlans.n = 0;
	seen = look(&edit);
	tap_ok(has(seen, MSD_A_CLEAR_VLAN) && !has(seen, MSD_A_VLAN),
	       "any VLAN: the list is cleared");
	edit.has = HAS_FORCE;
	seen = look(&edit);
	tap_ok(!has(seen, MSD_A_CLEAR_VLAN) && !has(seen, MSD_A_VLAN),
	       "VLANs that were not named are not sent");
}

static void test_any(void)
{
	const struct iface_edit edit = { .op = EDIT_SET, .ifindex = 7,
					 .has = HAS_OWN | HAS_ANY };
	const struct seen *seen = look(&edit);

	tap_str(seen->cmds, "bSc", "any needs no ranges");
	tap_ok(has(seen, MSD_A_ANY), "any");
}

static void test_set(void)
{
	struct iface_edit edit = { .op = EDIT_SET, .ifindex = 7,
				   .has = HAS_DENY };
	struct addr_range r = nth_range(0);
	const struct seen *seen;

	addr_list_add(&edit.deny, &r);
	seen = look(&edit);
	tap_str(seen->cmds, "bSRc", "set of a list");
	tap_ok(has(seen, MSD_A_CLEAR_DENY) && !has(seen, MSD_A_CLEAR_OWN),
	       "the list that is named is replaced, the other stays");
	tap_ok(seen->list == MSD_LIST_DENY && seen->ranges == 1, "deny list");
	tap_ok(!has(seen, MSD_A_MAC) && !has(seen, MSD_A_KEY) &&
	       !has(seen, MSD_A_VIA) && !has(seen, MSD_A_SSH_BANNER) &&
	       !has(seen, MSD_A_FORCE) && !has(seen, MSD_A_RESPONDER) &&
	       !has(seen, MSD_A_SNAP),
	       "what was not named is not sent");
	iface_edit_free(&edit);
	edit.has = HAS_OWN;
	seen = look(&edit);
	tap_ok(!strcmp(seen->cmds, "bSc") && has(seen, MSD_A_CLEAR_OWN),
	       "an emptied list is cleared and nothing is added");
}

static int stop_at_second(struct nlmsghdr *msg, void *arg)
{
	int *n = arg;

	(void)msg;
	return ++*n == 2 ? -5 : 0;
}

static void test_others(void)
{
	static struct iface_edit edit = { .op = EDIT_DETACH, .ifindex = 7 };
	size_t i;
	int n = 0;

	tap_str(look(&edit)->cmds, "bDc", "detach");
	tap_ok(nl_build_edit(&edit, 1, FAMILY, stop_at_second, &n) == -5 &&
	       n == 2, "a refusal ends the edit before its commit");
	edit.op = EDIT_SET;
	edit.nprotos = PROTOS_MAX;
	for (i = 0; i < PROTOS_MAX; i++)
		memset(edit.protos[i].name, 'x', NAME_MAX_LEN - 1);
	edit.has = ~0u;
	memset(edit.banner, 'x', MSD_SSH_BANNER_MAX);
	tap_ok(look(&edit)->ok, "the largest settings fit a message");
}

void test_messages(void)
{
	test_long_list();
	test_settings();
	test_vlan();
	test_any();
	test_set();
	test_others();
}
