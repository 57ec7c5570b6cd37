/* SPDX-License-Identifier: GPL-2.0-only */
/* SNMP: what the agent (snmp.c) and its objects (snmpmib.c) share. */
#ifndef MSD_SNMP_H
#define MSD_SNMP_H

#include "proto.h"

#define MSD_SNMP_INTEGER 0x02
#define MSD_SNMP_OCTET_STRING 0x04
#define MSD_SNMP_OBJECT_ID 0x06
#define MSD_SNMP_TIME_TICKS 0x43

#define MSD_SNMP_HOST_LEN 8
#define MSD_SNMP_UPTIME_LEN 5

/* Objects of the system group, 1.3.6.1.2.1.1.N.0. */
enum msd_snmp_object {
	MSD_SYS_DESCR = 1,
	MSD_SYS_OBJECT_ID,
	MSD_SYS_UP_TIME,
	MSD_SYS_CONTACT,
	MSD_SYS_NAME,
	MSD_SYS_LOCATION,
	MSD_SYS_SERVICES,
	MSD_SYS_OR_LAST_CHANGE,
	MSD_SYS_LAST = MSD_SYS_OR_LAST_CHANGE,
};

/**
 * struct msd_snmp_own - what differs from host to host
 * @name: sysName
 * @uptime: sysUpTime as it is encoded
 * @uptime_len: its length
 */
struct msd_snmp_own {
	u8 name[MSD_SNMP_HOST_LEN];
	u8 uptime[MSD_SNMP_UPTIME_LEN];
	u8 uptime_len;
};

/* Size of a value of @len bytes with its type and length. */
static inline u32 msd_snmp_sized(u32 len)
{
	return len + (len < 0x80 ? 2 : len < 0x100 ? 3 : 4);
}

/* Type and length of a value (X.690 section 8.1). */
static inline void msd_snmp_head(struct msd_buf *out, u8 tag, u32 len)
{
	u32 width = msd_snmp_sized(len) - len - 1;

	msd_put8(out, tag);
	if (width > 1)
		msd_put8(out, 0x80 + width - 1);
	if (width > 2)
		msd_put8(out, len >> 8);
	msd_put8(out, len);
}

/* snmpmib.c */

/**
 * msd_snmp_make() - what the address that was asked is
 * @own: out
 * @rq: the question
 */
void msd_snmp_make(struct msd_snmp_own *own, const struct msd_request *rq);

/**
 * msd_snmp_form() - type and length of an object's value
 * @own: the host
 * @obj: the object
 * @form: 0: whole; above that: shorter ones
 * @tag: out: its type
 * @len: out: its length
 *
 * Return: false when there is no such form.
 */
bool msd_snmp_form(const struct msd_snmp_own *own, u8 obj, u32 form, u8 *tag,
		   u8 *len);

/* Write the value of an object in the form of this length. */
void msd_snmp_value(struct msd_buf *out, const struct msd_snmp_own *own, u8 obj,
		    u8 tag, u8 len);

#endif /* MSD_SNMP_H */
