/* SPDX-License-Identifier: GPL-2.0-only */
/* Stand-in: loads and stores at any alignment. */
#ifndef SHIM_ASM_UNALIGNED_H
#define SHIM_ASM_UNALIGNED_H

#include <string.h>
#include <linux/types.h>
#include <asm/byteorder.h>

static inline u16 get_unaligned_be16(const void *p)
{
	__be16 val;

	memcpy(&val, p, sizeof(val));
	return be16_to_cpu(val);
}

static inline void put_unaligned_be16(u16 val, void *p)
{
	__be16 wire = cpu_to_be16(val);

	memcpy(p, &wire, sizeof(wire));
}

static inline u32 get_unaligned_be32(const void *p)
{
	__be32 val;

	memcpy(&val, p, sizeof(val));
	return be32_to_cpu(val);
}

static inline void put_unaligned_be32(u32 val, void *p)
{
	__be32 wire = cpu_to_be32(val);

	memcpy(p, &wire, sizeof(wire));
}

static inline u64 get_unaligned_be64(const void *p)
{
	__be64 val;

	memcpy(&val, p, sizeof(val));
	return be64_to_cpu(val);
}

static inline void put_unaligned_be64(u64 val, void *p)
{
	__be64 wire = cpu_to_be64(val);

	memcpy(p, &wire, sizeof(wire));
}

static inline u16 get_unaligned_le16(const void *p)
{
	__le16 val;

	memcpy(&val, p, sizeof(val));
	return le16_to_cpu(val);
}

static inline void put_unaligned_le16(u16 val, void *p)
{
	__le16 wire = cpu_to_le16(val);

	memcpy(p, &wire, sizeof(wire));
}

static inline u32 get_unaligned_le32(const void *p)
{
	__le32 val;

	memcpy(&val, p, sizeof(val));
	return le32_to_cpu(val);
}

static inline void put_unaligned_le32(u32 val, void *p)
{
	__le32 wire = cpu_to_le32(val);

	memcpy(p, &wire, sizeof(wire));
}

static inline u64 get_unaligned_le64(const void *p)
{
	__le64 val;

	memcpy(&val, p, sizeof(val));
	return le64_to_cpu(val);
}

static inline void put_unaligned_le64(u64 val, void *p)
{
	__le64 wire = cpu_to_le64(val);

	memcpy(p, &wire, sizeof(wire));
}

#define get_unaligned(ptr) ({					\
	__typeof__(*(ptr)) shim_val;				\
	memcpy(&shim_val, (const void *)(ptr), sizeof(shim_val));	\
	shim_val; })

#define put_unaligned(val, ptr) do {				\
	__typeof__(*(ptr)) shim_val = (val);			\
	memcpy((void *)(ptr), &shim_val, sizeof(shim_val));	\
} while (0)

#endif
