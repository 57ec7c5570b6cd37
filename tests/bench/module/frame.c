// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests, each built fresh as if a driver had received it, and the check that
 * a reply is the right one. Checksums are complete in the frame, so that the
 * receiver has to verify them.
 */

#include <linux/etherdevice.h>
#include <linux/icmp.h>
#include <linux/if_arp.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/tcp.h>
#include "gen.h"

#define CLIENT 0xc6336401	/* 198.51.100.1 */
#define TARGET 0xc0000281	/* 192.0.2.129 */
#define PORT_FIRST 1024
#define PORT_HTTP 80
#define PORT_STUN 3478
#define ECHO_LEN 64
#define ARP_LEN 28
#define STUN_LEN 20
#define PAYLOAD_LEN 64
#define STUN_COOKIE 0x2112a442
#define STUN_REQUEST 0x0001
#define STUN_RESPONSE 0x0101

static const char http[] =
	"GET / HTTP/1.1\r\n"
	"Host: 192.0.2.129\r\n"
	"User-Agent: bench/1\r\n"
	"Accept: */*\r\n"
	"\r\n";
#define HTTP_LEN (sizeof(http) - 1)
#define PART_LEN 20

/* MSS 1460, SACK permitted, timestamps, window scale 7, as Linux sends them. */
static const u8 syn_options[] = {
	2, 4, 0x05, 0xb4, 4, 2, 8, 10, 0, 0, 0x30, 0x39, 0, 0, 0, 0, 1, 3, 3, 7,
};

/* Bytes behind the IP header; for ARP, behind the Ethernet header. */
static const u16 kind_len[MSD_GEN_NKINDS] = {
	[MSD_GEN_ARP] = ARP_LEN,
	[MSD_GEN_ECHO] = ECHO_LEN,
	[MSD_GEN_SYN] = sizeof(struct tcphdr) + sizeof(syn_options),
	[MSD_GEN_HTTP] = sizeof(struct tcphdr) + HTTP_LEN,
	[MSD_GEN_PART] = sizeof(struct tcphdr) + PART_LEN,
	[MSD_GEN_STUN] = sizeof(struct udphdr) + STUN_LEN,
	[MSD_GEN_PAYLOAD] = sizeof(struct udphdr) + PAYLOAD_LEN,
};

static const u8 kind_proto[MSD_GEN_NKINDS] = {
	[MSD_GEN_ECHO] = IPPROTO_ICMP,
	[MSD_GEN_SYN] = IPPROTO_TCP,
	[MSD_GEN_HTTP] = IPPROTO_TCP,
	[MSD_GEN_PART] = IPPROTO_TCP,
	[MSD_GEN_STUN] = IPPROTO_UDP,
	[MSD_GEN_PAYLOAD] = IPPROTO_UDP,
};

static __be32 client_addr(u32 flow)
{
	return htonl(CLIENT + flow % MSD_GEN_CLIENTS);
}

static __be16 client_port(u32 flow)
{
	return htons(PORT_FIRST + flow / MSD_GEN_CLIENTS);
}

/* The inverse, from the destination of a reply; may be any number. */
static u32 flow_of(__be32 addr, __be16 port)
{
	return ntohl(addr) - CLIENT +
	       (ntohs(port) - PORT_FIRST) * MSD_GEN_CLIENTS;
}

static u32 client_isn(u32 flow)
{
	return flow * 2654435761u;
}

static void put_arp(const struct msd_gen_job *job, u32 flow, u8 *p)
{
	struct arphdr *arp = (struct arphdr *)p;

	arp->ar_hrd = htons(ARPHRD_ETHER);
	arp->ar_pro = htons(ETH_P_IP);
	arp->ar_hln = ETH_ALEN;
	arp->ar_pln = 4;
	arp->ar_op = htons(ARPOP_REQUEST);
	p += sizeof(*arp);
	ether_addr_copy(p, job->dev->dev_addr);
	put_unaligned(client_addr(flow), (__be32 *)(p + 6));
	eth_zero_addr(p + 10);
	put_unaligned_be32(TARGET, p + 16);
}

