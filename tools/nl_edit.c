// SPDX-License-Identifier: GPL-2.0-only
/* Writes an edit, from EDIT_BEGIN to EDIT_COMMIT, as netlink messages. */
#include <assert.h>
#include <linux/genetlink.h>
#include <string.h>
#include "netlink.h"

/* Bytes a range takes at most: its nest and two IPv6 addresses. */
#define RANGE_ROOM (3 * sizeof(struct nlattr) + 2 * 16)
/* The other settings and the responders to switch fit one message. */
static_assert(1024 + MSD_VLAN_RANGES_MAX * 20 +
	      PROTOS_MAX * (4 * sizeof(struct nlattr) + NAME_MAX_LEN) < NL_BUF,
	      "settings fit");

static struct nlmsghdr *message(void *buf, __u16 family, __u8 cmd)
{
	return nl_message(buf, family, cmd, NLM_F_ACK);
}

static void put_flag(struct nlmsghdr *msg, __u16 type, bool on)
{
	if (on)
		mnl_attr_put(msg, type, 0, NULL);
}

static void put_protos(struct nlmsghdr *msg, const struct iface_edit *edit)
{
	size_t i;

	for (i = 0; i < edit->nprotos; i++) {
		const struct proto_switch *p = &edit->protos[i];
		struct nlattr *nest = mnl_attr_nest_start(msg, MSD_A_RESPONDER);

		mnl_attr_put_strz(msg, MSD_RESPONDER_NAME, p->name);
		mnl_attr_put_u32(msg, MSD_RESPONDER_ON, p->on);
		mnl_attr_nest_end(msg, nest);
	}
}

static void put_vlans(struct nlmsghdr *msg, const struct vlan_list *vlans)
{
	size_t i;

	put_flag(msg, MSD_A_CLEAR_VLAN, !vlans->n);
	for (i = 0; i < vlans->n; i++) {
		struct nlattr *nest = mnl_attr_nest_start(msg, MSD_A_VLAN);

		mnl_attr_put_u32(msg, MSD_TAG_FIRST, vlans->r[i][0]);
		mnl_attr_put_u32(msg, MSD_TAG_LAST, vlans->r[i][1]);
		mnl_attr_nest_end(msg, nest);
	}
}

static void put_settings(struct nlmsghdr *msg, const struct iface_edit *edit)
{
	bool set = edit->op == EDIT_SET;

	if (edit->has & HAS_MAC)
		mnl_attr_put(msg, MSD_A_MAC, MAC_LEN, edit->mac);
	if (edit->has & HAS_KEY)
		mnl_attr_put(msg, MSD_A_KEY, KEY_LEN, edit->key);
	if (edit->has & HAS_VIA)
		mnl_attr_put_u32(msg, MSD_A_VIA, edit->via);
	if (edit->has & HAS_BANNER)
		mnl_attr_put_strz(msg, MSD_A_SSH_BANNER, edit->banner);
	if (edit->has & HAS_SNAP)
		mnl_attr_put_u32(msg, MSD_A_SNAP, edit->snap);
	if (edit->has & HAS_VLAN)
		put_vlans(msg, &edit->vlans);
	put_flag(msg, MSD_A_FORCE, edit->has & HAS_FORCE);
	put_flag(msg, MSD_A_ANY, edit->has & HAS_ANY);
	put_flag(msg, MSD_A_CLEAR_OWN, set && edit->has & HAS_OWN);
	put_flag(msg, MSD_A_CLEAR_DENY, set && edit->has & HAS_DENY);
	put_protos(msg, edit);
}

static void put_range(struct nlmsghdr *msg, const struct addr_range *range)
{
	struct nlattr *nest = mnl_attr_nest_start(msg, MSD_A_RANGE);

	mnl_attr_put(msg, MSD_RANGE_FIRST, range->len, range->first);
	if (memcmp(range->first, range->last, range->len))
		mnl_attr_put(msg, MSD_RANGE_LAST, range->len, range->last);
	mnl_attr_nest_end(msg, nest);
}

/* As many messages as the list needs, each as full as it gets. */
static int emit_list(void *buf, __u16 family, const struct iface_edit *edit,
		     enum msd_list which, nl_emit_t emit, void *arg)
{
	const struct addr_list *list = which == MSD_LIST_OWN ? &edit->own :
							       &edit->deny;
	size_t i = 0;

