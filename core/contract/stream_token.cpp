// SPDX-License-Identifier: MIT
#include "contract/stream_token.hpp"

#include "base/base64.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <system_error>

namespace notify {

namespace {

// A user of 255 bytes is 340 characters.
constexpr std::size_t max_token = 512;

// Begins with what it is for: no other signature of this key is good as a token.
std::string signed_text(std::string_view statement)
{
    return fmt::format("notify stream\n{}", statement);
}

std::optional<std::int64_t> seconds_in(std::string_view text)
{
    std::int64_t n = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return n;
}

}  // namespace

std::string stream_token_of(user_id const& user, std::int64_t until, secret_key const& key)
{
    std::string token = fmt::format("{}.", until);
    append_base64url(token, user.text());
    std::string const signature = signature_of(signed_text(token), key);
    return token.append(1, '.').append(signature);
}

// The signature is looked at before what it signs is read.
result<user_id> user_of_stream_token(std::string_view token, std::int64_t now,
                                     secret_key const& key)
{
    error const unknown{"this recovery token was not given by this site: come with a new uuid"};
    std::size_t const end = token.rfind('.');
    if (token.size() > max_token || end == token.npos) return unknown;
    std::string_view const statement = token.substr(0, end);
    if (!is_signature_of(signed_text(statement), token.substr(end + 1), key)) return unknown;
    std::size_t const dot = statement.find('.');
    auto const until = seconds_in(statement.substr(0, dot));
    auto const user = decode_base64url(statement.substr(dot == statement.npos ? 0 : dot + 1));
    if (!until || !user) return unknown;
    if (*until < now) return error{"this recovery token has expired: come with a new uuid"};
    return parse_user_id(*user);
}

}  // namespace notify
