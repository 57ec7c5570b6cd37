// SPDX-License-Identifier: GPL-2.0-only
/*
 * Module load and unload.
 */
#include <linux/module.h>
#include <net/net_namespace.h>
#include "msd.h"
#include "genl.h"

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
	err = msd_netlink_init();
	if (err)
		goto exit_notifier;
	return 0;

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
