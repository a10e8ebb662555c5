// SPDX-License-Identifier: GPL-3.0-or-later
// Small models whose one weight comes as codes, in every layout in which exporters write them.
#pragma once

#include "tests/core/run/graph_building.h"

namespace lapidary::tests {

/// `blocks`: how many weights share a scale along `axis`; 0: one scale for each position of it; -1: one for
/// all.
struct CodedWeight {
  std::string name;
  std::string layer = "MatMul";  ///< "MatMul", "Gemm" (transB), "Conv" or "Gather"
  core::DType codes = core::DType::Int8;
  std::int64_t axis = 1, blocks = 0;
  bool zeros = false;
  std::string around = {};  ///< "Transpose", "TransposedCodes", "Reshape", "Constant", "Identity", "Shared"
  core::DType scale = core::DType::Float32;
};

inline core::Tensor drawnCodes(const core::Shape& shape, core::DType type, unsigned seed) {
  std::mt19937 engine(seed);
  core::TensorBuilder bytes(core::DType::UInt8,
                            {static_cast<std::int64_t>(core::byteCount(type, core::elementCount(shape)))});
  for (std::uint8_t& byte : bytes.as<std::uint8_t>()) byte = static_cast<std::uint8_t>(engine() & 0x77);
  const core::Tensor drawn = std::move(bytes).build();
  return core::Tensor(type, shape, core::Bytes{drawn.owner(), drawn.bytes()});
}

inline core::Shape shapeOfCodes(const CodedWeight& form) {
  if (form.layer == "Conv") return {6, 8, 3, 3};
  const bool turned = form.layer == "Gemm" || form.around == "Transpose";
  return turned ? core::Shape{10, 96} : core::Shape{96, 10};
}

inline core::Shape shapeOfScales(const CodedWeight& form, core::Shape codes) {
  if (form.blocks < 0) return {};
  auto& along = codes[static_cast<std::size_t>(form.axis)];
  if (form.blocks == 0) return {along};
  along = (along + form.blocks - 1) / form.blocks;
  return codes;
}

class CodedModel {
 public:
  explicit CodedModel(const CodedWeight& form)
      : m_form(form), m_b(form.codes == core::DType::Int2 || form.codes == core::DType::UInt2 ? 25 : 21) {}

  core::Model model() {
    const bool conv = m_form.layer == "Conv", gather = m_form.layer == "Gather";
    const core::ValueId x = gather ? m_b.input("x", {4}, core::DType::Int64)
                                   : m_b.input("x", conv ? core::Shape{1, 8, 5, 5} : core::Shape{3, 96});
    const core::ValueId w = weight();
    const core::ValueId first = read(x, w);
    m_b.output(m_form.around == "Shared" ? m_b.node("Add", {first, read(x, w)}) : first);
    return m_b.model();
  }

  core::Tensor input() const {
    if (m_form.layer == "Gather") return core::Tensor::from<std::int64_t>({4}, {0, 95, 7, 31});
    return core::testing::randomTensor(m_form.layer == "Conv" ? core::Shape{1, 8, 5, 5} : core::Shape{3, 96},
                                       9);
  }

 private:
  core::ValueId read(core::ValueId x, core::ValueId w) {
    if (m_form.layer == "Gather") return m_b.node("Gather", {w, x});
    if (m_form.layer == "Gemm") return m_b.node("Gemm", {x, w}, {{"transB", std::int64_t{1}}});
    return m_b.node(m_form.layer, {x, w});
  }

  core::ValueId constant(const std::string& name, const core::Tensor& tensor) {
    if (m_form.around != "Constant") return m_b.weight(name, tensor);
    return m_b.node("Constant", {}, {{"value", tensor}});
  }

