#include "report/wire_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "framespec/json_header.h"
#include "framespec/prefix.h"
#include "runner/minimal.h"
#include "suite/exchange.h"

namespace framespec::conformance {
namespace {

// Bytes shown on each side of a cut or of the edge of a part, when not all of them are.
constexpr std::uint64_t kAround = 4;
constexpr std::uint64_t kShownWhole = 28;
constexpr std::size_t kColumns = 94;
// A name of a part and the last byte may stand behind the last column that there is room to begin
// at.
constexpr std::size_t kRoomAtEnd = 14;
constexpr std::size_t kColumnsMin = 24;

class RegionReader {
 public:
  RegionReader(const Dialect& dialect, Bytes stream, std::uint64_t size)
      : dialect_(dialect), stream_(stream), size_(size) {}

  std::vector<WireRegion> read() {
    while (at_ < size_ && is_there(dialect_.prefix_size_max()) && read_frame()) ++frame_;
    add(WirePart::kRest, size_ - at_);
    return std::move(regions_);
  }

 private:
  /// Of a stream of which only the beginning is there, whether so many bytes from here on are.
  [[nodiscard]] bool is_there(std::uint64_t size) const {
    return stream_.size() == size_ || (at_ <= stream_.size() && size <= stream_.size() - at_);
  }

  // False when the frame is not whole or not right.
  bool read_frame() {
    const auto prefix = decode_prefix(dialect_, stream_.subspan(at_));
    if (!prefix) {
      // A whole prefix with a wrong length in it is a prefix all the same.
      add(WirePart::kPrefix, dialect_.prefix_size_max());
      return false;
    }
    if (!*prefix) return add(WirePart::kPrefix, size_ - at_);
    if (!add(WirePart::kPrefix, (*prefix)->size)) return false;
    std::uint64_t payload_size = (*prefix)->body_size;
    if (dialect_.header == HeaderKind::kJson) {
      if (!is_there(payload_size)) return false;
      const std::uint64_t begin = at_;
      if (!add(WirePart::kHeader, payload_size)) return false;
      const auto header = parse_json_header(as_text(stream_.subspan(begin, payload_size)));
      if (!header) return false;
      payload_size = header->total_size;
    }
    return add(WirePart::kPayload, payload_size) &&
           add(WirePart::kTrailer, dialect_.trailer.size());
  }

  // Adds as much of the part as is there; false when that is not all of it.
  bool add(WirePart part, std::uint64_t size) {
    const std::uint64_t there = std::min<std::uint64_t>(size, size_ - at_);
    if (there > 0) {
      regions_.push_back({.part = part, .frame = frame_, .begin = at_, .end = at_ + there});
    }
    at_ += there;
    return there == size;
  }

  const Dialect& dialect_;
  Bytes stream_;
  std::uint64_t size_;
  std::uint64_t at_ = 0;
  std::size_t frame_ = 0;
  std::vector<WireRegion> regions_;
};

std::size_t columns_for_bytes(const Style& style, std::size_t indent) {
  if (style.columns() == 0) return kColumns;
  const std::size_t taken = indent + kRoomAtEnd;
  const std::size_t left = style.columns() > taken ? style.columns() - taken : 0;
  return std::clamp(left, kColumnsMin, kColumns);
}

Colour colour_of(WirePart part) noexcept {
  switch (part) {
    case WirePart::kPrefix:
      return Colour::kCyan;
    case WirePart::kHeader:
      return Colour::kYellow;
    case WirePart::kPayload:
      return Colour::kGreen;
    case WirePart::kTrailer:
      return Colour::kMagenta;
    case WirePart::kRest:
      break;
  }
  return Colour::kDim;
}

/// A line of words with a blank between two of them.
class Row {
 public:
  explicit Row(const Style& style) : style_(style) {}

  /// At which the next word begins.
  [[nodiscard]] std::size_t columns() const noexcept { return columns_; }

  void go_to(std::size_t column) {
    if (column <= columns_) return;
    blanks_ += column - columns_;
    columns_ = column;
  }

