// SPDX-License-Identifier: GPL-2.0-only
/*
 * Competitor of the bench: a responder in userspace on a packet socket, one
 * frame at a time. It answers ARP requests, ICMP echo requests and SYNs (with a
 * SipHash cookie), each in the buffer the request came in; it verifies no
 * checksum and has no configuration, so a real one costs more.
 *
 * usage: afpacket DEV select|plain
 *	select	wait, receive, wait, send, as the packet library of the
 *		reference's runtime does for every frame
 *	plain	receive, send
 *
 * Prints "ready" when the socket is bound; ends by a signal.
 */

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/if_ether.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>

#define FRAME_MAX 2048
/* Holds the generator's whole window: no request is lost for want of room. */
#define RECEIVE_ROOM 1048576
#define SYNACK_OPTIONS 4

struct frame {
	unsigned short pad;	/* aligns what follows the Ethernet header */
	struct ether_header eth;
	union {
		struct ether_arp arp;
		struct {
			struct iphdr ip;
			union {
				struct icmphdr icmp;
				struct tcphdr tcp;
			};
		};
		unsigned char rest[FRAME_MAX - sizeof(struct ether_header)];
	};
};

static unsigned long rotl(unsigned long x, int bits)
{
	return x << bits | x >> (64 - bits);
}

