// SPDX-License-Identifier: MIT
//
// A whole session, its client, its application and the clock, driven by the bytes
// of a script. Whatever happens, in whichever order: what the application sends
// arrives in order, each once; all of it, if the session lasts; every socket that
// joined leaves; and the queue keeps to its limit.
#include "base/json.hpp"
#include "base/utf8.hpp"
#include "fuzz/targets.hpp"
#include "socketio/connection.hpp"
#include "socketio/namespace_handler.hpp"
#include "socketio/offered_namespaces.hpp"
#include "socketio/socket.hpp"
#include "support/memory_polling.hpp"
#include "support/memory_shard.hpp"
#include "support/memory_websocket.hpp"

#include <nlohmann/json.hpp>

#include <charconv>
#include <limits>
#include <string>

namespace notify::fuzz {

namespace {

using test::memory_polling;
using test::memory_websocket;

constexpr std::string_view number_event = R"(42["n",)";

eio::engine_options options_of_fuzz()
{
    eio::engine_options o;
    o.max_queue = 500;
    o.max_payload = 10'000;
    return o;
}

// An application that does what its clients' events ask for, from within them.
class application final : public sio::namespace_handler {
public:
    sio::socket* member = nullptr;
    int joined = 0;
    int left = 0;

    void on_connect(sio::socket& s, json const&) override
    {
        must(!member, "a namespace is joined once");
        member = &s;
        ++joined;
    }

    void on_event(sio::socket& s, sio::event e) override
    {
        must(member == &s, "only who has joined speaks");
        if (e.ack) s.acknowledge(*e.ack, json::array({e.data}));
        if (e.name() == "bye") return s.disconnect();
        if (e.name() == "close") return s.session().close(eio::close_reason::shutdown);
        if (e.name() == "soon") s.session().close_soon(eio::close_reason::unsubscribed);
    }

    void on_disconnect(sio::socket& s, eio::close_reason) override
    {
        must(member == &s, "who leaves had joined");
        member = nullptr;
        ++left;
        s.emit(json::array({"too late"}));
    }
};

// What the client has heard: the numbers that the application sent, in order.
class ear {
public:
    [[nodiscard]] int next() const { return next_; }

    void hear(std::string_view packet)
    {
        if (!packet.starts_with(number_event)) return;
        int n = -1;
        auto const digits = packet.substr(number_event.size());
        std::from_chars(digits.data(), digits.data() + digits.size(), n);
        must(n == next_, "what is sent arrives in order, each once");
        ++next_;
    }

private:
    int next_ = 0;
};

class play {
public:
    explicit play(std::string_view script) : script_{script}
    {
        int const choice = byte();
        dialect_.version = (choice & 1) != 0 ? 3 : 4;
        dialect_.base64 = dialect_.is_v3();  // or its polling would change its form with binary
        namespaces_.offer("/", main_);
        namespaces_.offer("/chat", chat_);
        if ((choice & 2) != 0)
            session_ = shard_.open(websocket_ = new memory_websocket, namespaces_, dialect_);
        else
            session_ = shard_.open(polling_, namespaces_, dialect_);
    }

    void run()
    {
        for (int steps = 0; !script_.empty() && steps < 1000; ++steps) {
            step(byte());
            listen();
            auto const& queue = session_->queue();
            must(queue.memory() <= options_.max_queue || queue.frames().size() == 1,
                 "the queue keeps to its limit");
        }
        finish();
    }

private:
    int byte()
    {
        if (script_.empty()) return 0;
        auto const b = static_cast<unsigned char>(script_[0]);
        script_.remove_prefix(1);
        return b;
    }

    std::string_view text()
    {
        auto const size = static_cast<std::size_t>(byte());
        auto const taken = script_.substr(0, size);
        script_.remove_prefix(taken.size());
        return taken;
    }

    void step(int what)
    {
        switch (what % 18) {
        case 0: return say(text());
        case 1: return say_binary(text());
        case 2: return say("40");
        case 3: return say("40/chat,{}");
        case 4: return emit_number();
        case 5: return emit_and_ask();
        case 6: return emit_binary(text());
        case 7: return get();
        case 8: return begin_upgrade();
        case 9: return probe("2probe");
        case 10: return probe("5");
        case 11: return probe(text());
        case 12: return shard_.pass(milliseconds{200 * byte()});
        case 13: return shard_.end_turn();
        case 14: return make_room(static_cast<std::size_t>(byte()));
        case 15: return hang_up(byte());
        case 16: return say(dialect_.is_v3() ? "2" : "3");
        case 17: return leave(byte());
        }
    }