  /// Only an ellipsis has letters of several bytes.
  void add(Colour colour, std::string_view word) {
    text_.append(blanks_, ' ');
    text_ += style_.paint(colour, word);
    blanks_ = 1;
    columns_ += (word == "…" ? 1 : word.size()) + 1;
  }

  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  const Style& style_;
  std::string text_;
  std::size_t columns_ = 0;
  std::size_t blanks_ = 0;
};

// Which bytes to show: all of a short stream; else those near a cut or an edge.
std::vector<bool> shown_bytes(std::uint64_t size, std::span<const std::uint64_t> cuts,
                              const std::vector<WireRegion>& regions) {
  std::vector<bool> shown(size, size <= kShownWhole);
  const auto show_around = [&](std::uint64_t offset) {
    const std::uint64_t begin = offset > kAround ? offset - kAround : 0;
    for (std::uint64_t at = begin; at < std::min(size, offset + kAround); ++at) shown[at] = true;
  };
  show_around(0);
  // A few of many cuts are enough to show what is done.
  for (const std::uint64_t cut : cuts.first(std::min<std::size_t>(cuts.size(), 4))) {
    show_around(cut);
  }
  for (const WireRegion& region : regions) {
    if (region.frame < 2) show_around(region.begin);
  }
  show_around(size);
  return shown;
}

}  // namespace

std::vector<WireRegion> wire_regions(const Dialect& dialect, Bytes stream, std::uint64_t size) {
  if (is_unframed(dialect) && size > 0) {
    return {{.part = WirePart::kRest, .frame = 0, .begin = 0, .end = size}};
  }
  return RegionReader(dialect, stream, size).read();
}

std::string_view name_of(WirePart part) noexcept {
  switch (part) {
    case WirePart::kPrefix:
      return "prefix";
    case WirePart::kHeader:
      return "JSON header";
    case WirePart::kPayload:
      return "payload";
    case WirePart::kTrailer:
      return "trailer";
    case WirePart::kRest:
      return "rest";
  }
  return "?";
}

const Send* shown_send(const Plan& plan) {
  if (const Send* const cut = segmented_step(plan)) return cut;
  for (const Step& step : plan.steps) {
    if (const auto* send = std::get_if<Send>(&step.action)) return send;
  }
  return nullptr;
}

std::vector<std::string> wire_view(const Dialect& dialect, const CutStream& stream,
                                   const Style& style, std::size_t indent) {
  const auto regions = wire_regions(dialect, stream.bytes, stream.size);
  const auto shown = shown_bytes(stream.bytes.size(), stream.cuts, regions);
  const std::size_t columns = columns_for_bytes(style, indent);
  Row bytes(style);
  Row parts(style);
  auto region = regions.begin();
  auto cut = stream.cuts.begin();
  bool in_gap = false;
  std::uint64_t at = 0;
  for (; at < stream.bytes.size() && bytes.columns() < columns; ++at) {
    const bool is_cut = cut != stream.cuts.end() && *cut == at;
    if (is_cut) ++cut;
    if (!shown[at]) {
      if (!in_gap) bytes.add(Colour::kDim, "…");
      in_gap = true;
      continue;
    }
    in_gap = false;
    if (is_cut) bytes.add(Colour::kRed, "|");
    while (region != regions.end() && region->end <= at) ++region;
    const bool is_of_part = region != regions.end();
    const Colour colour = is_of_part ? colour_of(region->part) : Colour::kDim;
    if (is_of_part && region->begin == at) {
      parts.go_to(bytes.columns());
      parts.add(colour, name_of(region->part));
    }
    bytes.add(colour, fmt::format("{:02x}", std::to_integer<unsigned>(stream.bytes[at])));
  }
  if (at < stream.bytes.size() || stream.bytes.size() < stream.size) bytes.add(Colour::kDim, "…");
  return {bytes.text(), parts.text()};
}

std::string segments_in_words(std::uint64_t stream_size, std::span<const std::uint64_t> cuts) {
  constexpr std::size_t kNamed = 5;
  std::string words;
  std::uint64_t begin = 0;
  for (std::size_t index = 0; index <= cuts.size(); ++index) {
    const std::uint64_t end = index < cuts.size() ? cuts[index] : stream_size;
    if (index < kNamed) words += fmt::format("{}{}", index == 0 ? "" : " + ", end - begin);
    begin = end;
  }
  if (cuts.size() >= kNamed) words += " + …";
  return fmt::format("{} bytes in {} segments: {}", stream_size, cuts.size() + 1, words);
}

}  // namespace framespec::conformance
