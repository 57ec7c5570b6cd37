// SPDX-License-Identifier: GPL-2.0-only
/* The dispatcher: who is asked, and what becomes of what he did. */
#include <linux/in.h>
#include <linux/kernel.h>
#include "env.h"
#include "unit.h"

#define HTTP "GET / HTTP/1.1\r\n\r\n"
/* Binding request of an RFC 3489 client that asks for another port: 28 bytes. */
#define CHANGE_PORT "\0\1\0\10ghijklmnopqrstuv\0\3\0\4\0\0\0\2"
#define CHANGE_PORT_LEN 28
/* The same without a wish. */
#define BINDING "\0\1\0\10ghijklmnopqrstuv\0\3\0\4\0\0\0\0"
#define BINDING_LEN 28

/* HTTP and STUN are on and nobody else, now and when there are more. */
static void two_on(struct env *e)
{
	env_init(e);
	e->cfg.protos = BIT_ULL(MSD_PROTO_http) | BIT_ULL(MSD_PROTO_stun);
	msd_proto_config(&e->cfg);
}

/**
 * struct asked - a question and what came of it
 * @rq: the request
 * @flow: its flow
 * @out: the reply buffer; begins with two bytes of somebody else
 * @room: its memory
 * @proto: who answered
 */
struct asked {
	struct msd_request rq;
	struct msd_flow flow;
	struct msd_buf out;
	u8 room[1024];
	u8 proto;
};

static enum msd_ask ask(struct asked *a, const struct env *e, u8 transport,
			const void *in, u32 len, u32 cap)
{
	a->flow = env_flow(4, transport == MSD_TCP ? IPPROTO_TCP : IPPROTO_UDP);
	a->out = msd_buf(a->room, cap);
	msd_put_be16(&a->out, 0x5aa5);
	a->proto = 0;
	a->rq = (struct msd_request){
		.ctx = &e->ctx,
		.flow = &a->flow,
		.in = msd_view(in, len),
		.transport = transport,
		.reply_port = a->flow.dport,
	};
	return msd_proto_ask(&a->rq, &a->proto, &a->out);
}

static enum msd_ask ask_str(struct asked *a, const struct env *e, u8 transport,
			    const char *in)
{
	return ask(a, e, transport, in, strlen(in), sizeof(a->room));
}

/* Nobody spoke: the buffer and the request are as before. */
static void check_untouched(const struct asked *a)
{
	CHECK_EQ(a->proto, MSD_NO_PROTO);
	CHECK_EQ(a->out.len, 2);
	CHECK(!a->out.over);
	CHECK_EQ(a->room[0], 0x5a);
	CHECK_EQ(a->rq.reply_port, a->flow.dport);
	CHECK(!a->rq.close);
}

TEST(answer_is_appended)
{
	struct asked a;
	struct env e;

	two_on(&e);
	CHECK_EQ(ask_str(&a, &e, MSD_TCP, HTTP), MSD_ASK_ANSWER);
	CHECK_EQ(a.proto, MSD_PROTO_http);
	CHECK_EQ(a.room[0], 0x5a);
	CHECK(a.out.len > 2 && !memcmp(a.room + 2, "HTTP/1.1 401 ", 13));
	CHECK(a.rq.in.len == strlen(HTTP));
}

TEST(empty_payload_is_not_asked)
{
	struct asked a;
	struct env e;

	two_on(&e);
	CHECK_EQ(ask(&a, &e, MSD_TCP, "", 0, 64), MSD_ASK_NOT_MINE);
	check_untouched(&a);
	CHECK_EQ(ask(&a, &e, MSD_UDP, "", 0, 64), MSD_ASK_NOT_MINE);
	check_untouched(&a);
}

TEST(open_patterns_wait_over_tcp_only)
{
	struct asked a;
	struct env e;

	two_on(&e);
	CHECK_EQ(ask_str(&a, &e, MSD_TCP, "GE"), MSD_ASK_MORE);
	check_untouched(&a);
	CHECK(ask_str(&a, &e, MSD_UDP, "GE") != MSD_ASK_MORE);
	check_untouched(&a);
	CHECK_EQ(ask_str(&a, &e, MSD_TCP, "GE\1"), MSD_ASK_NOT_MINE);
	check_untouched(&a);
}

