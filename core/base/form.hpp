// SPDX-License-Identifier: MIT
//
// Fields as browsers put them into queries and form bodies
// (application/x-www-form-urlencoded of the WHATWG URL standard).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace notify {

// Gives one field after the other: a megabyte can hold a million of them, of which
// one is wanted.
class form_reader {
public:
    // REQUIRES: text outlives the reader.
    explicit form_reader(std::string_view text) : rest_{text} {}

    // The next name and value, decoded, or nothing at the end. What is not well
    // escaped is taken as it stands, as browsers do.
    [[nodiscard]] std::optional<std::pair<std::string, std::string>> next();

private:
    std::string_view rest_;
};

}  // namespace notify
