// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/preprocess_sound.h"

#include <algorithm>
#include <array>

#include "core/data/preprocess_pixels.h"
#include "core/data/resample.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

constexpr double mostValues = 1 << 28;

Error bad(const std::string& key, const std::string& what) {
  return Error(ErrorKind::InvalidInput, "preprocess key 'audio." + key + "': " + what);
}

/// The axes of the input that are not the batch and not of length 1.
std::vector<std::optional<std::int64_t>> innerAxes(const InputSpec& spec) {
  std::vector<std::optional<std::int64_t>> axes;
  for (std::size_t i = 1; i < spec.shape.size(); ++i)
    if (spec.shape[i].size != 1) axes.push_back(spec.shape[i].size);
  return axes;
}

/// Numbers of bands that networks are usually made for.
bool isBandCount(std::optional<std::int64_t> size) {
  constexpr std::array usual{13, 20, 23, 24, 26, 32, 39, 40, 60, 64, 80, 96, 128, 229, 256};
  return size && std::ranges::find(usual, *size) != usual.end();
}

/// Which of the last two axes holds the bands, and the other the frames.
struct FeatureAxes {
  std::optional<std::int64_t> mels, frames;
  bool framesFirst = false;
};

FeatureAxes featureAxes(const InputSpec& spec, std::optional<int> mels) {
  const auto axes = innerAxes(spec);
  if (axes.size() < 2) return {};
  const auto first = axes[axes.size() - 2], last = axes.back();
  const auto holds = [&](std::optional<std::int64_t> size) {
    return mels ? size == *mels : isBandCount(size);
  };
  // Where an axis is open it is time; where both might be bands, the first is.
  const bool framesFirst = !holds(first) && (holds(last) || (!first && last));
  return framesFirst ? FeatureAxes{last, first, true} : FeatureAxes{first, last, false};
}

LogMel logMelOf(const SoundPreprocess& sound) {
  return {*sound.rate, *sound.window, *sound.hop,  *sound.mels,    sound.fmin,
          *sound.fmax, sound.log,     sound.floor, sound.melScale, sound.center};
}

void completeFeatures(SoundPreprocess& sound, const InputSpec& spec) {
  const FeatureAxes axes = featureAxes(spec, sound.mels);
  if (!sound.window) sound.window = std::max(2, *sound.rate / 40);
  if (!sound.hop) sound.hop = std::max(1, *sound.rate / 100);
  if (!sound.mels) sound.mels = static_cast<int>(std::clamp<std::int64_t>(axes.mels.value_or(40), 1, 4096));
  if (!sound.fmax) sound.fmax = *sound.rate / 2.0;
  if (*sound.fmax > *sound.rate / 2.0)
    throw bad("fmax", std::to_string(*sound.fmax) + " Hz stands there, half of the rate of " +
                          std::to_string(*sound.rate) + " Hz at most expected");
  if (sound.fmin >= *sound.fmax) throw bad("fmin", "less than 'fmax' expected");
  if (!sound.length && axes.frames && *axes.frames > 0)
    sound.length =
        static_cast<std::int64_t>(samplesFor(logMelOf(sound), std::min<std::int64_t>(*axes.frames, 1 << 20)));
}

Tensor transposed(const Tensor& matrix) {
  const std::int64_t rows = matrix.shape()[0], columns = matrix.shape()[1];
  TensorBuilder builder(DType::Float32, {columns, rows});
  const auto from = matrix.as<float>();
  const auto to = builder.as<float>();
  for (std::int64_t r = 0; r < rows; ++r)
    for (std::int64_t c = 0; c < columns; ++c)
      to[static_cast<std::size_t>(c * rows + r)] = from[static_cast<std::size_t>(r * columns + c)];
  return std::move(builder).build();
}

Tensor featuresOf(const Sound& sound, const SoundPreprocess& asked, const InputSpec& spec) {
  const auto length = asked.length ? static_cast<std::size_t>(*asked.length) : lengthAt(sound, *asked.rate);
  const std::vector<float> samples = resampled(sound, *asked.rate, length);
  if (*asked.features == SoundFeatures::Samples)
    return Tensor::from<float>({static_cast<std::int64_t>(samples.size())}, samples);
  const LogMel mel = logMelOf(asked);
  if (static_cast<double>(frameCount(mel, length)) * mel.mels > mostValues)
    throw bad("hop", "the sound becomes too many frames, a longer hop expected");
  const Tensor features = logMel(mel, samples);
  return featureAxes(spec, asked.mels).framesFirst ? transposed(features) : features;
}

Tensor scaledBy(const Preprocess& preprocess, const Tensor& values) {
  if (keepsValues(preprocess)) return values;
  if (preprocess.mean.size() > 1 || preprocess.std.size() > 1)
    throw Error(ErrorKind::InvalidInput,
                "preprocess keys 'mean' and 'std': 3 numbers stand there, sounds have one channel");
  TensorBuilder builder(DType::Float32, values.shape());
  std::ranges::transform(values.as<float>(), builder.as<float>().begin(), [&](float value) {
    return static_cast<float>(normalised(preprocess, static_cast<double>(value), 0));
  });
  return std::move(builder).build();
}

}  // namespace

SoundPreprocess completed(const SoundPreprocess& asked, const InputSpec& spec, int soundRate) {
  SoundPreprocess sound = asked;
  const auto axes = innerAxes(spec);
  if (!sound.rate) sound.rate = soundRate;
  if (!sound.features) sound.features = axes.size() > 1 ? SoundFeatures::LogMel : SoundFeatures::Samples;
  if (*sound.features == SoundFeatures::LogMel)
    completeFeatures(sound, spec);
  else if (!sound.length && axes.size() == 1 && axes[0] && *axes[0] > 0)
    sound.length = std::min<std::int64_t>(*axes[0], 1 << 28);
  return sound;
}

Tensor toSample(const Sound& sound, const Preprocess& preprocess, const InputSpec& spec) {
  const SoundPreprocess asked = completed(preprocess.sound.value_or(SoundPreprocess()), spec, sound.rate);
  const Tensor sample =
      convert(scaledBy(preprocess, featuresOf(sound, asked, spec)), sampleDType(preprocess, spec));
  const auto shape = fittingShape(sample.shape(), spec);
  if (!shape)
    throw Error(ErrorKind::InvalidInput, "the sound becomes " + toText(sample.shape()) +
                                             ", the model's input '" + spec.name + "' expects " +
                                             describe(spec) + "; change 'audio' of the preprocess");
  return *shape == sample.shape() ? sample : sample.reshaped(*shape);
}

}  // namespace lapidary::core
