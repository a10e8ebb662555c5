// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/dataset_prepare.h"

#include <algorithm>
#include <cmath>

#include "core/data/dataset_sources.h"
#include "core/data/preprocess_pixels.h"
#include "core/data/preprocess_sound.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

Error misfit(const Tensor& array, const InputSpec& spec) {
  return invalidInput("samples are " + describe(array) + ", the model's input '" + spec.name + "' expects " +
                      describe(spec));
}

Tensor fitted(const Tensor& sample, const Tensor& array, const InputSpec& spec) {
  const auto shape = fittingShape(sample.shape(), spec);
  if (!shape) throw misfit(array, spec);
  return *shape == sample.shape() ? sample : sample.reshaped(*shape);
}

/// Whether a shape in the layout that the preprocess asks for fits without moving axes.
bool wantsPlanes(const PictureShape& shape, const Preprocess& preprocess, const InputSpec& spec) {
  const bool chw = fittingShape({shape.channels, shape.height, shape.width}, spec).has_value();
  const bool hwc = fittingShape({shape.height, shape.width, shape.channels}, spec).has_value();
  return chw == hwc ? preprocess.layout == PixelLayout::NCHW : chw;
}

Shape layoutShape(const PictureShape& shape, bool planes) {
  return planes ? Shape{shape.channels, shape.height, shape.width}
                : Shape{shape.height, shape.width, shape.channels};
}

/// The strides of channels and pixels of a picture in memory.
struct Strides {
  std::size_t pixel, channel;
};
Strides strides(const PictureShape& shape, bool planes) {
  return planes ? Strides{1, static_cast<std::size_t>(shape.height * shape.width)}
                : Strides{static_cast<std::size_t>(shape.channels), 1};
}

void checkChannels(const Preprocess& preprocess, std::size_t channels) {
  for (const auto* values : {&preprocess.mean, &preprocess.std})
    if (values->size() > 1 && values->size() != channels)
      throw invalidInput(std::string("preprocess key '") + (values == &preprocess.mean ? "mean" : "std") +
                         "': " + std::to_string(values->size()) + " numbers stand there, the samples have " +
                         std::to_string(channels) + (channels == 1 ? " channel" : " channels"));
}

/// 8-bit pictures that need no scaling, cropping or mixing of channels.
Tensor prepareBytes(const Tensor& array, const PictureShape& shape, const Preprocess& preprocess,
                    const InputSpec& spec) {
  const bool planes = wantsPlanes(shape, preprocess, spec);
  const Strides from = strides(shape, shape.planes), to = strides(shape, planes);
  const auto channels = static_cast<std::size_t>(shape.channels);
  checkChannels(preprocess, channels);
  const DType dtype = sampleDType(preprocess, spec);
  TensorBuilder builder(DType::Float32, layoutShape(shape, planes));
  PixelRun run{array.as<std::uint8_t>().data(),
               static_cast<std::size_t>(shape.height * shape.width),
               channels,
               from.pixel,
               from.channel,
               to.pixel,
               to.channel,
               channels == 3 && preprocess.channels == PixelChannels::BGR};
  applyTables(run, pixelTables(preprocess, channels, dtype), builder.as<float>().data());
  return fitted(convert(std::move(builder).build(), dtype), array, spec);
}

/// Whether the picture fits as it is, or has to go through scaling, cropping or mixing of channels.
bool fitsAsItIs(const PictureShape& shape, const Preprocess& preprocess, const InputSpec& spec) {
  return !preprocess.size && !preprocess.resize && !preprocess.crop &&
         channelCount(preprocess.channels) == shape.channels &&
         (fittingShape(layoutShape(shape, true), spec) || fittingShape(layoutShape(shape, false), spec));
}

/// Floating pictures whose channels stand last and should stand first, or the other way round.
Tensor moveChannels(const Tensor& values, const PictureShape& shape, bool planes) {
  TensorBuilder builder(DType::Float32, layoutShape(shape, planes));
  const Strides from = strides(shape, shape.planes), to = strides(shape, planes);
  const auto source = values.as<float>();
  const auto target = builder.as<float>();
  const auto pixels = static_cast<std::size_t>(shape.height * shape.width);
  for (std::size_t c = 0; c < static_cast<std::size_t>(shape.channels); ++c)
    for (std::size_t i = 0; i < pixels; ++i)
      target[i * to.pixel + c * to.channel] = source[i * from.pixel + c * from.channel];
  return std::move(builder).build();
}

Tensor withValues(const Tensor& values, const Preprocess& preprocess,
                  const std::optional<PictureShape>& shape, bool planes) {
  if (keepsValues(preprocess)) return values;
  const std::size_t channels = shape ? static_cast<std::size_t>(shape->channels) : 1;
  checkChannels(preprocess, channels);
  TensorBuilder builder(DType::Float32, values.shape());
  const auto from = values.as<float>();
  const auto to = builder.as<float>();
  const std::size_t plane = std::max<std::size_t>(1, from.size() / channels);
  for (std::size_t i = 0; i < from.size(); ++i)
    to[i] = static_cast<float>(normalised(preprocess, from[i], planes ? i / plane : i % channels));
  return std::move(builder).build();
}

