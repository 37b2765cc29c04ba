// SPDX-License-Identifier: MIT
#include "protocol/jsonp.hpp"

#include "base/form.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace notify::eio {

namespace {

// `\n` is a line feed, `\\n` is a backslash and an n. Clients escape nothing else: a backslash
// before any other character stands for itself.
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
    // All beyond ASCII is escaped: JSON allows U+2028 and U+2029 in a string, and JavaScript before
    // ES2019 ends the line there, which is a syntax error in just the browsers that need JSONP.
    nlohmann::json const text = payload;
    return fmt::format("___eio[{}]({});", number,
                       text.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace));
}

// Two layers are undone: form_reader undoes the browser's, `unescaped` the client's.
std::string payload_of_jsonp(std::string_view form)
{
    form_reader fields{form};
    while (auto const field = fields.next())
        if (field->first == "d") return unescaped(field->second);
    return {};
}

}  // namespace notify::eio
