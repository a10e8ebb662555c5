// Pictures go through core's own conversion, arrays through a data set of the same source.
#include "ui/preprocess/network_input.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "ui/samples/sample_image.h"

namespace lapidary::ui {
namespace {

core::Tensor inputOf(const core::DataSource& source, std::size_t sample, const core::Preprocess& preprocess,
                     const core::Model& model) {
  if (source.pictorial() && source.arrays(sample).empty()) {
    const std::vector<core::InputSpec> specs = core::inputSpecs(model);
    if (specs.empty()) throw core::Error(core::ErrorKind::Unsupported, "the model has no input");
    return core::toSample(source.picture(sample), preprocess, specs.front());
  }
  // The source outlives the data set, so a pointer that owns nothing serves.
  const core::Dataset data(std::shared_ptr<const core::DataSource>(&source, [](const auto*) {}), preprocess,
                           model);
  const std::array<std::size_t, 1> one{sample};
  const core::Tensor batch = data.inputs(one).front();
  core::Shape shape = batch.shape();
  if (shape.size() > 1) shape.erase(shape.begin());
  return batch.reshaped(shape);
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
    core::preprocessFromJson(core::toJson(preprocess));  // the rules of the document hold here too
    const core::Tensor input = inputOf(source, sample, preprocess, model);
    result.seen = inputImage(input, preprocess.layout);
    const std::string_view type = core::name(input.dtype());
    result.shape = QString::fromStdString(core::toText(input.shape())) + QLatin1Char(' ') +
                   QString::fromUtf8(type.data(), static_cast<qsizetype>(type.size()));
    result.channels = channelRanges(input, preprocess.layout);
  } catch (const core::Error& error) {
    result = {result.original, {}, {}, {}, QString::fromUtf8(error.what())};
  }
  return result;
}

}  // namespace lapidary::ui
