// SPDX-License-Identifier: MIT
//
// Fields as browsers put them into queries and form bodies
// (application/x-www-form-urlencoded of the WHATWG URL standard): `d=4x%26y&t=1+2`.
//
// Two places on the wire need it: the body of a JSONP POST (protocol/jsonp), and the query with
// which a client of Socket.IO 2 joins a namespace (socketio/connection).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace notify {

// Returns one field after the other, in their order. There is no table of all fields: a client can
// put half a million of them into a megabyte, and its reader wants one.
class form_reader {
public:
    // REQUIRES: text outlives the reader.
    explicit form_reader(std::string_view text) : rest_{text} {}

    // Returns the next name and value, decoded, or nothing at the end. A field without `=` has an
    // empty value; empty fields (`&&`) are skipped. A name or value with a malformed escape, such
    // as `%zz`, is returned as it stands, as browsers do: there are no errors.
    [[nodiscard]] std::optional<std::pair<std::string, std::string>> next();

private:
    std::string_view rest_;  // what next() has not looked at
};

}  // namespace notify
