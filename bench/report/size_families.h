// Benchmarks that differ in one size alone: found by their names.
//
// A name is taken as words between '/', '_', ':' and blanks. A word that is a number, with a unit
// of bytes or without, is a size: parse/64, copy_16KiB, "deframe/int32_64KiB_in_1460B/frames". So
// int32 is none. What Google Benchmark adds of itself (min_time:0.5, iterations:10, repeats:3) is
// none either. A part between '/' without a number is one word.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace framespec::bench {

struct SizedMember {
  double size = 0;
  /// Index of the name.
  std::size_t name = 0;
};

/// Names that are the same but for one size.
struct SizeFamily {
  /// Words and what stands between them, in turn; a word at even places.
  std::vector<std::string> parts;
  /// The place of the size among the parts.
  std::size_t place = 0;
  bool is_in_bytes = false;
  /// By size; at least three different ones.
  std::vector<SizedMember> members;
};

/// In the order of the first member of each. A name may be in several families: in one for each of
/// its sizes.
std::vector<SizeFamily> find_size_families(const std::vector<std::string>& names);

/// What the names have in common, with N for the size: "copy_N", "echo/connections:N".
std::string family_name(const SizeFamily& family);

/// Families that one plot shows: as many lines as can be told apart at most.
struct FamilyGroup {
  /// What they have in common: N is the size, and … what differs between them.
  std::string name;
  std::vector<SizeFamily> families;
  /// What differs, of each family; the whole name where there is one family alone.
  std::vector<std::string> line_names;
};

/// Families whose size stands at the same place of names that begin with the same part (up to the
/// first '/'). Where they are more than `most`, they are parted by the last word that differs.
std::vector<FamilyGroup> group_families(const std::vector<SizeFamily>& families, std::size_t most);

}  // namespace framespec::bench
