// SPDX-License-Identifier: GPL-2.0-only
/* Loads the module when the netlink family is missing, and says so. */
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include "module.h"

/* A root that became one by su may have no /sbin in its path. */
static int spawn(pid_t *pid)
{
	static char *const argv[] = { "modprobe", MSD_GENL_NAME, NULL };
	int error = posix_spawnp(pid, argv[0], NULL, NULL, argv, environ);

	if (error == ENOENT)
		error = posix_spawn(pid, "/sbin/modprobe", NULL, NULL, argv,
				    environ);
	return error;
}

static bool load(void)
{
	int status, ret;
	pid_t pid;

	if (spawn(&pid))
		return false;
	do
		ret = waitpid(pid, &status, 0);
	while (ret < 0 && errno == EINTR);
	return ret == pid && !status;
}

int module_open(struct nl *nl, const char *program, struct err *err)
{
	if (!nl_open(nl, err))
		return 0;
	if (nl->error != ENOENT || geteuid())
		return -1;
	if (program)
		fprintf(stderr,
			"%s: the module is not loaded: modprobe " MSD_GENL_NAME
			"\n", program);
	if (load())
		return nl_open(nl, err);
	return err_set(err, "the module is not loaded, and modprobe "
		       MSD_GENL_NAME " has failed (make install puts it in its place; insmod "
		       MSD_GENL_NAME ".ko needs none)");
}
