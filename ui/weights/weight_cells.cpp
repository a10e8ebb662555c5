// Each source holds the tensors, not copies of their values.
#include "ui/weights/weight_cells.h"

#include <bit>
#include <cstdlib>
#include <limits>
#include <vector>

namespace lapidary::ui {
namespace {

constexpr float gap = std::numeric_limits<float>::quiet_NaN();

/// Cells whose value is a function of the weight's index.
template <class Value>
class IndexedCells final : public CellSource {
 public:
  IndexedCells(const WeightLayout& layout, Value value) : m_layout(layout), m_value(std::move(value)) {}
  int width() const override { return m_layout.size().width(); }
  int height() const override { return m_layout.size().height(); }
  void read(int y, int left, std::span<float> out) const override {
    if (m_layout.form() == WeightForm::Matrix) {
      const auto first = static_cast<std::size_t>(m_layout.indexAt(left, y));
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = m_value(first + i);
      return;
    }
    for (std::size_t i = 0; i < out.size(); ++i) {
      const std::int64_t index = m_layout.indexAt(left + static_cast<int>(i), y);
      out[i] = index < 0 ? gap : m_value(static_cast<std::size_t>(index));
    }
  }

 private:
  WeightLayout m_layout;
  Value m_value;
};

template <class Value>
std::shared_ptr<const CellSource> indexedCells(const WeightLayout& layout, Value value) {
  return std::make_shared<IndexedCells<Value>>(layout, std::move(value));
}

/// The channel of each index, from the encoding's axis; always 0 for one scale per tensor.
struct ChannelOf {
  std::size_t inner = 1, channels = 1;

  explicit ChannelOf(const core::WeightEncoding& encoding) {
    if (encoding.axis < 0) return;
    const core::Shape& shape = encoding.codes.shape();
    const auto axis = static_cast<std::size_t>(encoding.axis);
    if (axis >= shape.size()) return;
    channels = static_cast<std::size_t>(shape[axis]);
    for (std::size_t i = axis + 1; i < shape.size(); ++i) inner *= static_cast<std::size_t>(shape[i]);
  }
  std::size_t operator()(std::size_t index) const { return channels < 2 ? 0 : index / inner % channels; }
};

template <class Code>
std::shared_ptr<const CellSource> planeOf(const WeightLayout& layout, const core::WeightEncoding& encoding,
                                          int plane) {
  const std::vector<std::int64_t> zeroPoints = core::toInt64(encoding.zeroPoint);
  const ChannelOf channel(encoding);
  return indexedCells(layout, [codes = encoding.codes, zeroPoints, channel, plane](std::size_t index) {
    const std::size_t c = channel(index);
    const int zero = static_cast<int>(zeroPoints[c < zeroPoints.size() ? c : 0]);
    const int magnitude = std::abs(static_cast<int>(codes.as<Code>()[index]) - zero);
    return static_cast<float>((magnitude >> plane) & 1);
  });
}

}  // namespace

std::shared_ptr<const CellSource> weightCells(const WeightLayout& layout, const core::Tensor& values) {
  return indexedCells(layout, [values, data = values.as<float>()](std::size_t index) { return data[index]; });
}

std::shared_ptr<const CellSource> differenceCells(const WeightLayout& layout, const core::Tensor& before,
                                                  const core::Tensor& after) {
  return indexedCells(layout, [before, after, a = before.as<float>(),
                               b = after.as<float>()](std::size_t index) { return b[index] - a[index]; });
}

std::shared_ptr<const CellSource> bitPlaneCells(const WeightLayout& layout,
                                                const core::WeightEncoding& encoding, int plane) {
  switch (encoding.codes.dtype()) {
    case core::DType::Int8:
      return planeOf<std::int8_t>(layout, encoding, plane);
    case core::DType::UInt8:
      return planeOf<std::uint8_t>(layout, encoding, plane);
    case core::DType::Int16:
      return planeOf<std::int16_t>(layout, encoding, plane);
    default:
      return planeOf<std::uint16_t>(layout, encoding, plane);
  }
}

int magnitudeBits(const core::WeightEncoding& encoding) {
  const std::vector<std::int64_t> codes = core::toInt64(encoding.codes);
  const std::vector<std::int64_t> zeroPoints = core::toInt64(encoding.zeroPoint);
  const ChannelOf channel(encoding);
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const std::size_t c = channel(i);
    all |= static_cast<std::uint64_t>(std::llabs(codes[i] - zeroPoints[c < zeroPoints.size() ? c : 0]));
  }
  return std::max(1, static_cast<int>(std::bit_width(all)));
}

}  // namespace lapidary::ui
