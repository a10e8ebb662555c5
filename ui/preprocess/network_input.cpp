// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures and sounds go through core's own conversion, arrays through a data set of the same source.
#include "ui/preprocess/network_input.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/data/preprocess_sound.h"
#include "core/report/colormap.h"
#include "ui/look/theme.h"
#include "ui/samples/sample_image.h"

namespace lapidary::ui {
namespace {

constexpr int waveSide = 240;  // pixels

core::InputSpec firstSpec(const core::Model& model) {
  const std::vector<core::InputSpec> specs = core::inputSpecs(model);
  if (specs.empty()) throw core::Error(core::ErrorKind::Unsupported, "the model has no input");
  return specs.front();
}

core::Tensor inputOf(const core::DataSource& source, std::size_t sample, const core::Preprocess& preprocess,
                     const core::Model& model) {
  if (source.audible()) return core::toSample(source.sound(sample), preprocess, firstSpec(model));
  if (source.pictorial() && source.arrays(sample).empty())
    return core::toSample(source.picture(sample), preprocess, firstSpec(model));
  // The source outlives the data set, so a pointer that owns nothing serves.
  const core::Dataset data(std::shared_ptr<const core::DataSource>(&source, [](const auto*) {}), preprocess,
                           model);
  const std::array<std::size_t, 1> one{sample};
  const core::Tensor batch = data.inputs(one).front();
  core::Shape shape = batch.shape();
  if (shape.size() > 1) shape.erase(shape.begin());
  return batch.reshaped(shape);
}

/// Gray values as colours, so that faint differences are seen.
QImage coloured(QImage image) {
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x) {
      const auto [red, green, blue] = core::sequentialColor(qRed(image.pixel(x, y)) / 255.0);
      image.setPixel(x, y, qRgb(red, green, blue));
    }
  return image;
}

/// The bands lie along either of the last two axes.
QImage spectrogram(const core::Tensor& input, int bands) {
  const core::Shape& shape = input.shape();
  const QImage image = inputImage(input, core::PixelLayout::NCHW);
  const bool bandsFirst = shape.size() > 1 && shape[shape.size() - 2] == bands;
  return coloured(bandsFirst ? image.mirrored(false, true) : image.transformed(QTransform().rotate(-90)));
}

QImage soundImage(const core::Tensor& input, const core::SoundPreprocess& sound) {
  if (sound.features == core::SoundFeatures::LogMel) return spectrogram(input, *sound.mels);
  const core::Tensor real = core::toFloat32(input);
  const auto values = real.as<float>();
  return waveImage({*sound.rate, {values.begin(), values.end()}}, Theme::instance().color(Role::Cut),
                   waveSide);
}

void seeSound(const core::Sound& sound, const core::Preprocess& preprocess, const core::InputSpec& spec,
              const core::Tensor& input, NetworkInput& result) {
  result.seconds = static_cast<double>(sound.samples.size()) / sound.rate;
  result.sound = core::completed(preprocess.sound.value_or(core::SoundPreprocess()), spec, sound.rate);
  result.seen = soundImage(input, *result.sound);
  result.channels = channelRanges(input, core::PixelLayout::NCHW);
}

}  // namespace

std::vector<ChannelRange> channelRanges(const core::Tensor& input, core::PixelLayout layout) {
  const core::Tensor real = core::toFloat32(input);
  const auto values = real.as<float>();
  const core::Shape& shape = real.shape();
  const bool last = layout == core::PixelLayout::NHWC;
  const std::size_t channels =
      shape.size() == 3 ? static_cast<std::size_t>(last ? shape[2] : shape[0]) : std::size_t{1};
  if (channels == 0 || values.empty()) return {};
  const std::size_t inner = last || channels == 1 ? 1 : values.size() / channels;
  std::vector<ChannelRange> ranges(channels, {INFINITY, -INFINITY, 0});
  for (std::size_t i = 0; i < values.size(); ++i) {
    ChannelRange& range = ranges[i / inner % channels];
    const auto value = static_cast<double>(values[i]);
    range.least = std::min(range.least, value);
    range.most = std::max(range.most, value);
    range.mean += value;
  }
  for (ChannelRange& range : ranges) range.mean /= static_cast<double>(values.size() / channels);
  return ranges;
}

NetworkInput networkInput(const core::DataSource& source, std::size_t sample,
                          const core::Preprocess& preprocess, const core::Model& model) {
  NetworkInput result;
  try {
    if (source.pictorial()) result.original = toImage(source.picture(sample));
    if (source.audible())
      result.original = waveImage(source.sound(sample), Theme::instance().color(Role::Original), waveSide);
    core::preprocessFromJson(core::toJson(preprocess));  // the rules of the document hold here too
    const core::Tensor input = inputOf(source, sample, preprocess, model);
    const std::string_view type = core::name(input.dtype());
    result.shape = QString::fromStdString(core::toText(input.shape())) + QLatin1Char(' ') +
                   QString::fromUtf8(type.data(), static_cast<qsizetype>(type.size()));
    if (source.audible()) {
      seeSound(source.sound(sample), preprocess, firstSpec(model), input, result);
    } else {
      result.seen = inputImage(input, preprocess.layout);
      result.channels = channelRanges(input, preprocess.layout);
    }
  } catch (const core::Error& error) {
    const QImage original = result.original;
    result = {};
    result.original = original;
    result.problem = QString::fromUtf8(error.what());
  }
  return result;
}

}  // namespace lapidary::ui
