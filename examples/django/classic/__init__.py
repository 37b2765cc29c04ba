# SPDX-License-Identifier: MIT
#
# The pages of the first contract: texts that are shown live and kept nowhere.
