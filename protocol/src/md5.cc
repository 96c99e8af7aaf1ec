#include "framespec/md5.h"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>
#include <string_view>

namespace framespec {

struct Md5::Context {
  EVP_MD* algorithm = nullptr;
  EVP_MD_CTX* state = nullptr;

  Context() {
    // "-fips": a host in FIPS mode still lets MD5 through as the checksum that it is here.
    algorithm = EVP_MD_fetch(nullptr, "MD5", "-fips");
    state = EVP_MD_CTX_new();
    if (algorithm == nullptr || state == nullptr) {
      release();
      throw std::runtime_error("OpenSSL offers no MD5");
    }
    restart();
  }
  ~Context() { release(); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  void restart() const { EVP_DigestInit_ex2(state, algorithm, nullptr); }

 private:
  void release() const {
    EVP_MD_CTX_free(state);
    EVP_MD_free(algorithm);
  }
};

Md5::Md5() : context_(std::make_unique<Context>()) {}
Md5::~Md5() = default;
Md5::Md5(Md5&&) noexcept = default;
Md5& Md5::operator=(Md5&&) noexcept = default;

void Md5::update(Bytes bytes) { EVP_DigestUpdate(context_->state, bytes.data(), bytes.size()); }

std::string Md5::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_DigestFinal_ex(context_->state, digest.data(), &size);
  context_->restart();

  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(std::size_t{2} * size);
  for (unsigned int i = 0; i < size; ++i) {
    text += kDigits[digest[i] >> 4U];
    text += kDigits[digest[i] & 0xFU];
  }
  return text;
}

std::string md5_of(Bytes bytes) {
  Md5 md5;
  md5.update(bytes);
  return md5.finish();
}

}  // namespace framespec
