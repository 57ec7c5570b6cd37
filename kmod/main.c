// SPDX-License-Identifier: GPL-2.0-only
/*
 * Module load and unload.
 */
#include <linux/inetdevice.h>
#include <linux/module.h>
#include <net/addrconf.h>
#include <net/net_namespace.h>
#include "msd.h"
#include "genl.h"

#if IS_ENABLED(CONFIG_IPV6)
static int follow_host6(void)
{
	return register_inet6addr_notifier(&msd_inet6addr_notifier);
}

static void leave_host6(void)
{
	unregister_inet6addr_notifier(&msd_inet6addr_notifier);
}
#else
static int follow_host6(void)
{
	return 0;
}

static void leave_host6(void)
{
}
#endif

/* Hear of addresses that the host gets or loses. */
static int __init follow_host(void)
{
	int err;

	err = register_inetaddr_notifier(&msd_inetaddr_notifier);
	if (err)
		return err;
	err = follow_host6();
	if (err)
		unregister_inetaddr_notifier(&msd_inetaddr_notifier);
	return err;
}

static void leave_host(void)
{
	leave_host6();
	unregister_inetaddr_notifier(&msd_inetaddr_notifier);
}

/*
 * ORDER: netlink comes last, because an attach needs everything else; so on
 * unload no new interface can appear when the device notifier goes, and its
 * going detaches every interface that is left.
 */
static int __init load(void)
{
	int err;

	err = msd_proto_init();
	if (err)
		return err;
	err = msd_rx_init();
	if (err)
		return err;
	err = msd_tx_init();
	if (err)
		goto exit_rx;
	err = register_pernet_subsys(&msd_net_ops);
	if (err)
		goto exit_tx;
	err = register_netdevice_notifier(&msd_netdev_notifier);
	if (err)
		goto exit_pernet;
	err = follow_host();
	if (err)
		goto exit_notifier;
	err = msd_netlink_init();
	if (err)
		goto exit_host;
	return 0;

exit_host:
	leave_host();
exit_notifier:
	unregister_netdevice_notifier(&msd_netdev_notifier);
exit_pernet:
	unregister_pernet_subsys(&msd_net_ops);
exit_tx:
	msd_tx_exit();
exit_rx:
	msd_rx_exit();
	return err;
}

static void __exit unload(void)
{
	msd_netlink_exit();
	leave_host();
	unregister_netdevice_notifier(&msd_netdev_notifier);
	unregister_pernet_subsys(&msd_net_ops);
	msd_tx_exit();
	msd_rx_exit();
}

module_init(load);
module_exit(unload);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Answers scanners on addresses nobody uses");
MODULE_VERSION(MSD_VERSION);
