// The prefix of a frame: decoded and encoded, one at a time and without state (rules PFX-1 to
// PFX-10).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>

#include "framespec/bytes.h"
#include "framespec/dialect.h"
#include "framespec/error.h"

namespace framespec {

/// What a whole prefix says.
struct DecodedPrefix {
  std::size_t size = 0;         ///< bytes of the prefix itself, lead included
  std::uint64_t body_size = 0;  ///< bytes of the payload; of the JSON header where there is one
};

/// Reads the prefix at the start of `bytes`: nothing if more bytes are needed. A wrong lead byte
/// (PFX-9) or varint is an error as soon as it is there; a length is judged once it is whole.
/// `offset` is the stream offset of the first byte and only goes into the error. Reserves nothing.
std::expected<std::optional<DecodedPrefix>, Error> decode_prefix(const Dialect& dialect,
                                                                 Bytes bytes,
                                                                 std::uint64_t offset = 0);

/// Whether a payload of `size` bytes is legal: LIM-1 and LIM-4 to LIM-6. `offset` only goes into
/// the error.
std::expected<void, Error> check_payload_size(const Dialect& dialect, std::uint64_t size,
                                              std::uint64_t offset = 0);

/// An encoded prefix, in place.
class EncodedPrefix {
 public:
  Bytes bytes() const noexcept { return Bytes(storage_).first(size_); }
  void push_back(std::byte value) noexcept { storage_[size_++] = value; }

 private:
  std::array<std::byte, kLeadSizeMax + kLengthSizeMax> storage_{};
  std::size_t size_ = 0;
};

/// The prefix for a body of `body_size` bytes (the payload; the JSON header where there is one).
/// Refuses whatever decode_prefix of the same dialect would reject, and what the width cannot hold
/// (SND-3). `lead` replaces the dialect's own lead bytes when it is not empty.
std::expected<EncodedPrefix, Error> encode_prefix(const Dialect& dialect, std::uint64_t body_size,
                                                  Bytes lead = {});

/// A prefix that carries `length` as it is, cut to the field's width, whatever any rule says: for
/// those who want to send a wrong one. `lead` is empty or has as many bytes as the dialect's own.
EncodedPrefix encode_raw_prefix(const Dialect& dialect, std::uint64_t length, Bytes lead = {});

}  // namespace framespec
