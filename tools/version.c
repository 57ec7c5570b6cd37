// SPDX-License-Identifier: GPL-2.0-only
/* msdctl version: prints the versions of msdctl and of the module. */
#include <stdlib.h>
#include "cmd.h"

int cmd_version(struct ctl *ctl, struct words words)
{
	char version[NAME_MAX_LEN];
	struct nl nl;
	int ret = end_of_words(&ctl->err, &words);

	if (ret)
		return ret;
	if (nl_open(&nl, &ctl->err))
		return EXIT_FAILURE;
	ret = nl_get_version(&nl, version, &ctl->err) ? EXIT_FAILURE : 0;
	nl_close(&nl);
	out_open(ctl->out, NULL);
	out_str(ctl->out, "msdctl", MSDCTL_VERSION);
	out_str(ctl->out, "kmasscanned", version);
	out_close(ctl->out);
	return ret;
}
