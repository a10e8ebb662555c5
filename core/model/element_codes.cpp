// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/element_codes.h"

#include <array>

namespace lapidary::core {
namespace {

struct CodeRow {
  std::int64_t code;
  DType type;
  std::string_view protoName;
};

constexpr std::array<CodeRow, 23> rows{{{1, DType::Float32, "FLOAT"},
                                        {2, DType::UInt8, "UINT8"},
                                        {3, DType::Int8, "INT8"},
                                        {4, DType::UInt16, "UINT16"},
                                        {5, DType::Int16, "INT16"},
                                        {6, DType::Int32, "INT32"},
                                        {7, DType::Int64, "INT64"},
                                        {9, DType::Bool, "BOOL"},
                                        {10, DType::Float16, "FLOAT16"},
                                        {11, DType::Float64, "DOUBLE"},
                                        {12, DType::UInt32, "UINT32"},
                                        {13, DType::UInt64, "UINT64"},
                                        {16, DType::BFloat16, "BFLOAT16"},
                                        {17, DType::Float8E4M3, "FLOAT8E4M3FN"},
                                        {18, DType::Float8E4M3Fnuz, "FLOAT8E4M3FNUZ"},
                                        {19, DType::Float8E5M2, "FLOAT8E5M2"},
                                        {20, DType::Float8E5M2Fnuz, "FLOAT8E5M2FNUZ"},
                                        {21, DType::UInt4, "UINT4"},
                                        {22, DType::Int4, "INT4"},
                                        {23, DType::Float4E2M1, "FLOAT4E2M1"},
                                        {24, DType::Float8E8M0, "FLOAT8E8M0"},
                                        {25, DType::UInt2, "UINT2"},
                                        {26, DType::Int2, "INT2"}}};

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

std::optional<std::int64_t> codeOfName(std::string_view protoName) {
  for (const CodeRow& row : rows)
    if (row.protoName == protoName) return row.code;
  return std::nullopt;
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
    default:
      return "element type " + std::to_string(code);
  }
}

}  // namespace lapidary::core
