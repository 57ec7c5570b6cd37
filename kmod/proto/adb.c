// SPDX-License-Identifier: GPL-2.0-only
/*
 * Android Debug Bridge device (AOSP, adb protocol.txt): lets a host connect
 * and refuses every service it then opens.
 *
 *	message			reply
 *	CNXN "host:..."		CNXN "device::..."
 *	OPEN			CLSE to the stream that was to be opened
 *	anything else		none
 */
#include <linux/kernel.h>
#include "proto.h"

#define CNXN 0x4e584e43
#define OPEN 0x4e45504f
#define CLSE 0x45534c43

/* Version before checksums were dropped: every host takes it. */
#define VERSION 0x01000000
#define MAX_PAYLOAD 4096
#define HEADER 24

#define BANNER \
	"device::ro.product.name=marlin;ro.product.model=Pixel XL;" \
	"ro.product.device=marlin;"

static const struct msd_pattern patterns[] = {
	MSD_PATTERN("CNXN"),
	MSD_PATTERN("OPEN"),
};

/**
 * struct adb_msg - header of a message
 * @command: what to do
 * @arg0: CNXN: version; OPEN: stream of the sender
 * @len: bytes of payload
 * @magic: complement of @command
 */
struct adb_msg {
	u32 command;
	u32 arg0;
	u32 len;
	u32 magic;
};

static struct adb_msg get_msg(struct msd_view *in)
{
	struct adb_msg m;

	m.command = msd_get_le32(in);
	m.arg0 = msd_get_le32(in);
	msd_skip(in, 4);
	m.len = msd_get_le32(in);
	msd_skip(in, 4);
	m.magic = msd_get_le32(in);
	return m;
}

/* The protocol calls the sum of the bytes a CRC. */
static u32 sum(const char *s, u32 n)
{
	u32 total = 0;

	while (n--)
		total += (u8)*s++;
	return total;
}

static void put_msg(struct msd_buf *out, u32 command, u32 arg0, u32 arg1,
		    const char *payload, u32 len)
{
	msd_put_le32(out, command);
	msd_put_le32(out, arg0);
	msd_put_le32(out, arg1);
	msd_put_le32(out, len);
	msd_put_le32(out, sum(payload, len));
	msd_put_le32(out, ~command);
	msd_put_bytes(out, payload, len);
}

static enum msd_ask answer(struct msd_request *rq, struct msd_buf *out)
{
	struct msd_view in = rq->in;
	struct adb_msg m = get_msg(&in);

	rq->need = HEADER;
	if (!msd_view_ok(&in))
		return MSD_ASK_MORE;
	if (m.magic != ~m.command || m.len > MAX_PAYLOAD)
		return MSD_ASK_NOT_MINE;
	rq->need = HEADER + m.len;
	if (in.len < m.len)
		return MSD_ASK_MORE;
	msd_trim(&in, m.len);
	if (m.command == OPEN)
		put_msg(out, CLSE, 0, m.arg0, "", 0);
	else if (msd_starts(&in, "host:", 5))
		put_msg(out, CNXN, VERSION, MAX_PAYLOAD, BANNER,
			sizeof(BANNER));
	else
		return MSD_ASK_SILENT;
	return MSD_ASK_ANSWER;
}

const struct msd_responder msd_adb = {
	.name = "adb",
	.source = "AOSP packages/modules/adb/protocol.txt",
	.transports = MSD_TCP,
	.npatterns = ARRAY_SIZE(patterns),
	.patterns = patterns,
	.answer = answer,
};
