// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mixed load for the soak test: a client of every kind on one device.
 *
 * usage: flood DEV SERVER-MAC SEED
 *
 * Sends ARP and neighbour solicitations, echo requests, SYNs, requests over UDP,
 * and on what the SYN-ACKs allow, requests, halves of requests and FINs; one
 * frame in eight is spoilt first. Both families; clients are 198.51.100.1 to .100
 * and 2001:db8:1::1 to ::64, servers .128 to .255 and ::8000 to ::807f.
 *
 * In a session of its own, or the end of the shell that began it would end it or
 * let it go on. It begins stopped, until SIGCONT. SIGTERM ends it: it waits until
 * no reply comes any more, then prints how many frames it sent and how many came
 * back, counted by the socket before any is lost for want of room.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define FRAME_MAX 512
#define BATCH 32
/* No reply for so long, in milliseconds: there is none under way. */
#define QUIET 500
#define CLIENTS 100
#define SERVERS 128

/**
 * struct end - one end of a flow
 * @addr: IPv6, or IPv4 in its first four bytes
 * @port: TCP or UDP port, host byte order
 */
struct end {
	uint8_t addr[16];
	uint16_t port;
};

/**
 * struct frame - a frame being built
 * @p: its bytes
 * @len: how many
 * @l4: where its layer 4 begins
 */
struct frame {
	uint8_t p[FRAME_MAX];
	size_t len;
	size_t l4;
};

/**
 * struct flood - the load
 * @fd: packet socket
 * @client: MAC address
 * @server: MAC address
 * @state: of the random sequence
 * @sent: frames sent
 * @batch: frames to be sent
 * @n: how many
 */
struct flood {
	int fd;
	uint8_t client[6];
	uint8_t server[6];
	uint64_t state;
	uint64_t sent;
	struct frame batch[BATCH];
	unsigned int n;
};

static const char get[] = "GET / HTTP/1.1\r\nHost: soak\r\n\r\n";
static const uint8_t stun[20] = { 0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 's', 'o', 'a', 'k' };

static bool ended(void)
{
	sigset_t pending;

	return !sigpending(&pending) && sigismember(&pending, SIGTERM) == 1;
}

/* xorshift64* */
static uint32_t rnd(struct flood *f)
{
	f->state ^= f->state >> 12;
	f->state ^= f->state << 25;
	f->state ^= f->state >> 27;
	return (f->state * 0x2545f4914f6cdd1dULL) >> 32;
}

static uint32_t below(struct flood *f, uint32_t n)
{
	return (uint64_t)rnd(f) * n >> 32;
}

static bool is_six(const struct frame *x)
{
	return x->p[12] == 0x86;
}

/* ---- building ---- */

static uint32_t sum(uint32_t s, const uint8_t *p, size_t len)
{
	for (; len > 1; len -= 2, p += 2)
		s += p[0] << 8 | p[1];
	return len ? s + (p[0] << 8) : s;
}

static void put16(uint8_t *p, uint16_t v)
{
	p[0] = v >> 8;
	p[1] = v;
}

static void put_sum(uint8_t *p, uint32_t s)
{
	s = (s & 0xffff) + (s >> 16);
	s = (s & 0xffff) + (s >> 16);
	put16(p, ~s);
}

static void put_ether(struct flood *f, struct frame *x, uint16_t type)
{
	memcpy(x->p, f->server, 6);
	memcpy(x->p + 6, f->client, 6);
	put16(x->p + 12, type);
	x->l4 = 14;
}

static void random_end(struct flood *f, bool six, bool server, struct end *e)
{
	uint32_t host = server ? below(f, SERVERS) : 1 + below(f, CLIENTS);

	memset(e, 0, sizeof(*e));
	if (six) {
		memcpy(e->addr, "\x20\x01\x0d\xb8\0\1", 6);
		put16(e->addr + 14, server ? 0x8000 + host : host);
	} else {
		memcpy(e->addr, "\xc6\x33\x64", 3);
		e->addr[3] = server ? 128 + host : host;
	}
	e->port = 1024 + below(f, 60000);
}

/* Headers up to layer 4, of which @len bytes will follow. */
static void put_ip(struct flood *f, struct frame *x, bool six, uint8_t proto, size_t len,
		   const struct end *from, const struct end *to)
{
	uint8_t *ip = x->p + 14;

	put_ether(f, x, six ? ETHERTYPE_IPV6 : ETHERTYPE_IP);
	memset(ip, 0, 40);
	x->l4 = 14 + (six ? 40 : 20);
	x->len = x->l4 + len;
	if (six) {
		ip[0] = 0x60;
		put16(ip + 4, len);
		ip[6] = proto;
		ip[7] = 255;
		memcpy(ip + 8, from->addr, 16);
		memcpy(ip + 24, to->addr, 16);
		return;
	}
	ip[0] = 0x45;
	put16(ip + 2, 20 + len);
	ip[8] = 64;
	ip[9] = proto;
	memcpy(ip + 12, from->addr, 4);
	memcpy(ip + 16, to->addr, 4);
	put_sum(ip + 10, sum(0, ip, 20));
}

