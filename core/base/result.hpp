// SPDX-License-Identifier: MIT
//
// Expected failures as values. A function that may refuse its input returns
// result<T>: either the value, or an error whose sentence says what failed and
// with which value. Exceptions are left to start-up, configuration and bugs.
#pragma once

#include <boost/system/result.hpp>

#include <ostream>
#include <stdexcept>
#include <string>
#include <utility>

namespace notify {

// Why something was refused, as one sentence without a full stop. It may be
// shown to a person and must hold no secret (password, cookie, uuid, sid).
struct error {
    std::string message;
};

// So that a test can show a result.
inline std::ostream& operator<<(std::ostream& out, error const& e) { return out << e.message; }

template <class T>
using result = boost::system::result<T, error>;

// Found by Boost.System when value() is called on a result that holds an error.
[[noreturn]] inline void throw_exception_from_error(error const& e, boost::source_location const&)
{
    throw std::runtime_error(e.message);
}

}  // namespace notify
