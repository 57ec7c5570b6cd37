// SPDX-License-Identifier: GPL-2.0-only
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

static bool bit(const __u8 *addr, unsigned int i)
{
	return addr[i / 8] & (0x80 >> i % 8);
}

/* Length of the prefix that is exactly this range, or -1. */
static int prefix_len(const struct addr_range *range)
{
	unsigned int bits = 8 * range->len;
	unsigned int len = 0;
	unsigned int i;

	while (len < bits && bit(range->first, len) == bit(range->last, len))
		len++;
	for (i = len; i < bits; i++)
		if (bit(range->first, i) || !bit(range->last, i))
			return -1;
	return len;
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
