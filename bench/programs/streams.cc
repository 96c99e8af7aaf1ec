#include "streams.h"

#include <cstdio>
#include <cstdlib>

#include "framespec/encoder.h"

namespace framespec::bench {

Stream make_stream(const Dialect& dialect, std::size_t payload_size, std::size_t stream_size) {
  const ByteVector payload(payload_size, std::byte{0x5A});
  Stream stream;
  do {
    if (auto appended = append_frame(stream.bytes, dialect, payload); !appended) {
      std::fprintf(stderr, "bench: %s\n", to_string(appended.error()).c_str());
      std::exit(3);  // NOLINT(concurrency-mt-unsafe): before any benchmark, on the only thread
    }
    ++stream.frame_count;
  } while (stream.bytes.size() + stream.bytes.size() / stream.frame_count <= stream_size);
  return stream;
}

const Dialect& dialect_named(const char* name) {
  const Dialect* dialect = find_dialect(name);
  if (dialect == nullptr) {
    std::fprintf(stderr, "bench: no dialect is called %s\n", name);
    std::exit(3);  // NOLINT(concurrency-mt-unsafe): as above
  }
  return *dialect;
}

}  // namespace framespec::bench
