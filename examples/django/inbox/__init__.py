# SPDX-License-Identifier: MIT
#
# The inbox site: log in and out, see what is unread, send to one user or to all.
