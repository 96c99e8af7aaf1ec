// The keys of all open objects of a JSON text, to find one that stands twice in its object.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace framespec {

/// Those of the innermost object come last; a few are compared one by one, many by hash. Together,
/// because a text of nothing but opening brackets would multiply whatever each object had of its
/// own.
class JsonKeyStack {
 public:
  JsonKeyStack() { keys_.reserve(kFew / 2); }  // most headers need no more

  /// Where the keys of an object begin that is opened now.
  std::size_t size() const { return keys_.size(); }

  /// Whether `key` is new in the innermost object, whose keys begin at `begin`. The key's bytes
  /// must stay where they are.
  bool insert(std::size_t begin, std::string_view key) {
    if (is_indexed(begin)) return indexes_.back().keys.insert(key).second;
    const auto first = keys_.begin() + static_cast<std::ptrdiff_t>(begin);
    if (std::find(first, keys_.end(), key) != keys_.end()) return false;
    keys_.push_back(key);
    if (keys_.size() - begin == kFew) [[unlikely]]
      index(begin);
    return true;
  }

  /// The innermost object, whose keys begin at `begin`, has ended.
  void close(std::size_t begin) {
    if (is_indexed(begin)) indexes_.pop_back();
    keys_.erase(keys_.begin() + static_cast<std::ptrdiff_t>(begin), keys_.end());
  }

 private:
  static constexpr std::size_t kFew = 16;
  struct Index {
    std::size_t begin;
    std::unordered_set<std::string_view> keys;
  };

  void index(std::size_t begin) {
    const auto first = keys_.begin() + static_cast<std::ptrdiff_t>(begin);
    indexes_.push_back({begin, {first, keys_.end()}});
  }

  // An object with an index has keys in keys_, so that no other begins where it does.
  bool is_indexed(std::size_t begin) const {
    return !indexes_.empty() && indexes_.back().begin == begin;
  }

  std::vector<std::string_view> keys_;
  std::vector<Index> indexes_;
};

}  // namespace framespec
