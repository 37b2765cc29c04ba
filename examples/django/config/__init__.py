# SPDX-License-Identifier: MIT
#
# The Django project: settings, URLs, and what serves them.
