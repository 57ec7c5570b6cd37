// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's load and unload as functions: on 6.1 suites run before
 * module_init(), so the first of them to need the shell loads it.
 */
#include <linux/module.h>
#include "rig.h"

#undef __init
#define __init
#undef __exit
#define __exit
#undef module_init
#define module_init(fn) int rig_load(void) { return fn(); }
#undef module_exit
#define module_exit(fn) void rig_unload(void) { fn(); }
#include "../../kmod/main.c"
