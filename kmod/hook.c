// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where frames come from: the device's receive handler, or netfilter's ingress
 * hook for devices whose handler is taken. Nothing else knows which.
 */
#include <linux/if_vlan.h>
#include <linux/netfilter_netdev.h>
#include <linux/rtnetlink.h>
#include "msd.h"

static rx_handler_result_t on_handler(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	struct msd_iface *iface = rcu_dereference(skb->dev->rx_handler_data);

	return msd_rx(iface, skb) ? RX_HANDLER_CONSUMED : RX_HANDLER_PASS;
}

static int hook_handler(struct msd_iface *iface, struct netlink_ext_ack *extack)
{
	int err;

	err = netdev_rx_handler_register(iface->dev, on_handler, iface);
	if (err == -EBUSY)
		NL_SET_ERR_MSG(extack,
			       "the device already has a receive handler (bridge or bond port, macvlan parent); attach via ingress");
	else if (err)
		NL_SET_ERR_MSG(extack,
			       "the device takes no receive handler; attach via ingress");
	return err;
}

#ifdef CONFIG_NETFILTER_INGRESS
/*
 * A tag that belongs to a VLAN device on top: receive handlers never see such
 * frames, the ingress hook comes earlier and does.
 */
static bool for_vlan_device(const struct sk_buff *skb)
{
	return skb_vlan_tag_present(skb) &&
	       __vlan_find_dev_deep_rcu(skb->dev, skb->vlan_proto,
					skb_vlan_tag_get_id(skb));
}

static unsigned int on_ingress(void *priv, struct sk_buff *skb,
			       const struct nf_hook_state *state)
{
	if (unlikely(for_vlan_device(skb)))
		return NF_ACCEPT;
	return msd_rx(priv, skb) ? NF_STOLEN : NF_ACCEPT;
}

/* After everyone else's hooks: an administrator's drop wins over us. */
static int hook_ingress(struct msd_iface *iface, struct netlink_ext_ack *extack)
{
	int err;

	iface->ops = (struct nf_hook_ops){
		.hook = on_ingress,
		.dev = iface->dev,
		.priv = iface,
		.pf = NFPROTO_NETDEV,
		.hooknum = NF_NETDEV_INGRESS,
		.priority = INT_MAX,
	};
	err = nf_register_net_hook(iface->net, &iface->ops);
	if (err)
		NL_SET_ERR_MSG(extack,
			       "the ingress hook of the device cannot be registered");
	return err;
}

static void unhook_ingress(struct msd_iface *iface)
{
	nf_unregister_net_hook(iface->net, &iface->ops);
	synchronize_net();
}
#else
static int hook_ingress(struct msd_iface *iface, struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack,
		       "this kernel has no ingress hook (CONFIG_NETFILTER_INGRESS)");
	return -EOPNOTSUPP;
}

static void unhook_ingress(struct msd_iface *iface)
{
}
#endif

int msd_hook(struct msd_iface *iface, struct netlink_ext_ack *extack)
{
	ASSERT_RTNL();
	if (iface->via == MSD_VIA_INGRESS)
		return hook_ingress(iface, extack);
	return hook_handler(iface, extack);
}

void msd_unhook(struct msd_iface *iface)
{
	ASSERT_RTNL();
	if (iface->via == MSD_VIA_INGRESS)
		unhook_ingress(iface);
	else
		netdev_rx_handler_unregister(iface->dev);
}
