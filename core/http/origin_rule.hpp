// SPDX-License-Identifier: MIT
//
// One origin, or all below a name, that --allow-origin lets in beside the site's own.
//
// What no browser sends is refused when the program starts: a rule with a slash at its end, or with
// a name in umlauts, would never match. Without an error its owner would find only that the site
// does not work. origin_policy has the rules.
#pragma once

#include "base/result.hpp"
#include "http/web_origin.hpp"

#include <string_view>

namespace notify {

class origin_rule {
public:
    // Reads an origin as browsers send it (RFC 6454 section 6.2): `scheme://host[:port]`, `null` or
    // `file://`; or one with `*.` before its host, which stands for one label or more. The error is
    // a sentence: the text in quotes, what is wrong with it, and what to write instead.
    [[nodiscard]] static result<origin_rule> parse(std::string_view text);

    // True if a page of origin o is let in. `https://*.example.org` matches
    // https://a.b.example.org, but neither https://example.org nor http://a.example.org.
    [[nodiscard]] bool matches(web_origin const& o) const;

private:
    explicit origin_rule(web_origin o);

    web_origin named_;  // of `*.example.org` with the host .example.org
    bool is_below_;     // what matches has more before that host
};

}  // namespace notify
