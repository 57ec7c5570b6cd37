// SPDX-License-Identifier: GPL-2.0-only
/* KUnit runs the suites; there is nothing else to load. */
#include <linux/module.h>

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit suites of kmasscanned");
