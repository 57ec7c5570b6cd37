// SPDX-License-Identifier: GPL-2.0-only
/*
 * Modbus/TCP device (MODBUS Messaging on TCP/IP V1.0b, Application Protocol
 * V1.1b3): a programmable controller whose memory can be read.
 *
 *	function				reply
 *	1 to 4 read				values that follow from address and key
 *	5, 6, 15, 16, 22 write			as if done
 *	23 read and write			likewise
 *	7 read exception status			0
 *	8 diagnostics				loop back, counters at 0
 *	17 report server id			product, running
 *	43/14 read device identification	vendor, product, revision, ...
 *	others below 128			exception 1, illegal function
 *	128 and up (an exception)		none
 *
 * The header has no more to be known by than three zero bytes, so a message is
 * taken only when its length is the one that its function has, and when a
 * segment ends where a message does.
 */
#include <linux/kernel.h>
#include "keyed.h"

/* Transaction, protocol, length; the length counts from the unit on. */
#define MBAP 6
#define PDU_MAX 254
/* Longest message of a function that we do not know. */
#define UNKNOWN_MAX 5

#define READ_COILS 1
#define READ_INPUTS 2
#define READ_HOLDING 3
#define READ_INPUT_REGISTERS 4
#define WRITE_COIL 5
#define WRITE_REGISTER 6
#define READ_STATUS 7
#define DIAGNOSTICS 8
#define EVENT_COUNTER 11
#define EVENT_LOG 12
#define WRITE_COILS 15
#define WRITE_REGISTERS 16
#define SERVER_ID 17
#define READ_FILE 20
#define WRITE_FILE 21
#define MASK_WRITE 22
#define READ_WRITE 23
#define READ_FIFO 24
#define MEI 43
#define UMAS 90
/* Longest request of it that is certainly one. */
#define UMAS_MAX 32

#define MEI_CANOPEN 13
#define MEI_DEVICE_ID 14
/* A request has four bytes; with seven it is a reply. */
#define DEVICE_ID_LEN 4
#define DEVICE_ID_MAX 6

#define EXCEPTION 0x80
#define ILLEGAL_FUNCTION 1
#define ILLEGAL_ADDRESS 2
#define ILLEGAL_VALUE 3

#define BITS_MAX 2000
#define REGISTERS_MAX 125
#define COIL_ON 0xff00

/* Read codes of device identification. */
#define CODE_BASIC 1
#define CODE_SINGLE 4
#define BASIC_LAST 2
/* Streams and single objects, up to the extended ones. */
#define CONFORMITY 0x83

#define RUNNING 0xff

static const struct msd_pattern patterns[] = {
	MSD_PATTERN_MASK("\0\0\0\0\0", "\0\0\xff\xff\xff"),
};

static const char *const objects[] = {
	"Schneider Electric", "BMX P34 2020", "v2.60",
	"www.schneider-electric.com", "Modicon M340", "BMX P34 2020",
	"",
};

/* What stands in word @at of table @function. */
static u32 word(u32 seed, u8 function, u32 at)
{
	u32 x = seed ^ (u32)function << 20 ^ at * 0x9e3779b1;

	x ^= x >> 15;
	x *= 0x85ebca6b;
	return x ^ x >> 13;
}

static void put_registers(struct msd_buf *out, u32 seed,
			  u8 function, u32 at, u32 n)
{
	u8 table = function == READ_WRITE ? READ_HOLDING : function;
	u8 *p = msd_put(out, 2 + 2 * n);

	if (!p)
		return;
	*p++ = function;
	*p++ = 2 * n;
	for (; n; n--, at++, p += 2)
		put_unaligned_be16(word(seed, table, at) & 0x0fff, p);
}

/* Bits @at to @at + 31; a word holds as many. */
static u32 bits(u32 seed, u8 function, u32 at)
{
	u64 next = word(seed, function, at / 32 + 1);

	return (next << 32 | word(seed, function, at / 32)) >> at % 32;
}

static void put_bits(struct msd_buf *out, u32 seed, u8 function,
		     u32 at, u32 n)
{
	u32 val = 0, i, len = (n + 7) / 8;
	u8 *p = msd_put(out, 2 + len);

	if (!p)
		return;
	*p++ = function;
	*p++ = len;
	for (i = 0; i + 4 <= len; i += 4)
		put_unaligned_le32(bits(seed, function, at + 8 * i), p + i);
	if (i < len)
		val = bits(seed, function, at + 8 * i);
	for (; i < len; i++, val >>= 8)
		p[i] = val;
	if (n % 8)
		p[len - 1] &= (1 << n % 8) - 1;
}

static void put_exception(struct msd_buf *out, u8 function, u8 code)
{
	msd_put8(out, function | EXCEPTION);
	msd_put8(out, code);
}