static void put_echo(u32 flow, u8 *p)
{
	struct icmphdr *icmp = (struct icmphdr *)p;

	memset(p, 0, sizeof(*icmp));
	icmp->type = ICMP_ECHO;
	icmp->un.echo.id = htons(flow >> 16);
	icmp->un.echo.sequence = htons(flow);
	memset(icmp + 1, 0x5a, ECHO_LEN - sizeof(*icmp));
	icmp->checksum = ip_compute_csum(icmp, ECHO_LEN);
}

static void put_tcp(const struct msd_gen_job *job, u32 flow, u8 *p)
{
	u32 len = kind_len[job->kind];
	struct tcphdr *th = (struct tcphdr *)p;

	memset(th, 0, sizeof(*th));
	th->source = client_port(flow);
	th->dest = htons(PORT_HTTP);
	th->seq = htonl(client_isn(flow));
	th->window = htons(64240);
	if (job->kind == MSD_GEN_SYN) {
		th->syn = 1;
		th->doff = len / 4;
		memcpy(th + 1, syn_options, sizeof(syn_options));
	} else {
		th->doff = sizeof(*th) / 4;
		th->ack = 1;
		th->psh = 1;
		th->seq = htonl(client_isn(flow) + 1);
		th->ack_seq = htonl(job->isn[flow - job->base] + 1);
		memcpy(th + 1, http, len - sizeof(*th));
	}
	th->check = csum_tcpudp_magic(client_addr(flow), htonl(TARGET), len,
				      IPPROTO_TCP, csum_partial(p, len, 0));
}

static void put_stun(u32 flow, u8 *p)
{
	put_unaligned_be16(STUN_REQUEST, p);
	put_unaligned_be16(0, p + 2);
	put_unaligned_be32(STUN_COOKIE, p + 4);
	put_unaligned_be64(0, p + 8);
	put_unaligned_be32(flow, p + 16);
}

/* The same in every run: a multiplicative generator, seeded by the flow. */
static void put_payload(u32 flow, u8 *p)
{
	u32 i, x = client_isn(flow) | 1;

	for (i = 0; i < PAYLOAD_LEN; i++) {
		x *= 747796405;
		p[i] = x >> 24;
	}
}

static void put_udp(const struct msd_gen_job *job, u32 flow, u8 *p)
{
	u32 len = kind_len[job->kind];
	struct udphdr *uh = (struct udphdr *)p;

	uh->source = client_port(flow);
	uh->dest = htons(PORT_STUN);
	uh->len = htons(len);
	uh->check = 0;
	if (job->kind == MSD_GEN_STUN)
		put_stun(flow, p + sizeof(*uh));
	else
		put_payload(flow, p + sizeof(*uh));
	uh->check = csum_tcpudp_magic(client_addr(flow), htonl(TARGET), len,
				      IPPROTO_UDP, csum_partial(uh, len, 0));
}

static void put_ip(const struct msd_gen_job *job, u32 flow, u8 *p)
{
	struct iphdr *ip = (struct iphdr *)p;

	memset(ip, 0, sizeof(*ip));
	ip->version = 4;
	ip->ihl = sizeof(*ip) / 4;
	ip->tot_len = htons(sizeof(*ip) + kind_len[job->kind]);
	ip->id = htons(flow);
	ip->frag_off = htons(IP_DF);
	ip->ttl = 57;
	ip->saddr = client_addr(flow);
	ip->daddr = htonl(TARGET);
	ip->protocol = kind_proto[job->kind];
	p += sizeof(*ip);
	if (ip->protocol == IPPROTO_TCP)
		put_tcp(job, flow, p);
	else if (ip->protocol == IPPROTO_UDP)
		put_udp(job, flow, p);
	else
		put_echo(flow, p);
	ip->check = ip_fast_csum(ip, ip->ihl);
}

