#include "described_program.h"
#include "framespec/dialect.h"

namespace framespec::manual {

Values dialects() {
  Values values{.words = {}, .files = true};
  for (const Dialect& dialect : shipped_dialects()) values.words.push_back(dialect.name);
  return values;
}

}  // namespace framespec::manual
