// SPDX-License-Identifier: MIT
//
// An identity source without Redis and web app. It notes each question, and answers it when
// the test says so.
#pragma once

#include "identity/identity_source.hpp"

#include <deque>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace notify::test {

class memory_identity final : public identity_source {
public:
    void by_uuid(std::string_view uuid, identity_listener& l) override
    {
        ask("uuid " + std::string{uuid}, l);
    }

    void by_cookies(eio::handshake const& request, identity_listener& l) override
    {
        ask("cookies " + std::string{request.cookie()}, l);
    }

    // Answers the oldest question that has no answer. Throws if there is none.
    void answer(char const* user) { finish(parse_user_id(user).value()); }
    void refuse(internal_code code, std::string sentence, std::string detail = {})
    {
        finish(refusal{code, std::move(sentence), std::move(detail)});
    }

    // The questions, in order: `uuid u`, `cookies sid=1`.
    std::vector<std::string> asked;

    // If set, all questions are refused at once.
    bool refuses_at_once = false;

private:
    void ask(std::string question, identity_listener& l)
    {
        asked.push_back(std::move(question));
        if (refuses_at_once)
            return l.on_identity(refusal{internal_code::unknown_uuid, "refused at once"});
        open_.push_back(std::make_unique<lookup>());
        open_.back()->add(l);
    }

    void finish(identity_answer const& who)
    {
        if (open_.empty()) throw std::logic_error{"nothing was asked"};
        auto const oldest = std::move(open_.front());
        open_.pop_front();
        oldest->finish(who);
    }

    std::deque<std::unique_ptr<lookup>> open_;
};

}  // namespace notify::test
