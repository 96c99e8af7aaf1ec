#include "framespec/quick_prefix.h"

#include <algorithm>

#include "length_range.h"

namespace framespec {

QuickPrefix::Shape QuickPrefix::shape_of(const Dialect& dialect) noexcept {
  if (!dialect.lead.empty() || dialect.length.order != ByteOrder::kLittle) return Shape::kOther;
  return dialect.length.width == 4   ? Shape::kPlain4
         : dialect.length.width == 8 ? Shape::kPlain8
                                     : Shape::kOther;
}

QuickPrefix::QuickPrefix(const Dialect& dialect)
    : shape_(shape_of(dialect)),
      swap_(dialect.length.order == ByteOrder::kBig),
      has_trailer_(!dialect.trailer.empty()),
      has_fixed_bytes_(has_trailer_ || !dialect.lead.empty()),
      lead_size_(static_cast<unsigned>(dialect.lead.size())),
      size_(dialect.lead.size() + dialect.length.width) {
  const LengthField& field = dialect.length;
  if (dialect.header != HeaderKind::kNone || field.encoding != LengthEncoding::kFixed ||
      field.unit != 1 || std::endian::native != std::endian::little) {
    return;
  }
  shift_ = 64 - 8U * field.width;
  mask_ = ~std::uint64_t{0} >> shift_;
  // A negative length is one above the highest before the adjustment, hence above this maximum
  // after it.
  std::uint64_t payload_size_max = 0;
  if (__builtin_add_overflow(length_value_max(field), field.adjustment, &payload_size_max)) {
    if (field.adjustment < 0) return;  // below zero: no length is legal
    payload_size_max = kPayloadSizeMax;
  }
  payload_size_max = std::min({dialect.payload_size_max, payload_size_max, kPayloadSizeMax});
  const std::uint64_t smallest = dialect.zero == ZeroRule::kLegal ? 0 : 1;
  // With a minimum of two or more an empty payload may still be legal: decode_prefix knows.
  std::uint64_t payload_size_min =
      dialect.payload_size_min > 1 ? dialect.payload_size_min : smallest;
  // No length stands for less than what is added to it; a sum that wrapped around would.
  if (field.adjustment > 0) {
    payload_size_min = std::max(payload_size_min, static_cast<std::uint64_t>(field.adjustment));
  }
  to_payload_ = static_cast<std::uint64_t>(field.adjustment);
  to_frame_ = to_payload_ + size_ + dialect.trailer.size();
  length_min_ = payload_size_min - to_payload_;
  length_span_ = payload_size_max - payload_size_min;
  usable_ = payload_size_min <= payload_size_max;
}

}  // namespace framespec
