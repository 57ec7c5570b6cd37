// SPDX-License-Identifier: GPL-2.0-only
/* Puts a vector to msd_proto_ask() and compares: see vecrun.h. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <linux/in.h>
#include "env.h"
#include "vecrun.h"

static struct env env;
static bool vec_failed;

__printf(3, 4) static void
complain(const struct vec *v, const struct vec_side *s, const char *fmt, ...)
{
	va_list ap;

	vec_failed = true;
	printf("# %s:%d: %s%u: ", v->path, v->line,
	       s->transport == MSD_TCP ? "tcp" : "udp", s->family);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
}

/* A request from the client, or the same with the roles exchanged. */
static struct msd_flow make_flow(const struct vec_side *s, bool back)
{
	struct msd_flow flow = env_flow(s->family, s->transport == MSD_TCP ?
					IPPROTO_TCP : IPPROTO_UDP);

	if (back) {
		flow.saddr = *env_own(s->family);
		flow.daddr = *env_client(s->family);
		flow.sport = htons(ENV_OWN_PORT);
		flow.dport = htons(ENV_CLIENT_PORT);
	}
	return flow;
}

/*
 * Request and reply live in allocations of their exact size, so that the
 * sanitizer sees the first byte too far.
 */
static void ask(const struct vec_side *s, bool back, u32 offset, const u8 *data,
		u32 len, u32 cap, struct vec_outcome *o)
{
	struct msd_flow flow = make_flow(s, back);
	u8 *in = malloc(len ?: 1), *reply = malloc(cap ?: 1);
	struct msd_buf out = msd_buf(reply, cap);
	struct msd_request rq = {
		.ctx = &env.ctx,
		.flow = &flow,
		.in = msd_view(in, len),
		.offset = offset,
		.transport = s->transport,
		.reply_port = flow.dport,
	};

	if (!in || !reply)
		abort();
	if (len)
		memcpy(in, data, len);
	o->proto = 0;
	o->ask = msd_proto_ask(&rq, &o->proto, &out);
	o->close = rq.close;
	o->need = rq.need;
	o->until = rq.until;
	o->port = ntohs(rq.reply_port);
	o->len = out.len;
	if (out.over || out.len > cap)
		abort();
	if (out.len)
		memcpy(o->reply, reply, out.len);
	free(in);
	free(reply);
}

void vec_ask(const struct vec *v, const struct vec_side *s, u32 len, u32 cap,
	     struct vec_outcome *o)
{
	ask(s, false, s->transport == MSD_TCP ? v->offset : 0, v->request.data,
	    len, cap, o);
}

const char *vec_proto_name(u8 proto)
{
	return proto < MSD_NPROTO ? msd_responders[proto]->name : "nobody";
}

static const struct vec_bytes *expected_reply(const struct vec *v,
					      const struct vec_side *s)
{
	return s->family == 6 && v->reply6.set ? &v->reply6 : &v->reply;
}

/* "more" cannot be said over UDP; any silence will do. */
static bool result_fits(const struct vec *v, const struct vec_side *s,
			enum msd_ask got)
{
	if (v->result == MSD_ASK_MORE && s->transport == MSD_UDP)
		return got == MSD_ASK_SILENT || got == MSD_ASK_NOT_MINE;
	return got == v->result;
}

static void check_answer(const struct vec *v,
			 const struct vec_side *s, const struct vec_outcome *o)
{
	const struct vec_bytes *want = expected_reply(v, s);
	int port = v->port < 0 ? ENV_OWN_PORT : v->port;

	if (strcmp(vec_proto_name(o->proto), v->responder))
		complain(v, s, "%s answered, not %s",
			 vec_proto_name(o->proto), v->responder);
	if (o->len != want->len || memcmp(o->reply, want->data, o->len)) {
		complain(v, s, "%u bytes came back, %u wanted:", o->len,
			 want->len);
		vec_print_bytes("# got", o->reply, o->len);
		vec_print_bytes("# want", want->data, want->len);
	}
	if (o->port != port)
		complain(v, s, "reply port is %u, not %d", o->port, port);
	if (o->close != v->close && s->transport == MSD_TCP)
		complain(v, s, "close is %d, not %d", o->close, v->close);
}

static void check_whole(const struct vec *v,
			const struct vec_side *s, struct vec_outcome *o)
{
	int again;

	for (again = 0; again < 2; again++) {
		vec_ask(v, s, v->request.len, MSD_PAYLOAD_MAX, o);
		if (!result_fits(v, s, o->ask))
			complain(v, s, "result is %s, not %s",
				 vec_result_name(o->ask),
				 vec_result_name(v->result));
		else if (o->ask == MSD_ASK_ANSWER)
			check_answer(v, s, o);
		else if (o->len)
			complain(v, s, "%u bytes left in the buffer",
				 o->len);
		else if (o->ask == MSD_ASK_SILENT && o->close != v->close &&
			 s->transport == MSD_TCP)
			complain(v, s, "close is %d, not %d", o->close,
				 v->close);
	}
}

/* An answer to the first of several requests. */
static bool begins_reply(const struct vec *v, const struct vec_side *s,
			 const struct vec_outcome *o)
{
	const struct vec_bytes *want = expected_reply(v, s);

	return v->pipelined && o->ask == MSD_ASK_ANSWER && o->len <= want->len &&
	       !memcmp(o->reply, want->data, o->len) &&
	       !strcmp(vec_proto_name(o->proto), v->responder);
}

