// SPDX-License-Identifier: GPL-2.0-only
/* Configuration files: what is read, what is refused, and the edit made of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../tools/config.h"
#include "tap.h"

static struct config config;
static struct err err;

/* JSON in single quotes, for legibility. */
static int parse(const char *text)
{
	char *copy = strdup(text);
	size_t len = strlen(text);
	int ret;
	char *p;

	if (!copy)
		abort();
	for (p = copy; (p = strchr(p, '\'')); p++)
		*p = '"';
	config_free(&config);
	err.text[0] = '\0';
	/* Without the NUL, so that ASan sees a read beyond the end. */
	p = memcpy(malloc(len + !len), copy, len);
	ret = config_parse(&config, p, len, &err);
	free(p);
	free(copy);
	return ret;
}

static void refuse(const char *text, const char *why)
{
	char name[200];

	tap_str(parse(text) < 0 ? err.text : "(taken)", why,
		err_quote(name, sizeof(name), text));
}

#define NO_OWN \
	"no own address: give addresses, or `address any` (\"own\": \"any\")"
#define IFACE(members) "{'interfaces':{'e':{" members "}}}"

static void test_refusals(void)
{
	refuse("", "1:1: an object is wanted, and the text ends");
	refuse("[]", "1:1: .: an object is wanted, not an array");
	refuse("{}", "1:1: .: interfaces is missing");
	refuse("{'a':1}", "1:2: .a: unknown key");
	refuse("{'interfaces':{}} x",
	       "1:19: the end of the text is wanted, not x");
	refuse("{'interfaces':{},'interfaces':{}}",
	       "1:18: .interfaces: given before");
	refuse("{'interfaces':{\n 'e':{'own':'any'},\n 'e':{}}}",
	       "3:2: .interfaces.e: given before");
	refuse("{'interfaces':{'a/b':{}}}",
	       "1:16: .interfaces.\"a/b\": not the name of a device");
	refuse("{'interfaces':{'0123456789abcdef':{}}}",
	       "1:16: .interfaces.\"0123456789abcdef\": not the name of a device");
	refuse(IFACE("'mac':'default','mac':'default'"),
	       "1:37: .interfaces.e.mac: given before");
	refuse(IFACE("'ovn':[]"), "1:21: .interfaces.e.ovn: unknown key");
	refuse(IFACE("'mac':'01:00:00:00:00:01'"),
	       "1:27: .interfaces.e.mac: 01:00:00:00:00:01: a multicast MAC address cannot be own");
	refuse(IFACE("'key':'5eCre7'"),
	       "1:27: .interfaces.e.key: a key is 32 hex digits");
	refuse(IFACE("'via':'tc'"),
	       "1:27: .interfaces.e.via: tc: neither rx-handler nor ingress");
	refuse(IFACE("'ssh-banner':'HTTP/1.1'"),
	       "1:34: .interfaces.e.\"ssh-banner\": HTTP/1.1: an SSH banner begins with SSH-2.0- or SSH-1.99-");
	refuse(IFACE("'ssh-banner':'SSH-2.0-a-b'"),
	       "1:34: .interfaces.e.\"ssh-banner\": SSH-2.0-a-b: the software version of an SSH banner is not empty and has no minus sign");
	refuse(IFACE("'force':'yes'"),
	       "1:29: .interfaces.e.force: true or false is wanted, not \"yes\"");
	refuse(IFACE("'snap':1025"),
	       "1:28: .interfaces.e.snap: a whole number from 0 to 1024 is wanted, not 1025");
	refuse(IFACE("'snap':99999999999999999999"),
	       "1:28: .interfaces.e.snap: a whole number from 0 to 1024 is wanted, not 99999999999999999999");
	refuse(IFACE("'snap':064"),
	       "1:28: .interfaces.e.snap: a whole number from 0 to 1024 is wanted, not 064");
	refuse(IFACE("'proto':['ssh']"),
	       "1:29: .interfaces.e.proto: an object is wanted, not an array");
	refuse(IFACE("'proto':{'ssh':0}"),
	       "1:36: .interfaces.e.proto.ssh: true or false is wanted, not 0");
	refuse(IFACE("'proto':{'ssh':true,'ssh':true}"),
	       "1:41: .interfaces.e.proto.ssh: given before");
}

