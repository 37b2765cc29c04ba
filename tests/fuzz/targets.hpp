// SPDX-License-Identifier: MIT
//
// What is fuzzed: one function for each parser, and one for a whole session. Each
// takes any bytes, gives them to its parser, and checks what must hold whatever
// they are. In the fuzz build libFuzzer makes the bytes up (fuzzer.cpp); in all
// others the corpora are replayed (corpus_test.cpp).
#pragma once

#include <span>
#include <string_view>

namespace notify::fuzz {

struct target {
    std::string_view name;  // of its corpus and dictionary too
    void (*run)(std::string_view bytes);
};

[[nodiscard]] std::span<target const> targets();

// Throws std::logic_error, with what was expected, unless it holds.
void must(bool holds, char const* expected);

void engine_packet(std::string_view bytes);
void engine_payload(std::string_view bytes);
void engine_query(std::string_view bytes);
void socket_packet(std::string_view bytes);
void websocket_frame(std::string_view bytes);
void jsonp(std::string_view bytes);
void resp(std::string_view bytes);
void request_head(std::string_view bytes);
void host(std::string_view bytes);
void cookie(std::string_view bytes);
void recovery(std::string_view bytes);
void stream_request(std::string_view bytes);
void uuid_cookie(std::string_view bytes);
void web_app_answer(std::string_view bytes);
void client_session(std::string_view bytes);
void session_script(std::string_view bytes);

}  // namespace notify::fuzz
