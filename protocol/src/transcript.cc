#include "framespec/transcript.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "framespec/frame_deframer.h"

namespace framespec {
namespace {

ByteVector copy_of(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

class FrameDeframerAdapter final : public DeframerAdapter {
 public:
  FrameDeframerAdapter(const Dialect& dialect, DigestCheck digest) : deframer_(dialect, digest) {}

  std::expected<std::size_t, Error> receive(Bytes segment,
                                            std::vector<TranscriptFrame>& frames) override {
    for (Bytes input = segment;;) {
      auto frame = deframer_.next(input);
      if (!frame) return std::unexpected(std::move(frame.error()));
      if (!*frame) return segment.size() - input.size();
      TranscriptFrame entry{.offset = (*frame)->offset,
                            .lead = copy_of((*frame)->lead),
                            .header = std::nullopt,
                            .payload = copy_of((*frame)->payload)};
      if ((*frame)->header != nullptr) entry.header = *(*frame)->header;
      frames.push_back(std::move(entry));
    }
  }

  std::expected<void, Error> finish(std::vector<TranscriptFrame>& /*frames*/) override {
    return deframer_.finish();
  }
  std::size_t bytes_held() const override { return deframer_.bytes_held(); }
  std::uint64_t bytes_copied() const override { return deframer_.bytes_copied(); }

 private:
  FrameDeframer deframer_;
};

class EventDeframerAdapter final : public DeframerAdapter {
 public:
  EventDeframerAdapter(const Dialect& dialect, DigestCheck digest) : deframer_(dialect, digest) {}

  std::expected<std::size_t, Error> receive(Bytes segment,
                                            std::vector<TranscriptFrame>& frames) override {
    for (Bytes input = segment;;) {
      auto event = deframer_.next(input);
      if (!event) return std::unexpected(std::move(event.error()));
      switch (event->kind) {
        case EventKind::kNeedData:
          return segment.size() - input.size();
        case EventKind::kFrameBegin:
          current_ = TranscriptFrame{.offset = event->head->offset,
                                     .lead = copy_of(event->head->lead),
                                     .header = std::nullopt,
                                     .payload = {}};
          if (event->head->header != nullptr) current_.header = *event->head->header;
          break;
        case EventKind::kPayload:
          current_.payload.insert(current_.payload.end(), event->payload.begin(),
                                  event->payload.end());
          break;
        case EventKind::kFrameEnd:
          frames.push_back(std::exchange(current_, {}));
          break;
      }
    }
  }

  std::expected<void, Error> finish(std::vector<TranscriptFrame>& /*frames*/) override {
    return deframer_.finish();
  }
  std::size_t bytes_held() const override { return deframer_.bytes_held(); }

 private:
  EventDeframer deframer_;
  TranscriptFrame current_;
};

void set_error(Transcript& transcript, Error error) {
  transcript.terminal =
      error.kind == ErrorKind::kTruncated ? TerminalState::kTruncated : TerminalState::kRejected;
  transcript.error = std::move(error);
}

void finish_stream(DeframerAdapter& adapter, std::uint64_t stream_size, Transcript& transcript) {
  const std::size_t delivered = transcript.frames.size();
  if (auto finished = adapter.finish(transcript.frames); !finished) {
    set_error(transcript, std::move(finished.error()));
  }
  if (transcript.frames.size() == delivered) return;
  for (std::size_t index = delivered; index < transcript.frames.size(); ++index) {
    // One more than the stream has: after every byte, and too late.
    transcript.frames[index].delivered_at = stream_size + 1;
  }
  transcript.terminal = TerminalState::kStalled;
}

// The earliest that each frame was seen in any run.
void keep_earliest(Transcript& earliest, const Transcript& run) {
  for (std::size_t index = 0; index < std::min(earliest.frames.size(), run.frames.size());
       ++index) {
    const std::uint64_t seen = run.frames[index].delivered_at;
    std::uint64_t& kept = earliest.frames[index].delivered_at;
    if (seen != 0 && seen < kept) kept = seen;
  }
}

}  // namespace

Transcript transcribe_with(DeframerAdapter& adapter, Bytes stream,
                           const Segmentation& segmentation) {
  assert(segmentation.stream_size() == stream.size());
  Transcript transcript;
  std::uint64_t handed_over = 0;
  for (std::size_t index = 0; index < segmentation.segment_count(); ++index) {
    const Bytes segment = segmentation.segment(stream, index);
    handed_over += segment.size();
    const std::size_t delivered = transcript.frames.size();
    auto taken = adapter.receive(segment, transcript.frames);
    for (std::size_t frame = delivered; frame < transcript.frames.size(); ++frame) {
      transcript.frames[frame].delivered_at = handed_over;
    }
    transcript.bytes_held_max = std::max(transcript.bytes_held_max, adapter.bytes_held());
    transcript.bytes_copied = adapter.bytes_copied();
    if (!taken) {
      set_error(transcript, std::move(taken.error()));
      return transcript;
    }
    if (*taken != segment.size()) {
      transcript.terminal = TerminalState::kStalled;
      return transcript;
    }
  }
  finish_stream(adapter, handed_over, transcript);
  return transcript;
}

Transcript transcribe(const Dialect& dialect, Bytes stream, const Segmentation& segmentation,
                      DigestCheck digest) {
  FrameDeframerAdapter adapter(dialect, digest);
  return transcribe_with(adapter, stream, segmentation);
}

Transcript transcribe_events(const Dialect& dialect, Bytes stream, const Segmentation& segmentation,
                             DigestCheck digest) {
  EventDeframerAdapter adapter(dialect, digest);
  return transcribe_with(adapter, stream, segmentation);
}

std::optional<Divergence> find_divergence(Bytes stream, const DeframerUnderTest& run,
                                          const ThoroughOptions& options) {
  const Segmentation whole = Segmentation::whole(stream.size());
  const Transcript unsplit = run(stream, whole);
  if (unsplit.terminal == TerminalState::kStalled) {
    return Divergence{whole, unsplit, unsplit, "the deframer stalls on the uncut stream"};
  }
  Transcript earliest = unsplit;
  const auto verdict = [&](const Transcript& split, const Segmentation& segmentation) {
    const std::string what = difference(unsplit, split);
    return what.empty() ? lateness(earliest, split, segmentation) : what;
  };

  std::optional<Segmentation> failing;
  for_thorough(stream.size(), options, [&](const Segmentation& segmentation) {
    const Transcript split = run(stream, segmentation);
    if (!verdict(split, segmentation).empty()) {
      failing = segmentation;
      return false;
    }
    keep_earliest(earliest, split);
    return true;
  });
  if (!failing) return std::nullopt;

  const auto fails = [&](const Segmentation& candidate) {
    return !verdict(run(stream, candidate), candidate).empty();
  };
  Segmentation smallest = shrink(*failing, fails);
  // Leaving out cuts can end at two where another one alone would do, or at a late one: the first
  // of the thorough set with as few cuts is easier to understand, and the same for every defect.
  std::size_t cuts_max = smallest.cuts().size();
  for_thorough(stream.size(), options, [&](const Segmentation& candidate) {
    const std::size_t cuts = candidate.cuts().size();
    if (cuts > 0 && cuts <= cuts_max && fails(candidate)) {
      smallest = candidate.explicit_cuts();
      cuts_max = cuts - 1;
    }
    return cuts_max > 0;
  });
  Transcript split = run(stream, smallest);
  std::string what = verdict(split, smallest);
  return Divergence{std::move(smallest), unsplit, std::move(split), std::move(what)};
}

}  // namespace framespec
