// SPDX-License-Identifier: GPL-2.0-only
/* msdctl show: prints the interfaces and their settings. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmd.h"

/* Ranges that text shows of each list before it counts the rest. */
#define RANGES_SHOWN 16

static void show_ranges(struct out *out, const struct addr_list *list)
{
	char text[RANGE_TEXT];
	size_t i;

	for (i = 0; i < list->n; i++)
		out_item(out, addr_range_text(&list->r[i], text));
	out_list_end(out);
}

static int show_list(struct nl *nl, struct ctl *ctl, __u32 ifindex,
		     enum msd_list which)
{
	struct addr_list list = { 0 };
	int ret = nl_get_ranges(nl, ifindex, which, &list, &ctl->err);

	if (!ret) {
		if (which == MSD_LIST_OWN)
			out_list(ctl->out, "addresses", OUT_LINES, RANGES_SHOWN,
				 "any");
		else
			out_list(ctl->out, "deny", OUT_LINES, RANGES_SHOWN,
				 "none");
		show_ranges(ctl->out, &list);
	}
	addr_list_free(&list);
	return ret;
}

/* Own addresses the host has got since; seldom any, and then worth a line. */
static int show_host(struct nl *nl, struct ctl *ctl, __u32 ifindex)
{
	struct addr_list list = { 0 };
	int ret = nl_get_ranges(nl, ifindex, MSD_LIST_HOST, &list, &ctl->err);

	if (!ret && list.n) {
		out_list(ctl->out, "left-to-host", OUT_LINES, RANGES_SHOWN, "");
		show_ranges(ctl->out, &list);
	}
	addr_list_free(&list);
	return ret;
}

static void show_protos(struct out *out, const char *key,
			const struct iface_info *iface, bool on)
{
	size_t i;

	out_list(out, key, OUT_WORDS, 0, "none");
	for (i = 0; i < iface->nresponders; i++)
		if (iface->responders[i].on == on)
			out_item(out, iface->responders[i].name);
	out_list_end(out);
}

static void show_vlans(struct out *out, const struct iface_info *iface)
{
	char text[VLAN_TEXT];
	size_t i;

	out_list(out, "vlan", OUT_WORDS, 0, "any");
	for (i = 0; i < iface->vlans.n; i++)
		out_item(out, vlan_text(iface->vlans.r[i], text));
	out_list_end(out);
}

static void show_settings(struct out *out, const struct iface_info *iface)
{
	char mac[MAC_TEXT];

	out_title(out, "ifname", iface->ifname);
	out_uint(out, "ifindex", iface->ifindex);
	out_str(out, "mac", mac_text(iface->mac, mac));
	out_note(out, "mac-source", iface->mac_fixed ? "given" : "default");
	out_str(out, "key", iface->key_fixed ? "given" : "random");
	out_str(out, "via", via_name(iface->via));
	out_str(out, "ssh-banner", iface->banner);
	show_vlans(out, iface);
	out_bool(out, "force", iface->forced);
	out_uint(out, "snap", iface->snap);
	out_uint(out, "generation", iface->generation);
}

static int show_iface(struct nl *nl, struct ctl *ctl,
		      const struct iface_info *iface)
{
	int ret;

	out_open(ctl->out, NULL);
	show_settings(ctl->out, iface);
	ret = show_list(nl, ctl, iface->ifindex, MSD_LIST_OWN);
	if (!ret)
		ret = show_host(nl, ctl, iface->ifindex);
	if (!ret)
		ret = show_list(nl, ctl, iface->ifindex, MSD_LIST_DENY);
	show_protos(ctl->out, "proto-on", iface, true);
	show_protos(ctl->out, "proto-off", iface, false);
	out_close(ctl->out);
	return ret;
}

static int show_ifaces(struct nl *nl, struct ctl *ctl, __u32 ifindex)
{
	struct iface_info *ifaces;
	size_t i, n;
	int ret = nl_get_ifaces(nl, MSD_CMD_IFACE_GET, ifindex, &ifaces, &n,
				&ctl->err);

	if (ret)
		return ret;
	if (ifindex && !n)
		ret = err_set(&ctl->err, "the responder is not attached");
	out_array(ctl->out, NULL);
	for (i = 0; i < n && !ret; i++)
		ret = show_iface(nl, ctl, &ifaces[i]);
	out_close(ctl->out);
	iface_info_free(ifaces, n);
	return ret;
}

/* A list alone, in the form of an address file. */
static int show_list_only(struct nl *nl, struct ctl *ctl, __u32 ifindex,
			  enum msd_list which)
{
	struct addr_list list = { 0 };
	int ret = nl_get_ranges(nl, ifindex, which, &list, &ctl->err);

	if (!ret) {
		out_list(ctl->out, NULL, OUT_LINES, 0, NULL);
		show_ranges(ctl->out, &list);
	}
	addr_list_free(&list);
	return ret;
}

static int show(struct nl *nl, struct ctl *ctl, const char *dev,
		enum msd_list which)
{
	__u32 ifindex = 0;
	int ret;

	if (dev && find_device(dev, &ifindex, &ctl->err))
		return EXIT_FAILURE;
	if (which == MSD_LIST_UNSPEC)
		ret = show_ifaces(nl, ctl, ifindex);
	else
		ret = show_list_only(nl, ctl, ifindex, which);
	if (ret && dev)
		err_prefix(&ctl->err, dev);
	return ret ? EXIT_FAILURE : 0;
}

/* Return: 0 or EXIT_USAGE. */
static int take_list(struct words *words, enum msd_list *which,
		     struct err *err)
{
	const char *word = next_word(words);

	*which = MSD_LIST_UNSPEC;
	if (!word)
		return 0;
	if (!strcmp(word, "addresses"))
		*which = MSD_LIST_OWN;
	else if (!strcmp(word, "deny"))
		*which = MSD_LIST_DENY;
	else
		return wrong_word(err, word, "neither addresses nor deny");
	return end_of_words(err, words);
}

int cmd_show(struct ctl *ctl, struct words words)
{
	const char *dev = next_word(&words);
	enum msd_list which;
	struct nl nl;
	int ret = take_list(&words, &which, &ctl->err);

	if (ret)
		return ret;
	if (nl_open(&nl, &ctl->err))
		return EXIT_FAILURE;
	ret = show(&nl, ctl, dev, which);
	nl_close(&nl);
	return ret;
}
