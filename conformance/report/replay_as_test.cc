#include "report/replay_as_test.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <variant>

#include "framespec/hex.h"
#include "report/cpp_text.h"
#include "report/replay_stream.h"

namespace framespec::conformance {
namespace {

constexpr std::size_t kStreamsMax = 100;

constexpr std::string_view kHeader = R"(
#include <framespec/dialect.h>
#include <framespec/hex.h>
#include <framespec/transcript.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string_view>
)";

constexpr std::string_view kDeframer = R"(
  // What sees the stream here is the library's own deframer. Put yours in its place: a fresh one
  // for each call, by an adapter such as in docs/testing-your-deframer.md, "The test".
  const auto deframe = [&dialect](Bytes bytes, const Segmentation& segmentation) {
    return transcribe(dialect, bytes, segmentation, DigestCheck::kVerify);
  };

  ByteVector stream;
)";

constexpr std::string_view kAdd =
    R"(  const auto add = [&stream](std::string_view hex, std::size_t times) {
    const ByteVector bytes = read_hex(hex).value();
    for (std::size_t i = 0; i < times; ++i) stream.insert(stream.end(), bytes.begin(), bytes.end());
  };
)";

constexpr std::string_view kExpect = R"(
  // What is right: the frames that begin at these offsets, with these payloads of the stream.
  Transcript right;
  const auto expect = [&](std::size_t offset, std::size_t payload, std::size_t size) {
    const Bytes bytes = Bytes(stream).subspan(offset, dialect.lead.size());
    TranscriptFrame& frame = right.frames.emplace_back();
    frame.offset = offset;
    frame.lead.assign(bytes.begin(), bytes.end());
    frame.payload.assign(stream.begin() + static_cast<std::ptrdiff_t>(payload),
                         stream.begin() + static_cast<std::ptrdiff_t>(payload + size));
  };
)";

constexpr std::string_view kNoFrame = R"(
  // What is right: no frame.
  Transcript right;
)";

constexpr std::string_view kCompare = R"(
  const auto whole = Segmentation::whole(stream.size());
  EXPECT_EQ(difference(right, without_detail(deframe(stream, whole))), "") << "uncut";
  EXPECT_EQ(difference(right, without_detail(deframe(stream, cut))), "") << cut.name();
}
)";

/// Why a deframer, which sees the bytes of a stream and its end, cannot show this; or nothing.
struct NotForDeframer {
  std::string operator()(const step::Flood&) const { return "it sends without end (\"flood\")"; }
  std::string operator()(const step::Abort&) const { return "it resets a connection"; }
  std::string operator()(const step::Pause&) const { return "it is about time"; }
  std::string operator()(const step::ExpectFlood&) const { return "it is about a flood"; }
  std::string operator()(const step::ExpectStalled&) const { return "it is about a flood"; }
  std::string operator()(const step::ExpectMemoryGrowth&) const {
    return "it is about the memory of a process";
  }
  std::string operator()(const step::ExpectDescriptorGrowth&) const {
    return "it is about the descriptors of a process";
  }
  std::string operator()(const step::MeasureWork&) const { return "it is about processor time"; }
  std::string operator()(const step::ExpectWork&) const { return "it is about processor time"; }
  std::string operator()(const step::Await&) const { return "it is about a client that asks"; }
  std::string operator()(const step::ExpectExit&) const { return "it is about how a client ends"; }
  std::string operator()(const step::ExpectAnswer&) const {
    return "it is about what a service answers, which no deframer knows";
  }
  std::string operator()(const step::ExpectClosed& closed) const {
    if (closed.within) return "it is about time";
    return closed.graceful ? "it is about how a connection is closed" : "";
  }
  template <typename OfAStream>
  std::string operator()(const OfAStream&) const {
    return "";
  }
};

std::string_view enumerator_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kBadLead:
      return "kBadLead";
    case ErrorKind::kBadVarint:
      return "kBadVarint";
    case ErrorKind::kNegativeLength:
      return "kNegativeLength";
    case ErrorKind::kLengthUnderflow:
      return "kLengthUnderflow";
    case ErrorKind::kZeroLength:
      return "kZeroLength";
    case ErrorKind::kTooSmall:
      return "kTooSmall";
    case ErrorKind::kTooLarge:
      return "kTooLarge";
    case ErrorKind::kHeaderTooLarge:
      return "kHeaderTooLarge";
    case ErrorKind::kHeaderSyntax:
      return "kHeaderSyntax";
    case ErrorKind::kHeaderEncoding:
      return "kHeaderEncoding";
    case ErrorKind::kHeaderTooDeep:
      return "kHeaderTooDeep";
    case ErrorKind::kHeaderDuplicateKey:
      return "kHeaderDuplicateKey";
    case ErrorKind::kHeaderMissingKey:
      return "kHeaderMissingKey";
    case ErrorKind::kHeaderBadValue:
      return "kHeaderBadValue";
    case ErrorKind::kDigestMismatch:
      return "kDigestMismatch";
    case ErrorKind::kBadTrailer:
      return "kBadTrailer";
    case ErrorKind::kTruncated:
      return "kTruncated";
    case ErrorKind::kNotExpressible:
      return "kNotExpressible";
  }
  return "?";
}

