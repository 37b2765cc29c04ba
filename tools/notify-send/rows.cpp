// SPDX-License-Identifier: MIT
#include "rows.hpp"

#include "base/byte_order_mark.hpp"
#include "base/json.hpp"
#include "base/quoted.hpp"
#include "base/utf8.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <optional>
#include <unordered_set>
#include <utility>

namespace notify {

namespace {

// Bytes of a line besides the message: the user id, and the JSON around both.
constexpr std::size_t max_besides = 4096;

// Reads lines of limited length, with their numbers. Empty lines are skipped, but numbered too.
class lines {
public:
    lines(std::istream& in, std::size_t longest) : in_{in}, longest_{longest} {}

    // Returns false at the end and after an error, which fault() then holds.
    bool next()
    {
        while (fault_.empty()) {
            text_.clear();
            bool ended = false;
            for (int c; (c = in_.rdbuf()->sbumpc()) != std::istream::traits_type::eof();) {
                if (c == '\n') {
                    ended = true;
                    break;
                }
                text_ += static_cast<char>(c);
                if (text_.size() > longest_) return fail("the line is too long");
            }
            if (!ended && text_.empty()) return false;
            if (number_ == 0 && !take_mark()) return false;
            ++number_;
            if (total_ += text_.size(); total_ > max_input)
                return fail("the input has more than 1 GiB; send it in parts");
            if (!text_.empty() && text_.back() == '\r') text_.pop_back();
            if (text_.find_first_not_of(" \t") != text_.npos) return true;
        }
        return false;
    }

    [[nodiscard]] std::string const& text() const { return text_; }
    [[nodiscard]] std::size_t number() const { return number_; }
    [[nodiscard]] std::string const& fault() const { return fault_; }

private:
    bool fail(std::string why)
    {
        fault_ = std::move(why);
        return false;
    }

    bool take_mark()
    {
        auto const bare = without_byte_order_mark(text_);
        if (!bare) return fail(bare.error().message);
        text_.erase(0, text_.size() - bare->size());
        return true;
    }

    std::istream& in_;
    std::size_t const longest_;
    std::string text_;
    std::string fault_;
    std::size_t number_ = 0;
    std::size_t total_ = 0;
};

// The text to send for a row's "message".
result<std::string> message_of(json const& value, message_rules const& rules)
{
    std::string text;
    if (rules.must_be_json)
        text = to_text(value);
    else if (value.is_string())
        text = value.get_ref<std::string const&>();
    else
        return error{"the message is not text (--json-body sends it as JSON)"};
    if (auto const ok = check_message(text, rules); !ok) return ok.error();
    return {boost::system::in_place_value, std::move(text)};
}

result<row> parse_row(std::string_view line, std::size_t number, message_rules const& rules)
{
    auto const parsed = parse_json(line, equal_keys::refused);
    if (!parsed) return parsed.error();
    if (!parsed->is_object()) return error{"not a JSON object"};
    for (auto const& [key, value] : parsed->items())
        if (key != "user" && key != "message")
            return error{fmt::format("unknown key {}", in_quotes(key))};
    auto const user = parsed->find("user");
    auto const message = parsed->find("message");
    if (user == parsed->end()) return error{"the user is missing"};
    if (message == parsed->end()) return error{"the message is missing"};
    auto id = user_id_of(*user);
    if (!id) return id.error();
    auto text = message_of(*message, rules);
    if (!text) return text.error();
    return row{number, std::move(*id), std::make_shared<std::string const>(std::move(*text))};
}

}  // namespace

result<void> check_message(std::string_view text, message_rules const& rules)
{
    if (text.size() > rules.max_bytes)
        return error{
            fmt::format("the message has more than {} bytes (--max-message)", rules.max_bytes)};
    if (!is_utf8(text)) return error{"the message is not UTF-8"};
    if (text.starts_with('\x1e'))
        return error{"the message begins with the control character 0x1E, the mark of a stored "
                     "notification"};
    if (!rules.must_be_json) return {};
    if (auto const value = parse_json(text); !value)
        return error{fmt::format("the message is {}", value.error().message)};
    return {};
}

void faulty_rows::add(std::string_view where, std::size_t number, std::string_view why)
{
    if (++count <= told_in_words)
        complaints.push_back(fmt::format("{}row {}: {}", where, number, why));
}

std::vector<row> read_users(std::istream& in, std::string_view name,
                            std::shared_ptr<std::string const> const& message, faulty_rows& faults)
{
    auto const where = fmt::format("{}, ", in_quotes(name));
    std::vector<row> rows;
    lines all{in, max_besides};
    while (all.next()) {
        if (auto user = parse_user_id(all.text()))
            rows.push_back({all.number(), std::move(*user), message});
        else
            faults.add(where, all.number(), user.error().message);
    }
    if (!all.fault().empty()) faults.add(where, all.number() + 1, all.fault());
    return rows;
}

kept_rows read_ndjson(std::istream& in, message_rules const& rules, faulty_rows& faults)
{
    kept_rows kept;
    lines all{in, 6 * rules.max_bytes + max_besides};  // JSON may escape a byte as \u00XX
    while (all.next()) {
        auto r = parse_row(all.text(), all.number(), rules);
        if (!r)
            faults.add("", all.number(), r.error().message);
        else if (rules.skip_empty && r->message->empty())
            ++kept.skipped;
        else
            kept.rows.push_back(std::move(*r));
    }
    if (!all.fault().empty()) faults.add("", all.number() + 1, all.fault());
    return kept;
}

void drop_repeated(std::vector<row>& rows)
{
    std::unordered_set<std::string> seen;
    std::erase_if(rows, [&](row const& r) { return !seen.insert(r.user.text()).second; });
}

}  // namespace notify
