#include "runner/service_look.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

#include "runner/answer_doubt.h"
#include "runner/minimal.h"

namespace framespec::conformance {
namespace {

// One byte of a number that seldom differs may be seen to vary only now.
constexpr unsigned kLearntAgainMax = 3;
// As many as there are at the most with a plan and what is played before and behind it: a service
// that changes its answers after some conversations has no chance to seem broken by the plan.
constexpr unsigned kUnsplitPlays = 5;

// What is broken stays so; an answer that is another one now and then comes right again.
constexpr unsigned kBrokenPlays = 5;

// One that tells time in milliseconds may find one in what was quick.
constexpr unsigned kQuickPlays = 3;
// Of many cuts a few are asked one by one; the cases of one cut have asked all.
constexpr std::size_t kOwnCutsMax = 4;
// So many of an answer that tells a short time are hardly ever all different.
constexpr unsigned kAlikePlays = 12;
// Much longer than a proof takes on a busy machine.
constexpr std::chrono::milliseconds kMuchLater{100};
// Of a testee whose taking cannot be proven the parts of a request are held apart by this.
constexpr std::chrono::milliseconds kApart{20};

constexpr std::string_view kBroken =
    "; after this the unsplit conversation is no longer answered as before, until the service is "
    "started anew";

/// A cut of so many bytes that is none of these, if there is one; as near to the middle as can be.
std::size_t another_cut(std::size_t size, const std::vector<std::uint64_t>& cuts) {
  const std::size_t middle = size / 2;
  for (std::size_t off = 0; off < size; ++off) {
    for (const std::size_t at : {middle - std::min(off, middle), middle + off}) {
      if (at > 0 && at < size && !std::ranges::binary_search(cuts, at)) return at;
    }
  }
  return middle;
}

/// The first and the last of these, and some between.
std::vector<std::uint64_t> spread(const std::vector<std::uint64_t>& cuts, std::size_t count_max) {
  if (cuts.size() <= count_max) return cuts;
  std::vector<std::uint64_t> some;
  for (std::size_t i = 0; i < count_max; ++i) {
    some.push_back(cuts[i * (cuts.size() - 1) / (count_max - 1)]);
  }
  return some;
}

/// A little more than it took: it may have ended when not all was sent.
std::chrono::milliseconds as_slow_as(std::chrono::microseconds segmented_for) {
  return std::chrono::ceil<std::chrono::milliseconds>(segmented_for + segmented_for / 4);
}

Plan slowed(Plan plan, const ServiceLook::Slowly& how) {
  const auto cut = std::ranges::find_if(plan.steps, [](const Step& step) {
    const auto* const send = std::get_if<Send>(&step.action);
    return send != nullptr && send->arrival;
  });
  if (cut == plan.steps.end()) return plan;
  auto& send = std::get<Send>(cut->action);
  plan.id = how.cut_at == 0 ? plan.control_id
                            : fmt::format("{}/{}/cut_at-{}/{}", plan.area, plan.dialect->name,
                                          how.cut_at, plan.name);
  // Cut and at once, it must be proven that the parts have come apart.
  if (how.cut_at > 0 && how.pause.count() == 0) {
    send.arrival = Arrival{.cuts = {how.cut_at}};
    return plan;
  }
  send.arrival.reset();
  std::vector<Step> before;
  if (how.cut_at > 0) {
    const auto middle = send.bytes.begin() + static_cast<std::ptrdiff_t>(how.cut_at);
    before.push_back(
        {.action = Send{.bytes = ByteVector(send.bytes.begin(), middle), .frame_ends = {}}});
    send.bytes.erase(send.bytes.begin(), middle);
  }
  before.push_back({.action = Pause{how.pause}});
  plan.steps.insert(cut, before.begin(), before.end());
  return plan;
}

Judgement time_and_not_the_cuts(std::string_view what, const Failure& failure) {
  return {Verdict::kInconclusive,
          fmt::format("it is time, and not the cuts, that it goes by: {}, it comes to the same: {}",
                      what, to_string(failure))};
}

/// What came on the connection that was cut.
ByteVector answer_of(const Attempt& attempt) {
  const auto came = std::ranges::find(attempt.came, "main", &ReplayCame::connection);
  return came == attempt.came.end() ? ByteVector() : came->bytes;
}

/// As far as they go: what is another answer is not waited for to its end.
bool are_alike(Bytes one, Bytes other) {
  const std::size_t size = std::min(one.size(), other.size());
  return std::ranges::equal(one.first(size), other.first(size));
}

}  // namespace

bool ServiceLook::is_control(const Plan& plan) const { return plan.id == sanity_plan(source_).id; }

Attempt ServiceLook::play_unsplit(std::string_view case_key, event::Look look) {
  return runner_.run(sanity_plan(source_), runner_.patience().second_look(),
                     {.role = Role::kControl, .look = look, .case_key = std::string(case_key)});
}

bool ServiceLook::comes_again(const Seen& seen) {
  const Seen again = runner_.play_control();
  if (!seen || !again) return seen.has_value() == again.has_value();
  return seen->answers == again->answers;
}

std::optional<std::string> ServiceLook::learn_again(Seen seen, std::string_view case_key) {
  for (unsigned times = 0; times < kLearntAgainMax; ++times) {
    if (times > 0) seen = runner_.play_control();
    if (!seen) return seen.error();
    // Of these nobody can tell whose doing it is: time's, or that of a cut before.
    if (runner_.learnt_answers().is_another(*seen)) {
      return "it is another answer than when the run began";
    }
    const auto is_wider = runner_.learn_answers(*seen);
    if (!is_wider) return is_wider.error();
    if (*is_wider) events_.note(answers_learnt(runner_.learnt_answers()));
    // What is learnt is listened to until it is quiet, and the plans go on at once.
    if (!play_unsplit(case_key).failure) return std::nullopt;
  }
  return "it is another one each time, or when a request follows at once upon an answer";
}

ServiceLook::Afresh ServiceLook::try_afresh(const Plan& plan, std::string_view case_key,
                                            event::Look look) {
  using Effect = Afresh::Effect;
  runner_.start_anew();
  if (play_unsplit(case_key, look).failure || runner_.is_over()) return {};
  Afresh tried{.effect = Effect::kNone,
               .attempt = runner_.run_with_next(
                   plan, runner_.patience().second_look(),
                   {.role = Role::kVariant, .look = look, .case_key = std::string(case_key)})};
  if (tried.attempt.error || tried.attempt.is_cancelled || runner_.is_over()) return {};
  Attempt behind = play_unsplit(case_key, look);
  for (unsigned play = 1; play < kBrokenPlays && behind.failure && !runner_.is_over(); ++play) {
    if (!may_be_chance(behind.failure->kind)) break;
    behind = play_unsplit(case_key, look);
  }
  if (!behind.failure) {
    if (tried.attempt.failure) tried.effect = Effect::kDeviates;
    return tried;
  }
  if (!tried.attempt.failure) {
    tried.attempt.failure = std::move(behind.failure);
    tried.attempt.failure->at_sentinel = true;
  }
  tried.effect = Effect::kBreaks;
  tried.attempt.breaks_service = true;
  tried.attempt.failure->came += kBroken;
  return tried;
}

bool ServiceLook::stays_as_it_is(const Plan& plan, std::chrono::microseconds segmented_for,
                                 std::string_view case_key) {
  runner_.start_anew();
  const Slowly late{.pause = as_slow_as(segmented_for)};
  if (!plan.steps.empty() && segmented_step(plan) != nullptr &&
      play_slowly(plan, late, case_key).failure) {
    return false;
  }
  for (unsigned play = 0; play < kUnsplitPlays; ++play) {
    if (runner_.is_over() || play_unsplit(case_key).failure) return false;
  }
  return true;
}

Attempt ServiceLook::play_slowly(const Plan& plan, const Slowly& how, std::string_view case_key) {
  return runner_.run(slowed(plan, how), runner_.patience().limits(),
                     {.role = how.cut_at == 0 ? Role::kControl : Role::kVariant,
                      .look = event::Look::kAgain,
                      .case_key = std::string(case_key)});
}

Attempt ServiceLook::play_cut(const Plan& plan, const Slowly& how, std::string_view case_key) {
  Attempt attempt = play_slowly(plan, how, case_key);
  if (attempt.failure) runner_.recover(plan.id, attempt);
  return attempt;
}

bool ServiceLook::goes_so(const Plan& plan, const Failure& failure, const Slowly& how,
                          std::string_view case_key) {
  const Attempt attempt = play_cut(plan, how, case_key);
  return attempt.failure && attempt.failure->turn == failure.turn &&
         attempt.failure->at_sentinel == failure.at_sentinel;
}

// Unsplit and late first. Where that goes well, what is unfinished for so long may be what it
// minds; then another cut does as well, and none of the plan's own does without the pause.
std::optional<Judgement> ServiceLook::find_time(const Plan& plan, const Failure& failure,
                                                std::chrono::microseconds segmented_for,
                                                std::string_view case_key) {
  const Send* const send = segmented_step(plan);
  if (send == nullptr || send->arrival->is_with_end || plan.id == plan.control_id) {
    return std::nullopt;
  }
  const auto pause = as_slow_as(segmented_for);
  if (goes_so(plan, failure, {.pause = pause}, case_key)) {
    return time_and_not_the_cuts(fmt::format("sent unsplit {} later", in_seconds(pause)), failure);
  }
  const std::vector<std::uint64_t>& cuts = send->arrival->cuts;
  if (cuts.empty() || send->bytes.size() < 2) return std::nullopt;
  const std::size_t at = another_cut(send->bytes.size(), cuts);
  if (!goes_so(plan, failure, {.cut_at = at, .pause = pause}, case_key)) return std::nullopt;
  const std::vector<std::uint64_t> own = spread(cuts, kOwnCutsMax);
  const unsigned plays = is_hang(failure.kind) ? 1 : kQuickPlays;
  if (std::ranges::all_of(own, [&](std::uint64_t cut) {
        return goes_well(plan, quickly_at(cut), plays, case_key);
      })) {
    return time_and_not_the_cuts(
        fmt::format("cut at {}, with the rest {} later, where its own cuts are no fault when the "
                    "rest comes at once",
                    at, in_seconds(pause)),
        failure);
  }
  if (failure.kind == FailureKind::kWrongAnswer && tells_time(plan, own.front(), case_key)) {
    return time_and_not_the_cuts(
        fmt::format("cut at {}, it is yet another answer with the rest {} later", own.front(),
                    in_seconds(kMuchLater)),
        failure);
  }
  return std::nullopt;
}

ServiceLook::Slowly ServiceLook::quickly_at(std::size_t cut) const {
  return {.cut_at = cut, .pause = runner_.is_paced() ? kApart : std::chrono::milliseconds(0)};
}

bool ServiceLook::goes_well(const Plan& plan, const Slowly& how, unsigned plays,
                            std::string_view case_key) {
  for (unsigned play = 0; play < plays && !runner_.is_over(); ++play) {
    const Attempt attempt = play_cut(plan, how, case_key);
    const bool is_cut = attempt.proof.state == ProofState::kProven || runner_.is_paced();
    if (is_cut && !attempt.failure && !attempt.error) return true;
  }
  return false;
}

// What the cut breaks is as wrong whenever the rest comes, or another one each time: also where the
// rest comes at once again.
bool ServiceLook::tells_time(const Plan& plan, std::size_t cut, std::string_view case_key) {
  const Slowly quickly = quickly_at(cut);
  const Slowly late{.cut_at = cut, .pause = quickly.pause + kMuchLater};
  std::vector<ByteVector> known;
  const auto is_known = [&known](const ByteVector& answer) {
    return std::ranges::any_of(known,
                               [&answer](const ByteVector& one) { return are_alike(one, answer); });
  };
  bool is_another_one_late = false;
  for (unsigned play = 0; play < kAlikePlays && !runner_.is_over(); ++play) {
    ByteVector answer = answer_of(play_cut(plan, quickly, case_key));
    if (!is_known(answer)) {
      known.push_back(std::move(answer));
      continue;
    }
    if (is_another_one_late) return true;
    is_another_one_late =
        !runner_.is_over() && !is_known(answer_of(play_cut(plan, late, case_key)));
    if (!is_another_one_late) return false;
  }
  return false;
}

ServiceLook::Afresh ServiceLook::find_effect(const Plan& plan, std::string_view case_key) {
  Afresh tried = try_afresh(plan, case_key, event::Look::kAgain);
  if (tried.effect == Afresh::Effect::kBreaks &&
      !stays_as_it_is(plan, tried.attempt.segmented_for, case_key)) {
    return {};
  }
  return tried;
}

}  // namespace framespec::conformance
