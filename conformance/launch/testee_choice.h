// Which implementation is tested, as the user has said it: events and reports tell it so.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace framespec::conformance {

enum class TesteeKind : std::uint8_t {
  kServer,           ///< runs already, and is connected to (--server)
  kLaunched,         ///< a server that is started (--launch)
  kClient,           ///< a client that is started, and connects to us (--client)
  kClientThatComes,  ///< a client that runs by itself, and connects to us (--listen)
};

/// As options and reports call it: "server", "launch", "client", "listen"; and the other way round.
[[nodiscard]] std::string_view name_of(TesteeKind kind) noexcept;
[[nodiscard]] std::optional<TesteeKind> testee_kind(std::string_view name) noexcept;

/// The conversation that is played to a service, and what is known of it (framespec invariance).
struct ConversationChoice {
  // One of these is not empty.
  std::string recording{};           ///< a recording: the file
  std::string stream{};              ///< --stream
  std::string capture{};             ///< --capture
  std::string flow{};                ///< --flow, of a capture; may be empty
  bool is_pipelined = false;         ///< --pipelined
  std::vector<std::string> masks{};  ///< --mask
  std::string before_each{};         ///< --before-each; may be empty

  [[nodiscard]] bool is_any() const noexcept {
    return !recording.empty() || !stream.empty() || !capture.empty();
  }
  /// The file that it comes from, whatever its form.
  [[nodiscard]] const std::string& file() const noexcept {
    return !recording.empty() ? recording : !stream.empty() ? stream : capture;
  }

  bool operator==(const ConversationChoice&) const = default;
};

struct TesteeChoice {
  TesteeKind kind = TesteeKind::kServer;
  std::string value;        ///< the command or address, as the user wrote it
  bool reconnects = false;  ///< of a started client: it connects again whenever it is let go
  std::string observe{};    ///< what shows what a client has received (--observe); else empty
  std::string listen{};     ///< the address for a started client to connect to; empty: any port
  std::string answers{};    ///< the file that says what a client is answered (--answer); else empty
  std::optional<ConversationChoice> conversation{};  ///< of a service

  /// Whether framespec starts it, and so can look into it and end it.
  [[nodiscard]] bool is_launched() const noexcept {
    return kind == TesteeKind::kLaunched || kind == TesteeKind::kClient;
  }
  [[nodiscard]] bool is_client() const noexcept {
    return kind == TesteeKind::kClient || kind == TesteeKind::kClientThatComes;
  }

  bool operator==(const TesteeChoice&) const = default;
};

}  // namespace framespec::conformance
