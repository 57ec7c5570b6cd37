// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of verdicts and families, and what the writers of records share.
 */
#include <assert.h>
#include <netinet/in.h>
#include <linux/if_ether.h>
#include "../kmod/core/verdict.h"
#include "record.h"

/* In the order of the enum. */
#define NAME(verdict, name) name,

static const char *const verdicts[] = { MSD_VERDICT_NAMES(NAME, NAME) };

static_assert(ARRAY_SIZE(verdicts) == __MSD_VERDICT_MAX, "a name for each");

const char *verdict_name(__u32 verdict)
{
	return verdict < ARRAY_SIZE(verdicts) ? verdicts[verdict] : "unknown";
}

bool verdict_answers(__u32 verdict)
{
	return msd_class(verdict) == MSD_CLASS_ANSWER;
}

bool record_answered(const struct record *r)
{
	return verdict_answers(r->verdict);
}

bool record_is_arp(const struct record *r)
{
	return r->ethertype == ETH_P_ARP && r->family == AF_INET;
}

bool record_is_ip(const struct record *r)
{
	return (r->ethertype == ETH_P_IP && r->family == AF_INET) ||
	       (r->ethertype == ETH_P_IPV6 && r->family == AF_INET6);
}

/* No header the kernel has read is all zeros but one of an echo reply. */
int record_transport(const struct record *r)
{
	bool known = false;

	if (!record_is_ip(r))
		return 0;
	switch (r->protocol) {
	case IPPROTO_TCP:
		known = r->sport || r->dport || r->seq || r->ack ||
			r->tcp_flags || r->window;
		break;
	case IPPROTO_UDP:
		known = r->sport || r->dport || r->payload_len;
		break;
	case IPPROTO_ICMP:
		known = r->family == AF_INET;
		break;
	case IPPROTO_ICMPV6:
		known = r->family == AF_INET6;
		break;
	}
	if (r->verdict == MSD_DROP_IP_HEADER || r->verdict == MSD_DROP_FRAGMENT)
		known = false;
	return known ? r->protocol : 0;
}

const char *record_layer(const struct record *r)
{
	switch (record_transport(r)) {
	case IPPROTO_TCP:
		return "tcp";
	case IPPROTO_UDP:
		return "udp";
	case IPPROTO_ICMP:
		return "icmp";
	case IPPROTO_ICMPV6:
		return "icmpv6";
	}
	if (record_is_ip(r))
		return r->family == AF_INET ? "ipv4" : "ipv6";
	return record_is_arp(r) ? "arp" : "eth";
}
