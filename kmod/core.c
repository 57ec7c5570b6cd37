// SPDX-License-Identifier: GPL-2.0-only
/*
 * The core as one compilation unit. A frame goes through a dozen small
 * functions in as many files; seen together, the compiler inlines them into
 * msd_answer() (__flatten), which saves one instruction in eight of those an
 * answer costs. eth.c, where that function is, comes last.
 *
 * Static functions of the files below therefore have different names. Userspace
 * compiles each file by itself.
 */
#include "core/addrset.c"
#include "core/csum.c"
#include "core/cookie.c"
#include "core/flow.c"
#include "core/tcpopt.c"
#include "core/verdict.c"
#include "core/ext.c"
#include "core/icmp.c"
#include "core/ndisc.c"
#include "core/icmpv6.c"
#include "core/tcp.c"
#include "core/udp.c"
#include "core/arp.c"
#include "core/ipv4.c"
#include "core/ipv6.c"
#include "core/eth.c"
