// SPDX-License-Identifier: GPL-2.0-only
/*
 * JDWP target (Java Debug Wire Protocol): returns the handshake, and then the
 * two commands every debugger and scanner begins with.
 *
 *	request				reply
 *	"JDWP-Handshake", first of all	the same
 *	VirtualMachine Version (1, 1)	description and versions
 *	VirtualMachine IDSizes (1, 7)	8 bytes each
 *	any other command		error 99, NOT_IMPLEMENTED
 */
#include <linux/kernel.h>
#include "proto.h"

#define HANDSHAKE "JDWP-Handshake"
#define HANDSHAKE_LEN (sizeof(HANDSHAKE) - 1)

/* Length, id, flags, command set, command. */
#define HEADER 11
#define COMMAND_MAX 65536
#define REPLY_FLAG 0x80
#define NOT_IMPLEMENTED 99

#define VM 1
#define VM_VERSION 1
#define VM_IDSIZES 7

static const struct msd_pattern patterns[] = {
	MSD_PATTERN(HANDSHAKE),
	MSD_PATTERN_MASK("\0\0\0\0\0\0\0\0\0", "\xff\xff\0\0\0\0\0\0\xff"),
};

static void put_string(struct msd_buf *out, const char *s)
{
	msd_put_be32(out, strlen(s));
	msd_put_str(out, s);
}

static void put_version(struct msd_buf *out)
{
	put_string(out, "Java Debug Wire Protocol (Reference Implementation) version 1.8");
	msd_put_be32(out, 1);
	msd_put_be32(out, 8);
	put_string(out, "1.8.0_352");
	put_string(out, "OpenJDK 64-Bit Server VM");
}

static void put_idsizes(struct msd_buf *out)
{
	u32 i;

	for (i = 0; i < 5; i++)
		msd_put_be32(out, 8);
}

/* A command of the debugger; @in behind its length. */
static enum msd_ask command(struct msd_view in, struct msd_buf *out)
{
	u32 start = out->len, id = msd_get_be32(&in);
	u8 flags = msd_get8(&in), set = msd_get8(&in), cmd = msd_get8(&in);
	bool version = set == VM && cmd == VM_VERSION;
	bool idsizes = set == VM && cmd == VM_IDSIZES;

	if (flags)
		return MSD_ASK_SILENT;
	msd_put_be32(out, 0);
	msd_put_be32(out, id);
	msd_put8(out, REPLY_FLAG);
	msd_put_be16(out, version || idsizes ? 0 : NOT_IMPLEMENTED);
	if (version)
		put_version(out);
	if (idsizes)
		put_idsizes(out);
	msd_patch_be32(out, start, out->len - start);
	return MSD_ASK_ANSWER;
}

static enum msd_ask answer(struct msd_request *rq, struct msd_buf *out)
{
	struct msd_view in = rq->in;
	u32 len;

	if (msd_starts(&in, HANDSHAKE, HANDSHAKE_LEN)) {
		/* Ours is the same bytes; who has read it needs no other. */
		if (rq->offset)
			return MSD_ASK_SILENT;
		msd_put_lit(out, HANDSHAKE);
		return MSD_ASK_ANSWER;
	}
	len = msd_get_be32(&in);
	if (rq->offset < HANDSHAKE_LEN || len < HEADER || len > COMMAND_MAX)
		return MSD_ASK_NOT_MINE;
	if (rq->in.len < len)
		return MSD_ASK_MORE;
	return command(in, out);
}

const struct msd_responder msd_jdwp = {
	.name = "jdwp",
	.source = "Java Debug Wire Protocol, Java SE 8",
	.transports = MSD_TCP,
	.npatterns = ARRAY_SIZE(patterns),
	.patterns = patterns,
	.answer = answer,
};
