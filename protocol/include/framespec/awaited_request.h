// Tells when a request that a script awaits is whole (step::Await), without input or output.
//
//   AwaitedRequest request(await);
//   for (Bytes input = segment;;) {
//     auto is_whole = request.take(input);     // takes from the front of input what belongs to it
//     if (!is_whole) { report(is_whole.error()); break; }
//     if (*is_whole) break;                    // what is left in input begins the next request
//     ... receive more
//   }
//   auto answer = with_copies(send, request.kept());
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "framespec/bytes.h"
#include "framespec/event_deframer.h"
#include "framespec/step.h"

namespace framespec {

/// One awaited request. However its bytes are cut, it ends at the same one. Memory is bounded by
/// what is kept of it and by what it is awaited by, whatever its size; time is linear in its bytes.
/// Not safe for use from two threads at once.
class AwaitedRequest {
 public:
  explicit AwaitedRequest(step::Await await);
  AwaitedRequest(const AwaitedRequest&) = delete;  // the deframer refers to the dialect in it
  AwaitedRequest& operator=(const AwaitedRequest&) = delete;

  /// Whether the request is whole with the bytes that it takes from the front of `input`; once it
  /// is, it takes no more. A sentence where it can never be: its bytes are no frame of the dialect.
  std::expected<bool, std::string> take(Bytes& input);

  /// Bytes taken so far.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

  /// The first of them, step::kCopiedFromMax at the most; valid until the next take().
  [[nodiscard]] Bytes kept() const noexcept { return kept_; }

 private:
  // Each takes what it can of the input, and says whether the request is now whole.
  std::expected<bool, std::string> look(const step::AwaitBytes& bytes, Bytes& input) const;
  std::expected<bool, std::string> look(const step::AwaitUntil& until, Bytes& input);
  std::expected<bool, std::string> look(const step::AwaitFrame& frame, Bytes& input);

  step::Await await_;
  std::unique_ptr<EventDeframer> deframer_;  ///< for a frame
  std::vector<std::size_t> borders_;         ///< of what ends it; see until_borders()
  std::size_t matched_ = 0;                  ///< bytes of what ends it that have come last
  std::uint64_t size_ = 0;
  ByteVector kept_;
  bool is_whole_ = false;
};

/// The bytes of `send` with its copies of `request` in them: the kept ones of the last that was
/// awaited. A sentence where the request ends before what is to be copied.
std::expected<ByteVector, std::string> with_copies(const step::Send& send, Bytes request);

}  // namespace framespec
