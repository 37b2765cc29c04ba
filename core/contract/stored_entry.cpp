// SPDX-License-Identifier: MIT
#include "contract/stored_entry.hpp"

#include "base/json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace notify {

namespace {

using entry_type = stored_entry::type;

constexpr std::string_view type_is_read = R"(,"type":"read",)";
constexpr std::size_t max_receipt_channel = 256;
constexpr std::uint64_t max_ttl = 3'200'000'000;  // in seconds, a hundred years

bool take(std::string_view& text, std::string_view what)
{
    if (!text.starts_with(what)) return false;
    text.remove_prefix(what.size());
    return true;
}

// Takes what stands before the next such character, and the character. Nothing if there is none, or
// if it has to be unescaped.
std::optional<std::string_view> take_until(std::string_view& text, char end)
{
    std::size_t const size = text.find(end);
    if (size == text.npos) return std::nullopt;
    auto const taken = text.substr(0, size);
    bool const is_plain = std::all_of(taken.begin(), taken.end(),
                                      [](char c) { return c > ' ' && c < 0x7f && c != '\\'; });
    if (!is_plain) return std::nullopt;
    text.remove_prefix(size + 1);
    return taken;
}

// A member of an entry that is there has this type.
bool is_string_if_there(json const& object, char const* name)
{
    auto const found = object.find(name);
    return found == object.end() || found->is_string();
}

bool has_members_of_notification(json const& object)
{
    auto const message = object.find("message");
    auto const ttl = object.find("ttl");
    return message != object.end() && message->is_string() &&
           (ttl == object.end() || ttl->is_number_unsigned()) &&
           is_string_if_there(object, "title") && is_string_if_there(object, "level") &&
           is_string_if_there(object, "link") && is_string_if_there(object, "event") &&
           is_string_if_there(object, "key");
}

bool has_members_of_mark(json const& object)
{
    auto const ids = object.find("ids");
    if (ids == object.end()) return object.contains("upto") && object["upto"].is_string();
    return ids->is_array() &&
           std::all_of(ids->begin(), ids->end(), [](json const& id) { return id.is_string(); });
}

bool has_members_of(entry_type what, json const& object)
{
    return what == entry_type::read ? has_members_of_mark(object)
                                    : has_members_of_notification(object);
}

// The scripts write `unread` first, and the type of a mark next. Of a member that is there twice
// the parser takes the last one, so that it differs from the first, or is the same.
bool begins_as_entry(std::string_view fields, json const& object)
{
    auto const unread = object.find("unread");
    if (unread == object.end() || !unread->is_number_unsigned()) return false;
    auto const first = fmt::format(R"("unread":{})", unread->get<std::uint64_t>());
    if (!take(fields, first)) return false;
    auto const type = object.find("type");
    return type == object.end() || (*type == "read" && fields.starts_with(type_is_read));
}

// Takes a count as JSON writes it.
bool take_count(std::string_view& text)
{
    constexpr std::size_t most = 18;  // digits that surely fit
    std::size_t const size = std::min(text.find_first_not_of("0123456789"), text.size());
    if (size == 0 || size > most || (text.starts_with('0') && size > 1)) return false;
    text.remove_prefix(size);
    return true;
}

// Takes a text in quotes that needs no escape.
std::optional<std::string_view> take_plain_text(std::string_view& text)
{
    if (!take(text, "\"")) return std::nullopt;
    auto const content = text.substr(0, text.find('"'));
    if (content.size() == text.size()) return std::nullopt;
    std::string escaped;
    if (json_string_content(content, escaped).data() != content.data()) return std::nullopt;
    text.remove_prefix(content.size() + 1);
    return content;
}

// Reads an entry that has no members but texts, none of which needs an escape, and says whether it
// is one. Most are, and a parser would take five times as long as all the rest of a delivery.
bool read_plain(stored_entry& e)
{
    std::string_view rest = e.fields;
    std::string_view key;
    bool has_message = false;
    if (!take(rest, R"("unread":)") || !take_count(rest)) return false;
    while (take(rest, ",")) {
        auto const name = take_plain_text(rest);
        if (!name || !take(rest, ":")) return false;
        auto const value = take_plain_text(rest);
        if (!value) return false;
        if (*name == "message")
            has_message = true;
        else if (*name == "key")
            key = *value;
        else if (*name != "title" && *name != "level" && *name != "link" && *name != "event")
            return false;
    }
    if (!has_message || rest != "}") return false;
    e.what = entry_type::notification;
    e.key = key;
    return true;
}

// Reads object, which has the fields, and says what the entry is.
void read_object(stored_entry& e, json const& object)
{
    if (!begins_as_entry(e.fields, object)) return;
    auto const what = object.contains("type") ? entry_type::read : entry_type::notification;
    if (!has_members_of(what, object)) return;
    e.what = what;
    if (auto const key = object.find("key"); key != object.end()) e.key = key->get<std::string>();
    auto const ttl = object.find("ttl");
    if (ttl == object.end()) return;
    e.expires = e.where.at + std::min(ttl->get<std::uint64_t>(), max_ttl) * 1'000'000;
}

stored_entry entry_at(position const& where, std::string_view fields)
{
    stored_entry e;
    e.where = where;
    e.fields = fields;
    e.what = entry_type::unreadable;
    return e;
}

// Takes `"reply":"…","ask":"…",` if it is there.
std::optional<receipt_request> take_receipt(std::string_view& text)
{
    receipt_request asked;
    if (!take(text, R"("reply":")")) return asked;
    auto const channel = take_until(text, '"');
    if (!channel || channel->size() > max_receipt_channel) return std::nullopt;
    if (!take(text, R"(,"ask":")")) return std::nullopt;
    auto const of = take_until(text, '"');
    if (!of || !take(text, ",")) return std::nullopt;
    return receipt_request{*channel, *of};
}

// Takes `"id":"…","at":…,`.
std::optional<position> take_position(std::string_view& text)
{
    if (!take(text, R"("id":")")) return std::nullopt;
    auto const id = take_until(text, '"');
    if (!id || !take(text, R"(,"at":)")) return std::nullopt;
    auto const at = take_until(text, ',');
    return at ? parse_position(*id, *at) : std::nullopt;
}

}  // namespace

std::optional<published_entry> parse_published(std::string_view text)
{
    std::string_view rest = text;
    if (!take(rest, "{")) return std::nullopt;
    auto const receipt = take_receipt(rest);
    auto const where = receipt ? take_position(rest) : std::nullopt;
    if (!where) return std::nullopt;
    published_entry p{entry_at(*where, rest), *receipt};
    if (read_plain(p.entry)) return p;
    auto object = parse_json(text);
    if (!object || !object->is_object()) return p;
    json_scope const scope{*object};
    bool const is_where = (*object)["id"] == id_of(*where) && (*object)["at"] == where->at;
    if (is_where) read_object(p.entry, *object);
    return p;
}

std::optional<stored_entry> parse_element(std::string_view element, std::size_t max_bytes)
{
    std::size_t const space = std::min(element.find(' '), element.size());
    auto const where = parse_position(element.substr(0, space));
    if (!where) return std::nullopt;
    std::string_view text = element.substr(std::min(space + 1, element.size()));
    stored_entry e = entry_at(*where, text.substr(text.starts_with('{') ? 1 : 0));
    if (element.size() > max_bytes) {
        e.what = entry_type::too_large;
        return e;
    }
    if (text.starts_with('{') && read_plain(e)) return e;
    auto object = parse_json(text);
    if (!object || !object->is_object()) return e;
    json_scope const scope{*object};
    if (!object->contains("id") && !object->contains("at")) read_object(e, *object);
    return e;
}

void mark_replaced(std::span<stored_entry> entries)
{
    std::set<std::string_view> later;
    for (std::size_t i = entries.size(); i-- > 0;) {
        stored_entry& e = entries[i];
        if (e.what != entry_type::notification || e.key.empty()) continue;
        if (!later.insert(e.key).second) e.what = entry_type::replaced;
    }
}

std::string object_of(stored_entry const& e)
{
    return fmt::format(R"({{"id":"{}-{}","at":{},{})", e.where.epoch, e.where.number, e.where.at,
                       e.fields);
}

}  // namespace notify
