#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <sstream>
#include <string_view>

#include "text_files.h"

namespace framespec::manual {
namespace {

// As it is, whatever of it means something to roff; a dash and a quote as a shell takes them.
std::string roff_text(std::string_view text) {
  std::string out;
  constexpr std::string_view kEllipsis = "…";  // a terminal of bare ASCII has none
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text.substr(at).starts_with(kEllipsis)) {
      out += "...";
      at += kEllipsis.size() - 1;
      continue;
    }
    const char c = text[at];
    switch (c) {
      case '\\':
        out += "\\e";
        break;
      case '-':
        out += "\\-";
        break;
      case '\'':
        out += "\\(aq";
        break;
      case '`':
        out += "\\(ga";
        break;
      case '^':
        out += "\\(ha";
        break;
      case '~':
        out += "\\(ti";
        break;
      case '"':
        out += "\\(dq";
        break;
      default:
        out += c;
    }
  }
  // At the begin of a line a dot is a request.
  return out.starts_with('.') ? "\\&" + out : out;
}

std::string in_capitals(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char letter) {
    return static_cast<char>(std::toupper(letter));
  });
  return text;
}

std::vector<std::vector<std::string>> paragraphs_of(const std::string& text) {
  std::vector<std::vector<std::string>> paragraphs(1);
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty()) {
      paragraphs.back().push_back(line);
    } else if (!paragraphs.back().empty()) {
      paragraphs.emplace_back();
    }
  }
  if (paragraphs.back().empty()) paragraphs.pop_back();
  return paragraphs;
}

bool is_indented(const std::string& line) { return line.starts_with(' '); }

// What is indented keeps its lines.
std::string paragraph(const std::vector<std::string>& lines) {
  std::string out;
  bool is_kept = false;
  for (const std::string& line : lines) {
    if (is_indented(line) && !is_kept) out += ".nf\n";
    if (!is_indented(line) && is_kept) out += ".fi\n";
    is_kept = is_indented(line);
    out += roff_text(line) + "\n";
  }
  return out + (is_kept ? ".fi\n" : "");
}

// Those of a description or footer, those behind the first set off; what begins with "Examples:"
// or "Exit codes:" is a section of its own, if there may be any.
struct Sections {
  std::string text;
  std::string examples;
  std::string exit_status;
};

Sections sections_of(const std::string& text) {
  Sections sections;
  for (const std::vector<std::string>& lines : paragraphs_of(text)) {
    std::vector<std::string> rest = lines;
    std::string* section = &sections.text;
    if (lines.front() == "Examples:") {
      section = &sections.examples;
      rest.erase(rest.begin());
    } else if (lines.front().starts_with("Exit codes:")) {
      section = &sections.exit_status;
      rest.front().erase(0, std::string_view("Exit codes: ").size());
      if (rest.front().empty()) rest.erase(rest.begin());
    }
    if (!section->empty()) *section += ".PP\n";
    *section += paragraph(rest);
  }
  return sections;
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
  return fmt::format("{}", fmt::join(parts, separator));
}

// A positional is shown in capitals.
std::string others(std::vector<std::string> names) {
  for (std::string& name : names) {
    if (!name.starts_with('-')) name = in_capitals(name);
  }
  return joined(names, ", ");
}

std::string option_text(const Option& option) {
  std::string text = option.text;
  const auto add = [&](const std::string& sentence) {
    if (!text.empty() && !text.ends_with('.')) text += '.';
    text += (text.empty() ? "" : " ") + sentence + ".";
  };
  if (!option.values.words.empty() && !option.values.files &&
      option.value.find('|') == std::string::npos && option.values.words.size() < 10) {
    add("One of " + joined(option.values.words, ", "));
  }
  if (option.is_required) add("Required");
  if (!option.needs.empty()) add("Only with " + others(option.needs));
  if (!option.excludes.empty()) add("Not with " + others(option.excludes));
  if (!option.standard.empty()) add("Default: " + option.standard);
  return text;
}

