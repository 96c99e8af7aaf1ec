// The vocabulary type for wire data: a view of bytes that somebody else owns.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace framespec {

/// A view of wire bytes. It never owns: whoever hands one over says how long it lives.
using Bytes = std::span<const std::byte>;

/// Owned wire bytes.
using ByteVector = std::vector<std::byte>;

/// The bytes of `text`, viewed in place; valid as long as `text` is.
inline Bytes as_bytes(std::string_view text) noexcept {
  return std::as_bytes(std::span<const char>(text.data(), text.size()));
}

/// `bytes` as text, viewed in place; says nothing about their encoding.
inline std::string_view as_text(Bytes bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace framespec
