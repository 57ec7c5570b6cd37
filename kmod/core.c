// SPDX-License-Identifier: GPL-2.0-only
/*
 * The core as one compilation unit: a frame goes through a dozen small
 * functions in as many files, and seen together they are inlined. The module
 * compiles it as part of path.c; userspace compiles each file by itself.
 *
 * Static functions of the files below have different names, therefore. eth.c,
 * which calls the others, comes last.
 */
#include "core/addrset.c"
#include "core/csum.c"
#include "core/cookie.c"
#include "core/flow.c"
#include "core/stamp.c"
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