/// Floats, or whole numbers for an input of floats.
Tensor prepareNumbers(const Tensor& array, const Preprocess& preprocess, const InputSpec& spec) {
  if (!isFloating(spec.dtype)) throw misfit(array, spec);
  const auto shape = pictureShape(array.shape());
  const bool asItIs = fittingShape(array.shape(), spec).has_value();
  if (asItIs && keepsValues(preprocess)) return fitted(convert(array, spec.dtype), array, spec);
  if (!asItIs && !shape) throw misfit(array, spec);
  Tensor values = toFloat32(array);
  bool planes = !shape || shape->planes;
  if (!asItIs) {
    planes = !planes;
    values = moveChannels(values, *shape, planes);
  }
  return fitted(convert(withValues(values, preprocess, shape, planes), spec.dtype), array, spec);
}

/// A stand-in of the size that pictures will have.
Picture probe(const Preprocess& preprocess) {
  const int side = std::max({preprocess.resize.value_or(0), preprocess.crop.value_or(0), 32});
  Picture picture{side, side, 3, {}};
  picture.pixels.resize(static_cast<std::size_t>(side) * static_cast<std::size_t>(side) * 3);
  return picture;
}

void requireOneInput(const DataSource& data, std::span<const InputSpec> specs) {
  if (specs.size() != 1)
    throw invalidInput(std::string("the data are ") + (data.audible() ? "sounds" : "pictures") +
                       ", but the model has " + std::to_string(specs.size()) +
                       " inputs; an npz of arrays named as the inputs can feed them");
}

}  // namespace

bool holdsArrays(const DataSource& data) { return data.kind() == "npz" || data.kind() == "idx"; }

std::vector<Tensor> arraysForInputs(const DataSource& data, std::size_t i, std::span<const InputSpec> specs) {
  const auto entries = data.arrays(i);
  const auto find = [&](const std::string& wanted) {
    return std::find_if(entries.begin(), entries.end(),
                        [&](const auto& entry) { return entry.first == wanted; });
  };
  std::vector<Tensor> tensors;
  for (const InputSpec& spec : specs) {
    auto entry = find(spec.name);
    if (entry == entries.end() && specs.size() == 1) entry = find("");
    if (entry != entries.end()) {
      tensors.push_back(entry->second);
      continue;
    }
    std::string names;
    for (const auto& [key, tensor] : entries)
      if (!key.empty() || entries.size() == 1)
        names += (names.empty() ? "'" : ", '") + (key.empty() ? "x" : key) + "'";
    throw invalidInput("no array feeds the model's input '" + spec.name + "'; the data hold " + names);
  }
  return tensors;
}

Tensor prepareArray(const Tensor& array, const Preprocess& preprocess, const InputSpec& spec) {
  const bool bytes = array.dtype() == DType::UInt8;
  if (!isFloating(array.dtype()) && !isFloating(spec.dtype) && (!bytes || keepsValues(preprocess)))
    if (fittingShape(array.shape(), spec)) return fitted(convert(array, spec.dtype), array, spec);
  if (!bytes) return prepareNumbers(array, preprocess, spec);
  const auto shape = pictureShape(array.shape());
  if (shape && fitsAsItIs(*shape, preprocess, spec)) return prepareBytes(array, *shape, preprocess, spec);
  if (shape) return toSample(renderArray(array, *shape), preprocess, spec);
  const PictureShape row{1, array.size(), 1, true};
  if (!fittingShape(array.shape(), spec)) throw misfit(array, spec);
  return prepareBytes(array, row, preprocess, spec).reshaped(*fittingShape(array.shape(), spec));
}

std::vector<Tensor> prepareSample(const DataSource& data, std::size_t i, const Preprocess& preprocess,
                                  std::span<const InputSpec> specs) {
  std::vector<Tensor> inputs;
  if (holdsArrays(data)) {
    const std::vector<Tensor> arrays = arraysForInputs(data, i, specs);
    for (std::size_t k = 0; k < specs.size(); ++k)
      inputs.push_back(prepareArray(arrays[k], preprocess, specs[k]));
    return inputs;
  }
  requireOneInput(data, specs);
  if (data.audible()) {
    const Sound sound = data.sound(i);
    inputs.push_back(
        withContext("sound " + data.sampleName(i), [&] { return toSample(sound, preprocess, specs[0]); }));
    return inputs;
  }
  const Picture picture = data.picture(i);
  inputs.push_back(
      withContext("picture " + data.sampleName(i), [&] { return toSample(picture, preprocess, specs[0]); }));
  return inputs;
}

std::vector<DataWarning> unusedArrays(const Model& model, const DataSource& data) {
  if (!holdsArrays(data) || data.size() == 0) return {};
  const std::vector<InputSpec> specs = inputSpecs(model);
  const auto entries = data.arrays(0);
  std::vector<std::string> unused;
  for (const auto& [name, tensor] : entries) {
    const bool feeds = std::ranges::find(specs, name, &InputSpec::name) != specs.end();
    const bool samples =
        !entries.front().first.empty()
            ? false
            : specs.size() == 1 && tensor.bytes().data() == entries.front().second.bytes().data();
    if (!name.empty() && !feeds && !samples) unused.push_back(name);
  }
  if (unused.empty() || unused.size() == entries.size()) return {};
  return {{DataWarningKind::OtherArrays, listedNames(unused), unused.size()}};
}

void checkFeeds(const DataSource& data, const Preprocess& preprocess, std::span<const InputSpec> specs) {
  if (specs.empty()) throw invalidInput("the model has no inputs that data could feed");
  if (holdsArrays(data) || data.audible()) {
    prepareSample(data, 0, preprocess, specs);
    return;
  }
  requireOneInput(data, specs);
  toSample(probe(preprocess), preprocess, specs[0]);
}

}  // namespace lapidary::core
