// SPDX-License-Identifier: GPL-2.0-only
/*
 * Planted faults: does the debug kernel still see them, and does the lab?
 *
 * One fault each time it is loaded: insmod msd_planted.ko fault=NAME. Of a name
 * it does not know it makes an error. Never load it into a kernel you need.
 */
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#define SIZE 40

static char *fault = "";
module_param(fault, charp, 0);
MODULE_PARM_DESC(fault, "leak, inversion or overrun");

static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);

/* Nobody knows the address when this has returned. */
static noinline int leak(void)
{
	void *lost = kmalloc(SIZE, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(lost);
	return lost ? 0 : -ENOMEM;
}

/* Two orders by one thread: it cannot hang, but lockdep sees that two could. */
static int inversion(void)
{
	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);
	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
	return 0;
}

/* Read the byte behind an object. */
static int overrun(void)
{
	u8 *p = kmalloc(SIZE, GFP_KERNEL);
	size_t size = SIZE;

	if (!p)
		return -ENOMEM;
	OPTIMIZER_HIDE_VAR(size);
	(void)READ_ONCE(p[size]);
	kfree(p);
	return 0;
}

static int __init planted_init(void)
{
	if (!strcmp(fault, "leak"))
		return leak();
	if (!strcmp(fault, "inversion"))
		return inversion();
	if (!strcmp(fault, "overrun"))
		return overrun();
	return -EINVAL;
}

static void __exit planted_exit(void)
{
}

module_init(planted_init);
module_exit(planted_exit);
MODULE_DESCRIPTION("Planted faults for the rig's self-test");
MODULE_LICENSE("GPL");
