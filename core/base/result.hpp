// SPDX-License-Identifier: MIT
//
// Expected failures as values. A function that may refuse its input returns result<T>: either the
// value, or an error whose sentence says what failed and with which value. Exceptions are left to
// start-up, configuration, bugs and want of memory.
//
// An error has no code: whoever acts differently on different failures needs a type of its own
// (eio::request_error, refusal). This one is for people.
#pragma once

#include <boost/system/result.hpp>

#include <ostream>
#include <stdexcept>
#include <string>
#include <utility>

namespace notify {

// Why something was refused, as one sentence without a full stop, so that a caller can put its own
// words before it. It may be shown to a person or logged: it must hold no secret (password, cookie,
// uuid, sid), and text from outside only escaped (base/quoted).
struct error {
    std::string message;
};

// So that a test can show a result.
inline std::ostream& operator<<(std::ostream& out, error const& e) { return out << e.message; }

template <class T>
using result = boost::system::result<T, error>;

// Boost.System finds this by argument-dependent look-up, and calls it when value() is called on a
// result that holds an error. Tests do so; the code itself asks the result first.
[[noreturn]] inline void throw_exception_from_error(error const& e, boost::source_location const&)
{
    throw std::runtime_error(e.message);
}

}  // namespace notify
