# SPDX-License-Identifier: MIT
#
# The simplest use of notify: a page shows texts as they arrive, and nothing stores them.
