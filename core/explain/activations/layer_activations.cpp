// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/activations/layer_activations.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <numeric>

#include "core/explain/map/saliency_task.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

constexpr std::int64_t mostShownChannels = 1 << 20;

ValueId outputOf(const Model& model, LayerId layer) {
  if (layer.index >= model.layers.size())
    throw Error(ErrorKind::Usage, "there is no layer " + std::to_string(layer.index));
  const NodeId node = model.layer(layer).node;
  if (!node.valid()) throw Error(ErrorKind::Usage, "a file without a graph has no activations");
  return model.graph->node(node).outputs.at(0);
}

/// How the output of a layer is read: channels, and spatial positions of one sample.
class OutputReader {
 public:
  OutputReader(const Layer& layer, const Shape& shape) {
    const bool second = layer.opType == "Conv" || layer.opType == "ConvTranspose";
    if (shape.size() < 2 || shape.size() > 5 || elementCount(shape) == 0)
      throw Error(ErrorKind::Unsupported,
                  layer.name + ": an output of shape " + toText(shape) + " has no channels to look at");
    const std::size_t axis = second ? 1 : shape.size() - 1;
    m_channels = shape[axis];
    m_positions = elementCount(shape) / shape[0] / m_channels;
    m_positionsFirst = !second;
    Shape positions(shape.begin() + 1, shape.end());
    positions.erase(positions.begin() + static_cast<std::ptrdiff_t>(axis) - 1);
    m_width = positions.empty() ? 1 : positions.back();
    if (m_channels > mostShownChannels)
      throw Error(ErrorKind::Unsupported, layer.name + ": its output has " + std::to_string(m_channels) +
                                              " channels, at most " + std::to_string(mostShownChannels) +
                                              " can be looked at");
  }

  std::int64_t channels() const { return m_channels; }
  std::int64_t positions() const { return m_positions; }
  std::int64_t width() const { return m_width; }
  std::size_t sampleSize() const { return static_cast<std::size_t>(m_channels * m_positions); }
  std::size_t index(std::int64_t channel, std::int64_t position) const {
    return static_cast<std::size_t>(m_positionsFirst ? position * m_channels + channel
                                                     : channel * m_positions + position);
  }

 private:
  std::int64_t m_channels = 1, m_positions = 1, m_width = 1;
  bool m_positionsFirst = false;
};

Tensor outputFor(const Runnable& subject, std::span<const Tensor> inputs, LayerId layer,
                 std::stop_token stop) {
  RunOptions options;
  options.wanted = {outputOf(subject.model, layer)};
  options.stop = std::move(stop);
  const Tensor output = subject.run(inputs, options).wanted.at(0);
  if (!isFloating(output.dtype()))
    throw Error(ErrorKind::Unsupported, subject.model.layer(layer).name + ": its output is " +
                                            std::string(name(output.dtype())) + ", a floating type expected");
  return toFloat32(output);
}

TopSample ofChannel(std::span<const float> sample, const OutputReader& reader, int channel) {
  TopSample found;
  found.activation = -std::numeric_limits<double>::infinity();
  for (std::int64_t position = 0; position < reader.positions(); ++position) {
    const auto value = static_cast<double>(sample[reader.index(channel, position)]);
    if (!(value > found.activation)) continue;
    found.activation = value;
    found.row = static_cast<int>(position / reader.width());
    found.column = static_cast<int>(position % reader.width());
  }
  return found;
}

TopSample ofLayer(std::span<const float> sample) {
  double squares = 0;
  for (const float value : sample) squares += static_cast<double>(value) * static_cast<double>(value);
  TopSample found;
  found.activation = std::sqrt(squares / static_cast<double>(std::max<std::size_t>(1, sample.size())));
  return found;
}

/// The best so far, of whichever thread; their order does not depend on that of the offers.
class Podium {
 public:
  explicit Podium(std::size_t count) : m_count(count) {}

  void offer(const TopSample& each) {
    const std::lock_guard lock(m_mutex);
    m_best.insert(std::ranges::upper_bound(m_best, each, above), each);
    if (m_best.size() > m_count) m_best.pop_back();
  }
  std::vector<TopSample> best() && { return std::move(m_best); }

 private:
  static bool above(const TopSample& a, const TopSample& b) {
    return a.activation != b.activation ? a.activation > b.activation : a.sample < b.sample;
  }
  std::size_t m_count;
  std::mutex m_mutex;
  std::vector<TopSample> m_best;
};

}  // namespace

std::span<const float> ActivationMaps::channel(int index) const {
  const auto positions = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  return std::span<const float>(values).subspan(static_cast<std::size_t>(index) * positions, positions);
}

ActivationMaps activationMaps(const Runnable& subject, std::span<const Tensor> inputs, LayerId layer) {
  const Tensor output = outputFor(subject, inputs, layer, {});
  const OutputReader reader(subject.model.layer(layer), output.shape());
  ActivationMaps maps{static_cast<int>(reader.channels()),
                      static_cast<int>(reader.width()),
                      static_cast<int>(reader.positions() / reader.width()),
                      {}};
  maps.values.reserve(reader.sampleSize());
  for (std::int64_t channel = 0; channel < reader.channels(); ++channel)
    for (std::int64_t position = 0; position < reader.positions(); ++position)
      maps.values.push_back(output.as<float>()[reader.index(channel, position)]);
  return maps;
}

std::vector<TopSample> topActivations(const Runnable& subject, const Dataset& data, const TopRequest& request,
                                      const Progress& progress) {
  const std::size_t batch = variationBatch(subject.model);
  Podium podium(request.count);
  std::atomic<std::size_t> done{0};
  const auto run = [&](std::size_t chunk, unsigned) {
    std::vector<std::size_t> samples(std::min(batch, data.size() - chunk * batch));
    std::iota(samples.begin(), samples.end(), chunk * batch);
    const Tensor output = outputFor(subject, data.inputs(samples), request.layer, progress.stop);
    const OutputReader reader(subject.model.layer(request.layer), output.shape());
    if (request.channel >= reader.channels())
      throw Error(ErrorKind::Usage, "there is no channel " + std::to_string(request.channel) + ": layer '" +
                                        subject.model.layer(request.layer).name + "' has " +
                                        std::to_string(reader.channels()));
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const auto sample = output.as<float>().subspan(i * reader.sampleSize(), reader.sampleSize());
      TopSample each = request.channel < 0 ? ofLayer(sample) : ofChannel(sample, reader, request.channel);
      each.sample = samples[i];
      podium.offer(each);
    }
    progress.step(done += samples.size(), data.size());
  };
  parallelFor((data.size() + batch - 1) / batch, std::max(1u, request.workers), run);
  return std::move(podium).best();
}

}  // namespace lapidary::core
