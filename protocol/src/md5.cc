// OpenSSL's own MD5 functions, not its EVP interface: EVP finds an algorithm at run time, and may
// find none (another provider configured, FIPS mode), for which a deframer has no answer. These
// functions only compute: that they return 1 is all they can do. OpenSSL 3 calls them deprecated,
// to lead those who want security elsewhere; MD5 is a checksum here.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "framespec/md5.h"

#include <openssl/md5.h>

#include <array>
#include <string_view>

namespace framespec {

struct Md5::Context {
  MD5_CTX state;
};

Md5::Md5() : context_(std::make_unique<Context>()) {
  static_assert(sizeof(Context) == kHeapBytes);
  MD5_Init(&context_->state);
}
Md5::~Md5() = default;
Md5::Md5(Md5&&) noexcept = default;
Md5& Md5::operator=(Md5&&) noexcept = default;

void Md5::update(Bytes bytes) noexcept { MD5_Update(&context_->state, bytes.data(), bytes.size()); }

std::string Md5::finish() {
  std::array<unsigned char, MD5_DIGEST_LENGTH> digest{};
  MD5_Final(digest.data(), &context_->state);
  MD5_Init(&context_->state);

  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * digest.size());
  for (const unsigned char byte : digest) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 0xFU];
  }
  return text;
}

std::string md5_of(Bytes bytes) {
  Md5 md5;
  md5.update(bytes);
  return md5.finish();
}

}  // namespace framespec
