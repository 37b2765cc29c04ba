// SPDX-License-Identifier: MIT
#include "protocol/jsonp.hpp"

#include "base/form.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace notify::eio {

namespace {

// `\n` is a line feed, `\\n` is a backslash and an n; nothing else is escaped.
std::string unescaped(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        if (text.starts_with("\\\\n")) {
            out += "\\n";
            text.remove_prefix(3);
        } else if (text.starts_with("\\n")) {
            out += '\n';
            text.remove_prefix(2);
        } else {
            out += text.front();
            text.remove_prefix(1);
        }
    }
    return out;
}

}  // namespace

std::string jsonp_answer(std::string_view number, std::string_view payload)
{
    // In ASCII, since two characters of JSON's strings end a line of JavaScript
    // before ES2019 (U+2028, U+2029).
    nlohmann::json const text = payload;
    return fmt::format("___eio[{}]({});", number,
                       text.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace));
}

std::string payload_of_jsonp(std::string_view form)
{
    form_reader fields{form};
    while (auto const field = fields.next())
        if (field->first == "d") return unescaped(field->second);
    return {};
}

}  // namespace notify::eio