static void test_ranges(void)
{
	refuse(IFACE("'own':'192.0.2.1'"),
	       "1:27: .interfaces.e.own: 192.0.2.1: neither a list nor \"any\"");
	refuse(IFACE("'own':{}"),
	       "1:27: .interfaces.e.own: an array is wanted, not an object");
	refuse(IFACE("'own':[]"), "1:27: .interfaces.e.own: " NO_OWN);
	refuse(IFACE(""), "1:20: .interfaces.e: " NO_OWN);
	refuse(IFACE("'deny':['::1'],'snap':1"), "1:43: .interfaces.e: " NO_OWN);
	refuse(IFACE("'own':['192.0.2.1'],'own':'any'"),
	       "1:41: .interfaces.e.own: given before");
	refuse(IFACE("'own':['192.0.2.1','192.0.2.1/24']"),
	       "1:40: .interfaces.e.own[1]: 192.0.2.1/24: host bits are set; the network is 192.0.2.0/24");
	refuse(IFACE("'deny':[null]"),
	       "1:29: .interfaces.e.deny[0]: a string is wanted, not null");
	refuse(IFACE("'deny':['192.0.2.9-192.0.2.1']"),
	       "1:29: .interfaces.e.deny[0]: 192.0.2.9-192.0.2.1: the range ends before it begins");
	refuse(IFACE("'own':['192.0.2.1',]"),
	       "1:40: a string is wanted, not ]");
	refuse(IFACE("'own':['126.0.0.1-128.0.0.1']"),
	       "1:28: .interfaces.e.own[0]: 126.0.0.1-128.0.0.1: touches 127.0.0.0/8 (loopback)");
	refuse(IFACE("'own':['0.0.0.0/0']"),
	       "1:28: .interfaces.e.own[0]: 0.0.0.0/0: touches 0.0.0.0/8; \"any\" means every address");
	refuse(IFACE("'own':['255.255.255.255']"),
	       "1:28: .interfaces.e.own[0]: 255.255.255.255: touches 224.0.0.0/3 (multicast, reserved, broadcast)");
	refuse(IFACE("'own':['::1']"),
	       "1:28: .interfaces.e.own[0]: ::1: contains :: or ::1; \"any\" means every address");
	refuse(IFACE("'own':['fe80::-ff02::1']"),
	       "1:28: .interfaces.e.own[0]: fe80::-ff02::1: touches ff00::/8 (multicast)");
	tap_ok(!parse(IFACE("'own':'any','deny':['0.0.0.0/0','::/0','ff02::1']")),
	       "clients may be denied whole");
}

static void test_json(void)
{
	char text[] = "{'interfaces':{'\\u0065\\\\\\ud83d\\ude00':{'own':'any'}}}";
	char deep[64] = "{'interfaces':";

	refuse("{'interfaces':{'\\u0000':{}}}",
	       "1:17: a valid escape sequence is wanted, not \\");
	refuse("{'interfaces':{'\\ud83d':{}}}",
	       "1:17: a valid escape sequence is wanted, not \\");
	refuse("{'interfaces':{'\\x41':{}}}",
	       "1:17: a valid escape sequence is wanted, not \\");
	refuse("{'interfaces':{'a\nb':{}}}",
	       "1:18: the end of a string is wanted, not \\x0a");
	refuse("{'interfaces':{'a",
	       "1:18: the end of a string is wanted, and the text ends");
	refuse("{'interfaces' {}}", "1:15: a colon is wanted, not {");
	refuse("{'interfaces':{},}", "1:18: a key is wanted, not }");
	refuse("{'interfaces':{}", "1:17: a comma or } is wanted, and the text ends");
	refuse("{/**/}", "1:2: a key or } is wanted, not /");
	refuse("{'interfaces':nan}", "1:15: .interfaces: an object is wanted, not nan");
	memset(deep + strlen(deep), '[', 40);
	refuse(deep, "1:15: .interfaces: an object is wanted, not an array");
	tap_ok(!parse(text), "escapes");
	tap_str(config.n ? config.edits[0].ifname : "", "e\\\xf0\x9f\x98\x80",
		"are decoded");
	tap_ok(!parse(" \t\r\n{ 'interfaces' : { } }\n\r\t ") && !config.n,
	       "blanks anywhere");
}

static bool is_range(const struct addr_range *range, const char *text)
{
	char out[RANGE_TEXT];

	return !strcmp(addr_range_text(range, out), text);
}

static void test_values(void)
{
	static const __u8 mac[MAC_LEN] = { 2, 0, 0, 0, 0, 0x1f };
	const struct iface_edit *e;

	if (!tap_ok(!parse(IFACE("'mac':'2:0:0:0:0:1f','key':'0f000000000000000000000000000000',"
				 "'via':'ingress','ssh-banner':'SSH-2.0-x y-z','snap':1024,"
				 "'own':['192.0.2.0/24','2001:db8::1'],'deny':['::/0'],"
				 "'proto':{'ssh':false,'http':true},'force':true")) &&
		    config.n == 1, "every setting"))
		return;
	e = config.edits;
	tap_str(e->ifname, "e", "name");
	tap_ok(e->op == EDIT_ATTACH && !memcmp(e->mac, mac, MAC_LEN) &&
	       e->key[0] == 15 && e->via == MSD_VIA_INGRESS &&
	       e->snap == 1024 &&
	       e->has == (HAS_MAC | HAS_KEY | HAS_VIA | HAS_BANNER | HAS_SNAP |
			  HAS_OWN | HAS_DENY | HAS_FORCE), "scalars");
	tap_str(e->banner, "SSH-2.0-x y-z", "banner");
	tap_ok(e->own.n == 2 && is_range(&e->own.r[1], "2001:db8::1") &&
	       e->deny.n == 1 && is_range(&e->deny.r[0], "::/0"), "lists");
	tap_ok(e->nprotos == 2 && !strcmp(e->protos[0].name, "ssh") &&
	       !e->protos[0].on && e->protos[1].on, "protocols");
	tap_ok(!parse(IFACE("'force':false,'key':'random','mac':'default','own':'any'")) &&
	       config.edits[0].has == (HAS_KEY | HAS_MAC | HAS_OWN | HAS_ANY) &&
	       !config.edits[0].key[0], "words for defaults");
	tap_ok(!parse(IFACE("'own':'any','vlan':['0','7-9']")) &&
	       config.edits[0].has == (HAS_OWN | HAS_ANY | HAS_VLAN) &&
	       config.edits[0].vlans.n == 2 && !config.edits[0].vlans.r[0][1] &&
	       config.edits[0].vlans.r[1][0] == 7 && config.edits[0].vlans.r[1][1] == 9,
	       "VLANs");
	tap_ok(!parse(IFACE("'own':'any','vlan':'any'")) &&
	       config.edits[0].has == (HAS_OWN | HAS_ANY | HAS_VLAN) &&
	       !config.edits[0].vlans.n, "any VLAN");
}

