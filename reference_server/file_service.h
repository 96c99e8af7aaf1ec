// Serves the files of a folder, of any size, with constant memory.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "digest_cache.h"
#include "served_folder.h"
#include "service.h"

namespace framespec::server {

/// The request is the relative name of a file, the reply its content. Where the reply has a JSON
/// header the file is read twice, the first time for the md5, unless that is known from before.
///
/// The wire has no answer for a file that is not there, leads out of the folder, or cannot be
/// expressed in the dialect: the connection is ended instead. So it is when the file changes while
/// it is sent, and then before the frame is whole. Change is judged by what was read: by the size,
/// with a JSON header also by the md5 of what was sent, without one by the time of the last change
/// of content. New names, rights or owners are no change.
class FileService final : public Service {
 public:
  explicit FileService(ServedFolder folder) : folder_(std::move(folder)) {}

  asio::awaitable<Outcome> answer(Request request, ReplyWriter& writer, PeerWatch& peer) override;
  std::uint64_t request_size_max() const noexcept override { return kNameSizeMax; }
  std::uint64_t descriptors_for(std::uint64_t connections) const noexcept override {
    return 2 * connections;
  }

 private:
  static constexpr std::uint64_t kNameSizeMax = 4096;  // PATH_MAX: no longer name opens a file

  // With a header, only one whose name that can carry.
  std::expected<ServedFile, std::string> open_file(std::string_view name, bool has_header) const;
  asio::awaitable<std::expected<std::string, ConnectionEnd>> md5_of_file(const ServedFile& file,
                                                                         const PeerWatch& peer);
  asio::awaitable<Outcome> stream(const ServedFile& file, const std::string& md5,
                                  ReplyWriter& writer);

  ServedFolder folder_;
  DigestCache digests_;
};

}  // namespace framespec::server
