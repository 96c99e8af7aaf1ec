// What two sides of a connection said, in turns: the content of a recording.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "framespec/bytes.h"
#include "framespec/replay.h"

namespace framespec::conformance {

enum class Speaker : std::uint8_t { kClient, kService };

/// So much of a conversation is kept, and in so many turns: with both, its replay file stays below
/// kReplaySizeMax.
inline constexpr std::size_t kRecordedBytesMax = std::size_t{64} << 20U;
inline constexpr std::size_t kRecordedTurnsMax = std::size_t{1} << 18U;

/// A turn ends where the other side begins to speak: whatever the client sends before a byte of the
/// service comes is one request, however it was cut.
class Conversation {
 public:
  struct Turn {
    Speaker speaker = Speaker::kClient;
    ByteVector bytes;  ///< at least one

    bool operator==(const Turn&) const = default;
  };

  /// The next bytes, none or more. False, and nothing is kept, where that would be more than one of
  /// the limits.
  [[nodiscard]] bool add(Speaker speaker, Bytes bytes);

  /// The client has ended its stream behind what it has said until now, and the service had not
  /// ended the connection before. The first call counts, unless the client says more after all.
  void end_of_client() noexcept {
    if (!turns_before_end_) turns_before_end_ = turns_.size();
  }

  [[nodiscard]] const std::vector<Turn>& turns() const noexcept { return turns_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  /// A Send for each turn of the client, an ExpectAnswer for each of the service, and a Finish
  /// where the client ended its stream: as the last step, or before an answer that came only then.
  [[nodiscard]] Replay to_replay(std::string title) &&;

 private:
  std::vector<Turn> turns_;
  std::size_t size_ = 0;
  std::optional<std::size_t> turns_before_end_{};
};

/// "more than 64 MiB, or than 262144 turns, are said": what there is to say of a refused add().
[[nodiscard]] std::string recorded_limits();

}  // namespace framespec::conformance
