// SPDX-License-Identifier: GPL-2.0-only
/* Responders on demand: see fake.h. */
#include <linux/kernel.h>
#include "fake.h"

struct fake fake;

enum msd_ask __real_msd_proto_ask(struct msd_request *rq, u8 *proto,
				  struct msd_buf *out);
enum msd_ask __wrap_msd_proto_ask(struct msd_request *rq, u8 *proto,
				  struct msd_buf *out);

void fake_answer(u32 len)
{
	memset(&fake, 0, sizeof(fake));
	fake.on = true;
	fake.ask = MSD_ASK_ANSWER;
	fake.len = len;
}

void fake_off(void)
{
	fake.on = false;
}

u8 fake_byte(u32 i)
{
	return i * 31 + i / 251;
}

static enum msd_ask answer(struct msd_request *rq, u8 *proto,
			   struct msd_buf *out)
{
	struct msd_buf before = *out;
	u32 i;

	for (i = 0; i < fake.len; i++)
		msd_put8(out, fake_byte(i));
	if (out->over) {
		*out = before;
		return MSD_ASK_SILENT;
	}
	*proto = 0;
	rq->close = fake.close;
	if (fake.port)
		rq->reply_port = htons(fake.port);
	return MSD_ASK_ANSWER;
}

enum msd_ask __wrap_msd_proto_ask(struct msd_request *rq, u8 *proto,
				  struct msd_buf *out)
{
	if (!fake.on)
		return __real_msd_proto_ask(rq, proto, out);
	fake.asked++;
	fake.offset = rq->offset;
	fake.seen_len = rq->in.len;
	memcpy(fake.seen, rq->in.p, min_t(u32, rq->in.len, sizeof(fake.seen)));
	*proto = MSD_NO_PROTO;
	if (rq->in.len < fake.whole) {
		rq->need = fake.need;
		rq->until = fake.until;
		return MSD_ASK_MORE;
	}
	rq->close = fake.close && fake.ask == MSD_ASK_SILENT;
	return fake.ask == MSD_ASK_ANSWER ? answer(rq, proto, out) : fake.ask;
}
