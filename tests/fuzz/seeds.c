// SPDX-License-Identifier: GPL-2.0-only
/*
 * Make seeds of vectors: seeds FOLDER FILE.vec... writes FOLDER/proto,
 * FOLDER/frame and FOLDER/sequence.
 */
#include <stdio.h>
#include <stdlib.h>
#include <linux/in.h>
#include <linux/kernel.h>
#include "../unit/vecfile.h"
#include "fuzz.h"

static const char *folder;
static unsigned int number;

static void save(const char *target, const u8 *data, u32 len)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s/vec%05u", folder, target, number++);
	f = fopen(path, "w");
	if (!f || fwrite(data, 1, len, f) != len || fclose(f)) {
		perror(path);
		exit(2);
	}
}

static void proto_seed(const struct vec *v, u8 transport, u8 family)
{
	static u8 raw[4 + VEC_BYTES_MAX];
	struct msd_buf b = msd_buf(raw, sizeof(raw));

	msd_put8(&b, 0xff);
	msd_put8(&b, (transport == MSD_UDP) | (family == 6) << 1);
	msd_put_be16(&b, v->offset);
	msd_put_bytes(&b, v->request.data, v->request.len);
	save("proto", raw, b.len);
}

static void frame_seed(const struct vec *v, u8 transport, u8 family)
{
	static u8 raw[2 + PKT_MAX];
	struct pkt p = pkt_ip(family, transport == MSD_UDP ? IPPROTO_UDP :
							     IPPROTO_TCP);

	p.flags = TH_ACK | TH_PSH;
	p.seq = 1000;
	p.ack = FUZZ_ACK + (v->offset & 0xffff);
	p.data = v->request.data;
	p.len = v->request.len;
	save("frame", raw, 2 + pkt_build(&p, raw + 2));
}

/* SYN, then the request in two pieces. */
static void sequence_seed(const struct vec *v, u8 family)
{
	u8 raw[1024], client = family == 6;
	struct msd_buf b = msd_buf(raw, sizeof(raw));
	u32 len = v->request.len, half = len / 2;

	if (len > 400)
		return;
	msd_put8(&b, client);
	msd_put8(&b, 90);
	msd_put8(&b, client | 1 << 2);
	msd_put8(&b, half);
	msd_put_bytes(&b, v->request.data, half);
	msd_put8(&b, client | 1 << 2);
	msd_put8(&b, len - half);
	msd_put_bytes(&b, v->request.data + half, len - half);
	msd_put_be16(&b, (client | 2 << 2) << 8);
	save("sequence", raw, b.len);
}

int main(int argc, char **argv)
{
	static struct vec v;
	struct vec_file vf;
	u8 t, family;
	int i;

	if (argc < 3) {
		fprintf(stderr, "usage: seeds FOLDER FILE.vec...\n");
		return 2;
	}
	folder = argv[1];
	for (i = 2; i < argc; i++) {
		vec_open(&vf, argv[i]);
		while (vec_next(&vf, &v)) {
			for (family = 4; family <= 6; family += 2) {
				for (t = MSD_TCP; t <= MSD_UDP; t++) {
					if (!(v.transports & t))
						continue;
					proto_seed(&v, t, family);
					frame_seed(&v, t, family);
				}
				if (v.transports & MSD_TCP)
					sequence_seed(&v, family);
			}
		}
	}
	printf("%u seeds\n", number);
	return EXIT_SUCCESS;
}
