// SPDX-License-Identifier: MIT
#include "protocol/jsonp.hpp"

#include "base/json.hpp"
#include "base/utf8.hpp"
#include "fuzz/targets.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace notify::fuzz {

// As a form that a client sends, and as a payload that one is sent.
void jsonp(std::string_view bytes)
{
    must(eio::payload_of_jsonp(bytes).size() <= bytes.size(), "decoding makes nothing longer");

    std::string const script = eio::jsonp_answer("7", bytes);
    std::string_view const begins = "___eio[7](";
    must(script.starts_with(begins) && script.ends_with(");"), "a script calls the function");
    auto const argument = parse_json(
        std::string_view{script}.substr(begins.size(), script.size() - begins.size() - 2));
    must(argument.has_value() && argument->is_string(), "with one string");
    if (is_utf8(bytes)) must(argument->get<std::string>() == bytes, "which is the payload");
    must(script.find("\u2028") == script.npos && script.find("\u2029") == script.npos,
         "and ends no line of an old JavaScript");
}

}  // namespace notify::fuzz
