// SPDX-License-Identifier: GPL-2.0-only
/*
 * JDWP target (Java Debug Wire Protocol) without classes: returns the
 * handshake, and then what debuggers and scanners ask of the virtual machine.
 *
 *	request				reply
 *	"JDWP-Handshake", first of all	the same
 *	VirtualMachine (1)
 *	  Version, IDSizes, AllThreads,
 *	  Capabilities, groups, paths	as HotSpot
 *	  classes			none
 *	  Dispose, Exit			done, end
 *	  others			done
 *	EventRequest (15)		done
 *	commands on an object		error 20, INVALID_OBJECT
 *	unknown commands		error 99, NOT_IMPLEMENTED
 *	command or set above 127	none, end
 *
 * Behind the handshake other protocols have their lengths and zeros, too. So a
 * command is taken only where one can stand: not before the client has read
 * the handshake or a reply behind it, and when the segment ends with it.
 */
#include <linux/kernel.h>
#include "proto.h"

#define HANDSHAKE "JDWP-Handshake"
#define HANDSHAKE_LEN (sizeof(HANDSHAKE) - 1)

/* Length, id, flags, command set, command. */
#define HEADER 11
#define COMMAND_MAX 65536
#define REPLY_FLAG 0x80

#define INVALID_OBJECT 20
#define NOT_IMPLEMENTED 99

#define VM 1
#define VM_VERSION 1
#define VM_CLASSES_BY_SIGNATURE 2
#define VM_ALL_CLASSES 3
#define VM_ALL_THREADS 4
#define VM_TOP_GROUPS 5
#define VM_DISPOSE 6
#define VM_IDSIZES 7
#define VM_EXIT 10
#define VM_CREATE_STRING 11
#define VM_CAPABILITIES 12
#define VM_CLASS_PATHS 13
#define VM_CAPABILITIES_NEW 17
#define VM_ALL_CLASSES_GENERIC 20
#define VM_INSTANCE_COUNTS 21
#define VM_ALL_MODULES 22

#define EVENT_REQUEST 15
#define EVENT_SET 1

#define THREADS 6
#define STRING_ID 7
#define GROUP_ID 8
#define CAPABILITIES 7
#define CAPABILITIES_NEW 32

static const struct msd_pattern patterns[] = {
	MSD_PATTERN(HANDSHAKE),
	MSD_PATTERN_MASK("\0\0\0\0\0\0\0\0\0", "\xff\xff\0\0\0\0\0\0\xff"),
};

/* Number of commands of each set, Java SE 17. */
static const u8 commands[] = {
	[1] = 22, [2] = 19, [3] = 4, [4] = 1, [5] = 1, [6] = 5, [9] = 10,
	[10] = 1, [11] = 14, [12] = 3, [13] = 3, [14] = 1, [15] = 3, [16] = 4,
	[17] = 1, [18] = 2,
};

static void put_string(struct msd_buf *out, const char *s)
{
	msd_put_be32(out, strlen(s));
	msd_put_str(out, s);
}

static void put_version(struct msd_buf *out)
{
	put_string(out, "Java Debug Wire Protocol (Reference Implementation) version 17.0\n"
			"JVM Debug Interface version 17.0\n"
			"JVM version 17.0.19 (OpenJDK 64-Bit Server VM, mixed mode, sharing)");
	msd_put_be32(out, 17);
	msd_put_be32(out, 0);
	put_string(out, "17.0.19");
	put_string(out, "OpenJDK 64-Bit Server VM");
}

static void put_idsizes(struct msd_buf *out)
{
	u32 i;

	for (i = 0; i < 5; i++)
		msd_put_be32(out, 8);
}

static void put_threads(struct msd_buf *out)
{
	u32 id;

	msd_put_be32(out, THREADS);
	for (id = 1; id <= THREADS; id++)
		msd_put_be64(out, id);
}

/* All that was there first; of the newer ones some cannot be had. */
static void put_capabilities(struct msd_buf *out, u32 n)
{
	static const u8 can[CAPABILITIES_NEW] = {
		1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1,
	};

	msd_put_bytes(out, can, n);
}

static void put_class_paths(struct msd_buf *out)
{
	put_string(out, "/");
	msd_put_be32(out, 1);
	put_string(out, "/opt/app/app.jar");
	msd_put_be32(out, 0);
}

