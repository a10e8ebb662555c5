// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/size_kind.h"

#include <array>

namespace lapidary::core {
namespace {

constexpr std::array kinds{std::pair{SizeKind::Onnx, std::string_view("onnx")},
                           std::pair{SizeKind::Zipped, std::string_view("zip")},
                           std::pair{SizeKind::Lapidary, std::string_view("lapidary")}};

}  // namespace

std::string_view name(SizeKind kind) {
  for (const auto& [value, word] : kinds)
    if (value == kind) return word;
  return {};
}

std::optional<SizeKind> sizeKindNamed(std::string_view word) {
  for (const auto& [value, known] : kinds)
    if (known == word) return value;
  return std::nullopt;
}

std::optional<SizeKind> sizeKindOfPath(std::string_view path) {
  const auto dot = path.rfind('.');
  return dot == std::string_view::npos ? std::nullopt : sizeKindNamed(path.substr(dot + 1));
}

std::uint64_t bytesOf(const Footprint& footprint, SizeKind kind) {
  if (kind == SizeKind::Onnx) return footprint.fileAfter;
  const FormBytes& total = footprint.forms.value().total;
  return kind == SizeKind::Zipped ? total.zipped : total.lapidary;
}

}  // namespace lapidary::core
