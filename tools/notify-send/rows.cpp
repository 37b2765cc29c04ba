// SPDX-License-Identifier: MIT
#include "rows.hpp"

#include "base/byte_order_mark.hpp"
#include "base/json.hpp"
#include "base/quoted.hpp"
#include "base/utf8.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_set>
#include <utility>

namespace notify {

namespace {

// Bytes of a line besides the message: the user id, and the JSON around both.
constexpr std::size_t max_besides = 4096;

// What may stand around a message, and its escapes. A gateway allows twice as much.
constexpr std::size_t max_around = 512;

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

bool is_field(std::string_view name)
{
    static constexpr std::array fields{"title", "level", "link", "event",
                                       "key",   "data",  "ttl",  "id"};
    return std::find(fields.begin(), fields.end(), name) != fields.end();
}

// The message of a row.
result<std::string> message_of(json const& value, message_rules const& rules)
{
    if (rules.must_be_json) return {boost::system::in_place_value, to_text(value)};
    if (value.is_string())
        return {boost::system::in_place_value, value.get_ref<std::string const&>()};
    return error{"the message is not text (--json-body sends it as JSON)"};
}

result<void> take_text(json const& value, std::string_view name, std::optional<std::string>& text)
{
    if (!value.is_string()) return error{fmt::format("the {} is not text", name)};
    text = value.get_ref<std::string const&>();
    return {};
}

// Takes one field of a row besides user and message.
result<void> take_field(row& r, notification_draft& draft, std::string const& name,
                        json const& value)
{
    if (name == "title") return take_text(value, name, draft.title);
    if (name == "level") return take_text(value, name, draft.level);
    if (name == "link") return take_text(value, name, draft.link);
    if (name == "event") return take_text(value, name, draft.event);
    if (name == "key") return take_text(value, name, draft.key);
    if (name == "data") {
        draft.data = to_text(value);
        return {};
    }
    if (name == "ttl") {
        if (!value.is_number_integer()) return error{"the ttl is not a whole number of seconds"};
        draft.ttl = value.get<std::int64_t>();
        return {};
    }
    if (name != "id") return error{fmt::format("unknown key {}", in_quotes(name))};
    std::optional<std::string> id;
    if (auto const ok = take_text(value, name, id); !ok) return ok.error();
    r.what.id = *id;
    return check_id(r.what.id);
}

result<row> parse_row(std::string_view line, std::size_t number, message_rules const& rules,
                      notification_draft draft)
{
    auto const parsed = parse_json(line, equal_keys::refused);
    if (!parsed) return parsed.error();
    if (!parsed->is_object()) return error{"not a JSON object"};
    auto const user = parsed->find("user");
    auto const message = parsed->find("message");
    if (user == parsed->end()) return error{"the user is missing"};
    if (message == parsed->end()) return error{"the message is missing"};
    auto id = user_id_of(*user);
    if (!id) return id.error();
    row r{number, std::move(*id), {}};
    for (auto const& [key, value] : parsed->items()) {
        if (key == "user" || key == "message") continue;
        if (rules.live && is_field(key))
            return error{fmt::format("the {} is for what is stored: leave it or --live out", key)};
        if (auto const ok = take_field(r, draft, key, value); !ok) return ok.error();
    }
    auto body = message_of(*message, rules);
    if (!body) return body.error();
    draft.message = std::move(*body);
    r.what.bytes = draft.message.size();
    auto text = text_of(draft, rules);
    if (!text) return text.error();
    r.what.text = std::make_shared<std::string const>(std::move(*text));
    return r;
}

}  // namespace

result<void> check_message(std::string_view text, message_rules const& rules)
{
    if (text.size() > rules.max_bytes)
        return error{
            fmt::format("the message has more than {} bytes (--max-message)", rules.max_bytes)};
    if (!is_utf8(text)) return error{"the message is not UTF-8"};
    if (rules.live && text.starts_with('\x1e'))
        return error{"the message begins with the control character 0x1E, the mark of a stored "
                     "notification"};
    if (!rules.must_be_json) return {};
    if (auto const value = parse_json(text); !value)
        return error{fmt::format("the message is {}", value.error().message)};
    return {};
}

result<void> check_id(std::string_view id)
{
    if (!id.empty() && id.size() <= 255) return {};
    return error{fmt::format("the id has {} bytes: give 1 to 255", id.size())};
}

result<std::string> text_of(notification_draft const& draft, message_rules const& rules)
{
    if (auto const ok = check_message(draft.message, rules); !ok) return ok.error();
    if (rules.live) return {boost::system::in_place_value, draft.message};
    if (auto const ok = check_fields(draft); !ok) return ok.error();
    auto text = to_json(draft);
    if (text.size() > rules.max_bytes + max_around)
        return error{fmt::format("the notification has {} bytes as JSON, more than {} "
                                 "(--max-message)",
                                 text.size(), rules.max_bytes + max_around)};
    return {boost::system::in_place_value, std::move(text)};
}

void faulty_rows::add(std::string_view where, std::size_t number, std::string_view why)
{
    if (++count <= told_in_words)
        complaints.push_back(fmt::format("{}row {}: {}", where, number, why));
}

std::vector<row> read_users(std::istream& in, std::string_view name, payload const& what,
                            faulty_rows& faults)
{
    auto const where = fmt::format("{}, ", in_quotes(name));
    std::vector<row> rows;
    lines all{in, max_besides};
    while (all.next()) {
        if (auto user = parse_user_id(all.text()))
            rows.push_back({all.number(), std::move(*user), what});
        else
            faults.add(where, all.number(), user.error().message);
    }
    if (!all.fault().empty()) faults.add(where, all.number() + 1, all.fault());
    return rows;
}

kept_rows read_ndjson(std::istream& in, message_rules const& rules,
                      notification_draft const& common, faulty_rows& faults)
{
    kept_rows kept;
    lines all{in, 6 * rules.max_bytes + max_besides};  // JSON may escape a byte as \u00XX
    while (all.next()) {
        auto r = parse_row(all.text(), all.number(), rules, common);
        if (!r)
            faults.add("", all.number(), r.error().message);
        else if (rules.skip_empty && r->what.bytes == 0)
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