static void sip_round(unsigned long *v)
{
	v[0] += v[1];
	v[1] = rotl(v[1], 13) ^ v[0];
	v[0] = rotl(v[0], 32);
	v[2] += v[3];
	v[3] = rotl(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotl(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotl(v[1], 17) ^ v[2];
	v[2] = rotl(v[2], 32);
}

/* SipHash 2-4 of two words under a fixed key. */
static unsigned int cookie(unsigned long addrs, unsigned long ports)
{
	unsigned long v[4] = {
		0x7469686173677562, 0x6b617f6d656e6665,
		0x6b7f62616d677361, 0x7b6b696e727e6c7b,
	};
	unsigned long word[3] = { addrs, ports, 16UL << 56 };
	int i;

	for (i = 0; i < 3; i++) {
		v[3] ^= word[i];
		sip_round(v);
		sip_round(v);
		v[0] ^= word[i];
	}
	v[2] ^= 0xff;
	for (i = 0; i < 4; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static unsigned int sum(const void *data, size_t len, unsigned int start)
{
	const unsigned char *p = data;
	unsigned long s = start;
	unsigned int word;

	for (; len >= 4; len -= 4, p += 4) {
		memcpy(&word, p, 4);
		s += word;
	}
	s = (s & 0xffffffff) + (s >> 32);
	s = (s & 0xffffffff) + (s >> 32);
	s = (s & 0xffff) + (s >> 16);
	return (s & 0xffff) + (s >> 16);
}

static unsigned short fold(unsigned int s)
{
	s = (s & 0xffff) + (s >> 16);
	return ~(s + (s >> 16));
}

static size_t answer_arp(struct frame *f, const unsigned char *mac)
{
	unsigned char target[4];

	if (f->arp.ea_hdr.ar_op != htons(ARPOP_REQUEST))
		return 0;
	memcpy(target, f->arp.arp_tpa, 4);
	memcpy(f->arp.arp_tpa, f->arp.arp_spa, 4);
	memcpy(f->arp.arp_tha, f->arp.arp_sha, ETH_ALEN);
	memcpy(f->arp.arp_spa, target, 4);
	memcpy(f->arp.arp_sha, mac, ETH_ALEN);
	f->arp.ea_hdr.ar_op = htons(ARPOP_REPLY);
	return sizeof(f->eth) + sizeof(f->arp);
}

static void answer_ip(struct frame *f, size_t len)
{
	in_addr_t from = f->ip.saddr;

	f->ip.saddr = f->ip.daddr;
	f->ip.daddr = from;
	f->ip.ttl = 64;
	f->ip.tot_len = htons(sizeof(f->ip) + len);
	f->ip.check = 0;
	f->ip.check = fold(sum(&f->ip, sizeof(f->ip), 0));
}

static size_t answer_icmp(struct frame *f, size_t len)
{
	if (f->icmp.type != ICMP_ECHO)
		return 0;
	f->icmp.type = ICMP_ECHOREPLY;
	f->icmp.checksum = 0;
	f->icmp.checksum = fold(sum(&f->icmp, len, 0));
	answer_ip(f, len);
	return sizeof(f->eth) + sizeof(f->ip) + len;
}

static size_t answer_syn(struct frame *f)
{
	size_t len = sizeof(f->tcp) + SYNACK_OPTIONS;
	unsigned short sport = f->tcp.source;
	unsigned int addrs;

	if (!f->tcp.syn || f->tcp.ack || f->tcp.rst)
		return 0;
	f->tcp.ack_seq = htonl(ntohl(f->tcp.seq) + 1);
	f->tcp.seq = cookie((unsigned long)f->ip.saddr << 32 | f->ip.daddr,
			    (unsigned long)sport << 16 | f->tcp.dest);
	f->tcp.source = f->tcp.dest;
	f->tcp.dest = sport;
	f->tcp.ack = 1;
	f->tcp.doff = len / 4;
	memcpy(&f->tcp + 1, "\x02\x04\x05\xb4", SYNACK_OPTIONS);
	answer_ip(f, len);
	f->tcp.check = 0;
	addrs = sum(&f->ip.saddr, 8, htons(IPPROTO_TCP) + htons(len));
	f->tcp.check = fold(sum(&f->tcp, len, addrs));
	return sizeof(f->eth) + sizeof(f->ip) + len;
}

/* Turn a request into its reply; 0 when there is none. */
static size_t answer(struct frame *f, size_t n)
{
	unsigned char mac[ETH_ALEN];
	size_t len, reply = 0;

	memcpy(mac, f->eth.ether_dhost, ETH_ALEN);
	if (f->eth.ether_type == htons(ETHERTYPE_ARP) &&
	    n >= sizeof(f->eth) + sizeof(f->arp)) {
		reply = answer_arp(f, mac);
	} else if (f->eth.ether_type == htons(ETHERTYPE_IP) &&
		   n >= sizeof(f->eth) + sizeof(f->ip) + sizeof(f->tcp)) {
		len = ntohs(f->ip.tot_len) - sizeof(f->ip);
		if (len + sizeof(f->ip) + sizeof(f->eth) > n)
			return 0;
		if (f->ip.protocol == IPPROTO_ICMP)
			reply = answer_icmp(f, len);
		else if (f->ip.protocol == IPPROTO_TCP)
			reply = answer_syn(f);
	}
	memcpy(f->eth.ether_dhost, f->eth.ether_shost, ETH_ALEN);
	memcpy(f->eth.ether_shost, mac, ETH_ALEN);
	return reply;
}

static void await(int fd, bool writing)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(fd, &set);
	if (pselect(fd + 1, writing ? NULL : &set, writing ? &set : NULL, NULL,
		    NULL, NULL) < 0) {
		perror("afpacket: pselect");
		exit(1);
	}
}

static void serve(int fd, const struct sockaddr_ll *to, bool waiting)
{
	static struct frame f;
	struct sockaddr_ll from;
	socklen_t fromlen;
	ssize_t n;

	for (;;) {
		if (waiting)
			await(fd, false);
		fromlen = sizeof(from);
		n = recvfrom(fd, &f.eth, FRAME_MAX, 0, (struct sockaddr *)&from,
			     &fromlen);
		if (n < 0) {
			perror("afpacket: recvfrom");
			exit(1);
		}
		n = answer(&f, n);
		if (!n)
			continue;
		if (waiting)
			await(fd, true);
		if (sendto(fd, &f.eth, n, 0, (const struct sockaddr *)to,
			   sizeof(*to)) != n) {
			perror("afpacket: sendto");
			exit(1);
		}
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_ll at = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
	};
	struct packet_mreq promisc = { .mr_type = PACKET_MR_PROMISC };
	int fd, room = RECEIVE_ROOM;

	if (argc != 3 || (strcmp(argv[2], "select") && strcmp(argv[2], "plain"))) {
		fprintf(stderr, "usage: afpacket DEV select|plain\n");
		return 2;
	}
	at.sll_ifindex = if_nametoindex(argv[1]);
	promisc.mr_ifindex = at.sll_ifindex;
	fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) ||
	    bind(fd, (struct sockaddr *)&at, sizeof(at)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &promisc,
		       sizeof(promisc))) {
		perror("afpacket");
		return 1;
	}
	puts("ready");
	fflush(stdout);
	serve(fd, &at, !strcmp(argv[2], "select"));
}
