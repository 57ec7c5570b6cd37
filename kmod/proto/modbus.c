// SPDX-License-Identifier: GPL-2.0-only
/*
 * Modbus/TCP device (MODBUS Messaging on TCP/IP V1.0b, Application Protocol
 * V1.1b3): tells its name, and has an exception for everything else.
 *
 *	function				reply
 *	43/14 read device identification	vendor, product, revision
 *	1 to 6, 15, 16, 22, 23			exception 2, illegal data address
 *	others below 128			exception 1, illegal function
 *	128 and up (an exception)		none
 */
#include <linux/kernel.h>
#include "proto.h"

/* Transaction, protocol, length; the length counts from the unit on. */
#define MBAP 6
#define PDU_MAX 254

#define MEI 43
#define MEI_DEVICE_ID 14
#define EXCEPTION 0x80
#define ILLEGAL_FUNCTION 1
#define ILLEGAL_ADDRESS 2

/* Read codes of device identification; basic is all we have. */
#define CODE_BASIC 1
#define CODE_SINGLE 4
#define CONFORMITY_BASIC 0x81

static const struct msd_pattern patterns[] = {
	MSD_PATTERN_MASK("\0\0\0\0\0", "\0\0\xff\xff\xff"),
};

static const char *const objects[] = {
	"Schneider Electric", "BMX P34 2020", "v2.60",
};

static void put_object(struct msd_buf *out, u8 id)
{
	msd_put8(out, id);
	msd_put8(out, strlen(objects[id]));
	msd_put_str(out, objects[id]);
}

/* Basic identification from object @id on, or that object alone. */
static void put_device_id(struct msd_buf *out, u8 code, u8 id)
{
	u8 last = ARRAY_SIZE(objects) - 1;

	if (code == CODE_SINGLE)
		last = id;
	else if (id > last)
		id = 0;
	msd_put8(out, MEI);
	msd_put8(out, MEI_DEVICE_ID);
	msd_put8(out, code);
	msd_put8(out, CONFORMITY_BASIC);
	msd_put8(out, 0);
	msd_put8(out, 0);
	msd_put8(out, last - id + 1);
	for (; id <= last; id++)
		put_object(out, id);
}

static void put_exception(struct msd_buf *out, u8 function, u8 code)
{
	msd_put8(out, function | EXCEPTION);
	msd_put8(out, code);
}

static bool reads_or_writes(u8 function)
{
	return (function >= 1 && function <= 6) || function == 15 ||
	       function == 16 || function == 22 || function == 23;
}

/* The reply's PDU; false when there is none. */
static bool put_pdu(struct msd_buf *out, struct msd_view pdu)
{
	u8 function = msd_get8(&pdu);
	u8 mei = msd_get8(&pdu), code = msd_get8(&pdu), id = msd_get8(&pdu);

	if (function & EXCEPTION)
		return false;
	if (function == MEI && mei == MEI_DEVICE_ID) {
		/* Anything longer is a reply. */
		if (!msd_view_ok(&pdu) || pdu.len)
			return false;
		if (code < CODE_BASIC || code > CODE_SINGLE ||
		    (code == CODE_SINGLE && id >= ARRAY_SIZE(objects)))
			put_exception(out, function, ILLEGAL_ADDRESS);
		else
			put_device_id(out, code, id);
	} else {
		put_exception(out, function, reads_or_writes(function) ?
			      ILLEGAL_ADDRESS : ILLEGAL_FUNCTION);
	}
	return true;
}

static enum msd_ask answer(struct msd_request *rq, struct msd_buf *out)
{
	struct msd_view in = rq->in, body;
	u16 transaction = msd_get_be16(&in);
	u16 protocol = msd_get_be16(&in);
	u16 len = msd_get_be16(&in);
	u32 start = out->len;

	if (!msd_view_ok(&in))
		return MSD_ASK_MORE;
	if (protocol || len < 2 || len > PDU_MAX)
		return MSD_ASK_NOT_MINE;
	if (in.len < len)
		return MSD_ASK_MORE;
	body = msd_sub(&in, len);
	msd_put_be16(out, transaction);
	msd_put_be16(out, 0);
	msd_put_be16(out, 0);
	msd_put8(out, msd_get8(&body));
	if (!put_pdu(out, body))
		return MSD_ASK_SILENT;
	msd_patch_be16(out, start + MBAP - 2, out->len - start - MBAP);
	return MSD_ASK_ANSWER;
}

const struct msd_responder msd_modbus = {
	.name = "modbus",
	.source = "MODBUS Application Protocol V1.1b3",
	.transports = MSD_TCP,
	.npatterns = ARRAY_SIZE(patterns),
	.patterns = patterns,
	.answer = answer,
};