    // --- the client ---

    [[nodiscard]] bool polls() const { return !websocket_; }

    void say(std::string_view packet)
    {
        if (!polls()) {
            if (is_utf8(packet)) websocket_->say(packet);  // as its frames assure
            return;
        }
        std::string body;
        if (dialect_.is_v3()) body = std::to_string(packet.size()) + ":";
        polling_->post(body += packet);
    }

    void say_binary(std::string_view bytes)
    {
        if (!polls()) websocket_->say_binary(bytes);
    }

    void get()
    {
        if (polls() && !polling_->waiting()) polling_->get();
    }

    void begin_upgrade()
    {
        boost::intrusive_ptr<memory_websocket> const wire{new memory_websocket};
        session_->on_request();
        if (!session_->try_upgrade(wire)) return;
        candidate_ = wire;
        candidate_->carry(*session_);
    }

    void probe(std::string_view packet)
    {
        if (!candidate_) return;
        if (is_utf8(packet)) candidate_->say(packet);
        if (session_->open() && session_->carried_by(*candidate_))
            websocket_ = std::move(candidate_);
    }

    void make_room(std::size_t bytes)
    {
        if (!websocket_) return;
        websocket_->room = bytes;
        websocket_->flush();
    }

    void hang_up(int which)
    {
        if (which % 3 == 0 && candidate_) return candidate_->hang_up();
        if (which % 3 == 1 && websocket_) websocket_->broken = true;
        if (which % 3 == 2) polls() ? polling_->hang_up() : websocket_->hang_up();
    }

    void listen()
    {
        if (auto const body = polling_->body()) {
            auto const form =
                dialect_.is_v3() ? eio::payload_form::counted : eio::payload_form::separated;
            for (eio::payload_reader reader{*body, form}; !reader.done();) {
                auto const p = reader.next();
                must(p.has_value(), "an answer can be read");
                if (p->type == eio::packet_type::message && !p->is_binary)
                    ear_.hear("4" + std::string{p->data});
            }
        }
        for (auto const& wire : {websocket_, candidate_})
            if (wire)
                for (auto const& packet : wire->heard()) ear_.hear(packet);
    }

    // --- the application ---

    void emit_number()
    {
        if (!main_.member || !session_->open()) return;
        main_.member->emit(json::array({"n", emitted_++}));
    }

    void emit_and_ask()
    {
        if (main_.member)
            main_.member->emit(json::array({"question"}), [this](json const& args) {
                must(args.is_array(), "an answer is a list");
                emit_number();
            });
    }

    void emit_binary(std::string_view bytes)
    {
        if (!chat_.member) return;
        std::vector<std::uint8_t> const value{bytes.begin(), bytes.end()};
        chat_.member->emit(json::array({"file", json::binary(value)}));
    }

    void leave(int how)
    {
        if (how % 4 == 0 && main_.member) main_.member->disconnect();
        if (how % 4 == 1 && chat_.member) chat_.member->disconnect();
        if (how % 4 == 2) session_->close_soon(eio::close_reason::unsubscribed);
        if (how % 4 == 3) session_->close(eio::close_reason::shutdown);
    }

    // --- the end ---

    // A client that takes all there is gets all there was, if its session lasts.
    void finish()
    {
        make_room(std::numeric_limits<std::size_t>::max());
        shard_.end_turn();
        for (int i = 0; i < 3; ++i) {
            get();
            shard_.end_turn();
            listen();
        }
        if (session_->open()) must(ear_.next() == emitted_, "all that was sent arrives");
        session_->close(eio::close_reason::shutdown);
        shard_.end_turn();
        listen();
        must(session_->ended() && shard_.context.sessions.size() == 0, "a session ends");
        for (auto const* place : {&main_, &chat_})
            must(place->joined == place->left && !place->member, "who joined has left");
    }

    std::string_view script_;
    eio::engine_options const options_ = options_of_fuzz();
    eio::dialect dialect_;
    application main_;
    application chat_;
    sio::offered_namespaces namespaces_;
    test::memory_shard shard_{options_};
    boost::intrusive_ptr<memory_polling> polling_{new memory_polling};
    boost::intrusive_ptr<memory_websocket> websocket_;  // carries the session
    boost::intrusive_ptr<memory_websocket> candidate_;  // wants to
    test::session_ptr session_;
    ear ear_;
    int emitted_ = 0;
};

}  // namespace

void session_script(std::string_view bytes) { play{bytes}.run(); }

}  // namespace notify::fuzz
