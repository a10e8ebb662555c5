#include "core/model/element_codes.h"

#include <array>

namespace lapidary::core {
namespace {

struct CodeRow {
  std::int64_t code;
  DType type;
};

constexpr std::array<CodeRow, 15> rows{{{1, DType::Float32},
                                        {2, DType::UInt8},
                                        {3, DType::Int8},
                                        {4, DType::UInt16},
                                        {5, DType::Int16},
                                        {6, DType::Int32},
                                        {7, DType::Int64},
                                        {9, DType::Bool},
                                        {10, DType::Float16},
                                        {11, DType::Float64},
                                        {12, DType::UInt32},
                                        {13, DType::UInt64},
                                        {16, DType::BFloat16},
                                        {21, DType::UInt4},
                                        {22, DType::Int4}}};

}  // namespace

std::optional<DType> dtypeOfCode(std::int64_t code) {
  for (const CodeRow& row : rows)
    if (row.code == code) return row.type;
  return std::nullopt;
}

std::int64_t codeOf(DType type) {
  for (const CodeRow& row : rows)
    if (row.type == type) return row.code;
  return 0;
}

std::string nameOfCode(std::int64_t code) {
  if (const auto type = dtypeOfCode(code)) return std::string(name(*type));
  switch (code) {
    case 0:
      return "undefined";
    case 8:
      return "string";
    case 14:
      return "complex64";
    case 15:
      return "complex128";
    case 17:
      return "float8e4m3fn";
    case 18:
      return "float8e4m3fnuz";
    case 19:
      return "float8e5m2";
    case 20:
      return "float8e5m2fnuz";
    case 23:
      return "float4e2m1";
    default:
      return "element type " + std::to_string(code);
  }
}

}  // namespace lapidary::core
