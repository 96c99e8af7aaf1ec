// Whether each step of a script can be carried out after those before it.
//
//   StepOrder order;
//   for (const Step& step : steps) {
//     if (std::string wrong = order.follow(step); !wrong.empty()) return wrong;
//   }
//   return order.end();
//
// What is refused here is a mistake of whoever wrote the script, in every dialect. Whether a
// dialect's rules bear out what the steps expect is another question.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "framespec/step.h"

namespace framespec {

class StepOrder {
 public:
  /// How the file that the steps are from writes a step, for sentences that tell which one to add.
  using Written = std::function<std::string(const Step& step)>;

  /// As to_json() writes them.
  StepOrder();
  explicit StepOrder(Written written);

  /// Why the step cannot be carried out after those before it, on one line; empty if it can. Names
  /// in it are shortened and printable. Takes time that grows with the logarithm of the number of
  /// connections.
  [[nodiscard]] std::string follow(const Step& step);

  /// What is left that has to be ended, on one line; empty if nothing is.
  [[nodiscard]] std::string end() const;

  /// Whether our side of this connection has ended, or the testee has, so that nothing more can be
  /// sent on it.
  [[nodiscard]] bool has_ended(const std::string& connection) const;

  /// Whether the next thing expected on this connection are the answers to a flood.
  [[nodiscard]] bool is_flooding(const std::string& connection) const;

 private:
  struct State {
    std::size_t number = 0;  ///< how many were opened before it
    bool has_sent = false;
    bool is_flooding = false;
    bool is_unread = false;    ///< the flood's answers are not read
    bool is_end_sent = false;  ///< with the last bytes, and not yet by a step of its own
    bool is_finished = false;
    bool is_reset = false;
    bool has_awaited = false;
  };

  [[nodiscard]] std::string open(const std::string& name);
  [[nodiscard]] std::string why_not_work(const step::ExpectWork& expected) const;
  [[nodiscard]] std::string why_not(const State& state, const Step& step) const;
  [[nodiscard]] std::string why_not_flooding(const State& state, const Step& step) const;
  [[nodiscard]] std::string written(const std::string& connection, step::Action action) const;
  [[nodiscard]] std::string names() const;

  Written written_;
  std::map<std::string, State> connections_;
  /// So many of them have ended together, by ExpectDescriptorGrowth.
  std::size_t ended_together_ = 0;
  std::set<std::string> measured_;
  /// The testee has ended, by ExpectExit.
  bool is_exited_ = false;
};

}  // namespace framespec
