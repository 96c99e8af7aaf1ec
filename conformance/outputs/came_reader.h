// What came on a connection, told apart by the steps that expected it.
#pragma once

#include <cstddef>
#include <vector>

#include "framespec/dialect.h"
#include "framespec/replay.h"
#include "framespec/step.h"

namespace framespec::conformance {

/// From the front of what came to its end. Where only the first bytes were kept, what they do not
/// show is held to have been as expected.
class CameReader {
 public:
  /// Both must outlive it.
  CameReader(const ReplayCame& came, const Dialect& dialect) : came_(came), dialect_(dialect) {}

  struct Taken {
    Bytes bytes;
    bool is_expected = true;  ///< all of it came, and was right
    bool is_whole = true;     ///< all of it is in `bytes`
  };

  /// Up to the end of the last of these frames that came, or of the first that is another one.
  Taken frames(const std::vector<step::ExpectedFrame>& expected);
  Taken answer(const step::ExpectAnswer& expected);
  Taken request(const step::Await& await);
  /// The request that was taken last, as copies are made of it.
  [[nodiscard]] const ByteVector& last_request() const noexcept { return last_request_; }
  /// All that is left.
  Bytes rest();

 private:
  [[nodiscard]] Bytes left() const { return Bytes(came_.bytes).subspan(position_); }
  Taken take(std::size_t size, bool is_expected);
  /// There is no more, where more was expected.
  Taken take_all_there_is();
  [[nodiscard]] bool is_all_kept() const { return came_.size == came_.bytes.size(); }

  const ReplayCame& came_;
  const Dialect& dialect_;
  std::size_t position_ = 0;
  ByteVector last_request_;
};

}  // namespace framespec::conformance
