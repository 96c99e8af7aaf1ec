#include "file_service.h"

#include <fmt/format.h>

#include <algorithm>
#include <asio/post.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <chrono>
#include <memory>

#include "framespec/json_header.h"
#include "framespec/md5.h"

namespace framespec::server {
namespace {

// Read at once: what one file may keep other connections waiting for, and all the memory it costs.
constexpr std::size_t kPieceSizeMax = std::size_t{128} * 1024;

class Piece {
 public:
  // The next piece of `file` at `offset`: empty if the file has become shorter or cannot be read.
  Bytes read(const ServedFile& file, std::uint64_t offset) {
    const std::uint64_t left = file.size() - offset;
    const std::size_t wanted = std::min<std::uint64_t>(left, kPieceSizeMax);
    const std::size_t size = file.read_at(offset, std::span(buffer_.get(), wanted));
    return size == wanted ? Bytes(buffer_.get(), size) : Bytes();
  }

 private:
  std::unique_ptr<std::byte[]> buffer_ = std::make_unique_for_overwrite<std::byte[]>(kPieceSizeMax);
};

std::string_view last_part(std::string_view name) {
  const std::size_t slash = name.rfind('/');
  return slash == std::string_view::npos ? name : name.substr(slash + 1);
}

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

constexpr const char* kChanged = "the file changed while it was sent, or cannot be read";

}  // namespace

asio::awaitable<Outcome> FileService::answer(Request request, ReplyWriter& writer,
                                             PeerWatch& peer) {
  const std::string_view name = request.text();
  const bool has_header = writer.format().has_json_header();
  const auto file = open_file(name, has_header);
  if (!file) co_return no_answer(file.error());

  // Reading may take long, and the answers before this one are complete (TIM-3).
  Outcome outcome = co_await writer.flush_before_work();
  if (!outcome) co_return outcome;

  JsonHeader header{
      .filename = std::string(last_part(name)), .md5 = {}, .total_size = file->size()};
  if (has_header) {
    auto md5 = co_await md5_of_file(*file, peer);
    if (!md5) co_return std::unexpected(md5.error());
    header.md5 = *std::move(md5);
  }
  outcome = co_await writer.begin(header, request.lead);
  if (outcome) outcome = co_await stream(*file, header.md5, writer);
  if (outcome) outcome = co_await writer.end();
  co_return outcome;
}

std::expected<ServedFile, std::string> FileService::open_file(std::string_view name,
                                                              bool has_header) const {
  // Said before a long file is read for a header that every receiver refuses.
  if (has_header && !is_safe_filename(last_part(name))) {
    return std::unexpected(fmt::format(
        "no file '{}' is served: its name cannot stand in a JSON header, which takes at most 255 "
        "bytes of UTF-8 without '\\', NUL and '..'",
        name));
  }
  return folder_.open_file(name);
}

asio::awaitable<std::expected<std::string, ConnectionEnd>> FileService::md5_of_file(
    const ServedFile& file, const PeerWatch& peer) {
  if (auto known = digests_.find(file.identity())) co_return *std::move(known);

  const auto executor = co_await asio::this_coro::executor;
  const std::int64_t read_ns = now_ns();
  Md5 md5;
  Piece piece;
  for (std::uint64_t offset = 0; offset < file.size();) {
    const Bytes bytes = piece.read(file, offset);
    if (bytes.empty()) co_return no_answer(kChanged);
    md5.update(bytes);
    offset += bytes.size();
    // Others take their turn (CON-2), and nobody may be left who waits for this.
    co_await asio::post(executor, asio::use_awaitable);
    if (peer.is_gone()) co_return peer_gone("the peer was gone while its file was read");
  }
  if (!file.has_same_size()) co_return no_answer(kChanged);
  std::string digest = md5.finish();
  // Of two versions mixed up it is the digest of neither, as stream() will find.
  if (file.is_unchanged()) digests_.put(file.identity(), read_ns, digest);
  co_return digest;
}

asio::awaitable<Outcome> FileService::stream(const ServedFile& file, const std::string& md5,
                                             ReplyWriter& writer) {
  Md5 sent;
  Piece piece;
  for (std::uint64_t offset = 0; offset < file.size();) {
    const Bytes bytes = piece.read(file, offset);
    offset += bytes.size();
    if (!md5.empty()) sent.update(bytes);
    // Asked before the last piece: while that is missing, the peer knows that the frame is not
    // whole.
    const bool is_last = offset == file.size();
    const bool is_other_content = is_last && !md5.empty() && sent.finish() != md5;
    if (is_other_content) digests_.forget(file.identity());
    // What was read is right where its md5 is, whatever time the file has by now.
    const bool has_changed =
        is_last && (md5.empty() ? !file.is_unchanged() : !file.has_same_size());
    if (bytes.empty() || is_other_content || has_changed) {
      co_await writer.abandon();
      co_return no_answer(kChanged);
    }
    const Outcome written = co_await writer.write(bytes);
    if (!written) co_return written;
  }
  co_return Outcome{};
}

}  // namespace framespec::server
