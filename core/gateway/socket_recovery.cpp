// SPDX-License-Identifier: MIT
#include "gateway/socket_recovery.hpp"

#include "contract/identity_claim.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace notify {

namespace {

std::string_view text_in(json const& auth, char const* name)
{
    auto const found = auth.find(name);
    if (found == auth.end() || !found->is_string()) return {};
    return found->get_ref<std::string const&>();
}

// What a request says about the browser and its way here, and not about its user: it changes with
// the network.
bool names_nobody(std::string_view line)
{
    constexpr std::array<std::string_view, 3> of_browser{
        "User-Agent:", "Accept-Language:", "X-Forwarded-"};
    return std::any_of(of_browser.begin(), of_browser.end(),
                       [line](std::string_view name) { return line.starts_with(name); });
}

// A digest of the cookies, and of what else names a user. Short: who knows no key cannot look for
// two that have the same.
std::string credentials_of(eio::handshake const& request, secret_key const& key)
{
    std::string text{"notify credentials\n"};
    for (std::string_view rest = request.headers(); !rest.empty();) {
        std::string_view const line = rest.substr(0, rest.find("\r\n"));
        rest.remove_prefix(line.size() + 2);
        if (!names_nobody(line)) text.append(line).append(1, '\n');
    }
    return signature_of(text, key).substr(0, 16);
}

}  // namespace

bool recovery_terms::presented_in(json const& auth) const
{
    return window.count() > 0 && auth.contains("pid");
}

socket_recovery::socket_recovery(recovery_terms const& terms, json const& auth) : terms_{terms}
{
    comes_back_ = read(auth);
    if (!comes_back_) user_.reset();
}

// The window counts from the last sign of life that is signed. The position is not: its time is as
// old as the client likes to say.
bool socket_recovery::read(json const& auth)
{
    auto const now = terms_.now();
    secret_key const& key = *terms_.key.get();
    auto pid = sio::read_pid(text_in(auth, "pid"), notifications_namespace, key, now);
    if (!pid) return false;
    auto const had = sio::offset_from(text_in(auth, "offset"), *pid, notifications_namespace, key);
    auto const window = terms_.window.count();
    if (!sio::is_recent(pid->issued, window, now) && !sio::is_recent(had.alive, window, now))
        return false;
    auto who = parse_user_id(pid->user);
    if (!who) return false;
    socket_ = std::move(*pid);
    user_ = std::move(*who);
    signed_ = std::max(socket_.issued, had.alive);
    // Without a position nobody knows what it has: it begins after one that no log holds.
    auto const issued = static_cast<std::uint64_t>(socket_.issued) * 1'000'000;
    from_ = log_start::after(parse_position(had.position).value_or(position{1, 0, issued}));
    return true;
}

bool socket_recovery::is_known_by(eio::handshake const& request) const
{
    return socket_.credentials.empty() ||
           socket_.credentials == credentials_of(request, *terms_.key.get());
}

log_start socket_recovery::start_of(user_id const& who)
{
    if (user_ != who) comes_back_ = false;
    user_ = who;
    return comes_back_ ? from_ : log_start{};
}

std::string socket_recovery::pid(url_safe_id const& sid, bool by_cookies,
                                 eio::handshake const& request)
{
    secret_key const& key = *terms_.key.get();
    if (!comes_back_) {
        signed_ = terms_.now();
        socket_ = {sid, signed_, by_cookies ? credentials_of(request, key) : "", user_->text()};
    }
    return sio::pid_of(socket_, notifications_namespace, key);
}

// A new pid says itself that the client is there.
std::string socket_recovery::first_offset(position const& at)
{
    return comes_back_ ? offset(at) : to_text(at);
}

std::string socket_recovery::offset(position const& at)
{
    signed_ = terms_.now();
    return sio::offset_of(to_text(at), socket_, notifications_namespace, *terms_.key.get(),
                          signed_);
}

// An eighth of the window: with the defaults, each heartbeat.
bool socket_recovery::is_sign_due() const
{
    return terms_.now() - signed_ >= terms_.window.count() / 8;
}

}  // namespace notify
