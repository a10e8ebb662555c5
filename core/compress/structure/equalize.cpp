// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/structure/equalize.h"

#include <algorithm>
#include <cmath>

#include "core/model/override.h"

namespace lapidary::core {
namespace {

constexpr int mostSweeps = 40;
constexpr double still = 1e-4;  ///< a change of no scale above this ends the sweeps

/// How the weights of one layer fall into outputs and the channels that it reads.
class LayerWeights {
 public:
  /// `channels` of the layer before; 0 where its inputs are nobody's concern.
  LayerWeights(const Model& model, const Layer& layer, std::size_t channels) {
    const Node& node = model.graph->node(layer.node);
    const Shape& shape = layer.shape;
    m_rowsFirst = layer.channelAxis == 0;
    m_outputs = static_cast<std::size_t>(shape[static_cast<std::size_t>(layer.channelAxis)]);
    m_elements = static_cast<std::size_t>(elementCount(shape));
    if (channels == 0) return;
    const bool conv = node.opType == "Conv";
    const std::size_t groups = conv ? static_cast<std::size_t>(node.intOr("group", 1)) : 1;
    const std::size_t own =
        conv ? static_cast<std::size_t>(shape[1]) : m_elements / m_outputs;  // inputs of a group
    m_perChannel = own * groups / channels * (m_elements / m_outputs / own);
    m_perGroup = m_outputs / groups;
    m_channelsOfGroup = channels / groups;
  }

  std::size_t outputs() const { return m_outputs; }

  /// Calls visit(index, output, channel) for every weight; channel 0 where they are nobody's concern.
  template <class Visit>
  void forEach(Visit&& visit) const {
    const std::size_t inputs = m_elements / m_outputs;
    for (std::size_t o = 0; o < m_outputs; ++o)
      for (std::size_t i = 0; i < inputs; ++i)
        visit(m_rowsFirst ? o * inputs + i : i * m_outputs + o, o,
              m_perChannel == 0 ? 0 : o / m_perGroup * m_channelsOfGroup + i / m_perChannel);
  }

 private:
  bool m_rowsFirst = true;
  std::size_t m_outputs = 1, m_elements = 0, m_perChannel = 0, m_perGroup = 1, m_channelsOfGroup = 0;
};

/// The greatest magnitude of a layer's weights for every output and channel that it reads.
struct Magnitude {
  std::uint32_t output, channel;
  double value;
};

struct LayerState {
  std::size_t channels = 0;
  ChannelFactors factors;
  std::vector<Magnitude> magnitudes;

