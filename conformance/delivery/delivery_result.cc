#include "delivery/delivery_result.h"

namespace framespec::delivery {

std::string_view to_string(ProofLevel level) noexcept {
  switch (level) {
    case ProofLevel::kProven:
      return "proven";
    case ProofLevel::kPaced:
      return "paced";
    case ProofLevel::kUnproven:
      return "unproven";
  }
  return "unproven";
}

std::string_view to_string(Outcome outcome) noexcept {
  switch (outcome) {
    case Outcome::kDelivered:
      return "delivered";
    case Outcome::kNotTaken:
      return "not taken";
    case Outcome::kPeerClosed:
      return "peer closed";
    case Outcome::kPeerReset:
      return "peer reset";
    case Outcome::kCancelled:
      return "cancelled";
    case Outcome::kFailed:
      return "failed";
  }
  return "failed";
}

std::string_view to_string(PeerEnd end) noexcept {
  switch (end) {
    case PeerEnd::kOpen:
      return "open";
    case PeerEnd::kClosed:
      return "closed";
    case PeerEnd::kReset:
      return "reset";
  }
  return "open";
}

}  // namespace framespec::delivery
