/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TCP options: read from a request, written to a reply.
 */
#ifndef MSD_TCPOPT_H
#define MSD_TCPOPT_H

#include "core.h"

/* Option bytes of a SYN-ACK at most; of any later segment. */
#define MSD_SYNACK_OPT_MAX 24
#define MSD_TCP_TS_LEN 12

/**
 * struct msd_tcpopt - what a segment's options say
 * @mss: maximum segment size, 0 when absent
 * @sack: selective acknowledgements permitted
 * @wscale: window scale present
 * @ts: timestamps present
 * @tsval: the sender's clock, to be echoed
 * @tsecr: what the sender echoes of ours
 */
struct msd_tcpopt {
	u16 mss;
	bool sack;
	bool wscale;
	bool ts;
	u32 tsval;
	u32 tsecr;
};

/**
 * msd_tcpopt_read() - read the options of a segment
 * @v: the option bytes
 *
 * Unknown options are skipped; a malformed one ends the reading (RFC 9293
 * section 3.1, MUST-7).
 *
 * Return: what was found until then.
 */
struct msd_tcpopt msd_tcpopt_read(struct msd_view v);

/**
 * msd_tcpopt_len() - how many bytes the options of a reply take
 * @peer: what the client offered
 * @mss: our MSS for a SYN-ACK, 0 for any later segment
 *
 * Return: a multiple of 4, at most MSD_SYNACK_OPT_MAX.
 */
static inline u32 msd_tcpopt_len(const struct msd_tcpopt *peer, u16 mss)
{
	if (!mss)
		return peer->ts ? MSD_TCP_TS_LEN : 0;
	return 4 + (peer->ts ? MSD_TCP_TS_LEN : peer->sack ? 4 : 0) +
	       (peer->wscale ? 4 : 0);
}

/**
 * msd_tcpopt_put() - write the options of a reply
 * @p: behind the fixed header, room for msd_tcpopt_len() bytes
 * @peer: what the client offered; only that is offered back
 * @mss: our MSS for a SYN-ACK, 0 for any later segment
 * @ours: our timestamp
 *
 * Return: sum of what was written, as csum_partial() would have it.
 */
__wsum msd_tcpopt_put(u8 *p, const struct msd_tcpopt *peer, u16 mss,
		      u32 ours);

#endif /* MSD_TCPOPT_H */
