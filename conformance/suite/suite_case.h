// A case as its suite file states it: for every dialect, not yet turned into bytes.
//
// The names here are those of the file; docs/writing-a-case.md explains each with an example.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "framespec/bytes.h"
#include "framespec/dialect.h"
#include "suite/plan.h"
#include "suite/size_expression.h"
#include "suite/suite.h"

namespace framespec::conformance {

/// Why there is no plan of a case for a dialect.
struct NotFor {
  std::string reason;    ///< the end of a sentence: "its length is a varint"
  bool is_lost = false;  ///< the case is meant for such a dialect all the same
};

/// Bytes that a case describes.
struct Content {
  enum class Kind : std::uint8_t {
    kLiteral,  ///< `bytes`
    kRepeat,   ///< `bytes` again and again, `size` bytes in all
    kRandom,   ///< `size` bytes that are the same in every run
    kEncoded,  ///< `bytes` as a whole frame of the dialect
  };
  Kind kind = Kind::kLiteral;
  ByteVector bytes;
  SizeExpression size;
};

/// A fixed byte to spoil.
enum class Spoilt : std::uint8_t { kNothing, kFirstLead, kLastLead, kFirstTrailer, kLastTrailer };

/// A whole frame. Its payload is filled up to the dialect's minimum and unit where it is shorter.
struct FrameItem {
  Content payload;
  ByteVector lead;  ///< empty: the dialect's own
  std::string filename{kFrameFilename};
  Spoilt spoilt = Spoilt::kNothing;
  bool flips_free_lead = false;  ///< all bits of the lead that its mask leaves free the other way
  std::optional<SizeExpression> varint_size;  ///< bytes to which the varint is padded
  std::optional<SizeExpression> first;        ///< send only so many bytes of the frame; unanswered
  std::optional<SizeExpression> after;        ///< send the frame without so many bytes of its start
  bool is_answered = true;
};

/// What comes before the payload, for a payload of any size: prefix, and header if there is one.
struct HeadItem {
  SizeExpression payload_size;
};

/// A prefix whose length field has this value as it stands; or one that counts so many bytes.
struct PrefixItem {
  SizeExpression value;
  bool counts_bytes = false;
};

/// A JSON header as text, with its prefix before it and its payload behind it. In the text stand
/// <size>, <md5>, <MD5> for those of the payload, <hex ff 00> for bytes, and <pad N> for as many
/// spaces as make the header N bytes.
struct HeaderItem {
  std::string text;
  SizeExpression length;  ///< what the prefix says; `size` is the truth
  Content payload;
  std::string filename;  ///< expected in the answer
  bool is_answered = false;
};

/// Bytes as they are; with an answer they complete a frame.
struct BytesItem {
  Content content;
  bool is_length = false;  ///< they stand in the length field: the dialect's lead comes before them
  std::optional<Content> answer;
  ByteVector lead;       ///< of the answer; empty: the dialect's own
  std::string filename;  ///< of the answer, where the dialect has a JSON header
};

struct SendItem {
  std::variant<FrameItem, HeadItem, PrefixItem, HeaderItem, BytesItem> what;
  std::uint64_t times = 1;
  bool is_numbered = false;  ///< the payloads of a frame sent several times end in its number
};

struct SendStep {
  std::vector<SendItem> items;
  bool is_cut = false;  ///< segmentations apply to this step
  std::optional<std::size_t>
      stop_at_most;  ///< cut the stream off at every offset, this many at most
};
/// Bytes as they are, in any dialect: an answer of a fixed exchange.
struct FixedSendStep {
  Send send;  ///< without Send::arrival
  bool is_cut = false;
  std::optional<std::size_t> stop_at_most;  ///< never behind all of them
};
struct FloodStep {
  FrameItem frame;
  SizeExpression total_bytes;
  bool goes_on = false;  ///< beside the steps that follow, until its answers are expected
};
struct PauseStep {
  std::uint64_t percent = 100;  ///< of the time that a frame may take
};
struct ExpectTimedClose {
  std::uint64_t percent = 100;  ///< within so much of it, from here on
};
struct ExpectFramesStep {};  ///< all that were sent on the connection and not yet expected
struct ExpectStalledStep {
  SizeExpression bytes_max;
};
struct ExpectMemoryStep {
  SizeExpression growth_max;
  bool only_in_use = false;
};

struct ExpectExitStep {
  ExpectExit::Like like = ExpectExit::Like::kAnything;
  /// Where the stream is cut off inside a frame.
  ExpectExit::Like like_inside_frame = ExpectExit::Like::kAnything;
};

using StepAction = std::variant<Open, SendStep, FixedSendStep, Await, FloodStep, Finish, Abort,
                                PauseStep, ExpectFramesStep, ExpectClosed, ExpectTimedClose,
                                ExpectStalledStep, ExpectMemoryStep, ExpectDescriptorGrowth,
                                MeasureWork, ExpectWork, ExpectExitStep, ExpectAnswer>;

struct CaseStep {
  std::string connection = "main";
  StepAction action;
};

/// The dialects that a case is for, and the side that it tests; what is not set does not matter.
struct Conditions {
  std::optional<Side> side;
  std::optional<bool> is_signed;
  std::optional<HeaderKind> header;
  std::optional<LengthEncoding> encoding;
  std::optional<bool> has_lead;
  std::optional<bool> has_free_lead;  ///< whether its mask leaves bits free
  std::optional<bool> has_trailer;
  std::optional<bool> is_shortest;  ///< whether a varint that could be shorter is an error
  std::optional<ZeroRule> zero;
  std::optional<std::uint8_t> width_min;
  std::optional<std::uint8_t> width_max;
  std::optional<std::uint64_t> payload_max_at_least;
  std::optional<std::uint64_t> payload_max_at_most;
  std::optional<std::uint64_t> payload_min_at_least;
  std::optional<bool> counts_itself;  ///< whether the adjustment is below zero
};

/// A family of segmentations, or the name of one.
struct SegmentationFamily {
  std::string name;         ///< "every_cut", "random", …, "byte_by_byte", "chunk-5"
  std::size_t members_max;  ///< more are thinned out evenly
};

/// The steps of a case for one of its values, or in one of its places.
struct CaseValue {
  std::string name;  ///< empty in a case without values
  std::vector<CaseStep> steps;
  bool is_placed = false;  ///< it repeats another one in some place: byte by byte is cut enough
  /// In place of those of the case, where there are any.
  std::vector<SegmentationFamily> segmentations{};
};

struct SuiteCase {
  std::string area;
  std::string name;
  std::string title;
  std::string why;     ///< the defects that it finds
  std::string remedy;  ///< what to do about them; may be empty
  std::vector<std::string> rules;
  Level level = Level::kMust;
  std::optional<Release>
      since{};           ///< the release that it came with; of one's own, where it says so
  bool is_long = false;  ///< run only where all is wanted
  Conditions conditions;
  std::vector<SegmentationFamily> segmentations;
  std::vector<CaseValue> values;  ///< at least one
};

struct Suite {
  std::string area;
  std::string title;
  std::vector<SuiteCase> cases;
  std::string digest{};  ///< md5 of the text that it was read from
};

}  // namespace framespec::conformance
