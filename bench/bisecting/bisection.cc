#include "bisecting/bisection.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>
#include <utility>

#include "bisecting/counted_tree.h"
#include "measuring/callgrind.h"
#include "measuring/process.h"
#include "revisions/git.h"

namespace framespec::bench {
namespace {

constexpr double kRepeats = 0.2;  // of the effect

bool is_hash(const std::string& text) {
  return text.size() >= 40 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

/// What git bisect prints at its end: the one commit, or, in no order, all that it may be where
/// some were skipped.
std::vector<std::string> suspects_in(const std::string& text) {
  std::vector<std::string> found;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::string word = line.substr(0, line.find(' '));
    if (!is_hash(word)) continue;
    if (line.ends_with(" is the first bad commit")) return {word};
    if (line == word) found.push_back(word);
  }
  return found;
}

class Bisector {
 public:
  Bisector(const BisectOptions& options, CountedTree tree)
      : options_(options), tree_(std::move(tree)) {}

  std::expected<Bisection, std::string> run() {
    // The tree stands at it already.
    auto good = look(options_.good);
    if (!good) return std::unexpected(good.error());
    if (auto repeated = check_repeats(*good); !repeated) return std::unexpected(repeated.error());
    auto bad = look(options_.bad);
    if (!bad) return std::unexpected(bad.error());
    Bisection found{.good = *good, .bad = *bad, .suspects = {}, .before = *good};
    const double change = *bad->instructions / *good->instructions - 1;
    if (std::abs(change) < options_.effect) {
      return std::unexpected(
          fmt::format("there is nothing to find: {} takes {:.0f} instructions at {} and {:.0f} at "
                      "{} ({:.3f} %)",
                      options_.benchmark, *good->instructions, options_.good, *bad->instructions,
                      options_.bad, change * 100));
    }
    const auto suspects = search(found);
    if (!suspects) return std::unexpected(suspects.error());
    for (const std::string& id : *suspects) found.suspects.push_back(known(id));
    const std::string parent = last_word(tree_.git({"rev-parse", suspects->front() + "^"}));
    if (const auto before = counted_.find(parent);
        before != counted_.end() && before->second.instructions) {
      found.before = before->second;
    }
    return found;
  }

 private:
  static std::string last_word(const std::expected<std::string, std::string>& text) {
    if (!text) return "";
    std::istringstream words(*text);
    std::string last;
    for (std::string word; words >> word;) last = word;
    return last;
  }

  /// One of the ends, which must be countable.
  std::expected<CountedCommit, std::string> look(const std::string& revision) {
    // In the tree the name may mean something else: HEAD is what is checked out there.
    if (auto moved = check_out(commit_named(revision).id); !moved)
      return std::unexpected(moved.error());
    CountedCommit commit = count_here();
    if (is_interrupted()) return std::unexpected("interrupted");
    if (!commit.instructions) return std::unexpected(revision + " " + commit.why);
    return commit;
  }

  std::expected<void, std::string> check_out(const std::string& revision) {
    // What a build has changed of the files that git knows must not be in the way.
    auto done = tree_.git({"reset", "--hard", "--quiet"});
    if (done) done = tree_.git({"checkout", "--quiet", "--detach", revision});
    if (!done) return std::unexpected(done.error());
    return {};
  }

  /// Figures that differ from run to run would lead astray.
  std::expected<void, std::string> check_repeats(const CountedCommit& commit) {
    const auto again = tree_.count();
    if (!again) return std::unexpected(options_.good + " " + again.error());
    if (std::abs(*again / *commit.instructions - 1) <= kRepeats * options_.effect) return {};
    return std::unexpected(options_.benchmark +
                           ": its instructions are not the same in two runs of " + options_.good);
  }

  CountedCommit count_here() {
    CountedCommit commit{.id = last_word(tree_.git({"rev-parse", "HEAD"})),
                         .subject = subject_of("HEAD"),
                         .instructions = std::nullopt};
    const auto counted = tree_.count();
    if (counted) commit.instructions = *counted;
    if (!counted) commit.why = counted.error();
    counted_[commit.id] = commit;
    if (options_.on_commit && !is_interrupted()) options_.on_commit(commit);
    return commit;
  }

  std::string subject_of(const std::string& revision) {
    std::string text = tree_.git({"show", "--no-patch", "--format=%s", revision}).value_or("");
    if (text.ends_with('\n')) text.pop_back();
    return text;
  }

  CountedCommit known(const std::string& id) {
    if (const auto found = counted_.find(id); found != counted_.end()) return found->second;
    return {.id = id, .subject = subject_of(id), .instructions = std::nullopt};
  }

  std::vector<std::string> oldest_first(const std::vector<std::string>& suspects,
                                        const Bisection& ends) {
    const auto all =
        tree_.git({"rev-list", "--reverse", "--topo-order", ends.bad.id, "^" + ends.good.id});
    std::vector<std::string> ordered;
    std::istringstream lines(all.value_or(""));
    for (std::string line; std::getline(lines, line);) {
      if (std::ranges::find(suspects, line) != suspects.end()) ordered.push_back(line);
    }
    return ordered.size() == suspects.size() ? ordered : suspects;
  }

  /// Oldest first.
  std::expected<std::vector<std::string>, std::string> search(const Bisection& ends) {
    const double middle = (*ends.good.instructions + *ends.bad.instructions) / 2;
    const bool is_more = *ends.bad.instructions > *ends.good.instructions;
    auto said = tree_.git({"bisect", "start", ends.bad.id, ends.good.id});
    while (true) {
      // It ends with an error where only skipped ones are left.
      const std::string text = said ? *said : said.error();
      if (const auto suspects = suspects_in(text); !suspects.empty()) {
        return oldest_first(suspects, ends);
      }
      if (is_interrupted()) return std::unexpected("interrupted");
      if (!said) return std::unexpected(said.error());
      const CountedCommit commit = count_here();
      if (is_interrupted()) return std::unexpected("interrupted");
      const bool is_bad = commit.instructions && (*commit.instructions > middle) == is_more;
      if (auto done = tree_.git({"reset", "--hard", "--quiet"}); !done) {
        return std::unexpected(done.error());
      }
      said = tree_.git({"bisect", !commit.instructions ? "skip" : is_bad ? "bad" : "good"});
    }
  }

  const BisectOptions& options_;
  CountedTree tree_;
  std::map<std::string, CountedCommit> counted_;
};

}  // namespace

std::expected<Bisection, std::string> bisect(const BisectOptions& options) {
  if (const auto why = why_not_countable()) return std::unexpected(*why);
  auto tree = CountedTree::create(options.good, options.benchmark, options.build_command);
  if (!tree) return std::unexpected(tree.error());
  return Bisector(options, *std::move(tree)).run();
}

}  // namespace framespec::bench
