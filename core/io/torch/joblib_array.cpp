// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/torch/joblib_array.h"

#include <charconv>
#include <string_view>

namespace lapidary::core {
namespace {

using Kind = PickleValue::Kind;

/// The value of a key in the state that was given last; null without one.
const PickleValue* fieldOf(const PickleTrace& pickle, const PickleValue& object, std::string_view key) {
  if (!object.state || pickle.at(*object.state).kind != Kind::Dict) return nullptr;
  const auto& items = pickle.at(*object.state).items;
  const PickleValue* found = nullptr;
  for (std::size_t i = 0; i + 1 < items.size(); i += 2)
    if (pickle.at(items[i]).kind == Kind::Text && pickle.at(items[i]).text == key)
      found = &pickle.at(items[i + 1]);
  return found;
}

bool isWrapper(const PickleTrace& pickle, const PickleValue& value) {
  if (value.kind != Kind::Call || value.items.empty()) return false;
  const PickleValue& callee = pickle.at(value.items[0]);
  return callee.kind == Kind::Global && callee.text == "NumpyArrayWrapper" &&
         (callee.module == "joblib.numpy_pickle" || callee.module == "sklearn.externals.joblib.numpy_pickle");
}

/// "f8": the letter and the bytes, or the characters of a text.
std::optional<std::uint64_t> elementBytes(std::string_view code) {
  if (code.empty()) return std::nullopt;
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(code.data() + 1, code.data() + code.size(), count);
  if (error != std::errc{} || end != code.data() + code.size()) return std::nullopt;
  if (code[0] == 'U') return count * 4;
  return std::string_view("fiubcSVmM").find(code[0]) != std::string_view::npos ? std::optional(count)
                                                                               : std::nullopt;
}

/// The text that NumPy's dtype is made from.
std::string_view codeOf(const PickleTrace& pickle, const PickleValue& dtype) {
  if (dtype.kind != Kind::Call || dtype.items.size() < 2) return "";
  const auto& arguments = pickle.at(dtype.items[1]);
  if (arguments.kind != Kind::Tuple || arguments.items.empty()) return "";
  const PickleValue& code = pickle.at(arguments.items[0]);
  return code.kind == Kind::Text ? std::string_view(code.text) : "";
}

}  // namespace

std::optional<JoblibArray> joblibArray(const PickleTrace& pickle, PickleId id) {
  const PickleValue& wrapper = pickle.at(id);
  if (!isWrapper(pickle, wrapper)) return std::nullopt;
  const PickleValue *shape = fieldOf(pickle, wrapper, "shape"), *dtype = fieldOf(pickle, wrapper, "dtype");
  if (shape == nullptr || dtype == nullptr || shape->kind != Kind::Tuple) return std::nullopt;
  const std::string_view code = codeOf(pickle, *dtype);
  JoblibArray array;
  array.pickled = code.starts_with('O');
  if (array.pickled) return array;
  const auto width = elementBytes(code);
  if (!width) return std::nullopt;
  array.bytes = *width;
  for (const PickleId item : shape->items) {
    const PickleValue& size = pickle.at(item);
    if (size.kind != Kind::Integer || size.number < 0 ||
        __builtin_mul_overflow(array.bytes, static_cast<std::uint64_t>(size.number), &array.bytes))
      return std::nullopt;
  }
  const PickleValue* alignment = fieldOf(pickle, wrapper, "numpy_array_alignment_bytes");
  array.padded = alignment != nullptr && alignment->kind == Kind::Integer;
  return array;
}

}  // namespace lapidary::core
