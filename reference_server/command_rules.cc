#include "command_rules.h"

#include <optional>

namespace framespec::server {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Nothing if a quote is left open.
std::optional<std::vector<std::string>> split_words(std::string_view text) {
  std::vector<std::string> words;
  bool in_word = false;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0 && c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
      if (!in_word) words.emplace_back();
      in_word = true;
    } else if (quote == 0 && is_blank(c)) {
      in_word = false;
    } else {
      if (!in_word) words.emplace_back();
      in_word = true;
      words.back().push_back(c);
    }
  }
  if (quote != 0) return std::nullopt;
  return words;
}

}  // namespace

CommandRules::CommandRules(const std::vector<std::string>& commands,
                           const std::vector<std::string>& programs)
    : commands_(commands.begin(), commands.end()), programs_(programs.begin(), programs.end()) {}

std::expected<std::vector<std::string>, std::string> CommandRules::arguments_for(
    std::string_view request) const {
  if (commands_.contains(request)) {
    return std::vector<std::string>{"/bin/sh", "-c", std::string(request)};
  }
  // An argument would end there for the program, but not for us.
  if (request.find('\0') != std::string_view::npos) {
    return std::unexpected("a command cannot hold a NUL");
  }
  auto words = split_words(request);
  if (!words) return std::unexpected("a quote in the command is not closed");
  if (words->empty()) return std::unexpected("the command is empty");
  if (programs_.contains(words->front())) return *std::move(words);
  return std::unexpected("this command is not allowed here");
}

}  // namespace framespec::server
