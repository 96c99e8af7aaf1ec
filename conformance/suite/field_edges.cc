#include "suite/field_edges.h"

#include <algorithm>

#include "framespec/prefix.h"

namespace framespec::conformance {

std::vector<std::uint64_t> field_edges_of_frame(const Dialect& dialect, Bytes frame) {
  std::vector<std::uint64_t> edges;
  if (!dialect.lead.empty()) edges.push_back(dialect.lead.size());
  const auto prefix = decode_prefix(dialect, frame);
  if (!prefix || !*prefix) return edges;
  edges.push_back((*prefix)->size);
  if (dialect.header == HeaderKind::kJson) {
    edges.push_back((*prefix)->size + (*prefix)->body_size);
  }
  if (!dialect.trailer.empty()) edges.push_back(frame.size() - dialect.trailer.size());
  return edges;
}

std::vector<std::uint64_t> field_edges_of(const Dialect& dialect, const Send& send) {
  std::vector<std::uint64_t> edges;
  std::uint64_t begin = 0;
  for (const std::uint64_t end : send.frame_ends) {
    edges.push_back(begin);
    const Bytes frame = Bytes(send.bytes).subspan(begin, end - begin);
    for (const std::uint64_t edge : field_edges_of_frame(dialect, frame)) {
      // Frame ends that somebody wrote by hand need not fit the dialect.
      if (edge < frame.size() && begin + edge > edges.back()) edges.push_back(begin + edge);
    }
    begin = end;
  }
  if (begin > 0) edges.push_back(begin);
  return edges;
}

}  // namespace framespec::conformance
