# SPDX-License-Identifier: GPL-2.0-only
# Front door; "make help" lists the targets. KDIR: kernel headers to build for;
# DESTDIR and PREFIX place what is installed; W=1 C=2 CF=... reach the kernel's
# build as they do there.

# Debian's headers of the stock kernel that the tests boot.
CLOUD := $(shell ls -d /usr/src/linux-headers-6.1.*-cloud-amd64 2>/dev/null | sort -V | tail -n 1)
LINT_KDIR := $(or $(KDIR),$(CLOUD))
KDIR ?= $(or $(wildcard /lib/modules/$(shell uname -r)/build),$(CLOUD))
DESTDIR ?=
PREFIX ?= /usr
# The headers' own word; the file kernel.release is not true on Debian.
RELEASE = $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' $(KDIR)/include/generated/utsrelease.h 2>/dev/null)
# modules_install compresses as the kernel is configured.
MODULE_FILES = $(addprefix $(DESTDIR)/lib/modules/$(RELEASE)/updates/kmasscanned.ko, \
	"" .xz .zst .gz)
# "make T='tcp and ipv6' KERNEL=6.12 functional", "make ARGS=--json=FILE bench"
T ?=
KERNEL ?=
ARGS ?=

all: module tools ## the module and msdctl (the default)

module: ## kmasscanned.ko for the kernel of KDIR
	$(if $(KDIR),,$(error no kernel headers found: run tests/deps.sh build, or give KDIR))
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

tools: ## msdctl, the control tool
	$(MAKE) -C tools

install: all ## module, msdctl, man page and completion; DESTDIR, KDIR, PREFIX
	$(MAKE) -C $(KDIR) M=$(CURDIR) INSTALL_MOD_PATH=$(DESTDIR) INSTALL_MOD_DIR=updates \
		CONFIG_MODULE_SIG_ALL= modules_install
	$(if $(DESTDIR),,/sbin/depmod $(RELEASE))
	$(MAKE) -C tools install

uninstall: ## remove what install has put there
	$(if $(RELEASE),,$(error which kernel it was installed for is not known: \
		give KDIR, its headers, or RELEASE, its name))
	rm -f $(MODULE_FILES)
	$(if $(DESTDIR),,/sbin/depmod $(RELEASE))
	$(MAKE) -C tools uninstall

demo: ## boot a VM with the module and show clients being answered
	@tests/deps.sh demo
	@tests/lab/demo

check: ## everything below that tests, with a summary
	@tests/deps.sh check
	@tests/check

lint: ## sparse, W=1, checkpatch, and what must agree with what
	@$(MAKE) -C tests lint KDIR=$(LINT_KDIR)

tools-test: ## msdctl without a kernel
	@tests/tools/run

unit: ## the pure core in userspace, with ASan and UBSan
	@$(MAKE) -C tests unit

vectors: ## every responder against its vectors
	@$(MAKE) -C tests vectors

portability: ## unit, vectors and corpus on a big-endian and on a 32-bit machine
	@$(MAKE) -s -C tests portability

fuzz-smoke: ## each fuzzer for some seconds
	@$(MAKE) -C tests fuzz-smoke

fuzz: ## one fuzzer for long: TARGET=frame MINUTES=5; TARGET=proto:http, or all
	@$(MAKE) -C tests fuzz

misread: ## who takes what is not his: random and foreign payloads; N=10000000 SEED=1
	@$(MAKE) -s -C tests misread

amplify: ## what a datagram draws, by search; THOUSANDS=60000 SEED=2
	@$(MAKE) -s -C tests amplify

amplify-write: ## the same, and keep what was found, for README's table
	@$(MAKE) -s -C tests amplify-write

mutants: ## wrong lines that some test must notice; LAYER=unit,vectors,tools,kunit,functional
	@tests/mutants/run $(if $(LAYER),--layer $(LAYER))

mutants-smoke: ## the list of them fits the tree, and a few are tried
	@tests/mutants/run --smoke

hostile-cost: ## what the dearest payload of each responder costs; SECONDS=300 DOC=1
	@$(MAKE) -s -C tests hostile-cost

coverage: ## lines reached by unit tests, vectors and corpus
	@$(MAKE) -C tests coverage

lab-test: ## does the VM lab keep its promises?
	@tests/lab/selftest

kunit: ## KUnit suites in User Mode Linux, KASAN and lockdep on; T=PATTERN
	@tests/deps.sh demo kernel
	@tests/kunit/run $(T)

coverage-shell: ## lines of kmod/*.c that its KUnit suites run
	@tests/deps.sh demo kernel
	@tests/kunit/coverage

kunit-selftest: ## does make kunit notice what it should?
	@tests/deps.sh demo kernel
	@tests/kunit/selftest

functional: ## real clients against the module in a VM; T=EXPRESSION (pytest -k) KERNEL=6.12
	@tests/deps.sh clients
	@tests/functional/run $(if $(KERNEL),--kernel $(KERNEL)) $(if $(T),-k '$(T)') $(ARGS)

newest: ## build for the newest kernel that Debian packages
	@tests/deps.sh build
	@tests/kernel/newest

matrix: ## build for arm64, arm, i386, and without IPv6, netfilter, VLAN, ftrace, SMP; ARGS=NAME...
	@tests/deps.sh matrix
	@tests/kernel/matrix $(ARGS)

check-debug: ## the same on a kernel with all checkers, then a scan for leaks; builds it once
	@tests/deps.sh clients kernel
	@tests/debug/run $(if $(T),'$(T)')

faults: ## each allocation fails once on that kernel, and a table of them; T=OPERATION
	@tests/deps.sh lab kernel
	@tests/debug/faults $(T)

fuzz-netlink: ## random and spoilt netlink messages on that kernel; MESSAGES=1000000 SEED=1
	@tests/deps.sh clients kernel
	@tests/debug/netlink

soak: ## mixed load while everything changes; memory flat, no frame missing; MINUTES=10
	@tests/deps.sh demo
	@tests/soak/run

bench: ## instructions per answered frame, ours and others'; ARGS=...
	@tests/bench/run $(ARGS)

flows: ## ten million flows leave memory as it was; builds a UML kernel once
	@tests/deps.sh demo kernel
	@tests/bench/flows $(ARGS)

figures: ## write the last results of tests and benchmarks into doc
	@tests/figures

clean: ## remove what was built
	$(if $(KDIR),$(MAKE) -C $(KDIR) M=$(CURDIR) clean)
	$(MAKE) -C tools clean
	rm -rf build

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: all module tools install uninstall demo check lint tools-test unit vectors \
	portability fuzz-smoke fuzz misread amplify amplify-write mutants mutants-smoke hostile-cost coverage coverage-shell lab-test kunit kunit-selftest \
	functional newest matrix check-debug faults fuzz-netlink soak bench flows figures clean help
