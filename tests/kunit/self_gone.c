// SPDX-License-Identifier: GPL-2.0-only
/* For selftest. A suite that is not in the module it should be in. */
