// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/preprocess_pixels.h"

#include <algorithm>
#include <cmath>

#include "core/support/error.h"

namespace lapidary::core {
namespace {

double valueFor(const std::vector<double>& values, std::size_t c, double fallback) {
  if (values.empty()) return fallback;
  return values.size() == 1 ? values[0] : values.at(c);
}

bool allAre(const std::vector<double>& values, double wanted) {
  return std::all_of(values.begin(), values.end(), [wanted](double v) { return v == wanted; });
}

Shape withoutUnits(const Shape& shape) {
  Shape kept;
  std::copy_if(shape.begin(), shape.end(), std::back_inserter(kept), [](std::int64_t d) { return d != 1; });
  return kept;
}

}  // namespace

double normalised(const Preprocess& preprocess, double pixel, std::size_t c) {
  return (pixel * preprocess.scale - valueFor(preprocess.mean, c, 0)) / valueFor(preprocess.std, c, 1);
}

bool keepsValues(const Preprocess& preprocess) {
  return preprocess.scale == 1 && allAre(preprocess.mean, 0) && allAre(preprocess.std, 1);
}

std::vector<PixelTable> pixelTables(const Preprocess& preprocess, std::size_t channels, DType dtype) {
  std::vector<PixelTable> tables(channels);
  for (std::size_t c = 0; c < channels; ++c)
    for (std::size_t pixel = 0; pixel < 256; ++pixel) {
      const double value = normalised(preprocess, static_cast<double>(pixel), c);
      tables[c][pixel] = static_cast<float>(isFloating(dtype) ? value : std::nearbyint(value));
    }
  return tables;
}

void applyTables(const PixelRun& run, const std::vector<PixelTable>& tables, float* to) {
  for (std::size_t c = 0; c < run.channels; ++c) {
    const PixelTable& table = tables[c];
    const std::uint8_t* from = run.from + (run.reverse ? run.channels - 1 - c : c) * run.fromChannel;
    float* out = to + c * run.toChannel;
    for (std::size_t i = 0; i < run.pixels; ++i) out[i * run.toPixel] = table[from[i * run.fromPixel]];
  }
}

DType sampleDType(const Preprocess& preprocess, const InputSpec& spec) {
  const bool contradicts = preprocess.dtype != DType::Float32 && preprocess.dtype != spec.dtype &&
                           !(isFloating(preprocess.dtype) && isFloating(spec.dtype));
  if (contradicts)
    throw Error(ErrorKind::InvalidInput, "preprocess key 'dtype': " + std::string(name(preprocess.dtype)) +
                                             " stands there, the model's input '" + spec.name + "' expects " +
                                             std::string(name(spec.dtype)));
  return spec.dtype;
}

std::string describe(const InputSpec& spec) {
  std::string text;
  for (const Dimension& dimension : spec.shape) {
    if (!text.empty()) text += 'x';
    text += dimension.size             ? std::to_string(*dimension.size)
            : dimension.symbol.empty() ? "?"
                                       : dimension.symbol;
  }
  return (text.empty() ? "" : text + " ") + std::string(name(spec.dtype));
}

std::optional<Shape> fittingShape(const Shape& sample, const InputSpec& spec) {
  if (spec.shape.empty()) return sample;
  const auto fits = [&spec](const Shape& shape) {
    if (shape.size() + 1 != spec.shape.size()) return false;
    for (std::size_t i = 0; i < shape.size(); ++i)
      if (const auto& size = spec.shape[i + 1].size; size && *size != shape[i]) return false;
    return true;
  };
  if (fits(sample)) return sample;
  const Shape row{elementCount(sample)};
  if (fits(row)) return row;
  // The wanted shape with unknown lengths filled in from the sample's own, axes of length 1 aside.
  const Shape bare = withoutUnits(sample);
  Shape filled;
  std::size_t next = 0;
  for (std::size_t i = 1; i < spec.shape.size(); ++i) {
    const auto& size = spec.shape[i].size;
    if (size && *size == 1)
      filled.push_back(1);
    else
      filled.push_back(next < bare.size() ? bare[next++] : 1);
  }
  if (next == bare.size() && fits(filled)) return filled;
  return std::nullopt;
}

}  // namespace lapidary::core
