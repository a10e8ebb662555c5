// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/torch/pickle_text.h"

#include "core/files/shown_text.h"

namespace lapidary::core {
namespace {

using Kind = PickleValue::Kind;
constexpr int deepest = 4;
constexpr std::size_t mostItems = 6;

std::string text(const PickleTrace& pickle, PickleId id, int depth);

std::string list(const PickleTrace& pickle, const std::vector<PickleId>& items, int depth) {
  std::string result;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) result += ", ";
    if (i == mostItems) return result + "...";
    result += text(pickle, items[i], depth + 1);
  }
  return result;
}

std::string callText(const PickleTrace& pickle, const PickleValue& call, int depth) {
  const PickleValue& arguments = pickle.at(call.items[1]);
  const std::string inside = arguments.kind == Kind::Tuple ? list(pickle, arguments.items, depth)
                                                           : '*' + text(pickle, call.items[1], depth + 1);
  return text(pickle, call.items[0], depth + 1) + '(' + inside + ')';
}

std::string text(const PickleTrace& pickle, PickleId id, int depth) {
  if (depth > deepest) return "...";
  const PickleValue& value = pickle.at(id);
  switch (value.kind) {
    case Kind::Unknown:
      return "?";
    case Kind::None:
      return "None";
    case Kind::Bool:
      return value.number != 0 ? "True" : "False";
    case Kind::Integer:
      return std::to_string(value.number);
    case Kind::Float:
      return std::to_string(value.real);
    case Kind::Text:
      return quotedText(value.text, 60);
    case Kind::ByteString:
      return 'b' + quotedText(value.text, 60);
    case Kind::Tuple:
      return '(' + list(pickle, value.items, depth) + ')';
    case Kind::List:
      return '[' + list(pickle, value.items, depth) + ']';
    case Kind::Dict:
      return '{' + list(pickle, value.items, depth) + '}';
    case Kind::Set:
      return "set(" + list(pickle, value.items, depth) + ')';
    case Kind::Global:
      return shownText(value.module) + '.' + shownText(value.text);
    case Kind::Call:
      return callText(pickle, value, depth);
    case Kind::Persistent:
      return "persistent " + text(pickle, value.items[0], depth + 1);
  }
  return "";
}

}  // namespace

std::string pickleText(const PickleTrace& pickle, PickleId id) { return shownText(text(pickle, id, 0), 200); }

std::string argumentText(const PickleStep& step) {
  switch (step.opcode->argument) {
    case PickleArgument::None:
      return "";
    case PickleArgument::Line:
      return quotedText(step.text, 60);
    case PickleArgument::TwoLines:
      return quotedText(step.text, 60) + ' ' + quotedText(step.second, 60);
    case PickleArgument::Float8:
      return "<8 bytes>";
    case PickleArgument::Bytes1:
    case PickleArgument::Bytes4:
    case PickleArgument::Bytes8:
      return step.text.size() <= 60
                 ? quotedText(step.text, 60)
                 : quotedText(step.text, 60) + " <" + std::to_string(step.text.size()) + " bytes>";
    default:
      return std::to_string(step.number);
  }
}

}  // namespace lapidary::core
