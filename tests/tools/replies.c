// SPDX-License-Identifier: GPL-2.0-only
/* Replies as the kernel builds them, and as it never should. */
#include <stdlib.h>
#include <string.h>
#include "../../tools/netlink.h"
#include "tap.h"

static union {
	struct nlmsghdr msg;
	char bytes[8192];
} buf;

static struct nlmsghdr *reply(__u8 cmd)
{
	memset(&buf, 0, sizeof(buf));
	return nl_message(&buf, 33, cmd, 0);
}

static void put_responder(struct nlmsghdr *msg, const char *name, __u64 frames)
{
	struct nlattr *nest = mnl_attr_nest_start(msg, MSD_A_RESPONDER);

	mnl_attr_put_strz(msg, MSD_RESPONDER_NAME, name);
	mnl_attr_put_u32(msg, MSD_RESPONDER_ON, 1);
	mnl_attr_put_u32(msg, MSD_RESPONDER_TRANSPORTS, 3);
	mnl_attr_put_strz(msg, MSD_RESPONDER_SOURCE, "RFC 9110");
	mnl_attr_put_u64(msg, MSD_RESPONDER_FRAMES, frames);
	mnl_attr_nest_end(msg, nest);
}

static void put_verdict(struct nlmsghdr *msg, const char *name, __u64 frames)
{
	struct nlattr *nest = mnl_attr_nest_start(msg, MSD_A_STAT);

	mnl_attr_put_u32(msg, MSD_STAT_VERDICT, 3);
	mnl_attr_put_strz(msg, MSD_STAT_NAME, name);
	mnl_attr_put_u64(msg, MSD_STAT_FRAMES, frames);
	mnl_attr_put_u64(msg, MSD_STAT_RX_BYTES, 2 * frames);
	mnl_attr_nest_end(msg, nest);
}

static struct nlmsghdr *iface_reply(__u32 ifindex)
{
	struct nlmsghdr *msg = reply(MSD_CMD_IFACE_GET);

	mnl_attr_put_u32(msg, MSD_A_IFINDEX, ifindex);
	mnl_attr_put_strz(msg, MSD_A_IFNAME, "eth0");
	return msg;
}

static void test_iface(void)
{
	static const __u8 mac[] = { 2, 0, 0, 0, 0, 9 };
	struct iface_info *ifaces = NULL;
	struct nlmsghdr *msg = iface_reply(4);
	size_t n = 0;

	mnl_attr_put(msg, MSD_A_MAC, sizeof(mac), mac);
	mnl_attr_put(msg, MSD_A_KEY_FIXED, 0, NULL);
	mnl_attr_put_u32(msg, MSD_A_VIA, MSD_VIA_INGRESS);
	mnl_attr_put_strz(msg, MSD_A_SSH_BANNER, "SSH-2.0-1");
	mnl_attr_put_u32(msg, MSD_A_SNAP, 64);
	mnl_attr_put_u32(msg, MSD_A_GENERATION, 12);
	put_responder(msg, "http", 5);
	put_responder(msg, "ssh", 6);
	mnl_attr_put_u32(msg, 1000, 0);	/* from a newer module */
	if (!tap_ok(!nl_parse_iface(msg, &ifaces, &n) && n == 1, "interface"))
		return;
	tap_ok(ifaces->ifindex == 4 && !strcmp(ifaces->ifname, "eth0") &&
	       !memcmp(ifaces->mac, mac, sizeof(mac)) && !ifaces->mac_fixed &&
	       ifaces->key_fixed && ifaces->via == MSD_VIA_INGRESS &&
	       ifaces->snap == 64 && ifaces->generation == 12, "settings");
	tap_str(ifaces->banner, "SSH-2.0-1", "banner");
	tap_ok(ifaces->nresponders == 2 &&
	       !strcmp(ifaces->responders[1].name, "ssh") &&
	       ifaces->responders[1].count.frames == 6 &&
	       ifaces->responders[1].on, "responders");
	iface_info_free(ifaces, n);
}

