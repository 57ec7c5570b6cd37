// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes inputs and what they draw in userspace: see answer.h.
 *
 *   corpus FILE... > OUT
 */
#include <stdio.h>
#include <stdlib.h>
#include "answer.h"

static void put(const void *data, size_t len)
{
	if (fwrite(data, 1, len, stdout) != len) {
		perror("corpus");
		exit(1);
	}
}

int main(int argc, char **argv)
{
	static u8 data[MSD_FRAME_MAX + 64];
	struct answer_head head = {};
	FILE *f;
	int i;

	for (i = 1; i < argc; i++) {
		f = fopen(argv[i], "r");
		if (!f) {
			perror(argv[i]);
			return 1;
		}
		head.len = fread(data, 1, sizeof(data), f);
		head.sum = answer_input(data, head.len);
		fclose(f);
		put(&head, sizeof(head));
		put(data, head.len);
	}
	return 0;
}
