// SPDX-License-Identifier: GPL-2.0-only
/* dump: the configuration as a file that load accepts. */
#include <stdlib.h>
#include "cmd.h"

static int dump_list(struct nl *nl, struct ctl *ctl, __u32 ifindex,
		     const char *key, enum msd_list which)
{
	struct addr_list list = { 0 };
	char text[RANGE_TEXT];
	size_t i;
	int ret = nl_get_ranges(nl, ifindex, which, &list, &ctl->err);

	out_list(ctl->out, key, OUT_LINES, 0, NULL);
	for (i = 0; i < list.n && !ret; i++)
		out_item(ctl->out, addr_range_text(&list.r[i], text));
	out_list_end(ctl->out);
	addr_list_free(&list);
	return ret;
}

static int dump_own(struct nl *nl, struct ctl *ctl,
		    const struct iface_info *iface)
{
	if (!iface->any)
		return dump_list(nl, ctl, iface->ifindex, "own", MSD_LIST_OWN);
	out_str(ctl->out, "own", "any");
	return 0;
}

static void dump_vlans(struct out *out, const struct iface_info *iface)
{
	char text[VLAN_TEXT];
	size_t i;

	if (!iface->vlans.n) {
		out_str(out, "vlan", "any");
		return;
	}
	out_list(out, "vlan", OUT_LINES, 0, NULL);
	for (i = 0; i < iface->vlans.n; i++)
		out_item(out, vlan_text(iface->vlans.r[i], text));
	out_list_end(out);
}

/* On is the default, and a newer module speaks more. */
static void dump_protos(struct out *out, const struct iface_info *iface)
{
	size_t i;

	out_open(out, "proto");
	for (i = 0; i < iface->nresponders; i++)
		if (!iface->responders[i].on)
			out_bool(out, iface->responders[i].name, false);
	out_close(out);
}

static int dump_iface(struct nl *nl, struct ctl *ctl,
		      const struct iface_info *iface)
{
	char mac[MAC_TEXT];
	int ret;

	out_open(ctl->out, iface->ifname);
	out_str(ctl->out, "mac",
		iface->mac_fixed ? mac_text(iface->mac, mac) : "default");
	out_str(ctl->out, "via", via_name(iface->via));
	out_str(ctl->out, "ssh-banner", iface->banner);
	out_uint(ctl->out, "snap", iface->snap);
	dump_vlans(ctl->out, iface);
	ret = dump_own(nl, ctl, iface);
	if (!ret)
		ret = dump_list(nl, ctl, iface->ifindex, "deny", MSD_LIST_DENY);
	dump_protos(ctl->out, iface);
	out_bool(ctl->out, "force", iface->forced);
	out_close(ctl->out);
	return ret;
}

static int dump(struct nl *nl, struct ctl *ctl)
{
	struct iface_info *ifaces;
	size_t i, n;
	int ret = nl_get_ifaces(nl, MSD_CMD_IFACE_GET, 0, &ifaces, &n,
				&ctl->err);

	if (ret)
		return EXIT_FAILURE;
	out_open(ctl->out, NULL);
	out_open(ctl->out, "interfaces");
	for (i = 0; i < n && !ret; i++)
		ret = dump_iface(nl, ctl, &ifaces[i]);
	out_close(ctl->out);
	out_close(ctl->out);
	iface_info_free(ifaces, n);
	return ret ? EXIT_FAILURE : 0;
}

int cmd_dump(struct ctl *ctl, struct words words)
{
	struct nl nl;
	int ret = end_of_words(&ctl->err, &words);

	if (ret)
		return ret;
	if (nl_open(&nl, &ctl->err))
		return EXIT_FAILURE;
	ret = dump(&nl, ctl);
	nl_close(&nl);
	return ret;
}