/* What the virtual machine says to @cmd of its own set. */
static void put_vm(struct msd_buf *out, u8 cmd)
{
	switch (cmd) {
	case VM_VERSION:
		return put_version(out);
	case VM_ALL_THREADS:
		return put_threads(out);
	case VM_IDSIZES:
		return put_idsizes(out);
	case VM_CAPABILITIES:
		return put_capabilities(out, CAPABILITIES);
	case VM_CAPABILITIES_NEW:
		return put_capabilities(out, CAPABILITIES_NEW);
	case VM_CLASS_PATHS:
		return put_class_paths(out);
	case VM_CREATE_STRING:
		return msd_put_be64(out, STRING_ID);
	case VM_TOP_GROUPS:
		msd_put_be32(out, 1);
		return msd_put_be64(out, GROUP_ID);
	case VM_CLASSES_BY_SIGNATURE:
	case VM_ALL_CLASSES:
	case VM_ALL_CLASSES_GENERIC:
	case VM_INSTANCE_COUNTS:
	case VM_ALL_MODULES:
		return msd_put_be32(out, 0);
	}
}

static u16 error(u8 set, u8 cmd)
{
	if (set >= ARRAY_SIZE(commands) || !cmd || cmd > commands[set])
		return NOT_IMPLEMENTED;
	return set == VM || set == EVENT_REQUEST ? 0 : INVALID_OBJECT;
}

static void put_reply(struct msd_buf *out, u32 id, u8 set, u8 cmd)
{
	u32 start = out->len;
	u16 err = error(set, cmd);

	msd_put_be32(out, 0);
	msd_put_be32(out, id);
	msd_put8(out, REPLY_FLAG);
	msd_put_be16(out, err);
	if (!err && set == VM)
		put_vm(out, cmd);
	if (set == EVENT_REQUEST && cmd == EVENT_SET)
		msd_put_be32(out, 2);
	msd_patch_be32(out, start, out->len - start);
}

/* A command of the debugger. */
static enum msd_ask command(struct msd_request *rq, struct msd_view *in,
			    struct msd_buf *out)
{
	u32 from = rq->in.len - in->len;
	u32 len = msd_get_be32(in), id = msd_get_be32(in);
	u8 flags = msd_get8(in), set = msd_get8(in), cmd = msd_get8(in);

	rq->need = from + HEADER;
	if (!msd_view_ok(in))
		return MSD_ASK_MORE;
	if (len < HEADER || len > COMMAND_MAX || flags || !set)
		return MSD_ASK_NOT_MINE;
	rq->need = from + len;
	if (in->len < len - HEADER)
		return MSD_ASK_MORE;
	msd_skip(in, len - HEADER);
	/* What no debugger sends has to be nothing else at all. */
	if (error(set, cmd) == NOT_IMPLEMENTED && rq->in.len != HEADER)
		return MSD_ASK_NOT_MINE;
	if ((set | cmd) & 0x80) {
		rq->close = true;
		return MSD_ASK_SILENT;
	}
	put_reply(out, id, set, cmd);
	rq->close = set == VM && (cmd == VM_DISPOSE || cmd == VM_EXIT);
	return MSD_ASK_ANSWER;
}

/* Commands up to the end of the segment; what has no room goes unanswered. */
static enum msd_ask all_commands(struct msd_request *rq, struct msd_view in,
				 struct msd_buf *out)
{
	u32 start = out->len;
	struct msd_buf fits;
	enum msd_ask ask;

	do {
		fits = *out;
		ask = command(rq, &in, out);
	} while (ask == MSD_ASK_ANSWER && in.len && !rq->close && !out->over);
	if (out->over && fits.len > start)
		*out = fits;
	return ask;
}

/* The handshake, or a reply behind it, is what the client has read last. */
static bool may_command(u32 offset)
{
	return offset == HANDSHAKE_LEN || offset >= HANDSHAKE_LEN + HEADER;
}

static enum msd_ask answer(struct msd_request *rq, struct msd_buf *out)
{
	struct msd_view in = rq->in;

	if (!msd_starts(&in, HANDSHAKE, HANDSHAKE_LEN))
		return may_command(rq->offset) ? all_commands(rq, in, out) :
						 MSD_ASK_NOT_MINE;
	/* Ours is the same bytes; who has read it needs no other. */
	if (rq->offset)
		return MSD_ASK_SILENT;
	msd_skip(&in, HANDSHAKE_LEN);
	msd_put_lit(out, HANDSHAKE);
	return in.len ? all_commands(rq, in, out) : MSD_ASK_ANSWER;
}

const struct msd_responder msd_jdwp = {
	.name = "jdwp",
	.source = "Java Debug Wire Protocol, Java SE 17",
	.transports = MSD_TCP,
	.npatterns = ARRAY_SIZE(patterns),
	.patterns = patterns,
	.answer = answer,
};
