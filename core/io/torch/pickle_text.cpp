#include "core/io/torch/pickle_text.h"

#include "core/files/utf8.h"

namespace lapidary::core {
namespace {

using Kind = PickleValue::Kind;
constexpr int deepest = 4;
constexpr std::size_t mostItems = 6;

std::string quoted(std::string_view text) { return '\'' + shownText(text, 60) + '\''; }

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
      return quoted(value.text);
    case Kind::ByteString:
      return 'b' + quoted(value.text);
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

std::string shownText(std::string_view content, std::size_t most) {
  const bool whole = isUtf8(content);
  std::string shown;
  std::size_t characters = 0;
  for (const char c : content) {
    const auto code = static_cast<unsigned char>(c);
    if ((code & 0xc0) != 0x80 && ++characters > most) return shown + "...";
    if (code < 32 || code == 127 || (code > 127 && !whole)) {
      constexpr std::string_view digits = "0123456789abcdef";
      shown += {'\\', 'x', digits[code >> 4], digits[code & 15]};
    } else {
      shown += c;
    }
  }
  return shown;
}

std::string pickleText(const PickleTrace& pickle, PickleId id) { return shownText(text(pickle, id, 0), 200); }

std::string argumentText(const PickleStep& step) {
  switch (step.opcode->argument) {
    case PickleArgument::None:
      return "";
    case PickleArgument::Line:
      return quoted(step.text);
    case PickleArgument::TwoLines:
      return quoted(step.text) + ' ' + quoted(step.second);
    case PickleArgument::Float8:
      return "<8 bytes>";
    case PickleArgument::Bytes1:
    case PickleArgument::Bytes4:
    case PickleArgument::Bytes8:
      return step.text.size() <= 60 ? quoted(step.text)
                                    : quoted(step.text) + " <" + std::to_string(step.text.size()) + " bytes>";
    default:
      return std::to_string(step.number);
  }
}

}  // namespace lapidary::core