std::string bytes_text(const ReplayStream& stream) {
  if (stream.bytes.empty()) return "";
  std::string text(kAdd);
  for (const Repetition& part : repetitions_of(stream.bytes)) {
    text += fmt::format("  add({}, {});\n", cpp_literal(write_hex(part.unit), 6), part.times);
  }
  return text;
}

std::string right_text(const ReplayStream& stream) {
  std::string text(stream.places.empty() ? kNoFrame : kExpect);
  for (std::size_t index = 0; index < stream.places.size(); ++index) {
    const FramePlace& place = stream.places[index];
    text += fmt::format("  expect({}, {}, {});\n", place.begin, place.payload,
                        place.trailer - place.payload);
    if (const auto& header = stream.right.frames[index].header) {
      text += fmt::format(
          "  right.frames.back().header = JsonHeader{{\n      {},\n      \"{}\", {}}};\n",
          cpp_literal(header->filename, 6), header->md5, header->total_size);
    }
  }
  if (stream.right.error) {
    text += fmt::format(
        "  right.terminal = TerminalState::{};\n"
        "  right.error = Error{{ErrorKind::{}, {}, \"\"}};\n",
        stream.right.terminal == TerminalState::kTruncated ? "kTruncated" : "kRejected",
        enumerator_of(stream.right.error->kind), stream.right.error->offset);
  }
  return text;
}

/// `number`: among the streams of the replay, from 1; 0 where it is the only one.
std::string test_text(const ReplayStream& stream, const Replay& replay, const Dialect& dialect,
                      std::size_t number) {
  std::string name = cpp_name(replay.id, "Stream");
  std::string text = "\n";
  if (number > 0) {
    name += fmt::format("_{}", number);
    text += fmt::format("// On the connection \"{}\".\n", cpp_comment(stream.connection));
  }
  text += fmt::format(
      "TEST(Replay, {}) {{\n  using namespace framespec;\n\n"
      "  const Dialect dialect =\n      parse_dialect({})\n          .value();\n",
      name, cpp_literal(nlohmann::ordered_json::parse(to_json(dialect)).dump(), 20));
  text += kDeframer;
  text += bytes_text(stream);
  text += right_text(stream);
  text += fmt::format("\n  const auto cut =\n      Segmentation::parse({}, stream.size()).value();",
                      cpp_literal(name_of_cuts(stream.bytes.size(), stream.cuts), 26));
  text += kCompare;
  return text;
}

std::expected<void, std::string> check(const Replay& replay) {
  for (const Step& step : replay.steps) {
    if (const std::string why = std::visit(NotForDeframer{}, step.action); !why.empty()) {
      return std::unexpected("a unit test of a deframer cannot show what this replay does: " + why);
    }
  }
  return {};
}

std::expected<void, std::string> check(const ReplayStream& stream) {
  if (auto right = check_answers(stream); !right) return right;
  std::size_t shown = name_of_cuts(stream.bytes.size(), stream.cuts).size();
  for (const Repetition& part : repetitions_of(stream.bytes)) shown += part.unit.size();
  if (shown <= kShownBytesMax) return {};
  return std::unexpected(fmt::format(
      "its bytes and cuts are too many for a text: {} bytes would have to be written out, at most "
      "{} are; play the file instead",
      shown, kShownBytesMax));
}

}  // namespace

std::expected<std::string, std::string> as_test(const Replay& replay, const Dialect& dialect) {
  if (auto possible = check(replay); !possible) return std::unexpected(possible.error());
  const std::vector<ReplayStream> streams = streams_of(replay, dialect);
  if (streams.size() > kStreamsMax) {
    return std::unexpected(
        fmt::format("it sends on {} connections, each of which would be a test; at most {} are",
                    streams.size(), kStreamsMax));
  }
  if (streams.empty()) return std::unexpected("this replay sends nothing that a test could show");
  std::string text =
      fmt::format("// {}\n", cpp_comment(replay.id.empty() ? "A replay." : replay.id));
  if (!replay.title.empty()) text += fmt::format("// {}\n", cpp_comment(replay.title));
  if (!replay.rules.empty()) {
    text += fmt::format("// Rules of SPEC.md: {}\n",
                        cpp_comment(fmt::format("{}", fmt::join(replay.rules, " "))));
  }
  text += "//\n// Made by `framespec replay --as-test`. Needs framespec::protocol and GoogleTest.";
  text += kHeader;
  for (std::size_t index = 0; index < streams.size(); ++index) {
    if (auto possible = check(streams[index]); !possible) {
      return std::unexpected(possible.error());
    }
    text += test_text(streams[index], replay, dialect, streams.size() == 1 ? 0 : index + 1);
  }
  return text;
}

}  // namespace framespec::conformance