static struct responder_info spoken[] = {
	{ .name = "http" }, { .name = "ssh" }, { .name = "dns" },
};

static struct iface_info attached[] = {
	{ .ifindex = 4, .ifname = "e", .via = MSD_VIA_RX_HANDLER },
	{ .ifindex = 5, .ifname = "f", .via = MSD_VIA_INGRESS },
};

static const struct config_state state = { attached, 2, spoken, 3 };

static int plan(const char *text, __u32 ifindex)
{
	if (parse(text) < 0)
		return -2;
	if (config.n)
		config.edits[0].ifindex = ifindex;
	return config_plan(&config, &state, &err);
}

static void test_change(void)
{
	const struct iface_edit *e;

	if (!tap_ok(!plan(IFACE("'own':'any','proto':{'ssh':false}"), 4) && config.n == 2,
		    "an attached interface"))
		return;
	e = config.edits;
	tap_ok(e->op == EDIT_SET && e->snap == MSD_SNAP_DEFAULT &&
	       e->has == (HAS_MAC | HAS_BANNER | HAS_SNAP | HAS_OWN |
			  HAS_DENY | HAS_ANY | HAS_VLAN) &&
	       !e->mac[0] && !e->own.n && !e->deny.n,
	       "is set to defaults where nothing is said, but for the key");
	tap_str(e->banner, MSD_SSH_BANNER_DEFAULT, "banner by default");
	tap_ok(e->nprotos == 3 && !e->protos[0].on && e->protos[1].on &&
	       !strcmp(e->protos[1].name, "http") && e->protos[2].on,
	       "protocols not named are switched on");
	tap_ok(e[1].op == EDIT_DETACH && e[1].ifindex == 5,
	       "an interface not named is detached");
}

static void test_plan(void)
{
	test_change();
	tap_ok(!plan(IFACE("'own':'any','via':'ingress'"), 9) && config.n == 3 &&
	       config.edits[0].op == EDIT_ATTACH &&
	       config.edits[0].has == (HAS_VIA | HAS_OWN | HAS_ANY) && !config.edits[0].nprotos &&
	       config.edits[2].op == EDIT_DETACH, "a new interface");
	tap_ok(!plan("{'interfaces':{}}", 0) && config.n == 2, "no interface");
	tap_ok(plan(IFACE("'own':'any','via':'ingress'"), 4) == -1, "another hook");
	tap_str(err.text,
		".interfaces.e.via: ingress: e is attached via rx-handler, which only detaching changes",
		"is refused with its path");
	tap_ok(plan(IFACE("'own':'any'"), 5) == -1, "another hook by default");
	tap_ok(plan(IFACE("'own':'any','proto':{'gopher':true}"), 9) == -1, "a protocol");
	tap_str(err.text, ".interfaces.e.proto.gopher: the module has no such protocol",
		"the module does not speak");
}

static void test_blame(void)
{
	static const __u8 v4[16] = { [10] = 0xff, 0xff, 192, 0, 2, 5 };
	static const __u8 v6[16] = { 0x20, 1, 0xd, 0xb8, [15] = 5 };

	parse("{'interfaces':{'a':{'own':['192.0.2.5'],'force':true},"
	      "'b':{'own':['192.0.2.1','2001:db8::/64','192.0.2.4/31']}}}");
	err_set(&err, "no");
	config_blame_own(&config, v4, &err);
	tap_str(err.text, ".interfaces.b.own[2]: no", "IPv4 address of the host");
	err_set(&err, "no");
	config_blame_own(&config, v6, &err);
	tap_str(err.text, ".interfaces.b.own[1]: no", "IPv6 address of the host");
}

void test_config(void)
{
	test_refusals();
	test_ranges();
	test_json();
	test_values();
	test_plan();
	test_blame();
	config_free(&config);
}
