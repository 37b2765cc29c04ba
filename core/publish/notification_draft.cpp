// SPDX-License-Identifier: MIT
#include "publish/notification_draft.hpp"

#include "base/json.hpp"
#include "base/quoted.hpp"
#include "base/utf8.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string_view>

namespace notify {

namespace {

constexpr std::size_t max_short = 255;          // bytes of a key or an event's name
constexpr std::int64_t max_ttl = 366 * 86'400;  // in seconds

bool is_level(std::string_view text)
{
    return text == "info" || text == "success" || text == "warning" || text == "error";
}

// A page opens it on a click, so it must not be a script (`javascript:`), or another site in the
// guise of a path (`//example.org`).
bool is_link(std::string_view text)
{
    if (text.starts_with('/'))
        return !text.starts_with("//") && boost::urls::parse_relative_ref(text).has_value();
    auto const url = boost::urls::parse_uri(text);
    return url &&
           (url->scheme_id() == boost::urls::scheme::http ||
            url->scheme_id() == boost::urls::scheme::https) &&
           !url->host().empty();
}

bool is_short(std::optional<std::string> const& text)
{
    return !text || (!text->empty() && text->size() <= max_short);
}

// text is what stands between the braces so far.
void append_name(std::string& text, std::string_view name)
{
    text += fmt::format("{}\"{}\":", text.size() > 1 ? "," : "", name);
}

void append(std::string& text, std::string_view name, std::optional<std::string> const& value)
{
    if (!value) return;
    append_name(text, name);
    append_json_string(text, *value);
}

}  // namespace

result<void> check_fields(notification_draft const& d)
{
    for (auto const* text : {&d.title, &d.level, &d.link, &d.event, &d.key})
        if (*text && !is_utf8(**text))
            return error{fmt::format("{} is not UTF-8", in_quotes(**text))};
    if (d.level && !is_level(*d.level))
        return error{fmt::format("the level {} is none: give info, success, warning or error",
                                 in_quotes(*d.level))};
    if (d.link && !is_link(*d.link))
        return error{fmt::format("the link {} leads nowhere: give a URL, as https://example.org/a, "
                                 "or a path from the root, as /a",
                                 in_quotes(*d.link))};
    if (!is_short(d.event))
        return error{
            fmt::format("the event has {} bytes: give 1 to {}", d.event->size(), max_short)};
    if (!is_short(d.key))
        return error{fmt::format("the key has {} bytes: give 1 to {}", d.key->size(), max_short)};
    if (d.ttl && (*d.ttl < 1 || *d.ttl > max_ttl))
        return error{fmt::format("the ttl {} is not between 1 and {} seconds", *d.ttl, max_ttl)};
    if (!d.data) return {};
    if (auto const data = parse_json(*d.data); !data)
        return error{fmt::format("the data is {}", data.error().message)};
    return {};
}

// The data is written anew: in one line, and without escapes that Redis' parser refuses.
std::string to_json(notification_draft const& d)
{
    std::string text = "{";
    append(text, "message", d.message);
    append(text, "title", d.title);
    append(text, "level", d.level);
    append(text, "link", d.link);
    append(text, "event", d.event);
    append(text, "key", d.key);
    if (d.ttl) {
        append_name(text, "ttl");
        text += fmt::to_string(*d.ttl);
    }
    if (d.data) {
        append_name(text, "data");
        text += to_text(parse_json(*d.data).value());
    }
    return text + '}';
}

}  // namespace notify