  double factorOf(const Magnitude& m) const {
    return factors.outputs[m.output] * (channels == 0 ? 1 : factors.inputs[m.channel]);
  }
};

std::vector<Magnitude> magnitudesOf(const Tensor& weight, const LayerWeights& weights, std::size_t channels) {
  const std::size_t width = std::max<std::size_t>(1, channels);
  std::vector<float> greatest(weights.outputs() * width, -1.0f);
  const auto values = weight.as<float>();
  weights.forEach([&](std::size_t index, std::size_t output, std::size_t channel) {
    float& here = greatest[output * width + channel];
    const float m = std::fabs(values[index]);
    here = std::isnan(m) || m > here ? m : here;
  });
  std::vector<Magnitude> magnitudes;
  for (std::size_t i = 0; i < greatest.size(); ++i)
    if (!(greatest[i] < 0))
      magnitudes.push_back({static_cast<std::uint32_t>(i / width), static_cast<std::uint32_t>(i % width),
                            static_cast<double>(greatest[i])});
  return magnitudes;
}

/// How far the scales of one pair moved, as a ratio.
double sweep(LayerState& first, LayerState& second, std::size_t channels) {
  std::vector<double> before(channels), after(channels);
  for (const Magnitude& m : first.magnitudes)
    before[m.output] = std::max(before[m.output], m.value * first.factorOf(m));
  for (const Magnitude& m : second.magnitudes)
    after[m.channel] = std::max(after[m.channel], m.value * second.factorOf(m));
  double moved = 0;
  for (std::size_t c = 0; c < channels; ++c) {
    const double s = std::sqrt(before[c] * after[c]) / after[c];
    if (!(before[c] > 0) || !(after[c] > 0) || !(s > 0) || !std::isfinite(s)) continue;
    first.factors.outputs[c] /= s;
    second.factors.inputs[c] *= s;
    moved = std::max(moved, std::fabs(std::log(s)));
  }
  return moved;
}

std::vector<LayerState> statesOf(const Model& model, std::span<const EqualizePair> pairs) {
  std::vector<LayerState> states(model.layers.size());
  std::vector<bool> used(model.layers.size(), false);
  for (const EqualizePair& pair : pairs) {
    used[pair.first.index] = used[pair.second.index] = true;
    states[pair.second.index].channels = pair.channels;
  }
  for (std::size_t i = 0; i < states.size(); ++i) {
    if (!used[i]) continue;
    const Layer& layer = model.layers[i];
    const LayerWeights weights(model, layer, states[i].channels);
    states[i].factors.outputs.assign(weights.outputs(), 1);
    states[i].factors.inputs.assign(states[i].channels, 1);
    states[i].magnitudes = magnitudesOf(layerWeight(model, layer), weights, states[i].channels);
  }
  return states;
}

/// A file of half precision holds rounded values.
Tensor asStored(const Model& model, ValueId value, Tensor floats) {
  const DType stored = storedType(*model.graph, value).value_or(DType::Float32);
  const bool half = stored == DType::Float16 || stored == DType::BFloat16;
  return half ? toFloat32(convert(floats, stored)) : floats;
}

Tensor scaledWeight(const Model& model, const Layer& layer, const ChannelFactors& factors) {
  const Tensor weight = layerWeight(model, layer);
  TensorBuilder builder(DType::Float32, weight.shape());
  const auto from = weight.as<float>();
  const auto to = builder.as<float>();
  LayerWeights(model, layer, factors.inputs.size())
      .forEach([&](std::size_t index, std::size_t output, std::size_t channel) {
        const double factor =
            factors.outputs[output] * (factors.inputs.empty() ? 1 : factors.inputs[channel]);
        to[index] = static_cast<float>(static_cast<double>(from[index]) * factor);
      });
  return asStored(model, layer.weight, std::move(builder).build());
}

Tensor scaledBias(const Model& model, const Layer& layer, const ChannelFactors& factors) {
  const Tensor bias = toFloat32(model.weights.at(layer.bias));
  TensorBuilder builder(DType::Float32, bias.shape());
  for (std::size_t o = 0; o < factors.outputs.size(); ++o)
    builder.as<float>()[o] =
        static_cast<float>(static_cast<double>(bias.as<float>()[o]) * factors.outputs[o]);
  return asStored(model, layer.bias, std::move(builder).build());
}

}  // namespace

std::vector<ChannelFactors> equalizingFactors(const Model& model, std::span<const EqualizePair> pairs) {
  std::vector<LayerState> states = statesOf(model, pairs);
  double moved = 1;
  for (int i = 0; i < mostSweeps && moved > still; ++i) {
    moved = 0;
    for (const EqualizePair& pair : pairs)
      moved = std::max(moved, sweep(states[pair.first.index], states[pair.second.index], pair.channels));
  }
  std::vector<ChannelFactors> factors;
  for (LayerState& state : states) factors.push_back(std::move(state.factors));
  return factors;
}

Model equalized(const Model& model, std::span<const EqualizePair> pairs) {
  const std::vector<ChannelFactors> factors = equalizingFactors(model, pairs);
  Model result = model;
  for (const EqualizePair& pair : pairs) {
    const Layer& first = model.layer(pair.first);
    if (first.bias.valid()) result.weights[first.bias] = scaledBias(model, first, factors[pair.first.index]);
  }
  for (std::size_t i = 0; i < factors.size(); ++i) {
    if (factors[i].outputs.empty()) continue;
    const Layer& layer = model.layers[i];
    result.weights[layer.weight] = scaledWeight(model, layer, factors[i]);
    result.encodings.erase(layer.weight);
  }
  return result;
}

}  // namespace lapidary::core
