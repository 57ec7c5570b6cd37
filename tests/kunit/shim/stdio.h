/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of tests/unit use of the C library, in the kernel: output goes
 * to the log line by line. There are no files.
 */
#ifndef MSD_KUNIT_STDIO_H
#define MSD_KUNIT_STDIO_H

#include <linux/kernel.h>
#include <linux/stdarg.h>

/* Only ever named, in vecfile.h. */
typedef struct msd_no_file FILE;

__printf(1, 2)
int printf(const char *fmt, ...);
int vprintf(const char *fmt, va_list ap);
int putchar(int c);

/* Everything that is no file is the log. */
#define fprintf(stream, ...) printf(__VA_ARGS__)

#endif /* MSD_KUNIT_STDIO_H */
