// SPDX-License-Identifier: MIT
#include "socketio/recovery.hpp"

#include "base/base64.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>

namespace notify::sio {

namespace {

// No pid is longer: 255 bytes of a user are 340 characters, and credentials are a few.
constexpr std::size_t max_pid = 512;

// The next three begin with different words, so that no signature is good for two purposes. A line
// feed ends each part; neither a namespace that is offered nor a user has one.
std::string signed_of_pid(std::string_view body, std::string_view ns_name)
{
    return fmt::format("notify pid\n{}\n{}", ns_name, body);
}

std::string signed_of_offset(unix_seconds alive, recoverable_socket const& s,
                             std::string_view ns_name)
{
    return fmt::format("notify alive\n{}\n{}\n{}\n{}", ns_name,
                       std::string_view{s.sid.data(), s.sid.size()}, s.user, alive);
}

// Takes what text begins with, up to the first dot, and the dot.
std::string_view take_part(std::string_view& text)
{
    std::string_view const part = text.substr(0, text.find('.'));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    return part;
}

std::optional<unix_seconds> parse_seconds(std::string_view text)
{
    unix_seconds n = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if (n < 0 || n > unix_seconds{1} << 40) return std::nullopt;
    return n;
}

bool is_url_safe(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    });
}

// All of a pid but its signature.
std::string body_of(recoverable_socket const& s)
{
    std::string body = fmt::format("1.{}.{}.{}.", std::string_view{s.sid.data(), s.sid.size()},
                                   s.issued, s.credentials);
    append_base64url(body, s.user);
    return body;
}

// What a body says, signed or not. Compared with what would be written, so that one socket has one
// pid.
std::optional<recoverable_socket> parse_body(std::string_view const body)
{
    std::string_view rest = body;
    recoverable_socket s;
    take_part(rest);  // the version
    std::string_view const sid = take_part(rest);
    if (sid.size() != s.sid.size() || !is_url_safe(sid)) return std::nullopt;
    std::copy(sid.begin(), sid.end(), s.sid.begin());
    auto const issued = parse_seconds(take_part(rest));
    s.credentials = take_part(rest);
    auto user = decode_base64url(rest);
    if (!issued || !is_url_safe(s.credentials) || !user || user->size() > 255) return std::nullopt;
    s.issued = *issued;
    s.user = std::move(*user);
    return body_of(s) == body ? std::optional{std::move(s)} : std::nullopt;
}

}  // namespace

std::string pid_of(recoverable_socket const& s, std::string_view ns_name, secret_key const& key)
{
    std::string pid = body_of(s);
    std::string const signature = signature_of(signed_of_pid(pid, ns_name), key);
    return pid.append(1, '.').append(signature);
}

std::string_view name_of(pid_fault why)
{
    switch (why) {
    case pid_fault::malformed: return "malformed";
    case pid_fault::forged: return "forged";
    case pid_fault::from_the_future: return "from_the_future";
    }
    return "unknown";
}

// The signature is looked at before what it signs is read any further.
pid_reading read_pid(std::string_view pid, std::string_view ns_name, secret_key const& key,
                     unix_seconds now)
{
    if (pid.size() > max_pid) return pid_fault::malformed;
    std::size_t const dot = pid.rfind('.');
    if (dot == pid.npos || pid.size() - dot - 1 != signature_size) return pid_fault::malformed;
    std::string_view const body = pid.substr(0, dot);
    if (!is_signature_of(signed_of_pid(body, ns_name), pid.substr(dot + 1), key))
        return pid_fault::forged;
    auto s = parse_body(body);
    if (!s) return pid_fault::malformed;
    if (s->issued > now + clock_leeway) return pid_fault::from_the_future;
    return std::move(*s);
}

std::string offset_of(std::string_view position, recoverable_socket const& s,
                      std::string_view ns_name, secret_key const& key, unix_seconds now)
{
    return fmt::format("{}.{}.{}", position, now,
                       signature_of(signed_of_offset(now, s, ns_name), key));
}

read_offset offset_from(std::string_view offset, recoverable_socket const& s,
                        std::string_view ns_name, secret_key const& key)
{
    read_offset said{take_part(offset)};
    auto const alive = parse_seconds(take_part(offset));
    if (alive && is_signature_of(signed_of_offset(*alive, s, ns_name), offset, key))
        said.alive = *alive;
    return said;
}

bool is_recent(unix_seconds time, unix_seconds window, unix_seconds now)
{
    return time <= now + clock_leeway && time >= now - window;
}

}  // namespace notify::sio
