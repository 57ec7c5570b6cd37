// SPDX-License-Identifier: GPL-2.0-only
/*
 * loadko FILE: load a module, by the call that failnth.c counts in
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int init_module(void *image, unsigned long len, const char *args);

int main(int argc, char **argv)
{
	FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
	char *image;
	long len;

	if (!file || fseek(file, 0, SEEK_END))
		return 2;
	len = ftell(file);
	image = len > 0 ? malloc(len) : NULL;
	rewind(file);
	if (!image || fread(image, 1, len, file) != (size_t)len)
		return 2;
	if (init_module(image, len, "")) {
		fprintf(stderr, "loadko: %s\n", strerror(errno));
		return 1;
	}
	return 0;
}
