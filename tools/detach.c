// SPDX-License-Identifier: GPL-2.0-only
/* msdctl detach: takes the responder off a device. */
#include <stdlib.h>
#include "cmd.h"

static int detach(const char *dev, struct err *err)
{
	struct iface_edit edit = { .op = EDIT_DETACH };
	struct nl nl;
	int ret;

	if (nl_open(&nl, err))
		return EXIT_FAILURE;
	ret = find_device(dev, &edit.ifindex, err);
	if (!ret && nl_edit(&nl, &edit, 1, err)) {
		err_prefix(err, dev);
		ret = EXIT_FAILURE;
	}
	nl_close(&nl);
	return ret;
}

int cmd_detach(struct ctl *ctl, struct words words)
{
	const char *dev;
	int ret = take_device(&words, &dev, &ctl->err);

	if (!ret)
		ret = end_of_words(&ctl->err, &words);
	return ret ? ret : detach(dev, &ctl->err);
}
