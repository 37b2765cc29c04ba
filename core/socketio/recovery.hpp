// SPDX-License-Identifier: MIT
//
// Connection state recovery (docs/protocol.md, Recovery): what a client is given so that any
// gateway with the same key takes it back after a cut as the socket that it was.
//
//     pid      1.<sid>.<issued>.<credentials>.<user>.<signature>      in the answer to CONNECT
//     offset   <position>                                             behind an event
//              <position>.<time>.<signature>                          the same, with a sign of life
//
// The client presents both in its next CONNECT. The pid says which socket, and stays the same for
// the socket's whole life. The offset says what the client had, and in its longer form when it was
// still there. So no gateway keeps anything for clients that are away, and one that is killed
// forgets nothing.
//
// All parts are URL-safe. Times are seconds since 1970. The user is in base64url. The namespace is
// not written, but signed: in another one the signature is wrong.
//
// Pure functions, with the time as an argument. What comes from a client may be anything.
#pragma once

#include "base/random.hpp"
#include "base/signature.hpp"

#include <boost/system/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace notify::sio {

// Seconds since 1970, by the system's clock: gateways have to agree on it.
using unix_seconds = std::int64_t;

// By how much the clocks of two gateways may differ.
inline constexpr unix_seconds clock_leeway = 60;

// What a pid says.
struct recoverable_socket {
    url_safe_id sid;  // the socket's id, which it gets again
    unix_seconds issued = 0;
    // By what the user was known then, as the application chooses: characters of A-Z a-z 0-9 _ -,
    // or "".
    std::string credentials;
    std::string user;  // whose socket it is, in the application's words; at most 255 bytes

    bool operator==(recoverable_socket const&) const = default;
};

// Returns the pid of a socket in a namespace.
[[nodiscard]] std::string pid_of(recoverable_socket const& s, std::string_view ns_name,
                                 secret_key const& key);

// Why a pid is not taken.
enum class pid_fault : std::uint8_t {
    malformed,        // no gateway writes this, whatever its key
    forged,           // of another key or namespace, or changed
    from_the_future,  // issued more than clock_leeway from now
};

// The fault as the log has it: "malformed".
[[nodiscard]] std::string_view name_of(pid_fault why);

using pid_reading = boost::system::result<recoverable_socket, pid_fault>;

// Reads a pid that a client has sent. Looks at no more than some hundred bytes. Whether it is still
// good is for is_recent().
[[nodiscard]] pid_reading read_pid(std::string_view pid, std::string_view ns_name,
                                   secret_key const& key, unix_seconds now);

// Returns the offset with a sign of life: whoever presents it was there at this time. It is good
// for the sid, user and namespace of the socket alone. REQUIRES: position has no dot.
[[nodiscard]] std::string offset_of(std::string_view position, recoverable_socket const& s,
                                    std::string_view ns_name, secret_key const& key,
                                    unix_seconds now);

// An offset that a client has sent, as views into it.
struct read_offset {
    std::string_view position;  // all up to the first dot; not looked at
    unix_seconds alive = 0;     // when the client was there; 0 if that is not said, or not signed
};

// Reads an offset that was given to s. A sign of life that is wrong counts for nothing.
[[nodiscard]] read_offset offset_from(std::string_view offset, recoverable_socket const& s,
                                      std::string_view ns_name, secret_key const& key);

// True if what happened at a time is at most window seconds ago. What is further in the future than
// clock_leeway is not.
[[nodiscard]] bool is_recent(unix_seconds time, unix_seconds window, unix_seconds now);

}  // namespace notify::sio
