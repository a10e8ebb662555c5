// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/robust/input_box.h"

#include <cmath>
#include <limits>

#include "core/data/dataset_prepare.h"
#include "core/data/preprocess_pixels.h"
#include "core/explain/map/saliency_map.h"

namespace lapidary::core {
namespace {

std::size_t floatingInput(const std::vector<Tensor>& inputs) {
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (isFloating(inputs[i].dtype())) return i;
  throw Error(ErrorKind::Unsupported,
              "attacks move the numbers that a model reads by small steps; this model reads whole numbers "
              "(tokens), between which there are no small steps");
}

void findChannels(const Shape& shape, InputBox& box) {
  if (shape.size() != 4) return;
  const MapGeometry geometry = geometryOf(shape);
  box.channels = static_cast<std::size_t>(geometry.channels);
  box.channelStride = static_cast<std::size_t>(geometry.channelStride);
  if (box.channels <= 1) box.channels = box.channelStride = 1;
}

/// One unit and no bounds at all, until pixels say otherwise.
void boundByPixels(const Preprocess& preprocess, InputBox& box) {
  for (std::size_t c = 0; c < box.channels; ++c) {
    const double dark = normalised(preprocess, 0, c), bright = normalised(preprocess, 255, c);
    box.low[c] = static_cast<float>(std::min(dark, bright));
    box.high[c] = static_cast<float>(std::max(dark, bright));
    if (box.unit == StrengthUnit::Pixel) box.perUnit[c] = static_cast<float>(std::abs(bright - dark) / 255);
  }
  box.clips = true;
}

}  // namespace

bool holdsPixels(const Dataset& data) {
  const DataSource& source = data.source();
  if (!source.pictorial() || source.audible() || source.size() == 0) return false;
  if (!holdsArrays(source)) return true;
  for (const auto& [name, array] : source.arrays(0))
    if (array.dtype() == DType::UInt8) return true;
  return false;
}

InputBox inputBox(const Model& model, const Dataset& data, StrengthUnit unit) {
  const std::size_t one[]{0};
  const std::vector<Tensor> inputs = data.inputs(one);
  InputBox box;
  box.input = floatingInput(inputs);
  box.value = model.graph->inputs.at(box.input);
  box.unit = unit;
  const Tensor& sample = inputs[box.input];
  box.elements = static_cast<std::size_t>(sample.size());
  findChannels(sample.shape(), box);
  box.perUnit.assign(box.channels, 1.0f);
  box.low.assign(box.channels, -std::numeric_limits<float>::infinity());
  box.high.assign(box.channels, std::numeric_limits<float>::infinity());
  const bool pixels = holdsPixels(data);
  if (pixels) boundByPixels(data.preprocess(), box);
  if (unit == StrengthUnit::Pixel && !pixels)
    throw Error(ErrorKind::Usage,
                "these samples are no 8-bit pictures: strengths are counted in units of the model's input");
  return box;
}

}  // namespace lapidary::core
