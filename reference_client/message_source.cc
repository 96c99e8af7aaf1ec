#include "message_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "framespec/json_header.h"
#include "framespec/shortened.h"
#include "request.h"

namespace framespec::client {

namespace {

Result<std::string> read_file(const std::string& path) {
  const auto failed = [&](int error) {
    return usage(fmt::format("cannot read '{}': {}", shortened(path),
                             std::generic_category().message(error)));
  };
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return failed(errno);
  std::string content;
  // A message is held whole; an endless file must end somewhere.
  constexpr std::size_t kFileSizeMax = std::size_t{2} * 1024 * 1024 * 1024;
  constexpr std::size_t kReadSize = std::size_t{256} * 1024;
  while (true) {
    const std::size_t old_size = content.size();
    content.resize(old_size + kReadSize);
    const ssize_t size = ::read(file, content.data() + old_size, kReadSize);
    const int error = errno;
    content.resize(old_size + static_cast<std::size_t>(size > 0 ? size : 0));
    const bool is_too_large = content.size() > kFileSizeMax;
    if (!is_too_large && (size > 0 || (size < 0 && error == EINTR))) continue;
    ::close(file);
    if (is_too_large) return failed(EFBIG);
    if (size < 0) return failed(error);
    return content;
  }
}

std::string header_filename(const std::string& path) {
  const std::string name = std::filesystem::path(path).filename().string();
  return is_safe_filename(name) ? name : std::string(kRequestFilename);
}

}  // namespace

MessageSource::MessageSource(const asio::any_io_executor& executor, const SendOptions& send)
    : send_(send) {
  if (send.lines) lines_.emplace(executor);
}

bool MessageSource::ready() const noexcept {
  return index_ < send_.texts.size() + send_.files.size() || !lines_ || lines_->ready();
}

asio::awaitable<Result<std::optional<Message>>> MessageSource::next() {
  const std::size_t index = index_++;
  if (index < send_.texts.size()) {
    co_return Message{send_.texts[index], std::string(kRequestFilename),
                      fmt::format("message {}", index + 1)};
  }
  if (index < send_.texts.size() + send_.files.size()) {
    const std::string& path = send_.files[index - send_.texts.size()];
    auto content = read_file(path);
    if (!content) co_return std::unexpected(content.error());
    co_return Message{*std::move(content), header_filename(path),
                      fmt::format("file '{}'", shortened(path))};
  }
  if (!lines_) co_return std::optional<Message>();
  auto line = co_await lines_->next();
  if (!line) co_return std::unexpected(line.error());
  if (!*line) co_return std::optional<Message>();
  co_return Message{**std::move(line), std::string(kRequestFilename),
                    fmt::format("message {}", index + 1)};
}

void MessageSource::cancel() noexcept {
  if (lines_) lines_->cancel();
}

}  // namespace framespec::client
