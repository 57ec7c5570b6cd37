// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads the dumps: interfaces, address lists, counters, responders, version.
 */
#include <assert.h>
#include <linux/genetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "netlink.h"

/* Attributes of a message or nest by type; the last of a repeated one. */
#define ATTRS_MAX 32

static_assert(MSD_A_MAX < ATTRS_MAX, "attributes fit");
static_assert(MSD_RANGE_MAX < ATTRS_MAX, "range attributes fit");
static_assert(MSD_STAT_MAX < ATTRS_MAX, "counter attributes fit");
static_assert(MSD_RESPONDER_MAX < ATTRS_MAX, "responder attributes fit");

/**
 * struct attrs - attributes by type
 * @tb: NULL when absent
 */
struct attrs {
	const struct nlattr *tb[ATTRS_MAX];
};

static int collect(const struct nlattr *attr, void *arg)
{
	struct attrs *attrs = arg;
	__u16 type = mnl_attr_get_type(attr);

	if (type < ATTRS_MAX)
		attrs->tb[type] = attr;
	return MNL_CB_OK;
}

static struct attrs message_attrs(const struct nlmsghdr *msg)
{
	struct attrs attrs = { 0 };

	if (mnl_nlmsg_get_payload_len(msg) > sizeof(struct genlmsghdr))
		mnl_attr_parse(msg, sizeof(struct genlmsghdr), collect, &attrs);
	return attrs;
}

static struct attrs nest_attrs(const struct nlattr *nest)
{
	struct attrs attrs = { 0 };

	mnl_attr_parse_nested(nest, collect, &attrs);
	return attrs;
}

/* Absent attributes leave the zero that is there; false: wrong length. */
static bool get_u32(const struct nlattr *attr, __u32 *out)
{
	if (!attr)
		return true;
	if (mnl_attr_validate(attr, MNL_TYPE_U32) < 0)
		return false;
	*out = mnl_attr_get_u32(attr);
	return true;
}

static bool get_u64(const struct nlattr *attr, __u64 *out)
{
	if (!attr)
		return true;
	if (mnl_attr_validate(attr, MNL_TYPE_U64) < 0)
		return false;
	*out = mnl_attr_get_u64(attr);
	return true;
}

static bool get_str(const struct nlattr *attr, char *out, size_t size)
{
	if (!attr)
		return true;
	if (mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) < 0)
		return false;
	snprintf(out, size, "%s", mnl_attr_get_str(attr));
	return true;
}

static bool get_bytes(const struct nlattr *attr, void *out, size_t size)
{
	if (!attr)
		return true;
	if (mnl_attr_get_payload_len(attr) != size)
		return false;
	memcpy(out, mnl_attr_get_payload(attr), size);
	return true;
}

static bool get_responder(const struct nlattr *nest, struct responder_info *r)
{
	struct attrs a = nest_attrs(nest);
	__u32 on = 0;
	bool ok = get_str(a.tb[MSD_RESPONDER_NAME], r->name, sizeof(r->name)) &&
		  get_str(a.tb[MSD_RESPONDER_SOURCE], r->source,
			  sizeof(r->source)) &&
		  get_u32(a.tb[MSD_RESPONDER_ON], &on) &&
		  get_u32(a.tb[MSD_RESPONDER_TRANSPORTS], &r->transports) &&
		  get_u32(a.tb[MSD_RESPONDER_PATTERNS], &r->patterns) &&
		  get_u64(a.tb[MSD_RESPONDER_FRAMES], &r->count.frames) &&
		  get_u64(a.tb[MSD_RESPONDER_RX_BYTES], &r->count.rx_bytes) &&
		  get_u64(a.tb[MSD_RESPONDER_TX_FRAMES],
			  &r->count.tx_frames) &&
		  get_u64(a.tb[MSD_RESPONDER_TX_BYTES], &r->count.tx_bytes);

	r->on = on;
	return ok && *r->name;
}

static bool get_verdict(const struct nlattr *nest, struct verdict_info *v)
{
	struct attrs a = nest_attrs(nest);

	return get_str(a.tb[MSD_STAT_NAME], v->name, sizeof(v->name)) &&
	       get_u64(a.tb[MSD_STAT_FRAMES], &v->count.frames) &&
	       get_u64(a.tb[MSD_STAT_RX_BYTES], &v->count.rx_bytes) &&
	       get_u64(a.tb[MSD_STAT_TX_FRAMES], &v->count.tx_frames) &&
	       get_u64(a.tb[MSD_STAT_TX_BYTES], &v->count.tx_bytes) && *v->name;
}

