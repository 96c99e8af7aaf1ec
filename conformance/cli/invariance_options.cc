#include "cli/invariance_options.h"

#include "cli/option_checks.h"
#include "cli/record_command.h"
#include "cli/run_options.h"

namespace framespec::conformance {
namespace {

constexpr const char* kInvarianceDescription =
    "Test any TCP service: its answers must not depend on how the requests were cut or joined. No\n"
    "knowledge of the protocol is needed, only a recording of one conversation with it";

// Behind what --launch fills in.
constexpr const char* kInvarianceFooter =
    "\n"
    "The recorded requests are sent unsplit a few times first: what is answered then is what must\n"
    "be answered to all cuts; bytes that differ from one time to the next (dates, ids) are not\n"
    "compared, and shown. Exit codes: 0 the answers are the same, 1 a finding, 2 usage or a file\n"
    "that is no recording, 3 the service does not work, or could not be judged.\n"
    "docs/invariance.md tells of it.";

void add_pipelined(CLI::App& app, Selection& selection) {
  app.add_flag("--pipelined", selection.conversation.is_pipelined,
               "The protocol lets a client send its next request before the answer to the one\n"
               "before: requests are joined, too");
}

}  // namespace

void add_invariance(CLI::App& app, RunCommand& command) {
  CLI::App* const invariance = app.add_subcommand("invariance", kInvarianceDescription);
  Selection& selection = command.selection;
  CLI::Option* const recording = invariance
                                     ->add_option("recording", selection.conversation.recording,
                                                  "A recorded conversation (framespec record)")
                                     ->check(not_empty())
                                     ->type_name("FILE");
  for (CLI::Option* const file :
       add_conversation_files(*invariance, selection.conversation.stream,
                              selection.conversation.capture, selection.conversation.flow)) {
    file->excludes(recording);
  }
  add_server(*invariance, command.testee);
  add_pipelined(*invariance, selection);
  invariance
      ->add_option("--dialect", selection.dialects,
                   "The frames that the requests are, as far as they are any: there is more\n"
                   "cutting around their edges. A name, or a dialect file")
      ->check(not_empty())
      ->type_name("NAME|FILE")
      ->expected(1);
  invariance
      ->add_option("--mask", selection.conversation.masks,
                   "What of the answers is not compared: what the regular expression (of RE2, on\n"
                   "bytes) matches, in all of them or in that of turn TURN, from 1, so that its\n"
                   "size may vary; or the bytes from offset FROM to TO, from 0. May be given\n"
                   "several times")
      ->type_name("/REGEX/|TURN:/REGEX/|TURN:FROM-TO")
      ->allow_extra_args(false);
  invariance
      ->add_option("--before-each", selection.conversation.before_each,
                   "Command that resets the state which the requests change: run (by /bin/sh)\n"
                   "before each conversation, with {host} and {port} filled in")
      ->check(not_empty())
      ->type_name("'CMD'");
  add_filters(*invariance, selection);
  add_limits(*invariance, command.testee);
  add_run_options(*invariance, command);
  invariance->footer(std::string(kLaunchHelp) + kInvarianceFooter);
}

void add_recording(CLI::App& app, Selection& selection) {
  app.add_option("--recording", selection.conversation.recording,
                 "The cases of `framespec invariance` with this recording")
      ->check(not_empty())
      ->type_name("FILE");
  add_pipelined(app, selection);
}

}  // namespace framespec::conformance