/* What @cap bytes of room lead to: the same answer, its beginning, or silence. */
static void check_room(const struct vec *v,
		       const struct vec_side *s, u32 cap, bool fits)
{
	enum msd_ask want = fits ? MSD_ASK_ANSWER : MSD_ASK_SILENT;
	static struct vec_outcome o;

	vec_ask(v, s, v->request.len, cap, &o);
	if (!fits && begins_reply(v, s, &o))
		return;
	if (o.ask != want)
		complain(v, s, "%s with room for %u bytes, not %s",
			 vec_result_name(o.ask), cap, vec_result_name(want));
	else if (!fits && o.len)
		complain(v, s, "%u bytes left of a reply that overflowed",
			 o.len);
}

static void check_rooms(const struct vec *v,
			const struct vec_side *s, u32 len)
{
	check_room(v, s, len, true);
	if (!len)
		return;
	check_room(v, s, len - 1, false);
	check_room(v, s, 0, false);
}

/* Is there a line end, or a blank line, that ends behind the first @n bytes? */
static bool line_comes(const struct vec *v, u32 n, u32 end,
		       enum msd_until until)
{
	const u8 *p = v->request.data;

	for (; n < end; n++)
		if (p[n] == '\n' &&
		    (until == MSD_UNTIL_LINE || (n > 0 && p[n - 1] == '\n') ||
		     (n > 1 && p[n - 1] == '\r' && p[n - 2] == '\n')))
			return true;
	return until == MSD_UNTIL_ANY;
}

/* "More" after @n bytes: will it be asked again in time? */
static void check_hints(const struct vec *v, const struct vec_side *s, u32 n,
			const struct vec_outcome *o)
{
	u32 due = v->whole ?: v->request.len;

	if (o->need > due)
		complain(v, s, "needs %u bytes after %u, but answers %u",
			 o->need, n, due);
	if (!line_comes(v, n, due, o->until))
		complain(v, s, "waits for a line after %u bytes, but answers %u",
			 n, due);
}

/* The stream as it grows byte by byte. */
static void check_growth(const struct vec *v,
			 const struct vec_side *s)
{
	bool answers = v->result == MSD_ASK_ANSWER;
	static struct vec_outcome o;
	u32 n;

	for (n = 1; n < v->request.len; n++) {
		vec_ask(v, s, n, MSD_PAYLOAD_MAX, &o);
		if (n >= v->whole && answers)
			check_answer(v, s, &o);
		else if (begins_reply(v, s, &o))
			continue;
		else if (o.ask == MSD_ASK_ANSWER)
			complain(v, s, "%s answered after %u bytes",
				 vec_proto_name(o.proto), n);
		else if (answers && o.ask != MSD_ASK_MORE)
			complain(v, s, "%s after %u bytes, not more",
				 vec_result_name(o.ask), n);
		if (o.ask == MSD_ASK_MORE && v->result != MSD_ASK_MORE &&
		    v->result != MSD_ASK_NOT_MINE)
			check_hints(v, s, n, &o);
		if (vec_failed)
			return;
	}
}

/*
 * A reply must not be answered by another responder like us. Over TCP nobody
 * can say something of ours to us without having read it: we open no
 * connection.
 */
static void check_back(const struct vec *v,
		       const struct vec_side *s, const struct vec_outcome *o)
{
	u32 offset = s->transport == MSD_TCP ? o->len : 0;
	static struct vec_outcome back;

	ask(s, true, offset, o->reply, o->len, MSD_PAYLOAD_MAX, &back);
	if (back.ask == MSD_ASK_ANSWER && !env_mirrors(o->proto, s->transport))
		complain(v, s, "%s answers the reply",
			 vec_proto_name(back.proto));
}

/* Only the sanitizers judge here. */
static void check_memory(const struct vec *v, const struct vec_side *s)
{
	static const u8 extra[] = { 0x00, '\n', ' ', 0xff };
	u32 len = v->request.len, n, i;
	static u8 longer[VEC_BYTES_MAX + 1];
	static struct vec_outcome o;

	for (n = 0; n < len; n++) {
		vec_ask(v, s, n, MSD_PAYLOAD_MAX, &o);
		ask(s, false, v->offset, v->request.data + n, len - n,
		    MSD_PAYLOAD_MAX, &o);
	}
	for (i = 0; i < sizeof(extra); i++) {
		memcpy(longer, v->request.data, len);
		longer[len] = extra[i];
		ask(s, false, v->offset, longer, len + 1, MSD_PAYLOAD_MAX, &o);
		memcpy(longer + 1, v->request.data, len);
		longer[0] = extra[i];
		ask(s, false, v->offset, longer, len + 1, MSD_PAYLOAD_MAX, &o);
	}
}

static void run_side(const struct vec *v,
		     const struct vec_side *s)
{
	static struct vec_outcome o;

	check_whole(v, s, &o);
	if (o.ask == MSD_ASK_ANSWER) {
		check_rooms(v, s, o.len);
		check_back(v, s, &o);
	}
	if (s->transport == MSD_TCP)
		check_growth(v, s);
}

void vec_each_side(const struct vec *v, vec_side_fn fn)
{
	struct vec_side s;

	for (s.transport = MSD_TCP; s.transport <= MSD_UDP; s.transport++)
		for (s.family = 4; s.family <= 6; s.family += 2)
			if (v->transports & s.transport)
				fn(v, &s);
}

void vec_init(void)
{
	env_init(&env);
}

bool vec_run(const struct vec *v)
{
	vec_failed = false;
	vec_each_side(v, run_side);
	return !vec_failed;
}

void vec_cut(const struct vec *v)
{
	vec_each_side(v, check_memory);
}
