// SPDX-License-Identifier: MIT
#include "cli/command_line.hpp"

#include "base/quoted.hpp"
#include "cli/arguments.hpp"
#include "cli/config_file.hpp"
#include "cli/help_formatter.hpp"
#include "cli/output.hpp"
#include "cli/sentence.hpp"
#include "cli/setting_names.hpp"
#include "cli/suggestion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utility>

namespace notify::cli {

namespace {

// "--max-queue" is set by NOTIFY_MAX_QUEUE.
std::string variable_of(CLI::Option const& option)
{
    std::string name = "NOTIFY_" + option.get_lnames().front();
    for (char& c : name) {
        if (c == '-') c = '_';
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return name;
}

// True for variables that many others set: conda, tcsh and openSUSE set HOST to the name of the
// machine or of its kind, and platforms set PORT for another program. A value that we cannot use
// was not meant for us then. The other older names are meant for us: REDIS_URL with a value that is
// not understood is an error, since to go on with another Redis would be worse.
bool is_everybodys(std::string_view variable) { return variable == "HOST" || variable == "PORT"; }

// Kubernetes and Docker give each container NOTIFY_PORT=tcp://10.0.0.3:3000 if there is a service
// called "notify", and NOTIFY_SHARE_PORT for one called "notify-share". Without this a gateway
// would not start beside a service of its own name. NOTIFY_SERVICE_HOST and the like, which come
// with it, are no setting of ours and are never looked at.
bool is_service_link(std::string_view variable, std::string_view value)
{
    return variable.ends_with("_PORT") &&
           (value.starts_with("tcp://") || value.starts_with("udp://") ||
            value.starts_with("sctp://"));
}

// "a, b" to "a" and "b", without empty parts.
std::vector<std::string> split(std::string const& text)
{
    std::vector<std::string> parts = CLI::detail::split(text, ',');
    for (auto& p : parts) CLI::detail::trim(p);
    std::erase(parts, "");
    return parts;
}

std::string did_you_mean(std::string const& name)
{
    return name.empty() ? "" : fmt::format("; did you mean {}?", name);
}

std::vector<std::string> names_of(std::vector<CLI::App const*> const& commands)
{
    std::vector<std::string> names;
    names.reserve(commands.size());
    for (auto const* c : commands) names.push_back(c->get_name());
    return names;
}

}  // namespace

command_line::command_line(std::string name, std::string purpose,
                           std::initializer_list<std::string_view> examples)
    : name_{std::move(name)}, app_{std::move(purpose), name_}
{
    std::string lines;
    for (auto const e : examples) lines += fmt::format("  {}\n", e);
    app_.formatter(std::make_shared<help_formatter>(std::move(lines)));
    app_.set_help_flag("-h,--help", "Show this and exit");
    app_.set_version_flag("-V,--version", name_ + " " NOTIFY_VERSION, "Show the version and exit");
    setting(app_.add_option("--config", config_file_,
                            "Read settings from a file: name = value, or below the\n"
                            "[name] of one tool what is for that one only")
                ->type_name("FILE"));
}

// --help shows the variables behind the description, on its last line if that has room. The default
// is recorded as text for tell_passed_over(), since parse() overwrites the tool's variable.
CLI::Option* command_line::setting(CLI::Option* option, std::initializer_list<std::string> older,
                                   empty e, comma c)
{
    std::vector<std::string> variables{variable_of(*option)};
    variables.insert(variables.end(), older);
    auto const text = option->get_description();
    auto const shown = fmt::format("[{}]", fmt::join(variables, ", "));
    auto const last_line = text.size() - (text.rfind('\n') + 1);
    bool const fits = help_indent + last_line + 1 + shown.size() <= help_width;
    option->description(text + (fits ? " " : "\n") + shown);
    option->capture_default_str();
    settings_.push_back({option, std::move(variables), e, c});
    return option;
}

// Each step leaves alone what has a value by then. The environment comes before the file, since it
// may also say which file (NOTIFY_CONFIG).
void command_line::parse(int argc, char const* const* argv)
{
    parse_arguments(argc, argv);
    apply_environment();
    if (!config_file_.empty())
        for (auto const& item : read_config_file(config_file_)) apply_item(config_file_, item);
    tell_passed_over();
}

// An option that is no setting can come from the arguments only.
bool command_line::was_typed(CLI::Option const* option) const
{
    auto const found = std::find_if(settings_.begin(), settings_.end(),
                                    [&](entry const& e) { return e.option == option; });
    return option->count() > 0 && (found == settings_.end() || found->typed);
}

failure command_line::misused(std::string const& what) const
{
    return {exit_code::usage, fmt::format("{}; try {} --help", what, name_)};
}

// ---- arguments ----

// --help and --version are flushed here: a full disk or a closed pipe is noticed while it can still
// be told.
void command_line::parse_arguments(int argc, char const* const* argv)
{
    try {
        refuse_unknown_option(argc, argv);
        app_.parse(words_of(argc, argv));
    } catch (CLI::CallForHelp const&) {
        print(app_.help());
        flush_output();
        throw finished{};
    } catch (CLI::CallForVersion const& e) {
        print(fmt::format("{}\n", e.what()));
        flush_output();
        throw finished{};
    } catch (CLI::ExtrasError const&) {
        throw unexpected(app_.remaining(true).front());
    } catch (CLI::ParseError const& e) {
        throw misused(sentence_of(e, app_));
    }
}

// If no option is like it, and the tool takes a message or a command, it was perhaps meant as one
// that begins with a dash: then the error says how to write that.
void command_line::refuse_unknown_option(int argc, char const* const* argv) const
{
    auto const unknown = look_through(app_, argc, argv).unknown;
    if (!unknown) return;
    auto const what = "unknown option " + in_quotes(unknown->text);
    if (!unknown->meant.empty())
        throw failure{exit_code::usage, what + did_you_mean(unknown->meant)};
    auto const positionals = app_.get_options([](auto const* o) { return o->get_positional(); });
    if (positionals.empty()) throw misused(what);
    throw misused(fmt::format("{} (a {} that begins with - comes after --)", what,
                              positionals.front()->get_name(true)));
}

// Returns what to throw for an argument more than the tool takes. If the tool has commands and none
// has been named yet, it was meant as one.
failure command_line::unexpected(std::string const& argument) const
{
    auto const commands = names_of(app_.get_subcommands([](CLI::App const*) { return true; }));
    if (commands.empty() || !app_.get_subcommands().empty())
        return misused("unexpected argument " + in_quotes(argument));
    auto const what = "unknown command " + in_quotes(argument);
    auto const meant = closest(argument, commands);
    if (meant.empty())
        return misused(fmt::format("{}: there are {}", what, fmt::join(commands, ", ")));
    return {exit_code::usage, what + did_you_mean(meant)};
}

// ---- environment ----

// Gives the option its values as if they had been on the command line: CLI11 converts and checks
// them and writes the variable. source says in an error where they come from. After an error the
// option has no value, as if it had not been set.
void command_line::apply(std::string const& source, entry& e,
                         std::vector<std::string> const& values)
{
    try {
        e.typed = false;
        for (auto const& v : values) e.option->add_result(v);
        e.option->run_callback();
    } catch (CLI::ParseError const& error) {
        auto const sentence = sentence_of(error, app_);
        e.option->clear();
        throw failure{exit_code::usage, fmt::format("{}: {}", source, sentence)};
    }
}

// Before the configuration file, and only for what has no value yet: an option that was typed is
// left alone. Of an option's variables the first that is set counts, and the older names are not
// looked at then.
void command_line::apply_environment()
{
    for (auto& e : settings_) {
        if (e.option->count() > 0) continue;
        for (auto const& variable : e.variables)
            if (try_variable(e, variable)) break;
    }
}

// Sets the option by this variable, if that is set and meant for us. Returns true if the option has
// a value now. A variable that is passed over does not set the option, so an older name or the file
// may still do so.
bool command_line::try_variable(entry& e, std::string const& variable)
{
    char const* const value = std::getenv(variable.c_str());
    if (!value || (*value == '\0' && e.when_empty == empty::unset)) return false;
    if (is_service_link(variable, value)) {
        passed_over_.push_back(
            {variable, fmt::format("{} is the link to a service", in_quotes(value)), e.option});
        return false;
    }
    bool const is_list = e.in_value == comma::separates && e.option->get_items_expected_max() > 1;
    try {
        apply(variable, e, is_list ? split(value) : std::vector<std::string>{value});
    } catch (failure const&) {
        if (!is_everybodys(variable)) throw;
        passed_over_.push_back(
            {variable, fmt::format("{} is nothing for {}", in_quotes(value), e.option->get_name()),
             e.option});
    }
    return e.option->count() > 0;
}

// Also says which value is used in its place, so that somebody who did mean the variable sees what
// happened. That is known only when the file has been read, hence the list.
void command_line::tell_passed_over() const
{
    for (auto const& p : passed_over_) {
        auto const& given = p.option->results();
        auto const used = given.empty() ? p.option->get_default_str() : given.back();
        complain(fmt::format("{} is ignored: {}; {} is {}", p.variable, p.why, p.option->get_name(),
                             used.empty() ? "not set" : used));
    }
}

// ---- configuration file ----

// One file serves all four tools. A key without a section is for each tool that has such a setting;
// below [notify-send] it is for that tool alone. A key that no tool knows is an error in all of
// them: a limit with a mistyped name would otherwise not be set, and nobody would notice.
void command_line::apply_item(std::string const& path, CLI::ConfigItem const& item)
{
    if (item.name == "++" || item.name == "--") return;  // CLI11's marks of a section's ends
    auto const& tools = tool_names();
    auto const& names = setting_names();
    bool const in_section = !item.parents.empty();
    if (in_section && item.parents.front() != name_ &&
        std::find(tools.begin(), tools.end(), item.parents.front()) != tools.end())
        return;  // another tool's
    bool const ours = !in_section || (item.parents.size() == 1 && item.parents.front() == name_);
    auto* const found = ours ? find_setting(item.name) : nullptr;
    if (!found && !in_section && std::find(names.begin(), names.end(), item.name) != names.end())
        return;  // another tool's
    if (!found)
        throw failure{exit_code::usage,
                      fmt::format("the configuration file {} has an unknown key {}{}",
                                  in_quotes(path), in_quotes(item.fullname()),
                                  did_you_mean(meant_by(item)))};
    if (found->option->count() > 0) return;  // a flag or the environment came first
    apply(fmt::format("configuration file {}, {}", in_quotes(path), item.name), *found,
          item.inputs);
}

// Returns the key, or the section, that an unknown one is probably a slip for; or "".
std::string command_line::meant_by(CLI::ConfigItem const& item) const
{
    if (item.parents.empty()) return closest(item.name, setting_names());
    if (item.parents.front() != name_) return closest(item.parents.front(), tool_names());
    std::vector<std::string> own;
    for (auto const& e : settings_) own.push_back(e.option->get_lnames().front());
    return closest(item.name, own);
}

// A file cannot name another file: `config` is no key.
command_line::entry* command_line::find_setting(std::string_view name)
{
    for (auto& e : settings_)
        if (e.option->get_lnames().front() == name && name != "config") return &e;
    return nullptr;
}

}  // namespace notify::cli
