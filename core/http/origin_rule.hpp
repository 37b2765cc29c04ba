// SPDX-License-Identifier: MIT
//
// One origin, or all below a name, that --allow-origin lets in beside the site's own.
#pragma once

#include "base/result.hpp"
#include "http/web_origin.hpp"

#include <string_view>

namespace notify {

class origin_rule {
public:
    // Reads an origin as browsers send it, `scheme://host[:port]`, `null` or `file://`;
    // or one with `*.` before its host, which stands for one label or more. Refuses
    // what no browser sends, since it would never match, and says what to write.
    [[nodiscard]] static result<origin_rule> parse(std::string_view text);

    [[nodiscard]] bool matches(web_origin const& o) const;

private:
    explicit origin_rule(web_origin o);

    web_origin named_;  // of `*.example.org` with the host .example.org
    bool is_below_;     // what matches has more before that host
};

}  // namespace notify
