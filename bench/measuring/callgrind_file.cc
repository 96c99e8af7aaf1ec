#include "measuring/callgrind_file.h"

#include <sstream>
#include <vector>

namespace framespec::bench {
namespace {

/// "(12) name" or, once the name is known, "(12)".
class Names {
 public:
  std::string name_of(const std::string& text) {
    const std::size_t end = text.find(')');
    if (!text.starts_with('(') || end == std::string::npos) return text;
    const std::string number = text.substr(0, end + 1);
    if (text.size() > end + 2) names_[number] = text.substr(end + 2);
    return names_[number];
  }

 private:
  std::map<std::string, std::string> names_;
};

class Reader {
 public:
  explicit Reader(std::string_view function) : function_(function) {}

  void take(const std::string& line) {
    if (line.starts_with("events: ")) {
      std::istringstream words(line.substr(8));
      for (std::string word; words >> word;) events_.push_back(word);
      total_.resize(events_.size());
    } else if (line.starts_with("fn=")) {
      is_left_out_ = names_.name_of(line.substr(3)).starts_with(function_);
    } else if (line.starts_with("cfn=")) {
      static_cast<void>(names_.name_of(line.substr(4)));
    } else if (line.starts_with("summary: ")) {
      // The line of a cost begins with where it is; this one with a word.
      add(line, 1);
    } else if (is_left_out_ && !line.empty() &&
               std::string_view("0123456789+-*").contains(line.front())) {
      add(line, -1);
    }
  }

  std::expected<EventCounts, std::string> counts() const {
    if (events_.empty()) return std::unexpected("no file of callgrind");
    EventCounts counts;
    for (std::size_t i = 0; i < events_.size(); ++i) counts[events_[i]] = total_[i];
    return counts;
  }

 private:
  /// Events that are missing at the end of the line are zero.
  void add(const std::string& line, double sign) {
    std::istringstream words(line);
    std::string position;
    words >> position;
    std::size_t i = 0;
    for (double count = 0; i < total_.size() && words >> count; ++i) total_[i] += sign * count;
  }

  std::string function_;
  Names names_;
  std::vector<std::string> events_;
  std::vector<double> total_;
  bool is_left_out_ = false;
};

}  // namespace

std::expected<EventCounts, std::string> counts_without(std::string_view text,
                                                       std::string_view function) {
  Reader reader(function);
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) reader.take(line);
  return reader.counts();
}

}  // namespace framespec::bench