static bool get_range(const struct nlattr *nest, struct addr_range *range)
{
	struct attrs a = nest_attrs(nest);
	const struct nlattr *first = a.tb[MSD_RANGE_FIRST];
	const struct nlattr *last = a.tb[MSD_RANGE_LAST];

	if (!first)
		return false;
	range->len = mnl_attr_get_payload_len(first);
	if (range->len != 4 && range->len != 16)
		return false;
	return get_bytes(first, range->first, range->len) &&
	       get_bytes(last ? last : first, range->last, range->len);
}

static bool get_settings(const struct attrs *a, struct iface_info *iface)
{
	iface->mac_fixed = a->tb[MSD_A_MAC_FIXED];
	iface->key_fixed = a->tb[MSD_A_KEY_FIXED];
	iface->forced = a->tb[MSD_A_FORCE];
	iface->any = a->tb[MSD_A_ANY];
	return get_u32(a->tb[MSD_A_IFINDEX], &iface->ifindex) &&
	       get_str(a->tb[MSD_A_IFNAME], iface->ifname,
		       sizeof(iface->ifname)) &&
	       get_bytes(a->tb[MSD_A_MAC], iface->mac, MAC_LEN) &&
	       get_u32(a->tb[MSD_A_VIA], &iface->via) &&
	       get_str(a->tb[MSD_A_SSH_BANNER], iface->banner,
		       sizeof(iface->banner)) &&
	       get_u32(a->tb[MSD_A_SNAP], &iface->snap) &&
	       get_u32(a->tb[MSD_A_GENERATION], &iface->generation) &&
	       get_u32(a->tb[MSD_A_OWN_RANGES], &iface->own_ranges) &&
	       get_u32(a->tb[MSD_A_DENY_RANGES], &iface->deny_ranges) &&
	       *iface->ifname;
}

static bool get_vlan(const struct nlattr *nest, struct vlan_list *vlans)
{
	struct attrs a = nest_attrs(nest);
	__u32 *r;

	if (vlans->n == MSD_VLAN_RANGES_MAX || !a.tb[MSD_TAG_FIRST])
		return false;
	r = vlans->r[vlans->n];
	if (!get_u32(a.tb[MSD_TAG_FIRST], &r[0]))
		return false;
	r[1] = r[0];
	vlans->n++;
	return get_u32(a.tb[MSD_TAG_LAST], &r[1]);
}

static size_t count_attrs(const struct nlmsghdr *msg, __u16 type)
{
	const struct nlattr *attr;
	size_t n = 0;

	if (mnl_nlmsg_get_payload_len(msg) < sizeof(struct genlmsghdr))
		return 0;
	mnl_attr_for_each(attr, msg, sizeof(struct genlmsghdr))
		n += mnl_attr_get_type(attr) == type;
	return n;
}

/* Make room for all nests of @msg. */
static bool grow_nests(const struct nlmsghdr *msg, struct iface_info *iface)
{
	size_t nv = iface->nverdicts + count_attrs(msg, MSD_A_STAT);
	size_t nr = iface->nresponders + count_attrs(msg, MSD_A_RESPONDER);
	void *v = reallocarray(iface->verdicts, nv + 1,
			       sizeof(*iface->verdicts));
	void *r = reallocarray(iface->responders, nr + 1,
			       sizeof(*iface->responders));

	if (v)
		iface->verdicts = v;
	if (r)
		iface->responders = r;
	return v && r;
}

static bool get_nest(const struct nlattr *attr, struct iface_info *iface)
{
	struct responder_info r = { 0 };
	struct verdict_info v = { 0 };

	switch (mnl_attr_get_type(attr)) {
	case MSD_A_VLAN:
		return get_vlan(attr, &iface->vlans);
	case MSD_A_STAT:
		if (!get_verdict(attr, &v))
			return false;
		iface->verdicts[iface->nverdicts++] = v;
		break;
	case MSD_A_RESPONDER:
		if (!get_responder(attr, &r))
			return false;
		iface->responders[iface->nresponders++] = r;
		break;
	}
	return true;
}

/* The element @msg is about, a new one at need; NULL without memory. */
static struct iface_info *iface_of(__u32 ifindex, struct iface_info **ifaces,
				   size_t *n)
{
	struct iface_info *list = *ifaces;

	if (*n && list[*n - 1].ifindex == ifindex)
		return &list[*n - 1];
	list = reallocarray(list, *n + 1, sizeof(*list));
	if (!list)
		return NULL;
	*ifaces = list;
	memset(&list[*n], 0, sizeof(*list));
	return &list[(*n)++];
}

