// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/common/kept_types.h"

#include <algorithm>
#include <array>

namespace lapidary::core {
namespace {

constexpr std::array<KeptType, 5> keptTypes{{{"complex64", 64, "C64", "c8"},
                                             {"complex128", 128, "", "c16"},
                                             {"complex32", 32, "", ""},
                                             {"float6_e2m3fn", 6, "F6_E2M3", ""},
                                             {"float6_e3m2fn", 6, "F6_E3M2", ""}}};

const KeptType* keptTypeBy(std::string_view KeptType::*column, std::string_view wanted) {
  const auto found = std::ranges::find(keptTypes, wanted, column);
  return wanted.empty() || found == keptTypes.end() ? nullptr : &*found;
}

}  // namespace

const KeptType* keptTypeNamed(std::string_view name) { return keptTypeBy(&KeptType::name, name); }
const KeptType* keptTypeOfSafetensors(std::string_view word) {
  return keptTypeBy(&KeptType::safetensors, word);
}
const KeptType* keptTypeOfNumpy(std::string_view code) { return keptTypeBy(&KeptType::numpy, code); }

Shape shapeAsBytes(const KeptTensor& tensor) {
  const std::int64_t count = elementCount(tensor.shape);
  const auto bytes = static_cast<std::int64_t>(tensor.bytes.view.size());
  if (count == 0 || bytes % count != 0) return {bytes};
  Shape shape = tensor.shape;
  shape.push_back(bytes / count);
  return shape;
}

}  // namespace lapidary::core
