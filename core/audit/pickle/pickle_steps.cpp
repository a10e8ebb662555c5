// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/pickle/pickle_steps.h"

#include <map>

#include "core/io/torch/pickle_opcodes.h"
#include "core/io/torch/pickle_text.h"
#include "core/io/torch/pickle_trust.h"

namespace lapidary::core {
namespace {

constexpr std::size_t mostSteps = 100'000;

StepMark markOf(const PickleValue& global) {
  if (global.kind != PickleValue::Kind::Global) return StepMark::Unknown;
  switch (pickleTrust(global.module, global.text)) {
    case PickleTrust::Allowed:
      return StepMark::Allowed;
    case PickleTrust::Unknown:
      return StepMark::Unknown;
    case PickleTrust::Dangerous:
      return StepMark::Dangerous;
  }
  return StepMark::Unknown;
}

using Marks = std::map<std::size_t, std::pair<StepMark, std::string>>;

Marks marksOf(const PickleTrace& trace) {
  Marks marks;
  for (const auto& lookup : trace.lookups)
    marks[lookup.offset] = {lookup.known ? markOf(trace.at(lookup.value)) : StepMark::Unknown,
                            pickleText(trace, lookup.value)};
  for (const auto& call : trace.calls)
    marks[call.offset] = {markOf(trace.at(trace.at(call.value).items[0])), pickleText(trace, call.value)};
  return marks;
}

}  // namespace

ListedPickle listPickle(const FoundPickle& pickle) {
  const PickleTrace trace = tracePickle(pickle.bytes.view, pickle.offset);
  const Marks marks = marksOf(trace);
  auto array = trace.arrays.begin();
  ListedPickle list;
  PickleScanner scanner(pickle.bytes.view, pickle.offset);
  try {
    while (const auto step = scanner.next()) {
      if (array != trace.arrays.end() && scanner.position() <= array->offset && step->is("BUILD") &&
          array->offset - scanner.position() <= 256) {
        scanner.skip(array->offset - scanner.position() + array->length);
        ++array;
      }
      if (list.steps.size() == mostSteps) {
        list.end = "only the first " + std::to_string(mostSteps) + " steps are listed";
        break;
      }
      list.steps.push_back(
          {step->offset, std::string(step->opcode->name), argumentText(*step), StepMark::None, ""});
      if (const auto mark = marks.find(step->offset); mark != marks.end())
        std::tie(list.steps.back().mark, list.steps.back().meaning) = mark->second;
    }
  } catch (const Error& error) {
    list.end = error.what();
  }
  return list;
}

}  // namespace lapidary::core
