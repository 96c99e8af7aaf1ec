#include "cli/capture_folder.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <iterator>
#include <set>
#include <utility>

#include "cli/record_command.h"
#include "framespec/printable.h"
#include "os/error_text.h"
#include "outputs/finding_capture.h"
#include "report/finding_text.h"
#include "report/findings.h"
#include "report/recorded_attempts.h"
#include "report/report_file.h"

namespace framespec::conformance {
namespace {

// So many files are told by name.
constexpr std::size_t kNamed = 20;

/// The attempt that shows the finding: the failing one, where parts of a run have several.
const RecordedAttempt* attempt_for(const Finding& finding,
                                   const std::vector<RecordedAttempt>& attempts) {
  const RecordedAttempt* chosen = nullptr;
  for (const RecordedAttempt& each : attempts) {
    if (each.option != finding.dialect->option || each.made.id != id_of(finding)) continue;
    if (chosen == nullptr || (!chosen->made.attempt.failure && each.made.attempt.failure)) {
      chosen = &each;
    }
  }
  return chosen;
}

std::expected<std::string, std::string> content_of(const RunResult& run, const Finding& finding,
                                                   const RecordedAttempt* attempt) {
  if (attempt == nullptr) return std::unexpected("the events do not hold what was played");
  const auto replay = attempt->replay();
  if (!replay) return std::unexpected(replay.error());
  return finding_capture(run, finding, *attempt, *replay);
}

/// Names of checks differ, and may all the same become one name of a file.
std::string unique_name(std::string name, std::set<std::string>& taken) {
  const std::string whole = name;
  for (std::size_t number = 2; !taken.insert(name).second; ++number) {
    name = whole;
    name.insert(name.rfind('.'), fmt::format("-{}", number));
  }
  return name;
}

void tell_of(const std::string& folder, const std::vector<std::string>& names) {
  if (names.empty()) return tell("--pcap: there is no finding, and so no capture");
  for (std::size_t index = 0; index < std::min(names.size(), kNamed); ++index) {
    tell(fmt::format("capture: {}/{}", folder, names[index]));
  }
  if (names.size() > kNamed) tell(fmt::format("and {} captures more", names.size() - kNamed));
}

}  // namespace

std::expected<CaptureFolder, std::string> CaptureFolder::open(const std::string& path) {
  CaptureFolder folder;
  folder.path_ = path;
  if (path.empty()) return folder;
  const auto failed = [&](int error) {
    return std::unexpected(fmt::format("--pcap: captures cannot be written to {}: {}",
                                       printable(path), os::error_text(error)));
  };
  constexpr mode_t kMode = 0777;
  if (mkdir(path.c_str(), kMode) != 0 && errno != EEXIST) return failed(errno);
  struct stat there{};
  if (stat(path.c_str(), &there) != 0) return failed(errno);
  if (!S_ISDIR(there.st_mode)) return failed(ENOTDIR);
  if (access(path.c_str(), W_OK | X_OK) != 0) return failed(errno);
  return folder;
}

std::expected<void, std::string> CaptureFolder::write(
    const RunResult& run, const std::vector<std::string>& events_files) const {
  if (!is_wanted()) return {};
  const std::vector<Finding> findings = findings_of(run);
  std::set<std::string> ids;
  for (const Finding& finding : findings) ids.insert(id_of(finding));
  std::vector<RecordedAttempt> attempts;
  for (const std::string& file : events_files) {
    auto read = recorded_attempts(file, ids);
    if (!read) return std::unexpected("--pcap: " + read.error());
    std::ranges::move(*read, std::back_inserter(attempts));
  }
  std::expected<void, std::string> all;
  std::vector<std::string> written;
  std::set<std::string> taken;
  for (const Finding& finding : findings) {
    const auto content = content_of(run, finding, attempt_for(finding, attempts));
    if (!content) {
      tell(fmt::format("--pcap: no capture of {}: {}", id_of(finding), content.error()));
      continue;
    }
    const std::string name = unique_name(capture_name(finding), taken);
    auto file = ReportFile::create_itself(path_ + "/" + name, "a capture");
    const auto put = file ? file->commit(*content)
                          : std::expected<void, std::string>(std::unexpected(file.error()));
    if (put) written.push_back(name);
    if (!put && all) all = std::unexpected(put.error());
  }
  if (all && (!written.empty() || findings.empty())) tell_of(path_, written);
  return all;
}

}  // namespace framespec::conformance