std::string option_entry(const Option& option) {
  std::vector<std::string> names;
  names.reserve(option.names.size());
  for (const std::string& name : option.names) names.push_back("\\fB" + roff_text(name) + "\\fR");
  const bool is_positional = !option.names.front().starts_with('-');
  std::string head = joined(names, ", ");
  if (is_positional) head = "\\fI" + roff_text(in_capitals(option.names.front())) + "\\fR";
  if (!is_positional && !option.value.empty()) head += " \\fI" + roff_text(option.value) + "\\fR";
  return ".TP\n" + head + "\n" + roff_text(option_text(option)) + "\n";
}

std::string entries(const Command& command) {
  std::string out;
  for (const Option& option : command.positionals) out += option_entry(option);
  for (const Option& option : command.options) out += option_entry(option);
  return out;
}

std::string placeholders(const std::vector<Option>& positionals) {
  std::string line;
  for (const Option& option : positionals) {
    const std::string name =
        roff_text(in_capitals(option.names.front())) + (option.is_repeated ? "..." : "");
    line += option.is_required ? " \\fI" + name + "\\fR" : " [\\fI" + name + "\\fR]";
  }
  return line;
}

// Of the program itself, or of one of its commands, whose options stand behind it.
std::string synopsis(const Program& program, const Command* command) {
  std::string line = "\\fB" + roff_text(program.name) + "\\fR";
  const Command& whose = command == nullptr ? program : *command;
  if (command != nullptr) {
    line += placeholders(program.positionals) + " \\fB" + roff_text(command->name) + "\\fR";
  }
  return line + " [\\fIOPTIONS\\fR]" + placeholders(whose.positionals) + "\n";
}

// The first line, for whatis(1).
std::string summary_of(const Program& program) {
  std::string line = program.text.substr(0, program.text.find('\n'));
  if (line.starts_with(program.name + ": ")) line.erase(0, program.name.size() + 2);
  if (line.ends_with('.')) line.pop_back();
  return line;
}

}  // namespace

std::string man_page(const Program& program) {
  const Sections description = sections_of(program.text);
  const Sections footer = sections_of(program.footer);
  std::string page = ".\\\" Made from the command line of the program.\n";
  page += fmt::format(".TH {} 1 \"\" \"framespec {}\" \"User Commands\"\n.nh\n.ad l\n",
                      roff_text(in_capitals(program.name)), program.version);
  page +=
      fmt::format(".SH NAME\n{} \\- {}\n", roff_text(program.name), roff_text(summary_of(program)));
  page += ".SH SYNOPSIS\n" + synopsis(program, nullptr);
  if (!program.commands.empty()) page += "\\fICOMMAND\\fR ...\n";
  page += ".SH DESCRIPTION\n" + description.text;
  if (!footer.text.empty()) page += ".PP\n" + footer.text;
  page += ".SH OPTIONS\n" + entries(program);
  if (!program.commands.empty()) page += ".SH COMMANDS\n";
  std::string exit_status =
      footer.exit_status.empty() ? description.exit_status : footer.exit_status;
  for (const Command& command : program.commands) {
    const Sections text = sections_of(command.text);
    const Sections below = sections_of(command.footer);
    page +=
        ".SS " + roff_text(command.name) + "\n" + synopsis(program, &command) + ".PP\n" + text.text;
    if (!command.told_in.empty()) {
      page += ".PP\nIts options are told in \\fB" + roff_text(command.told_in) + "\\fR(1).\n";
      continue;
    }
    page += entries(command);
    if (!below.text.empty()) page += ".PP\n" + below.text;
    if (exit_status.empty()) exit_status = below.exit_status;
  }
  if (!footer.examples.empty()) page += ".SH EXAMPLES\n" + footer.examples;
  if (!exit_status.empty()) page += ".SH EXIT STATUS\n" + exit_status;
  std::vector<std::string> references;
  for (const char* other :
       {"framespec", "framespec-bench", "framespec-ci", "framespec-client", "framespec-server"}) {
    if (other != program.name) references.push_back("\\fB" + roff_text(other) + "\\fR(1)");
  }
  return page + ".SH SEE ALSO\n" + joined(references, ", ") + "\n";
}

}  // namespace framespec::manual
