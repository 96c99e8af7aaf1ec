#include "suite/step_file.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "framespec/hex.h"
#include "suite/case_order.h"
#include "suite/header_text.h"

namespace framespec::conformance {
namespace {

constexpr std::uint64_t kTimesMax = 1'000'000;
constexpr std::uint64_t kRepeatMax = 10'000;
constexpr std::uint64_t kStopsDefault = 64;
constexpr std::uint64_t kPercentMax = 1000;

ByteVector to_bytes(std::string_view text) {
  const auto view = as_bytes(text);
  return {view.begin(), view.end()};
}

ByteVector read_bytes(const SuiteNode& node) {
  auto bytes = read_hex(node.text());
  if (!bytes) node.fail(bytes.error().message + "; bytes are " + std::string(kHexRule));
  return *std::move(bytes);
}

SizeExpression read_size(const SuiteNode& node, bool of_spoilt = false) {
  if (const auto value = node.whole_number()) return {SizeExpression::Symbol::kNone, *value};
  const auto expression = parse_size_expression(node.text());
  if (!expression) node.fail(expression.error());
  if (expression->symbol == SizeExpression::Symbol::kSpoilt && !of_spoilt) {
    node.fail(
        "\"spoilt\" is the place of a spoilt byte: only in \"first\" and \"after\" of a frame "
        "with the key \"spoilt\"");
  }
  return *expression;
}

Content read_content(const SuiteNode& node) {
  if (node.is_string()) return {.bytes = to_bytes(node.text()), .size = {}};
  node.allow_keys({"hex", "repeat", "size", "random", "encoded"});
  const auto forms =
      node.has("hex") + node.has("repeat") + node.has("random") + node.has("encoded");
  if (forms != 1 || node.has("repeat") != node.has("size")) {
    node.fail(
        R"(content is a text, or one of {"hex": …}, {"repeat": …, "size": …}, {"random": SIZE}, {"encoded": …})");
  }
  if (node.has("hex")) return {.bytes = read_bytes(node.at("hex")), .size = {}};
  if (node.has("random")) return {Content::Kind::kRandom, {}, read_size(node.at("random"))};
  const bool is_repeat = node.has("repeat");
  auto inner = read_content(node.at(is_repeat ? "repeat" : "encoded"));
  if (inner.kind != Content::Kind::kLiteral || (is_repeat && inner.bytes.empty())) {
    node.fail("what is repeated or encoded must be a text or hex, and what is repeated not empty");
  }
  if (!is_repeat) return {Content::Kind::kEncoded, std::move(inner.bytes), {}};
  return {Content::Kind::kRepeat, std::move(inner.bytes), read_size(node.at("size"))};
}

Spoilt read_spoilt(const SuiteNode& node) {
  constexpr std::array kSpoilt = {Spoilt::kFirstLead, Spoilt::kLastLead, Spoilt::kFirstTrailer,
                                  Spoilt::kLastTrailer};
  return kSpoilt.at(node.one_of({"first_lead", "last_lead", "first_trailer", "last_trailer"}));
}

FrameItem read_frame(const SuiteNode& node) {
  FrameItem item{.payload = read_content(node.at("frame")),
                 .lead = {},
                 .varint_size = {},
                 .first = {},
                 .after = {}};
  if (node.has("lead")) item.lead = read_bytes(node.at("lead"));
  if (node.has("free_lead_flipped")) item.flips_free_lead = node.at("free_lead_flipped").boolean();
  if (node.has("filename")) item.filename = node.at("filename").text();
  if (node.has("varint_size")) item.varint_size = read_size(node.at("varint_size"));
  if (node.has("spoilt")) {
    item.spoilt = read_spoilt(node.at("spoilt"));
    item.is_answered = false;
  }
  if (node.has("after")) item.after = read_size(node.at("after"), node.has("spoilt"));
  if (node.has("first")) {
    item.first = read_size(node.at("first"), node.has("spoilt"));
    item.is_answered = false;
  }
  if (node.has("answered")) item.is_answered = node.at("answered").boolean();
  return item;
}

HeaderItem read_header(const SuiteNode& node) {
  HeaderItem item{.text = node.at("header").text(),
                  .length = {SizeExpression::Symbol::kSize, 0},
                  .payload = {.bytes = to_bytes("hello"), .size = {}},
                  .filename = "a"};
  if (const auto understood = check_header_text(item.text); !understood) {
    node.at("header").fail(understood.error());
  }
  if (node.has("length")) item.length = read_size(node.at("length"));
  if (node.has("payload")) item.payload = read_content(node.at("payload"));
  if (node.has("filename")) item.filename = node.at("filename").text();
  if (node.has("answered")) item.is_answered = node.at("answered").boolean();
  return item;
}

BytesItem read_bytes_item(const SuiteNode& node) {
  BytesItem item{
      .content = read_content(node.at("bytes")), .answer = {}, .lead = {}, .filename = {}};
  for (const char* of_answer : {"lead", "filename"}) {
    if (node.has(of_answer) && !node.has("answer")) {
      node.at(of_answer).fail("only an \"answer\" has one");
    }
  }
  if (node.has("answer")) item.answer = read_content(node.at("answer"));
  if (node.has("lead")) item.lead = read_bytes(node.at("lead"));
  if (node.has("filename")) item.filename = node.at("filename").text();
  return item;
}

SendItem read_item(const SuiteNode& node) {
  SendItem item;
  if (node.has("frame")) {
    node.allow_keys({"frame", "lead", "free_lead_flipped", "filename", "varint_size", "spoilt",
                     "first", "after", "answered", "times", "numbered"});
    item.what = read_frame(node);
    if (node.has("numbered")) item.is_numbered = node.at("numbered").boolean();
  } else if (node.has("head")) {
    node.allow_keys({"head"});
    item.what = HeadItem{read_size(node.at("head"))};
  } else if (node.has("prefix")) {
    node.allow_keys({"prefix"});
    item.what = PrefixItem{read_size(node.at("prefix")), false};
  } else if (node.has("prefix_for")) {
    node.allow_keys({"prefix_for"});
    item.what = PrefixItem{read_size(node.at("prefix_for")), true};
  } else if (node.has("header")) {
    node.allow_keys({"header", "length", "payload", "filename", "answered"});
    item.what = read_header(node);
  } else if (node.has("length_bytes")) {
    node.allow_keys({"length_bytes"});
    item.what = BytesItem{.content = read_content(node.at("length_bytes")),
                          .is_length = true,
                          .answer = {},
                          .lead = {},
                          .filename = {}};
  } else {
    node.allow_keys({"frame", "head", "prefix", "prefix_for", "header", "length_bytes", "bytes",
                     "answer", "lead", "filename", "times"});
    item.what = read_bytes_item(node);
  }
  if (node.has("times")) item.times = node.at("times").number(1, kTimesMax);
  return item;
}

SendStep read_send(const SuiteNode& node) {
  node.allow_keys({"send", "on", "cut", "stop_at_every_offset"});
  SendStep step;
  const auto items = node.at("send");
  for (std::size_t i = 0; i < items.count(); ++i) step.items.push_back(read_item(items.at(i)));
  if (step.items.empty()) items.fail("a send step needs at least one thing to send");
  if (node.has("cut")) step.is_cut = node.at("cut").boolean();
  if (node.has("stop_at_every_offset")) {
    const auto stop = node.at("stop_at_every_offset");
    if (stop.json() == false) stop.fail("false is not allowed; leave the key out");
    step.stop_at_most = stop.json().is_boolean() ? kStopsDefault : stop.number(2, kTimesMax);
    step.is_cut = true;
  }
  return step;
}

StepAction read_expect(const SuiteNode& node) {
  switch (node.at("expect").one_of({"frames", "closed", "timed_close", "stalled", "memory",
                                    "resident_memory", "descriptors", "work"})) {
    case 0:
      node.allow_keys({"expect", "on"});
      return ExpectFramesStep{};
    case 1:
      node.allow_keys({"expect", "on", "graceful"});
      return ExpectClosed{node.has("graceful") && node.at("graceful").boolean()};
    case 2:
      node.allow_keys({"expect", "on", "percent"});
      return ExpectTimedClose{node.at("percent").number(1, kPercentMax)};
    case 3:
      node.allow_keys({"expect", "on", "bytes_max"});
      return ExpectStalledStep{read_size(node.at("bytes_max"))};
    case 4:
    case 5:
      node.allow_keys({"expect", "growth_max"});
      return ExpectMemoryStep{read_size(node.at("growth_max")),
                              node.at("expect").text() == "resident_memory"};
    case 6:
      node.allow_keys({"expect", "growth_max"});
      return ExpectDescriptorGrowth{node.at("growth_max").number(0, kTimesMax)};
    default:
      node.allow_keys({"expect", "of", "against", "times_max"});
      return ExpectWork{node.at("of").text(), node.at("against").text(),
                        node.at("times_max").number(1, kTimesMax)};
  }
}

/// A connection name, in which '#' stands for the round of the repetition that the step is in.
std::string read_connection(const SuiteNode& node, bool is_repeated) {
  auto name = node.text();
  if (name.empty()) node.fail("a connection needs a name");
  if (!is_repeated && name.contains('#')) {
    node.fail("'#' stands for the round of a repeat step, and this is not in one");
  }
  return name;
}

CaseStep read_step(const SuiteNode& node, bool is_repeated) {
  const auto named = [&](const char* verb, StepAction action) {
    node.allow_keys({verb});
    return CaseStep{read_connection(node.at(verb), is_repeated), std::move(action)};
  };
  const auto connection = [&]() -> std::string {
    return node.has("on") ? read_connection(node.at("on"), is_repeated) : "main";
  };
  if (node.has("open")) return named("open", Open{});
  if (node.has("finish")) {
    node.allow_keys({"finish", "at_once"});
    return {read_connection(node.at("finish"), is_repeated),
            Finish{node.has("at_once") && node.at("at_once").boolean()}};
  }
  if (node.has("abort")) return named("abort", Abort{});
  if (node.has("send")) return {connection(), read_send(node)};
  if (node.has("pause")) {
    node.allow_keys({"pause", "on"});
    return {connection(), PauseStep{node.at("pause").number(1, kPercentMax)}};
  }
  if (node.has("measure")) {
    node.allow_keys({"measure"});
    const auto name = node.at("measure").text();
    if (name.empty()) node.at("measure").fail("what is measured needs a name");
    return {"main", MeasureWork{name}};
  }
  if (node.has("expect")) return {connection(), read_expect(node)};
  if (node.has("flood")) {
    node.allow_keys({"flood", "on", "total", "goes_on"});
    FrameItem frame{.payload = read_content(node.at("flood")),
                    .lead = {},
                    .varint_size = {},
                    .first = {},
                    .after = {}};
    const bool goes_on = node.has("goes_on") && node.at("goes_on").boolean();
    return {connection(), FloodStep{std::move(frame), read_size(node.at("total")), goes_on}};
  }
  node.allow_keys(
      {"open", "send", "flood", "finish", "abort", "pause", "expect", "measure", "repeat"});
  node.fail("a step has one of the keys " + listed({"open", "send", "flood", "finish", "abort",
                                                    "pause", "expect", "measure", "repeat"}));
}

std::vector<SuiteNode> nodes_of(const SuiteNode& list) {
  if (list.count() == 0) list.fail("at least one step is needed");
  if (list.count() > kStepsMax) {
    list.fail("these are " + std::to_string(list.count()) + " steps; at most " +
              std::to_string(kStepsMax) +
              " may stand in one list, and \"repeat\" makes more of them");
  }
  std::vector<SuiteNode> nodes;
  nodes.reserve(list.count());
  for (std::size_t i = 0; i < list.count(); ++i) nodes.push_back(list.at(i));
  return nodes;
}

CaseStep in_round(CaseStep step, std::uint64_t round) {
  const auto mark = step.connection.find('#');
  if (mark != std::string::npos) step.connection.replace(mark, 1, std::to_string(round));
  return step;
}

/// Reads the steps once, not once for each round: those of the rounds are most of all that there
/// are.
void append_rounds(std::vector<CaseStep>& steps, CaseOrder& order, const SuiteNode& repeat) {
  repeat.allow_keys({"repeat", "steps"});
  const auto times = repeat.at("repeat").number(1, kRepeatMax);
  const auto nodes = nodes_of(repeat.at("steps"));
  std::vector<CaseStep> of_round;
  for (const auto& node : nodes) {
    if (node.has("repeat")) node.fail("a repeat step cannot stand in another one");
    of_round.push_back(read_step(node, true));
  }
  for (std::uint64_t round = 0; round < times; ++round) {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      steps.push_back(in_round(of_round[i], round));
      order.follow(steps.back(), nodes[i]);
    }
  }
}

}  // namespace