/* The checksum of layer 4, @at bytes into it. */
static void put_check(struct frame *x, uint8_t proto, size_t at)
{
	const uint8_t *ip = x->p + 14;
	size_t len = x->len - x->l4;
	uint32_t s = 0;

	if (proto != IPPROTO_ICMP)
		s = sum(proto + len, is_six(x) ? ip + 8 : ip + 12, is_six(x) ? 32 : 8);
	put16(x->p + x->l4 + at, 0);
	put_sum(x->p + x->l4 + at, sum(s, x->p + x->l4, len));
}

static void put_echo(struct flood *f, struct frame *x, bool six)
{
	uint8_t proto = six ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
	size_t len = 8 + below(f, 200);
	struct end from, to;

	random_end(f, six, false, &from);
	random_end(f, six, true, &to);
	put_ip(f, x, six, proto, len, &from, &to);
	memset(x->p + x->l4, 0x5a, len);
	x->p[x->l4] = six ? ICMP6_ECHO_REQUEST : ICMP_ECHO;
	x->p[x->l4 + 1] = 0;
	put_check(x, proto, 2);
}

static void put_who_has(struct flood *f, struct frame *x)
{
	static const uint8_t head[8] = { 0, 1, 8, 0, 6, 4, 0, 1 };
	struct end from, to;

	random_end(f, false, false, &from);
	random_end(f, false, true, &to);
	put_ether(f, x, ETHERTYPE_ARP);
	memset(x->p, 0xff, 6);
	memset(x->p + 14, 0, 28);
	memcpy(x->p + 14, head, sizeof(head));
	memcpy(x->p + 22, f->client, 6);
	memcpy(x->p + 28, from.addr, 4);
	memcpy(x->p + 38, to.addr, 4);
	x->len = 42;
}

static void put_solicit(struct flood *f, struct frame *x)
{
	struct end from, to;
	uint8_t *p;

	random_end(f, true, false, &from);
	random_end(f, true, true, &to);
	put_ip(f, x, true, IPPROTO_ICMPV6, 32, &from, &to);
	p = x->p + x->l4;
	memset(p, 0, 32);
	p[0] = ND_NEIGHBOR_SOLICIT;
	memcpy(p + 8, to.addr, 16);
	p[24] = 1;
	p[25] = 1;
	memcpy(p + 26, f->client, 6);
	put_check(x, IPPROTO_ICMPV6, 2);
}

static void put_udp(struct flood *f, struct frame *x, bool six)
{
	bool http = below(f, 2);
	const void *data = http ? (const void *)get : stun;
	size_t len = http ? sizeof(get) - 1 : sizeof(stun);
	struct end from, to;

	random_end(f, six, false, &from);
	random_end(f, six, true, &to);
	put_ip(f, x, six, IPPROTO_UDP, 8 + len, &from, &to);
	put16(x->p + x->l4, from.port);
	put16(x->p + x->l4 + 2, to.port);
	put16(x->p + x->l4 + 4, 8 + len);
	memcpy(x->p + x->l4 + 8, data, len);
	put_check(x, IPPROTO_UDP, 6);
}

/**
 * struct segment - what a TCP segment says
 * @seq: sequence number
 * @ack: acknowledgment number
 * @flags: as in the header
 * @len: bytes of the request it carries
 */
struct segment {
	uint32_t seq;
	uint32_t ack;
	uint8_t flags;
	size_t len;
};

static void put_tcp(struct flood *f, struct frame *x, bool six, const struct end *from,
		    const struct end *to, const struct segment *s)
{
	uint8_t *p;

	put_ip(f, x, six, IPPROTO_TCP, 20 + s->len, from, to);
	p = x->p + x->l4;
	memset(p, 0, 20);
	put16(p, from->port);
	put16(p + 2, to->port);
	put16(p + 4, s->seq >> 16);
	put16(p + 6, s->seq);
	put16(p + 8, s->ack >> 16);
	put16(p + 10, s->ack);
	p[12] = 5 << 4;
	p[13] = s->flags;
	put16(p + 14, 64240);
	memcpy(p + 20, get, s->len);
	put_check(x, IPPROTO_TCP, 16);
}

static void put_syn(struct flood *f, struct frame *x, bool six)
{
	struct segment s = { .seq = rnd(f), .flags = TH_SYN };
	struct end from, to;

	random_end(f, six, false, &from);
	random_end(f, six, true, &to);
	put_tcp(f, x, six, &from, &to, &s);
}

/*
 * Another type, one to three bytes changed, or cut short; never so short as to be
 * no frame. No VLAN tags: half of one is dropped before anybody counts it.
 */
static void spoil(struct flood *f, struct frame *x)
{
	unsigned int i;

	for (i = below(f, 4); i; i--)
		x->p[14 + below(f, x->len - 14)] = rnd(f);
	if (!below(f, 16))
		put16(x->p + 12, 0x88b5);
	if (!below(f, 4))
		x->len = 14 + below(f, x->len - 13);
}

