// SPDX-License-Identifier: MIT
#include "redis/lua_script.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <cstddef>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace notify::redis {

namespace {

// EVALSHA and EVAL differ in how they name the script.
template <class Texts>
void call_script(redis_client& client, std::string_view command, std::string_view script,
                 std::string_view key, Texts const& args, redis_client::handler h)
{
    std::vector<std::string_view> words{command, script, "1", key};
    words.insert(words.end(), std::begin(args), std::end(args));
    client.command(words, std::move(h));
}

bool is_unknown_script(result<reply_view> const& r)
{
    return r && r->is_error() && r->text().starts_with("NOSCRIPT");
}

}  // namespace

lua_script::lua_script(std::string_view text) : text_{text}
{
    std::array<unsigned char, SHA_DIGEST_LENGTH> digest;
    if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha1(), nullptr) != 1)
        throw std::runtime_error{"no SHA-1 in OpenSSL, which names scripts in Redis"};
    static constexpr std::string_view digits = "0123456789abcdef";
    for (std::size_t i = 0; i < digest.size(); ++i) {
        sha1_[2 * i] = digits[digest[i] >> 4];
        sha1_[2 * i + 1] = digits[digest[i] & 15];
    }
}

// Arguments are kept for a second time: the caller's may be gone by then.
void lua_script::run(redis_client& client, std::string_view key,
                     std::span<std::string_view const> args, redis_client::handler h) const
{
    auto on_reply = [this, &client, key = std::string{key},
                     kept = std::vector<std::string>{args.begin(), args.end()},
                     h = std::move(h)](result<reply_view> const& r) mutable {
        if (is_unknown_script(r))
            call_script(client, "EVAL", text_, key, kept, std::move(h));
        else
            h(r);
    };
    call_script(client, "EVALSHA", sha1(), key, args, std::move(on_reply));
}

void lua_script::run(redis_client& client, std::string_view key,
                     std::initializer_list<std::string_view> args, redis_client::handler h) const
{
    run(client, key, std::span{args.begin(), args.size()}, std::move(h));
}

net::awaitable<result<reply>> lua_script::async_run(redis_client& client, std::string key,
                                                    std::vector<std::string> args) const
{
    return net::async_initiate<net::use_awaitable_t<> const, void(result<reply>)>(
        [this, &client](auto completion, std::string const& k,
                        std::vector<std::string> const& texts) {
            std::vector<std::string_view> const views{texts.begin(), texts.end()};
            run(client, k, std::span{views},
                [c = std::move(completion)](result<reply_view> const& r) mutable {
                    std::move(c)(r ? result<reply>{reply{*r}} : result<reply>{r.error()});
                });
        },
        net::use_awaitable, std::move(key), std::move(args));
}

void lua_script::load(redis_client& client, redis_client::handler h) const
{
    client.command({"SCRIPT", "LOAD", text_}, std::move(h));
}

}  // namespace notify::redis
