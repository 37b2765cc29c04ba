# SPDX-License-Identifier: MIT
#
# Short names for the commands that a developer needs; the work is done by scripts/ and CMake.

.DEFAULT_GOAL := help
.PHONY: help deps demo site screenshots build test check asan tsan fuzz break chaos bench bench-instructions flame fmt tidy run clean
preset ?= dev

help:  ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo:  ## install what is needed, build, and show a notification arrive
	scripts/demo

site:  ## run the example site: Django, Nginx, uWSGI, gateway, Redis (PORT_BASE=4000: on other ports; FOLLOW=session)
	@scripts/site || [ $$? = 130 ]  # that is Ctrl-C, its end

screenshots:  ## take the pictures of the example site for the README
	scripts/screenshots

test:  ## install what is needed, build, and run all tests, also with sanitizers (part=unit: only these)
	scripts/test $(part)

deps:  ## install what building and running need
	scripts/deps

build:  ## build everything for development, warnings as errors (preset=release: another one)
	scripts/build $(preset)

run:  ## build the release, and run the gateway with a page to try and, if none runs, a Redis (ARGS='--port 3100': options)
	scripts/build release
	@build/release/bin/notify-gateway --dev $(ARGS) || { code=$$?; [ $$code -gt 2 ] || \
	echo "make run takes options of the gateway as ARGS: make run ARGS='--port 3100'" >&2; exit $$code; }

check:  ## check layers, format and clang-tidy, which a change must pass besides the tests
	scripts/check-layers
	scripts/fmt --check
	scripts/tidy

asan:  ## run unit, shell and Node tests with AddressSanitizer and UndefinedBehaviorSanitizer
	scripts/test asan

tsan:  ## run the tests of several shards with ThreadSanitizer
	scripts/test tsan

fuzz:  ## run libFuzzer for a minute on each parser and on whole sessions (seconds=600: longer)
	scripts/fuzz all $(seconds)

break:  ## break each place that tests/breaks lists, and check that its test fails (name=ack-id: only that)
	scripts/break-one $(name)

chaos:  ## break everything while notifications are sent, and check that none is lost (ARGS=--quick: half a minute)
	scripts/chaos $(ARGS)

bench:  ## measure the gateway beside other servers and write docs/performance.md (rounds=1: a quick look)
	scripts/bench $(rounds)

bench-instructions:  ## count instructions per delivery, connect and poll, and compare with budgets (ARGS=--help: options)
	scripts/build release notify-gateway
	bench/instructions/main.mjs $(ARGS)

flame:  ## draw into build/flame.svg where a delivery's instructions go (phase=connect_uuid: another figure)
	scripts/build release notify-gateway
	bench/instructions/main.mjs --flame build/flame.svg $(phase)

fmt:  ## format the C++ sources
	scripts/fmt

tidy:  ## run clang-tidy over core and tools
	scripts/tidy

clean:  ## remove all build trees
	rm -rf build
