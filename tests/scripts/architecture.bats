#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# ARCHITECTURE.md is the map of core: it has to show what is there.

cd "$BATS_TEST_DIRNAME/../.." || exit

@test "the architecture names each file of core, and each once" {
    local rooms
    rooms=$(cd core && ls -d */ | tr -d / | paste -sd '|')
    diff <(find core -name '*.?pp' | sed -E 's,^core/(.*)\..pp$,\1,' | sort -u) \
        <(grep -oE "\`($rooms)/[a-z0-9_]+\`" ARCHITECTURE.md | tr -d '`' | sort)
}
