// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include "cmd.h"

static void stats_row(struct out *out, const char *name,
		      const struct counter *count)
{
	out_row(out, name);
	out_cell_uint(out, count->frames);
	out_cell_uint(out, count->rx_bytes);
	out_cell_uint(out, count->tx_bytes);
}

static void stats_iface(struct ctl *ctl, const struct iface_info *iface)
{
	static const char *const verdicts[] = {
		"verdict", "frames", "rx-bytes", "tx-bytes", NULL,
	};
	static const char *const protos[] = {
		"proto", "frames", "rx-bytes", "tx-bytes", NULL,
	};
	unsigned int flags = OUT_KEYED | (ctl->opts->val[OPT_ALL] ? 0 : OUT_HIDE_ZERO);
	size_t i;

	out_open(ctl->out, NULL);
	out_title(ctl->out, "ifname", iface->ifname);
	out_table(ctl->out, "verdicts", verdicts, flags);
	for (i = 0; i < iface->nverdicts; i++)
		stats_row(ctl->out, iface->verdicts[i].name,
			  &iface->verdicts[i].count);
	out_table_end(ctl->out);
	out_table(ctl->out, "protos", protos, flags);
	for (i = 0; i < iface->nresponders; i++)
		stats_row(ctl->out, iface->responders[i].name,
			  &iface->responders[i].count);
	out_table_end(ctl->out);
	out_close(ctl->out);
}

static int stats(struct nl *nl, struct ctl *ctl, __u32 ifindex)
{
	struct iface_info *ifaces;
	size_t i, n;
	int ret = nl_get_ifaces(nl, MSD_CMD_STATS_GET, ifindex, &ifaces, &n,
				&ctl->err);

	if (ret)
		return ret;
	if (ifindex && !n)
		ret = err_set(&ctl->err, "the responder is not attached");
	out_array(ctl->out, NULL);
	for (i = 0; i < n; i++)
		stats_iface(ctl, &ifaces[i]);
	out_close(ctl->out);
	iface_info_free(ifaces, n);
	return ret;
}

int cmd_stats(struct ctl *ctl, struct words words)
{
	const char *dev = next_word(&words);
	__u32 ifindex = 0;
	struct nl nl;
	int ret = end_of_words(&ctl->err, &words);

	if (ret)
		return ret;
	if (nl_open(&nl, &ctl->err))
		return EXIT_FAILURE;
	if (dev)
		ret = find_device(dev, &ifindex, &ctl->err);
	if (!ret && stats(&nl, ctl, ifindex)) {
		ret = EXIT_FAILURE;
		if (dev)
			err_prefix(&ctl->err, dev);
	}
	nl_close(&nl);
	return ret;
}