/* 0, or the exception that a range of @n words or bits from @at on draws. */
static u8 bad_range(u32 at, u32 n, u32 most)
{
	if (!n || n > most)
		return ILLEGAL_VALUE;
	return at + n > 0x10000 ? ILLEGAL_ADDRESS : 0;
}

static bool reads_bits(u8 function)
{
	return function == READ_COILS || function == READ_INPUTS;
}

static void put_read(struct msd_buf *out, u32 seed, u8 function,
		     struct msd_view pdu)
{
	u16 at = msd_get_be16(&pdu), n = msd_get_be16(&pdu);
	bool coils = reads_bits(function);
	u8 bad = bad_range(at, n, coils ? BITS_MAX : REGISTERS_MAX);

	if (bad)
		put_exception(out, function, bad);
	else if (coils)
		put_bits(out, seed, function, at, n);
	else
		put_registers(out, seed, function, at, n);
}

/* What a write leaves behind is its own first five or seven bytes. */
static void put_written(struct msd_buf *out, u8 function, struct msd_view pdu)
{
	const u8 *start = pdu.p;
	u16 at = msd_get_be16(&pdu), n = msd_get_be16(&pdu);
	u8 bad = 0;

	if (function == WRITE_COIL && n && n != COIL_ON)
		bad = ILLEGAL_VALUE;
	if (function == WRITE_COILS)
		bad = (n + 7) / 8 == msd_get8(&pdu) ?
		      bad_range(at, n, BITS_MAX) : ILLEGAL_VALUE;
	if (function == WRITE_REGISTERS)
		bad = 2 * n == msd_get8(&pdu) ?
		      bad_range(at, n, REGISTERS_MAX) : ILLEGAL_VALUE;
	if (bad)
		return put_exception(out, function, bad);
	msd_put8(out, function);
	msd_put_bytes(out, start, function == MASK_WRITE ? 6 : 4);
}

static void put_diagnostics(struct msd_buf *out, struct msd_view pdu)
{
	u16 sub = msd_get_be16(&pdu), val = msd_get_be16(&pdu);
	bool counter = sub == 2 || (sub >= 11 && sub <= 18);

	if (sub && sub != 1 && sub != 10 && !counter)
		return put_exception(out, DIAGNOSTICS, ILLEGAL_FUNCTION);
	msd_put8(out, DIAGNOSTICS);
	msd_put_be16(out, sub);
	msd_put_be16(out, counter ? 0 : val);
}

static void put_server_id(struct msd_buf *out)
{
	const char *id = objects[1];

	msd_put8(out, SERVER_ID);
	msd_put8(out, strlen(id) + 1);
	msd_put_str(out, id);
	msd_put8(out, RUNNING);
}

static void put_object(struct msd_buf *out, u8 id)
{
	msd_put8(out, id);
	msd_put8(out, strlen(objects[id]));
	msd_put_str(out, objects[id]);
}

/* The objects from @id to @last; none when it lies beyond. */
static void put_objects(struct msd_buf *out, u8 code, u8 id, u8 last)
{
	msd_put8(out, MEI);
	msd_put8(out, MEI_DEVICE_ID);
	msd_put8(out, code);
	msd_put8(out, CONFORMITY);
	msd_put8(out, 0);
	msd_put8(out, 0);
	msd_put8(out, id > last ? 0 : last - id + 1);
	for (; id <= last; id++)
		put_object(out, id);
}

static void put_device_id(struct msd_buf *out, struct msd_view pdu)
{
	u8 mei = msd_get8(&pdu), code = msd_get8(&pdu), id = msd_get8(&pdu);

	if (mei != MEI_DEVICE_ID)
		put_exception(out, MEI, ILLEGAL_FUNCTION);
	else if (!msd_view_ok(&pdu) || pdu.len || code < CODE_BASIC ||
		 code > CODE_SINGLE)
		put_exception(out, MEI, ILLEGAL_VALUE);
	else if (code != CODE_SINGLE)
		put_objects(out, code, id, code == CODE_BASIC ? BASIC_LAST :
					   ARRAY_SIZE(objects) - 1);
	else if (id < ARRAY_SIZE(objects))
		put_objects(out, code, id, id);
	else
		put_exception(out, MEI, ILLEGAL_ADDRESS);
}

/* The reply's PDU; @pdu stands behind the function. */
static void put_pdu(struct msd_buf *out, u32 seed, u8 function,
		    struct msd_view pdu)
{
	switch (function) {
	case READ_COILS ... READ_INPUT_REGISTERS:
	case READ_WRITE:
		return put_read(out, seed, function, pdu);
	case WRITE_COIL:
	case WRITE_REGISTER:
	case WRITE_COILS:
	case WRITE_REGISTERS:
	case MASK_WRITE:
		return put_written(out, function, pdu);
	case READ_STATUS:
		return msd_put_be16(out, READ_STATUS << 8);
	case DIAGNOSTICS:
		return put_diagnostics(out, pdu);
	case SERVER_ID:
		return put_server_id(out);
	case MEI:
		return put_device_id(out, pdu);
	default:
		put_exception(out, function, ILLEGAL_FUNCTION);
	}
}

