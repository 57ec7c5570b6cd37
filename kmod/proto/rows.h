/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One row a responder, in the order they are asked. Included several times
 * with different meanings of MSD_ROW, hence no include guard.
 *
 * sip has methods of others (OPTIONS, INFO) and goes by the end of the line, so
 * it stands before http and redis.
 *
 * dns stands behind all that know their requests by more than its patterns do.
 * mongodb knows its messages by an opcode in their midst, and stands before
 * those whose few bytes a request id or a length may happen to have.
 *
 * ntp has a few ranges and a length to go by, so dns, which parses the whole,
 * goes first.
 */
MSD_ROW(sip)
MSD_ROW(http)
MSD_ROW(ssh)
MSD_ROW(stun)
MSD_ROW(smb1)
MSD_ROW(smb2)
MSD_ROW(gh0st)
MSD_ROW(rpc)
MSD_ROW(mongodb)
MSD_ROW(socks)
MSD_ROW(mqtt)
MSD_ROW(postgresql)
MSD_ROW(memcached)
MSD_ROW(redis)
MSD_ROW(jdwp)
MSD_ROW(adb)
MSD_ROW(modbus)
MSD_ROW(tls)
MSD_ROW(rdp)
MSD_ROW(snmp)
MSD_ROW(dns)
MSD_ROW(ntp)
