/* SPDX-License-Identifier: GPL-2.0-only */
/* SIP: what the judge (sip.c) and the writer (sipreply.c) share. */
#ifndef MSD_SIP_H
#define MSD_SIP_H

#include "proto.h"

/* Header fields we look at. */
enum msd_sip_field {
	MSD_SIP_VIA,
	MSD_SIP_FROM,
	MSD_SIP_TO,
	MSD_SIP_CALL_ID,
	MSD_SIP_CSEQ,
	MSD_SIP_CONTENT_LENGTH,
	MSD_SIP_REQUIRE,
	MSD_SIP_AUTHORIZATION,
	MSD_SIP_NFIELDS,
};

/* Longest reply over UDP to a request of so many bytes. */
#define MSD_SIP_UDP_MOST(len) ((len) * 33 / 20)

/* A request with more Via fields has gone through too many hands. */
#define MSD_SIP_VIAS 32

/**
 * struct msd_sip_request - a request
 * @method: index into the table of methods; behind its end: none of it
 * @name: of the method
 * @version: it is SIP/2.0
 * @base: what @via counts from
 * @nvias: number of Via fields
 * @via: where the value of each is, the first one at the top
 * @value: value of the first field of each kind; p is NULL: there is none
 * @body: what follows the blank line
 * @content: Content-Length, or what is there when it is not told
 * @told: Content-Length is there and a number
 */
struct msd_sip_request {
	u32 method;
	struct msd_view name;
	bool version;
	const u8 *base;
	u32 nvias;
	struct {
		u16 at;
		u16 len;
	} via[MSD_SIP_VIAS];
	struct msd_view value[MSD_SIP_NFIELDS];
	struct msd_view body;
	u32 content;
	bool told;
};

/* sip.c */

/* White space, or part of a line end. */
static inline bool msd_sip_blank(u8 c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Strip white space and line ends at both ends. */
void msd_sip_trim(struct msd_view *v);

/* Is it this word, in any case? */
bool msd_sip_is(const struct msd_view *v, const char *word);

/* Take the bytes before the next @sep, and @sep itself if there is one. */
struct msd_view msd_sip_until(struct msd_view *in, u8 sep);

/* sipreply.c */

/* Has the request a Via that a reply can go by? */
bool msd_sip_via_ok(const struct msd_sip_request *q);

/**
 * msd_sip_reply() - write a reply
 * @out: receives it
 * @rq: the question, for addresses, time and key
 * @q: the request; msd_sip_via_ok() holds
 * @status: status code, one of the table in sip.c
 */
void msd_sip_reply(struct msd_buf *out, const struct msd_request *rq,
		   const struct msd_sip_request *q, u16 status);

#endif /* MSD_SIP_H */