/* Behind @fixed bytes of a PDU stand as many as the last of them says. */
static bool counted(const struct msd_view *pdu, u32 fixed)
{
	return pdu->len >= fixed && pdu->len == fixed + pdu->p[fixed - 1];
}

static bool mei_ok(const struct msd_view *pdu)
{
	return pdu->len > 1 &&
	       (pdu->p[1] == MEI_CANOPEN ||
		(pdu->p[1] == MEI_DEVICE_ID && pdu->len < DEVICE_ID_MAX + 1));
}

/* Functions of Schneider's protocol; in front of one comes a session number. */
static bool is_umas(u8 function)
{
	switch (function) {
	case 0x01 ... 0x04:
	case 0x06:
	case 0x0a:
	case 0x10 ... 0x12:
	case 0x20 ... 0x25:
	case 0x30 ... 0x36:
	case 0x39:
	case 0x40 ... 0x41:
	case 0x50:
	case 0x58:
	case 0x70 ... 0x71:
	case 0x73:
		return true;
	default:
		return false;
	}
}

/* Is this the length that the function in the first byte has? */
static bool length_ok(const struct msd_view *pdu)
{
	switch (*pdu->p) {
	case READ_COILS ... WRITE_REGISTER:
	case DIAGNOSTICS:
		return pdu->len == 5;
	case READ_STATUS:
	case EVENT_COUNTER:
	case EVENT_LOG:
	case SERVER_ID:
		return pdu->len == 1;
	case WRITE_COILS:
	case WRITE_REGISTERS:
		return counted(pdu, 6);
	case READ_FILE:
	case WRITE_FILE:
		return counted(pdu, 2);
	case MASK_WRITE:
		return pdu->len == 7;
	case READ_WRITE:
		return counted(pdu, 10);
	case READ_FIFO:
		return pdu->len == 3;
	case MEI:
		return mei_ok(pdu);
	case UMAS:
		return pdu->len > 2 && pdu->len <= UMAS_MAX &&
		       is_umas(pdu->p[2]);
	case 0:
		return false;
	default:
		return pdu->len <= UNKNOWN_MAX;
	}
}

/* One message, header and all. */
static enum msd_ask message(struct msd_request *rq, struct msd_view *in,
			    struct msd_buf *out)
{
	u32 from = rq->in.len - in->len;
	u16 transaction = msd_get_be16(in), protocol = msd_get_be16(in);
	u16 len = msd_get_be16(in);
	u32 start = out->len;
	struct msd_view pdu;
	u32 seed;
	u8 unit;

	rq->need = from + MBAP;
	if (!msd_view_ok(in))
		return MSD_ASK_MORE;
	if (protocol || len < 2 || len > PDU_MAX)
		return MSD_ASK_NOT_MINE;
	rq->need = from + MBAP + len;
	if (in->len < len)
		return MSD_ASK_MORE;
	unit = msd_get8(in);
	pdu = msd_sub(in, len - 1);
	if (*pdu.p & EXCEPTION)
		return MSD_ASK_SILENT;
	if (!length_ok(&pdu))
		return MSD_ASK_NOT_MINE;
	seed = msd_keyed(rq, 'm' << 8 | unit);
	msd_put_be16(out, transaction);
	msd_put_be32(out, 0);
	msd_put8(out, unit);
	put_pdu(out, seed, *pdu.p, msd_view(pdu.p + 1, pdu.len - 1));
	msd_patch_be16(out, start + MBAP - 2, out->len - start - MBAP);
	return MSD_ASK_ANSWER;
}

/*
 * Whole messages, and nothing behind them. What has no room any more goes
 * unanswered.
 */
static enum msd_ask answer(struct msd_request *rq, struct msd_buf *out)
{
	struct msd_view in = rq->in;
	u32 start = out->len;
	struct msd_buf fits;
	enum msd_ask ask;

	do {
		fits = *out;
		ask = message(rq, &in, out);
	} while (ask == MSD_ASK_ANSWER && in.len && !out->over);
	if (out->over && fits.len > start)
		*out = fits;
	return ask;
}

const struct msd_responder msd_modbus = {
	.name = "modbus",
	.source = "MODBUS Application Protocol V1.1b3",
	.transports = MSD_TCP,
	.npatterns = ARRAY_SIZE(patterns),
	.patterns = patterns,
	.answer = answer,
};
