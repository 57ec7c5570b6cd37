// SPDX-License-Identifier: GPL-2.0-only
/* Frames of the unit tests as seeds of the whole-frame fuzzer: see run.h. */
#include <stdio.h>
#include <stdlib.h>
#include "run.h"

/* The configuration byte of tests/fuzz/frame.c that comes closest. */
static u8 seed_config(const struct msd_ctx *ctx)
{
	u8 bits = msd_addrset_empty(&ctx->cfg->own);

	bits |= !msd_addrset_empty(&ctx->cfg->deny) << 1;
	bits |= ctx->csum << 2;
	bits |= (ctx->mtu == 1280 ? 1 : ctx->mtu == 9000 ? 2 : 0) << 4;
	return bits;
}

void run_save_seed(const struct msd_ctx *ctx, const u8 *frame, u32 len)
{
	const char *dir = getenv("UNIT_SEEDS");
	static unsigned int n;
	char path[256];
	FILE *f;

	if (!dir || len > 4096)
		return;
	snprintf(path, sizeof(path), "%s/unit%05u", dir, n++);
	f = fopen(path, "w");
	if (!f)
		abort();
	fputc(seed_config(ctx), f);
	fputc(7, f);
	fwrite(frame, 1, len, f);
	fclose(f);
}
