#include "report/size_families.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <string_view>
#include <utility>

namespace framespec::bench {
namespace {

using Parts = std::vector<std::string>;

/// Without what Google Benchmark adds of how it measures.
std::string without_manner(const std::string& name) {
  static const std::regex manner(R"(/(min_time|min_warmup_time|iterations|repeats):[^/]*)");
  return std::regex_replace(name, manner, "");
}

Parts parts_of(const std::string& name) {
  Parts parts(1);
  bool has_digits = false;
  for (std::size_t at = 0; at < name.size(); ++at) {
    const char each = name[at];
    if (at == 0 || name[at - 1] == '/') {
      // A part without a number is one word, so that yardstick_scan stands beside frames.
      const std::string part = name.substr(at, name.find('/', at) - at);
      has_digits = part.find_first_of("0123456789") != std::string::npos;
    }
    if (each == '/' || (has_digits && std::string_view("_: ").contains(each))) {
      parts.emplace_back(1, each);
      parts.emplace_back();
    } else {
      parts.back() += each;
    }
  }
  return parts;
}

struct Size {
  double size = 0;
  bool is_in_bytes = false;
};

std::optional<Size> size_of(const std::string& word) {
  static const std::regex size(R"((\d{1,15})(B|KiB|MiB|GiB)?)");
  std::smatch found;
  if (!std::regex_match(word, found, size)) return std::nullopt;
  double factor = 1;
  if (found[2] == "KiB") factor = 1 << 10;
  if (found[2] == "MiB") factor = 1 << 20;
  if (found[2] == "GiB") factor = 1 << 30;
  return Size{.size = std::stod(found[1]) * factor, .is_in_bytes = found[2].matched};
}

std::string first_part(const SizeFamily& family) {
  std::string text;
  for (std::size_t i = 0; i < family.parts.size() && family.parts[i] != "/"; ++i) {
    text += i == family.place ? "N" : family.parts[i];
  }
  return text;
}

/// Places of the words that are not the same in all of them; they have as many parts.
std::vector<std::size_t> differing(const std::vector<SizeFamily>& families) {
  std::vector<std::size_t> places;
  for (std::size_t place = 0; place < families.front().parts.size(); place += 2) {
    const auto is_same = [&](const SizeFamily& family) {
      return family.parts[place] == families.front().parts[place];
    };
    if (!std::ranges::all_of(families, is_same)) places.push_back(place);
  }
  return places;
}

FamilyGroup group_of(std::vector<SizeFamily> families) {
  const auto places = differing(families);
  FamilyGroup group;
  const Parts& parts = families.front().parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool differs = std::ranges::find(places, i) != places.end();
    group.name += i == families.front().place ? "N" : differs ? "…" : parts[i];
  }
  for (const SizeFamily& family : families) {
    Parts words;
    for (const std::size_t place : places) words.push_back(family.parts[place]);
    group.line_names.push_back(places.empty() ? group.name
                                              : fmt::format("{}", fmt::join(words, " ")));
  }
  group.families = std::move(families);
  return group;
}

void append_groups(std::vector<FamilyGroup>& groups, std::vector<SizeFamily> families,
                   std::size_t most) {
  if (families.size() <= most) {
    groups.push_back(group_of(std::move(families)));
    return;
  }
  const auto places = differing(families);
  std::vector<std::pair<std::string, std::vector<SizeFamily>>> parted;
  for (const SizeFamily& family : families) {
    const std::string& word = family.parts[places.back()];
    auto found = std::ranges::find(parted, word, &decltype(parted)::value_type::first);
    if (found == parted.end()) found = parted.insert(parted.end(), {word, {}});
    found->second.push_back(family);
  }
  // Plots of one line each would compare nothing.
  if (parted.size() == families.size()) {
    for (std::size_t begin = 0; begin < families.size(); begin += most) {
      const auto from = families.begin() + static_cast<std::ptrdiff_t>(begin);
      const auto count = std::min(most, families.size() - begin);
      groups.push_back(group_of({from, from + static_cast<std::ptrdiff_t>(count)}));
    }
    return;
  }
  for (auto& [word, part] : parted) append_groups(groups, std::move(part), most);
}

}  // namespace

std::vector<SizeFamily> find_size_families(const std::vector<std::string>& names) {
  std::vector<SizeFamily> families;
  std::map<std::pair<Parts, bool>, std::size_t> known;
  for (std::size_t name = 0; name < names.size(); ++name) {
    const Parts parts = parts_of(without_manner(names[name]));
    for (std::size_t place = 0; place < parts.size(); place += 2) {
      const auto size = size_of(parts[place]);
      if (!size) continue;
      Parts rest = parts;
      rest[place] = "\n";  // in no name
      const auto [at, is_new] = known.try_emplace({rest, size->is_in_bytes}, families.size());
      if (is_new) {
        families.push_back(
            {.parts = parts, .place = place, .is_in_bytes = size->is_in_bytes, .members = {}});
      }
      families[at->second].members.push_back({.size = size->size, .name = name});
    }
  }
  std::erase_if(families, [](const SizeFamily& family) {
    std::set<double> sizes;
    for (const SizedMember& member : family.members) sizes.insert(member.size);
    return sizes.size() < 3;
  });
  for (SizeFamily& family : families) {
    std::ranges::stable_sort(family.members, {}, &SizedMember::size);
  }
  return families;
}

std::string family_name(const SizeFamily& family) {
  std::string name;
  for (std::size_t i = 0; i < family.parts.size(); ++i) {
    name += i == family.place ? "N" : family.parts[i];
  }
  return name;
}

std::vector<FamilyGroup> group_families(const std::vector<SizeFamily>& families, std::size_t most) {
  using Key = std::tuple<std::string, std::size_t, std::size_t, bool>;
  std::vector<std::pair<Key, std::vector<SizeFamily>>> alike;
  for (const SizeFamily& family : families) {
    const Key key{first_part(family), family.parts.size(), family.place, family.is_in_bytes};
    auto found = std::ranges::find(alike, key, &decltype(alike)::value_type::first);
    if (found == alike.end()) found = alike.insert(alike.end(), {key, {}});
    found->second.push_back(family);
  }
  std::vector<FamilyGroup> groups;
  for (auto& [key, part] : alike) append_groups(groups, std::move(part), most);
  return groups;
}

}  // namespace framespec::bench