static void build(struct flood *f, struct frame *x)
{
	uint32_t kind = below(f, 16);
	bool six = kind & 1;

	if (kind < 2)
		put_echo(f, x, six);
	else if (kind < 4)
		put_udp(f, x, six);
	else if (kind == 4)
		put_who_has(f, x);
	else if (kind == 5)
		put_solicit(f, x);
	else
		put_syn(f, x, six);
	if (!below(f, 8))
		spoil(f, x);
}

/* ---- sending and receiving ---- */

static void give_up(const char *what)
{
	fprintf(stderr, "flood: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void flush(struct flood *f)
{
	unsigned int i;

	for (i = 0; i < f->n; i++) {
		/* ENOBUFS: the receiver's queue is full, and the device counts it. */
		if (send(f->fd, f->batch[i].p, f->batch[i].len, 0) < 0 && errno != ENOBUFS)
			give_up("send");
		f->sent++;
	}
	f->n = 0;
}

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

/* A SYN-ACK: go on with a request, the half of one, or a FIN. */
static void follow(struct flood *f, const uint8_t *p, size_t len)
{
	bool six = p[12] == 0x86;
	const uint8_t *ip = p + 14, *tcp = ip + (six ? 40 : 20);
	struct segment s = { .flags = TH_ACK | TH_PUSH, .len = sizeof(get) - 1 };
	size_t alen = six ? 16 : 4, at = six ? 8 : 12;
	struct end from = { 0 }, to = { 0 };
	uint32_t what = below(f, 8);

	if (len < (size_t)(tcp - p) + 20 || (six ? ip[6] : ip[9]) != IPPROTO_TCP ||
	    tcp[13] != (TH_SYN | TH_ACK) || f->n == BATCH)
		return;
	memcpy(to.addr, ip + at, alen);
	memcpy(from.addr, ip + at + alen, alen);
	to.port = tcp[0] << 8 | tcp[1];
	from.port = tcp[2] << 8 | tcp[3];
	s.seq = get32(tcp + 8);
	s.ack = get32(tcp + 4) + 1;
	if (what == 0)
		s = (struct segment){ s.seq, s.ack, TH_ACK | TH_FIN, 0 };
	else if (what < 3)
		s.len /= 2;
	put_tcp(f, &f->batch[f->n++], six, &from, &to, &s);
}

static void receive(struct flood *f)
{
	uint8_t p[2048];
	ssize_t n;

	while (f->n < BATCH && (n = recv(f->fd, p, sizeof(p), MSG_DONTWAIT)) > 0)
		follow(f, p, n);
}

static void open_socket(struct flood *f, const char *dev)
{
	struct sockaddr_ll ll = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	struct ifreq ifr = { 0 };
	int on = 1;

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", dev);
	f->fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (f->fd < 0 || ioctl(f->fd, SIOCGIFHWADDR, &ifr))
		give_up(dev);
	memcpy(f->client, ifr.ifr_hwaddr.sa_data, 6);
	ll.sll_ifindex = if_nametoindex(dev);
	if (setsockopt(f->fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on)) ||
	    bind(f->fd, (void *)&ll, sizeof(ll)))
		give_up("bind");
}

/* Replies that came, those too for which the socket had no room. */
static unsigned int drain(struct flood *f)
{
	struct pollfd p = { f->fd, POLLIN, 0 };
	struct tpacket_stats stats;
	socklen_t len = sizeof(stats);
	uint8_t frame[2048];

	while (poll(&p, 1, QUIET) > 0)
		while (recv(f->fd, frame, sizeof(frame), MSG_DONTWAIT) > 0)
			;
	if (getsockopt(f->fd, SOL_PACKET, PACKET_STATISTICS, &stats, &len))
		give_up("statistics");
	return stats.tp_packets;
}

static void parse_mac(const char *text, uint8_t *mac)
{
	if (sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", mac, mac + 1, mac + 2, mac + 3, mac + 4,
		   mac + 5) != 6) {
		fprintf(stderr, "flood: %s is no MAC address\n", text);
		exit(2);
	}
}

int main(int argc, char **argv)
{
	static struct flood f;
	sigset_t term;

	if (argc != 4) {
		fputs("usage: flood DEV SERVER-MAC SEED\n", stderr);
		return 2;
	}
	parse_mac(argv[2], f.server);
	f.state = (strtoull(argv[3], NULL, 0) + 1) * 0x9e3779b97f4a7c15ULL | 1;
	open_socket(&f, argv[1]);
	/* Those who change things meanwhile go first. */
	if (setsid() < 0 || nice(10) < 0)
		give_up("setsid or nice");
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	raise(SIGSTOP);
	while (!ended()) {
		receive(&f);
		while (f.n < BATCH)
			build(&f, &f.batch[f.n++]);
		flush(&f);
	}
	printf("sent %llu", (unsigned long long)f.sent);
	printf(" replies %u\n", drain(&f));
	return 0;
}
