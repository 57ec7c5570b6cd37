// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an interface can be told: defaults, names of values, lists of addresses.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "model.h"

static const char *const via_names[] = {
	[MSD_VIA_RX_HANDLER] = "rx-handler",
	[MSD_VIA_INGRESS] = "ingress",
};

int addr_list_add(struct addr_list *list, const struct addr_range *range)
{
	if (list->n == list->cap) {
		size_t cap = list->cap ? 2 * list->cap : 64;
		void *r = reallocarray(list->r, cap, sizeof(*list->r));

		if (!r)
			return -1;
		list->r = r;
		list->cap = cap;
	}
	list->r[list->n++] = *range;
	return 0;
}

void addr_list_free(struct addr_list *list)
{
	free(list->r);
	*list = (struct addr_list){ 0 };
}

/* Length of the prefix that is exactly this range, or -1. */
static int prefix_len(const struct addr_range *range)
{
	unsigned int i = 0;
	unsigned int host, rest;

	while (i < range->len && range->first[i] == range->last[i])
		i++;
	if (i == range->len)
		return 8 * i;
	host = range->first[i] ^ range->last[i];
	if (host & (host + 1) || range->first[i] & host)
		return -1;
	for (rest = i + 1; rest < range->len; rest++)
		if (range->first[rest] || range->last[rest] != 0xff)
			return -1;
	return 8 * (i + 1) - __builtin_popcount(host);
}

const char *addr_range_text(const struct addr_range *range,
			    char out[RANGE_TEXT])
{
	int family = range->len == 4 ? AF_INET : AF_INET6;
	int prefix = prefix_len(range);
	size_t n;

	inet_ntop(family, range->first, out, INET6_ADDRSTRLEN);
	n = strlen(out);
	if (prefix == 8 * range->len)
		return out;
	if (prefix >= 0) {
		sprintf(out + n, "/%d", prefix);
		return out;
	}
	out[n++] = '-';
	inet_ntop(family, range->last, out + n, INET6_ADDRSTRLEN);
	return out;
}

const char *vlan_text(const __u32 range[2], char out[VLAN_TEXT])
{
	if (range[0] == range[1])
		snprintf(out, VLAN_TEXT, "%u", range[0]);
	else
		snprintf(out, VLAN_TEXT, "%u-%u", range[0], range[1]);
	return out;
}

const char *mac_text(const __u8 mac[MAC_LEN], char out[MAC_TEXT])
{
	sprintf(out, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2],
		mac[3], mac[4], mac[5]);
	return out;
}

const char *via_name(__u32 via)
{
	return via && via < ARRAY_SIZE(via_names) ? via_names[via] : "unknown";
}

enum msd_via via_find(const char *name)
{
	unsigned int i;

	for (i = 1; i < ARRAY_SIZE(via_names); i++)
		if (!strcmp(name, via_names[i]))
			return i;
	return MSD_VIA_UNSPEC;
}

void iface_edit_free(struct iface_edit *edit)
{
	addr_list_free(&edit->own);
	addr_list_free(&edit->deny);
}

void iface_info_free(struct iface_info *ifaces, size_t n)
{
	while (n--) {
		free(ifaces[n].verdicts);
		free(ifaces[n].responders);
	}
	free(ifaces);
}
