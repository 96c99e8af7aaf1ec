#include "report/taker_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "framespec/printable.h"

namespace framespec::conformance {

std::string name_of(const Taker& taker) {
  if (taker.pid == 0) return "a process that /proc does not show (unknown)";
  return fmt::format("{} ({})", printable(taker.name), taker.pid);
}

const Taker* forwarder_of(const DialectResult& dialect) {
  const auto found = std::ranges::find_if(
      dialect.takers, [](const Taker& taker) { return taker.is_testee == false; });
  return found == dialect.takers.end() ? nullptr : &*found;
}

std::vector<std::string> takers_in_words(const DialectResult& dialect) {
  if (dialect.takers.empty()) {
    return {"who took them was not seen: each socket was closed before it could be looked up"};
  }
  std::vector<std::string> lines;
  for (const Taker& taker : dialect.takers) {
    if (taker.is_testee == false) {
      lines.push_back(
          fmt::format("proven: the segments were taken by {}, which is not the testee; how the "
                      "testee met them is not proven",
                      name_of(taker)));
    } else {
      lines.push_back(fmt::format("proven to have been taken by {}{}", name_of(taker),
                                  taker.is_testee ? ", the testee" : ""));
    }
  }
  return lines;
}

}  // namespace framespec::conformance
