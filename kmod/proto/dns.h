/* SPDX-License-Identifier: GPL-2.0-only */
/* DNS: what the parser (dnsmsg.c) and the answering side (dns.c) share. */
#ifndef MSD_DNS_H
#define MSD_DNS_H

#include "proto.h"

#define MSD_DNS_HEADER		12
/* An OPT record without options. */
#define MSD_DNS_OPT_LEN		11

#define MSD_DNS_A		1
#define MSD_DNS_SOA		6
#define MSD_DNS_TXT		16
#define MSD_DNS_AAAA		28
#define MSD_DNS_NB		32	/* NBNS; NIMLOC */
#define MSD_DNS_NBSTAT		33	/* NBNS; SRV */
#define MSD_DNS_OPT		41
#define MSD_DNS_TKEY		249
#define MSD_DNS_TSIG		250
#define MSD_DNS_IXFR		251
#define MSD_DNS_AXFR		252
#define MSD_DNS_MAILB		253
#define MSD_DNS_MAILA		254
#define MSD_DNS_ANY		255

#define MSD_DNS_IN		1
#define MSD_DNS_CH		3
#define MSD_DNS_CLASS_ANY	255

#define MSD_DNS_QR		0x8000
#define MSD_DNS_OPCODE		0x7800
#define MSD_DNS_AA		0x0400
#define MSD_DNS_TC		0x0200
#define MSD_DNS_RD		0x0100
#define MSD_DNS_RA		0x0080
#define MSD_DNS_CD		0x0010
#define MSD_DNS_RCODE		0x000f

/* Opcodes, in their place. */
#define MSD_DNS_QUERY		0x0000
#define MSD_DNS_IQUERY		0x0800
#define MSD_DNS_NOTIFY		0x2000
#define MSD_DNS_UPDATE		0x2800

#define MSD_DNS_FORMERR		1
#define MSD_DNS_NOTIMP		4
#define MSD_DNS_REFUSED		5
#define MSD_DNS_NOTAUTH		9
#define MSD_DNS_BADVERS		16

/* EDNS: DNSSEC OK */
#define MSD_DNS_DO		0x8000

/*
 * Bounds of one query. Several questions are answered for the sake of tests
 * that ask three; a reply to questions of IN stays below 512 bytes: header,
 * questions, as many AAAA records behind a name pointer, OPT.
 */
#define MSD_DNS_QUESTIONS	4
#define MSD_DNS_QUESTION_BYTES	\
	(512 - MSD_DNS_HEADER - MSD_DNS_QUESTIONS * 28 - MSD_DNS_OPT_LEN)

/**
 * struct msd_dns_question - one question
 * @name: its name in wire form, valid and without pointers
 * @at: offset of the name in the message, for the pointer in the answer
 * @type: QTYPE
 * @class: QCLASS
 */
struct msd_dns_question {
	struct msd_view name;
	u16 at;
	u16 type;
	u16 class;
};

/**
 * struct msd_dns_tsig - a TSIG record
 * @name: of the key; p is NULL: there is none
 * @algorithm: its name
 * @fudge: seconds
 * @id: original id
 */
struct msd_dns_tsig {
	struct msd_view name;
	struct msd_view algorithm;
	u16 fudge;
	u16 id;
};

/**
 * struct msd_dns_query - a request
 * @id: message id
 * @flags: second word of the header
 * @nq: entries of the question section; only the first MSD_DNS_QUESTIONS are
 *	in @q, none when the section did not parse
 * @others: records of the answer, authority and additional sections
 * @section: the question section as it came
 * @q: its entries
 * @edns: there is an OPT record, with the two fields below
 * @version: EDNS version
 * @want_dnssec: the DO bit
 * @tsig: the TSIG record
 * @broken: it is a request, but one that does not parse
 */
struct msd_dns_query {
	u16 id;
	u16 flags;
	u16 nq;
	u16 others[3];
	struct msd_view section;
	struct msd_dns_question q[MSD_DNS_QUESTIONS];
	bool edns;
	u8 version;
	bool want_dnssec;
	struct msd_dns_tsig tsig;
	bool broken;
};

/* dnsmsg.c */

/* Has what is there the header of a request? */
bool msd_dns_begins(struct msd_view v);

/**
 * msd_dns_parse() - take a message apart
 * @v: the message, whole
 * @flow: for its ports
 * @q: out: zeroed by the caller
 *
 * Return: true when it is a request, if a broken one; false when it is something
 * else, or cannot be told from it.
 */
bool msd_dns_parse(struct msd_view v, const struct msd_flow *flow,
		   struct msd_dns_query *q);

#endif /* MSD_DNS_H */