int nl_parse_iface(const struct nlmsghdr *msg, struct iface_info **ifaces,
		   size_t *n)
{
	struct attrs a = message_attrs(msg);
	const struct nlattr *attr;
	struct iface_info *iface;
	__u32 ifindex = 0;

	if (!get_u32(a.tb[MSD_A_IFINDEX], &ifindex) || !ifindex)
		return -1;
	iface = iface_of(ifindex, ifaces, n);
	if (!iface || !get_settings(&a, iface) || !grow_nests(msg, iface))
		return -1;
	mnl_attr_for_each(attr, msg, sizeof(struct genlmsghdr))
		if (!get_nest(attr, iface))
			return -1;
	return 0;
}

int nl_parse_ranges(const struct nlmsghdr *msg, struct addr_list *list)
{
	const struct nlattr *attr;

	if (mnl_nlmsg_get_payload_len(msg) < sizeof(struct genlmsghdr))
		return -1;
	mnl_attr_for_each(attr, msg, sizeof(struct genlmsghdr)) {
		struct addr_range range = { 0 };

		if (mnl_attr_get_type(attr) != MSD_A_RANGE)
			continue;
		if (!get_range(attr, &range) || addr_list_add(list, &range))
			return -1;
	}
	return 0;
}

int nl_parse_responders(const struct nlmsghdr *msg, struct responder_info **out,
			size_t *n)
{
	size_t more = count_attrs(msg, MSD_A_RESPONDER);
	struct responder_info *list = reallocarray(*out, *n + more + 1,
						   sizeof(*list));
	const struct nlattr *attr;

	if (!list)
		return -1;
	*out = list;
	memset(list + *n, 0, (more + 1) * sizeof(*list));
	mnl_attr_for_each(attr, msg, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == MSD_A_RESPONDER &&
		    !get_responder(attr, &list[(*n)++]))
			return -1;
	return 0;
}

static int unusable(struct err *err)
{
	return err_set(err, "the module's answer is malformed, or memory is short");
}

/* A dump; @ifindex and @list are left out when zero. */
static int dump(struct nl *nl, __u8 cmd, __u32 ifindex, __u32 list,
		struct nl_reply *reply, struct err *err)
{
	union nl_buf buf;
	struct nlmsghdr *msg = nl_message(&buf, nl->family, cmd, NLM_F_DUMP);

	if (ifindex)
		mnl_attr_put_u32(msg, MSD_A_IFINDEX, ifindex);
	if (list)
		mnl_attr_put_u32(msg, MSD_A_LIST, list);
	return nl_call(nl, msg, reply, err);
}

int nl_get_ifaces(struct nl *nl, __u8 cmd, __u32 ifindex,
		  struct iface_info **ifaces, size_t *n, struct err *err)
{
	const struct nlmsghdr *msg = NULL;
	struct nl_reply reply = { 0 };
	int ret = dump(nl, cmd, ifindex, 0, &reply, err);

	*ifaces = NULL;
	*n = 0;
	while (!ret && (msg = nl_next(&reply, msg)))
		if (nl_parse_iface(msg, ifaces, n))
			ret = unusable(err);
	free(reply.buf);
	if (ret)
		iface_info_free(*ifaces, *n);
	return ret;
}

int nl_get_ranges(struct nl *nl, __u32 ifindex, enum msd_list list,
		  struct addr_list *out, struct err *err)
{
	const struct nlmsghdr *msg = NULL;
	struct nl_reply reply = { 0 };
	int ret = dump(nl, MSD_CMD_RANGES_GET, ifindex, list, &reply, err);

	while (!ret && (msg = nl_next(&reply, msg)))
		if (nl_parse_ranges(msg, out))
			ret = unusable(err);
	free(reply.buf);
	return ret;
}

int nl_get_responders(struct nl *nl, struct responder_info **out, size_t *n,
		      struct err *err)
{
	const struct nlmsghdr *msg = NULL;
	struct nl_reply reply = { 0 };
	int ret = dump(nl, MSD_CMD_RESPONDER_GET, 0, 0, &reply, err);

	*out = NULL;
	*n = 0;
	while (!ret && (msg = nl_next(&reply, msg)))
		if (nl_parse_responders(msg, out, n))
			ret = unusable(err);
	free(reply.buf);
	if (ret)
		free(*out);
	return ret;
}

int nl_get_version(struct nl *nl, char out[NAME_MAX_LEN], struct err *err)
{
	union nl_buf buf;
	struct nlmsghdr *msg = nl_message(&buf, nl->family, MSD_CMD_VERSION_GET,
					  NLM_F_ACK);
	struct nl_reply reply = { 0 };
	int ret = nl_call(nl, msg, &reply, err);

	*out = '\0';
	if (!ret && reply.len) {
		struct attrs a = message_attrs(nl_next(&reply, NULL));

		get_str(a.tb[MSD_A_VERSION], out, NAME_MAX_LEN);
	}
	free(reply.buf);
	if (!ret && !*out)
		return unusable(err);
	return ret;
}
