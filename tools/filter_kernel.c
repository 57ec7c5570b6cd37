// SPDX-License-Identifier: GPL-2.0-only
/*
 * A filter as the kernel's event filters have it: what was not asked for takes
 * no room in the buffer then, and is not lost either. Each list becomes a term
 * that lets pass whatever filter_match() lets pass; addresses have none, and a
 * term that does not fit is left to filter_match() alone.
 */
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <string.h>
#include "filter.h"

/* How the names of layers look in the fields of an event. */
static const struct {
	const char *name;
	const char *field;
	unsigned int value;
} layers[] = {
	{ "arp", "ethertype", ETH_P_ARP },
	{ "ipv4", "ethertype", ETH_P_IP },
	{ "ipv6", "ethertype", ETH_P_IPV6 },
	{ "icmp", "protocol", IPPROTO_ICMP },
	{ "icmpv6", "protocol", IPPROTO_ICMPV6 },
	{ "tcp", "protocol", IPPROTO_TCP },
	{ "udp", "protocol", IPPROTO_UDP },
};

static void or(struct text *t, size_t i)
{
	if (i)
		text_str(t, "||");
}

static void write_netns(struct text *t, const struct filter *f)
{
	text_printf(t, "netns==%u", f->netns);
}

static void write_devices(struct text *t, const struct filter *f)
{
	size_t i;

	for (i = 0; i < f->nifindex; i++) {
		or(t, i);
		text_printf(t, "ifindex==%u", f->ifindex[i]);
	}
}

/* As few comparisons as there are runs of verdicts. */
static void write_verdicts(struct text *t, const struct filter *f)
{
	unsigned int v, first, n = 0;

	for (v = 0; v < 64; v++) {
		if (!(f->verdicts >> v & 1))
			continue;
		for (first = v; v < 63 && f->verdicts >> (v + 1) & 1; v++)
			;
		or(t, n++);
		text_printf(t, "(verdict>=%u&&verdict<=%u)", first, v);
	}
}

/* What is no IP packet, or none whose addresses are known. */
static void write_eth(struct text *t)
{
	text_printf(t, "(ethertype!=%u&&ethertype!=%u)||family==0", ETH_P_IP,
		    ETH_P_IPV6);
}

static void write_proto(struct text *t, const char *name)
{
	size_t i;

	text_printf(t, "responder_name==\"%s\"", name);
	if (!strcmp(name, "eth")) {
		or(t, 1);
		write_eth(t);
	}
	for (i = 0; i < ARRAY_SIZE(layers); i++)
		if (!strcmp(name, layers[i].name))
			text_printf(t, "||%s==%u", layers[i].field,
				    layers[i].value);
}

static void write_protos(struct text *t, const struct filter *f)
{
	size_t i;

	for (i = 0; i < f->nprotos; i++) {
		or(t, i);
		write_proto(t, f->protos[i]);
	}
}

static void write_ports(struct text *t, const struct filter *f)
{
	size_t i;

	for (i = 0; i < f->nports; i++) {
		or(t, i);
		text_printf(t, "sport==%u||dport==%u", f->ports[i],
			    f->ports[i]);
	}
}

static void term(struct text *t, const struct filter *f, bool wanted,
		 void (*write)(struct text *t, const struct filter *f))
{
	size_t before = t->len;

	if (!wanted)
		return;
	text_str(t, before ? "&&(" : "(");
	write(t, f);
	text_str(t, ")");
	if (t->over)
		t->len = before;
	t->over = false;
}

void filter_kernel(char out[FILTER_KERNEL_MAX], const struct filter *f)
{
	struct text t = { .buf = out, .size = FILTER_KERNEL_MAX - 1 };

	term(&t, f, f->netns, write_netns);
	term(&t, f, f->nifindex, write_devices);
	term(&t, f, f->verdicts, write_verdicts);
	term(&t, f, f->nprotos, write_protos);
	term(&t, f, f->nports, write_ports);
	out[t.len] = '\0';
}
