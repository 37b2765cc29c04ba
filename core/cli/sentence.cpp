// SPDX-License-Identifier: MIT
#include "cli/sentence.hpp"

#include "base/quoted.hpp"

#include <fmt/format.h>

#include <string_view>

namespace notify::cli {

namespace {

bool in_name(char c) { return c == '-' || (c >= 'a' && c <= 'z'); }

// True if name stands in text, and not as a part of a longer one: "--redis" is not in an error
// about
// "--redis-ca-file".
bool names(std::string_view text, std::string_view name)
{
    for (auto at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
        auto const end = at + name.size();
        if ((at == 0 || !in_name(text[at - 1])) && (end == text.size() || !in_name(text[end])))
            return true;
    }
    return false;
}

// Returns the option that an error speaks of, or nullptr. CLI11's errors do not refer to it; its
// name in their text is the only trace.
CLI::Option const* option_in(std::string_view text, CLI::App const& app)
{
    auto const found = app.get_options([&](CLI::Option const* option) {
        auto const name = option->get_name();
        return !name.empty() && names(text, name);
    });
    return found.empty() ? nullptr : found.front();
}

}  // namespace

// ValidationError is the complaint of a check(), which CLI11 puts behind "--name: ".
// ConversionError is a value of the wrong type, ArgumentMismatch a wrong number of values.
// Everything that was typed is shown in quotes or escaped: it may have been pasted, control
// characters included.
std::string sentence_of(CLI::ParseError const& e, CLI::App const& app)
{
    std::string const text = e.what();
    if (auto const* const option = option_in(text, app)) {
        auto const name = option->get_name();
        auto const& values = option->results();
        if (e.get_name() == "ValidationError" && text.starts_with(name + ": "))
            return fmt::format("{} {}", name, text.substr(name.size() + 2));  // our check's words
        if (e.get_name() == "ConversionError" && !values.empty())
            return fmt::format("{} does not take {}", name, in_quotes(values.back()));
        if (e.get_name() == "ArgumentMismatch")
            return name + (values.size() > 1 ? " is given more than once" : " needs a value");
    }
    std::string line;
    append_escaped(line, text);
    return line;
}

}  // namespace notify::cli