	while (i < list->n) {
		struct nlmsghdr *msg = message(buf, family,
					       MSD_CMD_EDIT_RANGES);
		int ret;

		mnl_attr_put_u32(msg, MSD_A_IFINDEX, edit->ifindex);
		mnl_attr_put_u32(msg, MSD_A_LIST, which);
		while (i < list->n && msg->nlmsg_len + RANGE_ROOM <= NL_BUF)
			put_range(msg, &list->r[i++]);
		ret = emit(msg, arg);
		if (ret)
			return ret;
	}
	return 0;
}

static __u8 edit_cmd(enum edit_op op)
{
	switch (op) {
	case EDIT_ATTACH:
		return MSD_CMD_EDIT_ATTACH;
	case EDIT_SET:
		return MSD_CMD_EDIT_SET;
	case EDIT_DETACH:
		break;
	}
	return MSD_CMD_EDIT_DETACH;
}

static int emit_iface(void *buf, __u16 family, const struct iface_edit *edit,
		      nl_emit_t emit, void *arg)
{
	struct nlmsghdr *msg = message(buf, family, edit_cmd(edit->op));
	int ret;

	mnl_attr_put_u32(msg, MSD_A_IFINDEX, edit->ifindex);
	if (edit->op == EDIT_DETACH)
		return emit(msg, arg);
	put_settings(msg, edit);
	ret = emit(msg, arg);
	if (!ret)
		ret = emit_list(buf, family, edit, MSD_LIST_OWN, emit, arg);
	if (!ret)
		ret = emit_list(buf, family, edit, MSD_LIST_DENY, emit, arg);
	return ret;
}

int nl_build_edit(const struct iface_edit *edits, size_t n, __u16 family,
		  nl_emit_t emit, void *arg)
{
	union {
		struct nlmsghdr align;
		char bytes[NL_BUF];
	} buf;
	size_t i;
	int ret = emit(message(&buf, family, MSD_CMD_EDIT_BEGIN), arg);

	for (i = 0; i < n && !ret; i++)
		ret = emit_iface(&buf, family, &edits[i], emit, arg);
	if (ret)
		return ret;
	return emit(message(&buf, family, MSD_CMD_EDIT_COMMIT), arg);
}

/*
 * The kernel acts first and answers then, and may have no memory left for that.
 * @look: the command that shows whether it has acted
 */
static int call(struct nl *nl, struct nlmsghdr *msg, const char *look,
		struct err *err)
{
	struct err why;

	if (!nl_call(nl, msg, NULL, err))
		return 0;
	why = *err;
	return !nl->unanswered ? -1 :
	       err_set(err,
		       "no answer from the kernel: what was asked may have been done; look with %s (%.300s)",
		       look, why.text);
}

static bool is_commit(const struct nlmsghdr *msg)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(msg);

	return genl->cmd == MSD_CMD_EDIT_COMMIT;
}

/**
 * struct sending - argument of send_one()
 * @nl: the connection
 * @err: receives the sentence
 */
struct sending {
	struct nl *nl;
	struct err *err;
};

static int send_one(struct nlmsghdr *msg, void *arg)
{
	struct sending *s = arg;
	const struct nlattr *attr;

	/* without the commit, what came before goes when the socket does */
	if (is_commit(msg))
		return call(s->nl, msg, "msdctl show", s->err);
	if (!nl_call(s->nl, msg, NULL, s->err))
		return 0;
	mnl_attr_for_each(attr, msg, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == MSD_A_IFINDEX)
			s->nl->blame.ifindex = mnl_attr_get_u32(attr);
	return -1;
}

int nl_edit(struct nl *nl, const struct iface_edit *edits, size_t n,
	    struct err *err)
{
	struct sending s = { .nl = nl, .err = err };

	return nl_build_edit(edits, n, nl->family, send_one, &s);
}

int nl_reset_stats(struct nl *nl, __u32 ifindex, struct err *err)
{
	union nl_buf buf;
	struct nlmsghdr *msg = message(&buf, nl->family, MSD_CMD_STATS_RESET);

	if (ifindex)
		mnl_attr_put_u32(msg, MSD_A_IFINDEX, ifindex);
	return call(nl, msg, "msdctl stats", err);
}