TEST(incomplete_request_is_silent_over_udp)
{
	struct asked a;
	struct env e;

	two_on(&e);
	CHECK_EQ(ask_str(&a, &e, MSD_TCP, "GET / HTTP/1.1\r\n"), MSD_ASK_MORE);
	check_untouched(&a);
	CHECK_EQ(ask_str(&a, &e, MSD_UDP, "GET / HTTP/1.1\r\n"), MSD_ASK_SILENT);
	check_untouched(&a);
}

/* Only what is on is asked, and only what is on keeps a stream waiting. */
TEST(responders_off)
{
	struct asked a;
	struct env e;

	two_on(&e);
	e.cfg.protos = BIT_ULL(MSD_PROTO_stun);
	msd_proto_config(&e.cfg);
	CHECK_EQ(ask_str(&a, &e, MSD_TCP, HTTP), MSD_ASK_NOT_MINE);
	CHECK_EQ(ask_str(&a, &e, MSD_TCP, "PROPF"), MSD_ASK_NOT_MINE);
	CHECK_EQ(ask(&a, &e, MSD_UDP, BINDING, BINDING_LEN, 64),
		 MSD_ASK_ANSWER);
	CHECK_EQ(a.proto, MSD_PROTO_stun);
	e.cfg.protos = 0;
	msd_proto_config(&e.cfg);
	CHECK_EQ(ask(&a, &e, MSD_UDP, BINDING, BINDING_LEN, 64),
		 MSD_ASK_NOT_MINE);
	check_untouched(&a);
}

/* A reply that does not fit leaves no trace, its port and close included. */
TEST(overflow_is_silence)
{
	struct asked a;
	struct env e;
	u32 cap;

	two_on(&e);
	for (cap = 2; cap < 2 + 32; cap++) {
		CHECK_EQ(ask(&a, &e, MSD_UDP, CHANGE_PORT, CHANGE_PORT_LEN, cap),
			 MSD_ASK_SILENT);
		check_untouched(&a);
		CHECK_EQ(ask(&a, &e, MSD_TCP, "GET /\r\n", 7, cap),
			 MSD_ASK_SILENT);
		check_untouched(&a);
	}
	CHECK_EQ(ask(&a, &e, MSD_UDP, CHANGE_PORT, CHANGE_PORT_LEN, cap),
		 MSD_ASK_ANSWER);
	CHECK_EQ(a.out.len, cap);
	CHECK_EQ(ntohs(a.rq.reply_port), ENV_OWN_PORT + 1);
}

/* Of an incomplete request, what suffices for whoever may take it. */
TEST(hints)
{
	struct asked a;
	struct env e;

	two_on(&e);
	a.rq.until = MSD_UNTIL_BLANK;
	CHECK_EQ(ask_str(&a, &e, MSD_TCP, "GE"), MSD_ASK_MORE);
	CHECK_EQ(a.rq.need, 0);
	CHECK_EQ(a.rq.until, MSD_UNTIL_LINE);
	CHECK_EQ(ask_str(&a, &e, MSD_TCP, HTTP), MSD_ASK_ANSWER);
}

/* Nobody can answer port 0, so the port after the last is 1. */
TEST(changed_port_wraps)
{
	struct asked a;
	struct env e;

	two_on(&e);
	ask(&a, &e, MSD_UDP, CHANGE_PORT, CHANGE_PORT_LEN, sizeof(a.room));
	a.rq.reply_port = htons(65535);
	a.out.len = 0;
	CHECK_EQ(msd_proto_ask(&a.rq, &a.proto, &a.out), MSD_ASK_ANSWER);
	CHECK_EQ(ntohs(a.rq.reply_port), 1);
}

TEST(every_row)
{
	u32 row, other, i;

	CHECK(MSD_NPROTO > 0 && MSD_NPROTO <= 64);
	for (row = 0; row < MSD_NPROTO; row++) {
		const struct msd_responder *r = msd_responders[row];

		unit_case("%s", r->name);
		CHECK_EQ(msd_proto_find(r->name), row);
		CHECK(r->source && *r->source);
		for (i = 0; r->name[i]; i++)
			CHECK(!(r->name[i] >= 'A' && r->name[i] <= 'Z'));
		for (other = 0; other < row; other++)
			CHECK(strcmp(r->name, msd_responders[other]->name));
	}
	CHECK_EQ(msd_proto_find("nobody"), -1);
	CHECK_EQ(msd_proto_find(""), -1);
}
