// The keys of all open objects of a JSON text, to find one that stands twice in its object.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace framespec {

/// Those of the innermost object come last; a few are compared one by one, many by hash. Together,
/// because a text of nothing but opening brackets would multiply whatever each object had of its
/// own.
class JsonKeyStack {
 public:
  JsonKeyStack() { keys_.reserve(kFew); }  // most headers need no more

  /// An object is opened: where its keys begin.
  std::size_t open() {
    marks_ = 0;
    return keys_.size();
  }

  /// Whether `key` is new in the innermost object, whose keys begin at `begin`. The key's bytes
  /// must stay where they are.
  bool insert(std::size_t begin, std::string_view key) {
    if (is_indexed(begin)) return indexes_.back().keys.insert(key).second;
    const std::uint64_t mark = mark_of(key);
    if ((marks_ & mark) != 0 && stands_already(begin, key)) return false;
    marks_ |= mark;
    keys_.emplace_back(key.data(), key.size());
    if (keys_.size() - begin == kFew) index(begin);
    return true;
  }

  /// The innermost object, whose keys begin at `begin`, has ended.
  void close(std::size_t begin) {
    if (is_indexed(begin)) indexes_.pop_back();
    keys_.erase(keys_.begin() + static_cast<std::ptrdiff_t>(begin), keys_.end());
    marks_ = ~std::uint64_t{0};
  }

 private:
  static constexpr std::size_t kFew = 16;
  struct Index {
    std::size_t begin;
    std::unordered_set<std::string_view> keys;
  };

  /// One bit for a key: another bit, another key. Keys that begin alike often end differently.
  static std::uint64_t mark_of(std::string_view key) {
    const std::size_t end = key.empty() ? 0 : static_cast<unsigned char>(key.back());
    return std::uint64_t{1} << ((end + key.size()) % 64);
  }

  bool stands_already(std::size_t begin, std::string_view key) const {
    const auto first = keys_.begin() + static_cast<std::ptrdiff_t>(begin);
    return std::find(first, keys_.end(), key) != keys_.end();
  }

  [[gnu::cold]] void index(std::size_t begin) {
    const auto first = keys_.begin() + static_cast<std::ptrdiff_t>(begin);
    indexes_.push_back({begin, {first, keys_.end()}});
  }

  // An object with an index has keys in keys_, so that no other begins where it does.
  bool is_indexed(std::size_t begin) const {
    return !indexes_.empty() && indexes_.back().begin == begin;
  }

  std::vector<std::string_view> keys_;
  // Of the innermost object's keys; all, when those of one that was closed were put in their place.
  std::uint64_t marks_ = 0;
  std::vector<Index> indexes_;
};

}  // namespace framespec