static void test_parts(void)
{
	struct iface_info *ifaces = NULL;
	struct nlmsghdr *msg = iface_reply(4);
	size_t n = 0;
	bool ok;

	put_verdict(msg, "pass-mac", 1ULL << 40);
	ok = !nl_parse_iface(msg, &ifaces, &n);
	msg = iface_reply(4);
	put_verdict(msg, "drop-source", 3);
	put_responder(msg, "http", 5);
	ok &= !nl_parse_iface(msg, &ifaces, &n);
	msg = iface_reply(5);
	put_verdict(msg, "pass-mac", 9);
	ok &= !nl_parse_iface(msg, &ifaces, &n);
	tap_ok(ok && n == 2, "an interface may come in several messages");
	tap_ok(ok && ifaces[0].nverdicts == 2 && ifaces[0].nresponders == 1 &&
	       ifaces[0].verdicts[0].count.frames == 1ULL << 40 &&
	       !strcmp(ifaces[0].verdicts[1].name, "drop-source") &&
	       ifaces[1].nverdicts == 1, "and its counters come together");
	iface_info_free(ifaces, n);
}

/* Refused, without a leak or a crash. */
static void refuse(const struct nlmsghdr *msg, const char *what)
{
	struct iface_info *ifaces = NULL;
	size_t n = 0;

	tap_ok(nl_parse_iface(msg, &ifaces, &n) < 0, what);
	iface_info_free(ifaces, n);
}

static void test_malformed(void)
{
	struct nlmsghdr *msg = reply(MSD_CMD_IFACE_GET);

	refuse(msg, "no ifindex");
	msg = iface_reply(0);
	refuse(msg, "ifindex 0");
	msg = iface_reply(4);
	mnl_attr_put(msg, MSD_A_MAC, 5, "abcde");
	refuse(msg, "MAC of five bytes");
	msg = iface_reply(4);
	mnl_attr_put_u64(msg, MSD_A_VIA, 1);
	refuse(msg, "number of the wrong width");
	msg = iface_reply(4);
	mnl_attr_put(msg, MSD_A_SSH_BANNER, 3, "abc");
	refuse(msg, "string without its end");
	msg = iface_reply(4);
	put_responder(msg, "", 1);
	refuse(msg, "responder without a name");
	msg = iface_reply(4);
	msg->nlmsg_len = MNL_NLMSG_HDRLEN;
	refuse(msg, "message without its header");
}

static void put_range(struct nlmsghdr *msg, size_t first, size_t last)
{
	static const __u8 a[16] = { 192, 0, 2, 1 }, b[16] = { 192, 0, 2, 9 };
	struct nlattr *nest = mnl_attr_nest_start(msg, MSD_A_RANGE);

	mnl_attr_put(msg, MSD_RANGE_FIRST, first, a);
	if (last)
		mnl_attr_put(msg, MSD_RANGE_LAST, last, b);
	mnl_attr_nest_end(msg, nest);
}

static void test_ranges(void)
{
	struct addr_list list = { 0 };
	struct nlmsghdr *msg = reply(MSD_CMD_RANGES_GET);
	char text[RANGE_TEXT];

	put_range(msg, 4, 4);
	put_range(msg, 4, 0);
	put_range(msg, 16, 16);
	tap_ok(!nl_parse_ranges(msg, &list) && list.n == 3, "ranges");
	tap_str(addr_range_text(&list.r[0], text), "192.0.2.1-192.0.2.9",
		"first and last");
	tap_str(addr_range_text(&list.r[1], text), "192.0.2.1",
		"first alone is one address");
	addr_list_free(&list);
	msg = reply(MSD_CMD_RANGES_GET);
	put_range(msg, 4, 16);
	tap_ok(nl_parse_ranges(msg, &list) < 0, "range of two families");
	msg = reply(MSD_CMD_RANGES_GET);
	put_range(msg, 8, 8);
	tap_ok(nl_parse_ranges(msg, &list) < 0, "address of eight bytes");
	msg = reply(MSD_CMD_RANGES_GET);
	mnl_attr_put(msg, MSD_A_RANGE, 0, NULL);
	tap_ok(nl_parse_ranges(msg, &list) < 0, "empty range");
	addr_list_free(&list);
}

static void test_responders(void)
{
	struct responder_info *list = NULL;
	struct nlmsghdr *msg = reply(MSD_CMD_RESPONDER_GET);
	size_t n = 0;

	put_responder(msg, "http", 0);
	put_responder(msg, "ssh", 0);
	tap_ok(!nl_parse_responders(msg, &list, &n) && n == 2 &&
	       !strcmp(list[0].source, "RFC 9110") && list[0].transports == 3 &&
	       !strcmp(list[1].name, "ssh"), "responders of a module");
	free(list);
}

void test_replies(void)
{
	test_iface();
	test_parts();
	test_malformed();
	test_ranges();
	test_responders();
}
