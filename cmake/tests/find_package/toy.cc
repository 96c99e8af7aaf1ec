// Deframes two frames that arrive joined and cut, with the installed library.
#include <framespec/dialect.h>
#include <framespec/frame_deframer.h>

#include <cstdio>

int main() {
  const framespec::Dialect* dialect = framespec::find_dialect("uint16be");
  if (dialect == nullptr) return 1;
  framespec::FrameDeframer deframer(*dialect);
  using namespace std::string_view_literals;
  for (const std::string_view segment : {"\0\5hel"sv, "lo\0"sv, "\5world"sv}) {
    framespec::Bytes input = framespec::as_bytes(segment);
    for (;;) {
      const auto frame = deframer.next(input);
      if (!frame) return 2;
      if (!*frame) break;
      const std::string_view payload = framespec::as_text((*frame)->payload);
      std::printf("%.*s\n", static_cast<int>(payload.size()), payload.data());
    }
  }
  return deframer.finish() ? 0 : 3;
}
