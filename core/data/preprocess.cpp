// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/preprocess.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/data/preprocess_pixels.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

std::string sizeText(const Picture& picture) {
  return std::to_string(picture.width) + "x" + std::to_string(picture.height);
}

/// Luma of ITU-R BT.601, in 16 bits of fraction.
Picture toGray(const Picture& picture) {
  Picture gray{picture.width, picture.height, 1, {}};
  const auto channels = static_cast<std::size_t>(picture.channels);
  gray.pixels.resize(picture.pixels.size() / channels);
  for (std::size_t i = 0; i < gray.pixels.size(); ++i) {
    const std::uint8_t* p = picture.pixels.data() + i * channels;
    gray.pixels[i] =
        static_cast<std::uint8_t>((p[0] * 19595u + p[1] * 38470u + p[2] * 7471u + 0x8000u) >> 16);
  }
  return gray;
}

/// The short side becomes `side`; the long one keeps the aspect, rounded down.
Picture withShortSide(const Picture& picture, int side, Resampling resample) {
  const auto other = [side](int longSide, int shortSide) {
    return static_cast<int>(static_cast<std::int64_t>(side) * longSide / shortSide);
  };
  if (picture.width <= picture.height)
    return scaled(picture, side, other(picture.height, picture.width), resample);
  return scaled(picture, other(picture.width, picture.height), side, resample);
}

/// An odd margin is halved to the even side, as torchvision's CenterCrop does.
int cropStart(int length, int side) { return static_cast<int>(std::nearbyint((length - side) / 2.0)); }

Picture centreSquare(const Picture& picture, int side) {
  if (side > picture.width || side > picture.height)
    throw Error(ErrorKind::InvalidInput, "preprocess key 'crop': " + std::to_string(side) +
                                             " is more than the picture of " + sizeText(picture) +
                                             " has; set 'resize' to at least " + std::to_string(side));
  Picture square{side, side, picture.channels, {}};
  const auto channels = static_cast<std::size_t>(picture.channels);
  const auto left = static_cast<std::size_t>(cropStart(picture.width, side));
  const auto top = static_cast<std::size_t>(cropStart(picture.height, side));
  const std::size_t row = static_cast<std::size_t>(side) * channels;
  square.pixels.reserve(row * static_cast<std::size_t>(side));
  for (std::size_t y = 0; y < static_cast<std::size_t>(side); ++y) {
    const auto* from =
        picture.pixels.data() + ((top + y) * static_cast<std::size_t>(picture.width) + left) * channels;
    square.pixels.insert(square.pixels.end(), from, from + row);
  }
  return square;
}

/// Height and width that the input declares, if it does.
std::optional<std::pair<int, int>> declaredSize(const Preprocess& preprocess, const InputSpec& spec) {
  const std::size_t rank = spec.shape.size();
  if (rank < 3 || rank > 4) return std::nullopt;
  const std::size_t first = rank == 3 || preprocess.layout == PixelLayout::NHWC ? 1 : 2;
  const auto height = spec.shape[first].size, width = spec.shape[first + 1].size;
  if (!height || !width || *height < 1 || *width < 1 || *height > 16384 || *width > 16384)
    return std::nullopt;
  return std::pair(static_cast<int>(*height), static_cast<int>(*width));
}

Picture withGeometry(Picture picture, const Preprocess& preprocess, const InputSpec& spec) {
  const Resampling resample = preprocess.resample;
  if (preprocess.size) picture = scaled(picture, preprocess.size->width, preprocess.size->height, resample);
  if (preprocess.resize) picture = withShortSide(picture, *preprocess.resize, resample);
  if (preprocess.crop) picture = centreSquare(picture, *preprocess.crop);
  if (preprocess.size || preprocess.resize || preprocess.crop) return picture;
  if (const auto size = declaredSize(preprocess, spec))
    return scaled(picture, size->second, size->first, resample);
  return picture;
}

Tensor toTensor(const Picture& picture, const Preprocess& preprocess, DType dtype) {
  const auto channels = static_cast<std::size_t>(channelCount(preprocess.channels));
  const bool planes = preprocess.layout == PixelLayout::NCHW;
  const std::int64_t c = static_cast<std::int64_t>(channels), h = picture.height, w = picture.width;
  TensorBuilder builder(DType::Float32, planes ? Shape{c, h, w} : Shape{h, w, c});
  PixelRun run;
  run.from = picture.pixels.data();
  run.pixels = static_cast<std::size_t>(h * w);
  run.channels = channels;
  run.fromPixel = static_cast<std::size_t>(picture.channels);
  run.fromChannel = picture.channels == 1 ? 0 : 1;  // gray feeds all three
  run.toPixel = planes ? 1 : channels;
  run.toChannel = planes ? run.pixels : 1;
  run.reverse = preprocess.channels == PixelChannels::BGR;
  applyTables(run, pixelTables(preprocess, channels, dtype), builder.as<float>().data());
  return convert(std::move(builder).build(), dtype);
}

}  // namespace

std::vector<InputSpec> inputSpecs(const Model& model) {
  std::vector<InputSpec> specs;
  for (const ValueId id : model.graph->inputs) {
    const Value& value = model.graph->value(id);
    specs.push_back(
        {value.name, value.dtype.value_or(DType::Float32), value.shape.value_or(std::vector<Dimension>{})});
  }
  return specs;
}

Tensor toSample(const Picture& picture, const Preprocess& preprocess, const InputSpec& spec) {
  const bool gray = preprocess.channels == PixelChannels::Gray && picture.channels > 1;
  const Picture sized = withGeometry(gray ? toGray(picture) : picture, preprocess, spec);
  const Tensor sample = toTensor(sized, preprocess, sampleDType(preprocess, spec));
  const auto shape = fittingShape(sample.shape(), spec);
  if (!shape)
    throw Error(ErrorKind::InvalidInput, "the picture becomes " + toText(sample.shape()) +
                                             ", the model's input '" + spec.name + "' expects " +
                                             describe(spec) + "; change the preprocess");
  return *shape == sample.shape() ? sample : sample.reshaped(*shape);
}

}  // namespace lapidary::core
