# SPDX-License-Identifier: MIT
#
# The developer's one entry: short names for the scripts and presets that do the work.

.DEFAULT_GOAL := help
.PHONY: help deps demo site screenshots build test check asan tsan fuzz break bench bench-instructions flame fmt tidy run clean
preset ?= dev

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo:  ## install what is needed, build, and see one notification arrive
	scripts/demo

site:  ## run the example site: Django, Nginx, uWSGI, gateway, Redis (PORT_BASE=4000: on other ports; FOLLOW=session)
	@scripts/site || [ $$? = 130 ]  # that is Ctrl-C, its end

screenshots:  ## take the pictures of the example site that the README shows
	scripts/screenshots

test:  ## install what is needed, build, and run all tests, sanitizers too (part=unit: only that)
	scripts/test $(part)

deps:  ## install what building and running need
	scripts/deps

build:  ## build everything for development, warnings as errors (preset=release: another one)
	scripts/build $(preset)

run:  ## build for use and run the gateway with a private Redis and a page to try it on (ARGS='--port 3100': options)
	scripts/build release
	@build/release/bin/notify-gateway --dev $(ARGS) || { code=$$?; [ $$code -gt 2 ] || \
	echo "make run takes options of the gateway as ARGS: make run ARGS='--port 3100'" >&2; exit $$code; }

check:  ## what a change must pass besides the tests: layers, format, clang-tidy
	scripts/check-layers
	scripts/fmt --check
	scripts/tidy

asan:  ## all tests in a build with AddressSanitizer and UndefinedBehaviorSanitizer
	scripts/test asan

tsan:  ## the tests of several shards in a build with ThreadSanitizer
	scripts/test tsan

fuzz:  ## a minute of libFuzzer for each parser, and for a whole session (seconds=600: longer)
	scripts/fuzz all $(seconds)

break:  ## break each place that tests/breaks lists, and see whether its test notices (name=ack-id: only that)
	scripts/break-one $(name)

bench:  ## measure it beside other servers and write docs/performance.md (rounds=1: a quick look)
	scripts/bench $(rounds)

bench-instructions:  ## count instructions per delivery, connect and poll against their budgets (ARGS=--help: how)
	scripts/build release notify-gateway
	bench/instructions/main.mjs $(ARGS)

flame:  ## draw where a delivery's instructions go: build/flame.svg (phase=connect_uuid: another figure's)
	scripts/build release notify-gateway
	bench/instructions/main.mjs --flame build/flame.svg $(phase)

fmt:  ## format the C++ sources
	scripts/fmt

tidy:  ## run clang-tidy over core and tools
	scripts/tidy

clean:  ## remove all build trees
	rm -rf build
