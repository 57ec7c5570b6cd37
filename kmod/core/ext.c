// SPDX-License-Identifier: GPL-2.0-only
/*
 * IPv6 extension headers (RFC 8200 section 4): walked, never sent.
 *
 *   hop-by-hop (first only), destination options   options walked; one that
 *                                 says "discard" when unknown drops the packet
 *   routing                       skipped when no segments are left
 *   fragment                      dropped, atomic ones too
 *   anything else                 ends the walk
 */
#include <linux/in6.h>
#include "net.h"

/* More headers than this are an attack (RFC 8504 section 5.3). */
#define MAX_HEADERS 8

#define OPT_PAD1 0
/* Action bits of an option type: 00 means skip over it (section 4.2). */
#define OPT_ACTION 0xc0

/* Are all options well formed and may unknown ones be skipped? */
static bool ext_options_ok(struct msd_view v)
{
	while (v.len) {
		u8 type = msd_get8(&v);

		if (type == OPT_PAD1)
			continue;
		msd_skip(&v, msd_get8(&v));
		if (type & OPT_ACTION)
			return false;
	}
	return msd_view_ok(&v);
}

/* One header at the front of @v; false when the packet must be dropped. */
static bool header_ok(struct msd_view *v, u8 type, u8 *next)
{
	struct msd_view body;
	u32 len;

	*next = msd_get8(v);
	len = msd_get8(v) * 8 + 6;
	body = msd_sub(v, len);
	if (!msd_view_ok(&body))
		return false;
	if (type == IPPROTO_ROUTING)
		return !body.p[1];
	return ext_options_ok(body);
}

enum msd_verdict msd_ipv6_ext(struct msd_view *v, u8 *next)
{
	u32 i;

	for (i = 0; i <= MAX_HEADERS; i++) {
		u8 type = *next;

		if (type == IPPROTO_FRAGMENT)
			return MSD_DROP_FRAGMENT;
		if (type != IPPROTO_ROUTING && type != IPPROTO_DSTOPTS &&
		    (type != IPPROTO_HOPOPTS || i))
			return MSD_GO_ON;
		if (!header_ok(v, type, next))
			break;
	}
	return MSD_DROP_IP_HEADER;
}
