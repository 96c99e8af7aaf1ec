// A phenomenon as a terminal shows it, of fixed figures.
#include "report/phenomenon_text.h"

#include <gtest/gtest.h>

#include <chrono>

namespace framespec::conformance {
namespace {

using namespace std::chrono_literals;
using phenomena::Passage;
using phenomena::Phenomenon;
using phenomena::Played;
using phenomena::Who;

const Phenomenon kStall = {.name = "stall",
                           .statement = "The second write waits for the first.",
                           .advice = {"Write once.", "Or read docs/phenomena.md."}};

Played played() {
  return {.scenes = {{.title = "two writes",
                      .steps = {{15us, Who::kLeft, "write \"a\"", Passage::kSent},
                                {22us, Who::kLeft, "write \"b\"", Passage::kHeld},
                                {43'300us, Who::kRight,
                                 "read(20): \"\\x01\\x02\\x03\\x04\" and then the rest of it"},
                                {43'310us, Who::kRight, "write \"ok\"", Passage::kSent},
                                {43'320us, Who::kRight, "connect 7", Passage::kLost}}}},
          .measured = "until it is read",
          .ways = {{.name = "two writes", .took = {43ms, 41ms, 48ms}, .outcome = "2 packets"},
                   {.name = "one write", .took = {30us, 21us, 52us}, .outcome = "1 packet"}},
          .is_shown = true,
          .seen = "43.0 ms and 0.03 ms."};
}

TEST(PhenomenonText, IsAPictureOfEightyColumnsInAFile) {
  EXPECT_EQ(phenomenon_text(kStall, played(), Style::plain()),
            R"(stall  The second write waits for the first.

  two writes
         ms  client                               server
      0.015  write "a"                      ────▶
      0.022  write "b"                      ──┤
          ⋮  nothing for 43.3 ms
     43.300                                       read(20): "\x01\x02\x03\x04"
                                                    and then the rest of it
     43.310                                 ◀──── write "ok"
     43.320                                  ×─── connect 7
        ──┤  kept back by the kernel

  until it is read, ms (median, range of 3 runs)
    two writes    43.0  41.0 to 48.0  2 packets  ███████████████████████████████
    one write     0.03  0.02 to 0.05  1 packet   ▏

  shown     43.0 ms and 0.03 ms.
  do        Write once.
            Or read docs/phenomena.md.
)");
}

TEST(PhenomenonText, FitsANarrowTerminal) {
  std::string plain;
  const std::string coloured = phenomenon_text(kStall, played(), Style::coloured(60));
  for (std::size_t at = 0; at < coloured.size(); ++at) {
    if (coloured[at] == '\x1b') {
      at = coloured.find('m', at);
    } else {
      plain += coloured[at];
    }
  }
  EXPECT_NE(coloured, plain);
  EXPECT_EQ(plain, R"(stall  The second write waits for the first.

  two writes
         ms  client                     server
      0.015  write "a"            ────▶
      0.022  write "b"            ──┤
          ⋮  nothing for 43.3 ms
     43.300                             read(20):
                                          "\x01\x02\x03\x04"
                                          and then the rest
                                          of it
     43.310                       ◀──── write "ok"
     43.320                        ×─── connect 7
        ──┤  kept back by the kernel

  until it is read, ms (median, range of 3 runs)
    two writes    43.0  41.0 to 48.0  2 packets  ███████████
    one write     0.03  0.02 to 0.05  1 packet   ▏

  shown     43.0 ms and 0.03 ms.
  do        Write once.
            Or read docs/phenomena.md.
)");
}

TEST(PhenomenonText, SaysWhereItWasNotSeen) {
  Played elsewhere = played();
  elsewhere.is_shown = false;
  elsewhere.seen = "0.03 ms and 0.03 ms.";
  const std::string text = phenomenon_text(kStall, elsewhere, Style::plain());
  EXPECT_NE(text.find("\n  not shown 0.03 ms and 0.03 ms.\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("  shown "), std::string::npos) << text;
}

TEST(PhenomenonText, ListsWhatCameWhereTimeIsNotThePoint) {
  Played untimed = played();
  untimed.ways = {{.name = "one", .outcome = "bound"}, {.name = "another", .outcome = "in use"}};
  const std::string text = phenomenon_text(kStall, untimed, Style::plain());
  EXPECT_NE(text.find("\n  what came of it\n    one      bound\n    another  in use\n\n"),
            std::string::npos)
      << text;
}

TEST(PhenomenonText, NamesTheRunWhereThereIsOne) {
  Played single = played();
  single.ways = {{.name = "late", .took = {1024ms}, .outcome = "6 in"}};
  const std::string text = phenomenon_text(kStall, single, Style::plain());
  EXPECT_NE(text.find("\n  until it is read, ms (one run)\n    late    1024  6 in  ██"),
            std::string::npos)
      << text;
}

TEST(PhenomenaText, IsALineForEach) {
  const std::vector<Phenomenon> two = {kStall, {.name = "other", .statement = "Something else."}};
  EXPECT_EQ(phenomena_text(two, Style::plain()),
            "  stall  The second write waits for the first.\n"
            "  other  Something else.\n");
}

}  // namespace
}  // namespace framespec::conformance