  core::ValueId weight() {
    const core::Shape shape = shapeOfCodes(m_form);
    const bool before = m_form.around == "TransposedCodes", flat = m_form.around == "Reshape";
    const core::Shape stored = before ? core::Shape{shape[1], shape[0]} : shape;
    core::ValueId codes = constant("codes", drawnCodes(stored, m_form.codes, 1));
    if (before) codes = turned(codes);
    const core::Shape scales = shapeOfScales(m_form, shape);
    core::TensorBuilder positive(core::DType::Float32, scales);
    const core::Tensor drawn = core::testing::randomTensor(scales, 2, 0.01f);
    std::ranges::transform(drawn.as<float>(), positive.as<float>().begin(),
                           [](float s) { return 0.02f + s; });
    std::vector<core::ValueId> inputs{
        codes, constant("scales", core::convert(std::move(positive).build(), m_form.scale))};
    if (m_form.zeros) inputs.push_back(constant("zeros", drawnCodes(scales, m_form.codes, 3)));
    std::map<std::string, core::Attribute> attributes{{"axis", m_form.axis}};
    if (m_form.blocks > 0) attributes["block_size"] = m_form.blocks;
    core::ValueId value = m_b.node("DequantizeLinear", inputs, attributes);
    if (m_form.scale != core::DType::Float32) value = m_b.node("Cast", {value}, {{"to", std::int64_t{1}}});
    if (m_form.around == "Transpose") value = turned(value);
    if (m_form.around == "Identity") value = m_b.node("Identity", {value});
    if (flat)
      value = m_b.node("Reshape", {m_b.node("Flatten", {value}, {{"axis", std::int64_t{0}}}),
                                   m_b.weight("shape", core::Tensor::from<std::int64_t>({2}, {96, 10}))});
    return value;
  }

  core::ValueId turned(core::ValueId value) {
    return m_b.node("Transpose", {value}, {{"perm", core::testing::ints({1, 0})}});
  }

  CodedWeight m_form;
  core::testing::GraphBuilder m_b;
};

/// Of every kind one.
inline std::vector<CodedWeight> codedWeights() {
  using enum core::DType;
  return {
      {"per_tensor", "MatMul", UInt8, 1, -1, true},
      {"per_tensor_signed", "Gemm", Int8, 0, -1},
      {"per_channel", "MatMul", Int8, 1},
      {"per_channel_conv", "Conv", Int8, 0},
      {"per_channel_zeros", "Gemm", UInt8, 0, 0, true},
      {"per_input", "MatMul", Int8, 0},
      {"wide", "Gemm", Int16, 0},
      {"wide_zeros", "Gemm", UInt16, 0, 0, true},
      {"four_bits", "MatMul", Int4, 1},
      {"blocks_first", "MatMul", Int4, 0, 32},
      {"blocks_first_zeros", "MatMul", UInt4, 0, 32, true},
      {"blocks_second", "Gemm", Int4, 1, 32},
      {"blocks_second_zeros", "Gemm", UInt4, 1, 32, true},
      {"blocks_uneven", "Gemm", UInt4, 1, 40, true},
      {"blocks_of_bytes", "Gemm", UInt8, 1, 16, true},
      {"blocks_of_channels", "MatMul", Int4, 1, 5},
      {"blocks_of_a_kernel", "Conv", Int4, 1, 4},
      {"blocks_of_a_kernel_zeros", "Conv", UInt4, 1, 4, true},
      {"blocks_of_filters", "Conv", UInt8, 0, 3, true},
      {"turned", "MatMul", UInt4, 1, 32, true, "Transpose"},
      {"turned_codes", "MatMul", UInt8, 0, 32, true, "TransposedCodes"},
      {"reshaped", "MatMul", UInt4, 0, 32, true, "Reshape"},
      {"constants", "Gemm", UInt4, 1, 32, true, "Constant"},
      {"identity", "Gemm", Int4, 1, 32, false, "Identity"},
      {"shared", "Gemm", Int4, 1, 32, false, "Shared"},
      {"table", "Gather", UInt4, 1, 5, true},
  };
}

inline void PrintTo(const CodedWeight& form, std::ostream* out) { *out << form.name; }

}  // namespace lapidary::tests
