// SPDX-License-Identifier: GPL-2.0-only
/*
 * SNMP: the system group of SNMPv2-MIB (RFC 3418), with the values of an
 * untouched Net-SNMP 5.9 on Debian. Sizes are asked for first, and values made
 * when they are written.
 */
#include <linux/kernel.h>
#include "snmp.h"

/* Set our uses of the key apart from others'. */
#define TWEAK_NAME 0x736e6d7000
#define TWEAK_UPTIME 0x736e6d7001

/* sysDescr: the host's name stands between these. */
#define DESCR_SHORT "Linux"
#define DESCR_HEAD "Linux "
#define DESCR_TAIL " 6.1.0-28-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 (2024-11-22) x86_64"

/* Values that are the same for all; their type and length for the others. */
static const struct value {
	const char *p;
	u8 tag;
	u8 len;
} values[MSD_SYS_LAST + 1] = {
#define VALUE(t, s) { .p = (s), .tag = (t), .len = sizeof(s) - 1 }
	[MSD_SYS_DESCR] = {
		.tag = MSD_SNMP_OCTET_STRING,
		.len = sizeof(DESCR_HEAD DESCR_TAIL) - 1 + MSD_SNMP_HOST_LEN,
	},
	/* net-snmp's for Linux, 1.3.6.1.4.1.8072.3.2.10 */
	[MSD_SYS_OBJECT_ID] = VALUE(MSD_SNMP_OBJECT_ID,
				    "\x2b\x06\x01\x04\x01\xbf\x08\x03\x02\x0a"),
	[MSD_SYS_UP_TIME] = { .tag = MSD_SNMP_TIME_TICKS },
	[MSD_SYS_CONTACT] = VALUE(MSD_SNMP_OCTET_STRING, "Me <me@example.org>"),
	[MSD_SYS_NAME] = { .tag = MSD_SNMP_OCTET_STRING, .len = MSD_SNMP_HOST_LEN },
	[MSD_SYS_LOCATION] = VALUE(MSD_SNMP_OCTET_STRING,
				   "Sitting on the Dock of the Bay"),
	[MSD_SYS_SERVICES] = VALUE(MSD_SNMP_INTEGER, "\x48"),
	[MSD_SYS_OR_LAST_CHANGE] = VALUE(MSD_SNMP_TIME_TICKS, "\x00"),
#undef VALUE
};

/* A secret number of the address that was asked. */
static u64 secret(const struct msd_request *rq, u64 tweak)
{
	const u8 *own = rq->flow->daddr.s6_addr;
	bool six = rq->flow->family == 6;

	return siphash_3u64(six ? get_unaligned_be64(own) : 0,
			    six ? get_unaligned_be64(own + 8) :
				  get_unaligned_be32(own),
			    tweak, &rq->ctx->cfg->key);
}

/* "srv-" and four digits of the secret number. */
static void make_name(u8 *name, const struct msd_request *rq)
{
	u16 id = secret(rq, TWEAK_NAME);
	u32 i;

	memcpy(name, "srv-", 4);
	for (i = 4; i < MSD_SNMP_HOST_LEN; i++, id <<= 4)
		name[i] = "0123456789abcdef"[id >> 12];
}

/* Hundredths of a second, counted from a moment in the last 497 days. */
static void make_uptime(struct msd_snmp_own *own, const struct msd_request *rq)
{
	u32 ticks = (u32)rq->ctx->now * 100 + (u32)secret(rq, TWEAK_UPTIME);
	u8 val[MSD_SNMP_UPTIME_LEN] = { 0 };
	u32 skip = 0;

	put_unaligned_be32(ticks, val + 1);
	while (skip < 4 && !val[skip] && !(val[skip + 1] & 0x80))
		skip++;
	own->uptime_len = MSD_SNMP_UPTIME_LEN - skip;
	memcpy(own->uptime, val + skip, own->uptime_len);
}

void msd_snmp_make(struct msd_snmp_own *own, const struct msd_request *rq)
{
	make_name(own->name, rq);
	make_uptime(own, rq);
}

bool msd_snmp_form(const struct msd_snmp_own *own, u8 obj, u32 form, u8 *tag,
		   u8 *len)
{
	const struct value *v = &values[obj];

	*tag = v->tag;
	*len = obj == MSD_SYS_UP_TIME ? own->uptime_len : v->len;
	if (!form)
		return true;
	*len = obj == MSD_SYS_DESCR && form == 1 ? sizeof(DESCR_SHORT) - 1 : 0;
	return v->tag == MSD_SNMP_OCTET_STRING &&
	       form <= (obj == MSD_SYS_DESCR ? 2 : 1);
}

void msd_snmp_value(struct msd_buf *out, const struct msd_snmp_own *own, u8 obj,
		    u8 tag, u8 len)
{
	msd_snmp_head(out, tag, len);
	if (!len)
		return;
	switch (obj) {
	case MSD_SYS_NAME:
		msd_put_bytes(out, own->name, len);
		break;
	case MSD_SYS_UP_TIME:
		msd_put_bytes(out, own->uptime, len);
		break;
	case MSD_SYS_DESCR:
		if (len < values[obj].len) {
			msd_put_lit(out, DESCR_SHORT);
			break;
		}
		msd_put_lit(out, DESCR_HEAD);
		msd_put_bytes(out, own->name, MSD_SNMP_HOST_LEN);
		msd_put_lit(out, DESCR_TAIL);
		break;
	default:
		msd_put_bytes(out, values[obj].p, len);
	}
}