std::vector<CaseStep> read_steps(const SuiteNode& node) {
  std::vector<CaseStep> steps;
  CaseOrder order;
  for (const auto& step : nodes_of(node)) {
    if (step.has("repeat")) {
      append_rounds(steps, order, step);
    } else {
      steps.push_back(read_step(step, false));
      order.follow(steps.back(), step);
    }
  }
  order.end(node);
  std::vector<SendStep*> sends;
  for (auto& step : steps) {
    if (auto* send = std::get_if<SendStep>(&step.action)) sends.push_back(send);
  }
  if (sends.size() == 1) sends.front()->is_cut = true;
  if (std::ranges::count_if(sends, &SendStep::is_cut) > 1) {
    node.fail(
        "only one send step of a case can be cut, and several have \"cut\" or "
        "\"stop_at_every_offset\"");
  }
  if (std::ranges::none_of(steps, [](const CaseStep& step) {
        return std::holds_alternative<ExpectFramesStep>(step.action) ||
               std::holds_alternative<ExpectClosed>(step.action) ||
               std::holds_alternative<ExpectTimedClose>(step.action);
      })) {
    node.fail(
        "a case must expect something: add {\"expect\": \"frames\"} or {\"expect\": \"closed\"}");
  }
  return steps;
}

}  // namespace framespec::conformance
