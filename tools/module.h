/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Loading the module. The kernel does not do it for whoever asks for the
 * family: any user may ask. The tools do it, for what attaches, as root.
 */
#ifndef MSDCTL_MODULE_H
#define MSDCTL_MODULE_H

#include "netlink.h"

/**
 * module_open() - nl_open(), after modprobe when the module is missing
 * @nl: the connection
 * @program: says on standard error that it loads the module; NULL: in silence
 * @err: why not
 *
 * Only root loads it. modprobe says itself why it fails.
 *
 * Return: 0, or -1; nothing to close then.
 */
int module_open(struct nl *nl, const char *program, struct err *err);

#endif /* MSDCTL_MODULE_H */
