// Where the peer's socket may be if it is not in our network namespace.
#pragma once

#include <cstddef>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "os/diag_socket.h"

namespace framespec::delivery {

/// Other network namespaces of this host, in which peers are looked for that ours does not have.
/// Remembers where one was found, so that the next look begins there, and gives up where none is.
/// One thread at a time.
class OtherNamespaces {
 public:
  struct Known {
    std::vector<std::string> paths;  ///< files that stand for one each: "/proc/PID/ns/net"
    std::size_t hidden = 0;          ///< processes whose namespace is not shown to us
  };

  /// `list` is asked when a peer is not found in our namespace, and again after renew().
  explicit OtherNamespaces(std::function<Known()> list) : list_(std::move(list)) {}

  /// What was known of them may hold no longer: the testee was started anew.
  void renew() noexcept;

  /// The diagnosis of the first one in which `is_there` holds; or why there is none, as a part of a
  /// sentence: which right is missing to look into all of them, or that it is in none of them.
  /// Empty where no other namespace is known. No longer than it takes to enter each of them once.
  [[nodiscard]] std::expected<os::DiagSocket, std::string> find(
      const std::function<bool(os::DiagSocket&)>& is_there);

 private:
  std::function<Known()> list_;
  std::optional<Known> known_;
  int searched_in_vain_ = 0;
  std::string why_not_;
};

}  // namespace framespec::delivery