struct sk_buff *msd_gen_frame(const struct msd_gen_job *job, u32 flow)
{
	bool arp = job->kind == MSD_GEN_ARP;
	u32 len = ETH_HLEN + (arp ? 0 : sizeof(struct iphdr)) +
		  kind_len[job->kind];
	struct sk_buff *skb = netdev_alloc_skb(job->dev, max_t(u32, len, ETH_ZLEN));
	struct ethhdr *eth;

	if (!skb)
		return NULL;
	eth = skb_put(skb, len);
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	ether_addr_copy(eth->h_dest, job->dmac);
	ether_addr_copy(eth->h_source, job->dev->dev_addr);
	eth->h_proto = htons(arp ? ETH_P_ARP : ETH_P_IP);
	skb->protocol = eth->h_proto;
	if (arp)
		put_arp(job, flow, (u8 *)(eth + 1));
	else
		put_ip(job, flow, (u8 *)(eth + 1));
	return skb;
}

static bool is_arp_reply(const u8 *p, u32 len)
{
	const struct arphdr *arp = (const struct arphdr *)p;

	return len >= ARP_LEN && arp->ar_op == htons(ARPOP_REPLY) &&
	       get_unaligned_be32(p + sizeof(*arp) + 6) == TARGET;
}

/* @len: bytes of ICMP message. */
static bool is_echo_reply(const u8 *p, u32 len)
{
	return len == ECHO_LEN && p[0] == ICMP_ECHOREPLY;
}

/* @len: bytes of UDP header and data. */
static bool is_stun_response(const u8 *p, u32 len)
{
	return len >= sizeof(struct udphdr) + STUN_LEN &&
	       get_unaligned_be16(p + sizeof(struct udphdr)) == STUN_RESPONSE;
}

/* The SYN-ACK's sequence number is what a later request proves it saw. */
static bool is_synack(struct msd_gen_job *job, const struct tcphdr *th,
		      u32 flow)
{
	u32 i = flow - job->base;

	if (!th->syn || i >= MSD_GEN_CHUNK ||
	    ntohl(th->ack_seq) != client_isn(flow) + 1)
		return false;
	job->isn[i] = ntohl(th->seq);
	return true;
}

/* @len: bytes of TCP header and data. */
static bool is_tcp_answer(struct msd_gen_job *job, __be32 daddr, const u8 *p,
			  u32 len)
{
	const struct tcphdr *th = (const struct tcphdr *)p;
	u32 flow, want;
	bool data;

	if (len < sizeof(*th) || !th->ack || th->rst)
		return false;
	flow = flow_of(daddr, th->dest);
	if (job->kind == MSD_GEN_SYN)
		return is_synack(job, th, flow);
	want = client_isn(flow) + 1 + kind_len[job->kind] - sizeof(*th);
	data = len > th->doff * 4;
	return !th->syn && ntohl(th->ack_seq) == want &&
	       data == (job->kind == MSD_GEN_HTTP);
}

static bool is_ip_answer(struct msd_gen_job *job, const u8 *p, u32 len)
{
	const struct iphdr *ip = (const struct iphdr *)p;

	if (len < sizeof(*ip) || ntohs(ip->tot_len) > len ||
	    ntohs(ip->tot_len) < sizeof(*ip) ||
	    ip->protocol != kind_proto[job->kind])
		return false;
	len = ntohs(ip->tot_len) - sizeof(*ip);
	p += sizeof(*ip);
	if (ip->protocol == IPPROTO_TCP)
		return is_tcp_answer(job, ip->daddr, p, len);
	if (ip->protocol == IPPROTO_UDP)
		return is_stun_response(p, len);
	return is_echo_reply(p, len);
}

bool msd_gen_is_answer(struct msd_gen_job *job, struct sk_buff *skb)
{
	bool arp = job->kind == MSD_GEN_ARP;

	if (skb_linearize(skb) ||
	    skb->protocol != (arp ? htons(ETH_P_ARP) : htons(ETH_P_IP)))
		return false;
	return arp ? is_arp_reply(skb->data, skb->len) :
		     is_ip_answer(job, skb->data, skb->len);
}
