#include "standard_output.h"

#include <fmt/format.h>

#include "write_all.h"

namespace framespec::client {

namespace {

constexpr std::size_t kPendingMax = std::size_t{64} * 1024;

}  // namespace

Result<void> StandardOutput::write_now(Bytes bytes) {
  if (const std::error_code error = write_all(stream_.descriptor(), bytes)) {
    return unable(fmt::format("cannot write to {}: {}", stream_.name(), error.message()));
  }
  return {};
}

StandardOutput::~StandardOutput() { [[maybe_unused]] const auto ignored = flush(); }

Result<void> StandardOutput::write(Bytes bytes) {
  if (pending_.size() + bytes.size() <= kPendingMax) {
    pending_ += as_text(bytes);
    return {};
  }
  if (auto flushed = flush(); !flushed) return flushed;
  if (bytes.size() <= kPendingMax) {
    pending_ += as_text(bytes);
    return {};
  }
  return write_now(bytes);
}

Result<void> StandardOutput::flush() {
  if (pending_.empty()) return {};
  auto written = write_now(as_bytes(pending_));
  pending_.clear();  // also after a failure: what could not be written once is not tried again
  return written;
}

}  // namespace framespec::client
