// SPDX-License-Identifier: GPL-3.0-or-later
// Channels that are dead, that nothing reads, or that repeat others.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <unordered_map>

#include "core/audit/rules/audit_rules.h"
#include "core/audit/weights/weight_checks.h"
#include "core/compress/structure/channel_groups.h"
#include "core/model/weight_matrix.h"

namespace lapidary::core {
namespace {

constexpr double nearCosine = 0.9999;
constexpr std::size_t mostCompared = 2048, fewestWeights = 9;

/// "channels 3, 7, 12 and 4 more".
std::string listOf(const std::vector<std::string>& items) {
  std::string text;
  const std::size_t shown = std::min<std::size_t>(items.size(), 8);
  for (std::size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : ", ") + items[i];
  if (items.size() > shown) text += " and " + std::to_string(items.size() - shown) + " more";
  return text;
}

std::string placeOf(const AuditedLayer& layer) { return "layer '" + layer.name + "'"; }

/// Rows of a weight, one output channel each, side by side.
struct ChannelRows {
  explicit ChannelRows(const AuditedLayer& layer) {
    const WeightMatrix matrix = weightMatrix(layer.weight.shape(), layer.channelAxis);
    count = matrix.outputs;
    width = matrix.inputs;
    values.resize(count * width);
    const auto from = layer.weight.as<float>();
    for (std::size_t o = 0; o < count; ++o)
      for (std::size_t i = 0; i < width; ++i) values[o * width + i] = from[matrix.indexOf(o, i)];
  }
  std::span<const float> row(std::size_t i) const { return std::span(values).subspan(i * width, width); }
  bool zero(std::size_t i) const {
    return std::ranges::all_of(row(i), [](float value) { return value == 0; });
  }
  std::size_t count = 0, width = 0;
  std::vector<float> values;
};

bool isMatrixLayer(const AuditedLayer& layer) {
  return layer.weight.rank() >= 2 &&
         (layer.opType == "Conv" || layer.opType == "Gemm" || layer.opType == "MatMul" ||
          layer.opType == "ConvTranspose" || layer.opType == "Tensor");
}

std::vector<std::string> unreadChannels(const ChannelGroups& groups, const std::vector<double>& read,
                                        LayerId layer) {
  std::vector<std::string> channels;
  const auto classes = groups.channelClasses(layer);
  for (std::size_t channel = 0; channel < classes.size(); ++channel)
    if (!groups.trace().classes.pinned(classes[channel]) && read[classes[channel]] == 0)
      channels.push_back(std::to_string(channel));
  return channels;
}

/// By class of channels the largest weight that reads it; -1 where no weight does.
std::vector<double> readingWeights(const Model& model, const ChannelGroups& groups,
                                   const std::vector<AuditedLayer>& layers) {
  std::vector<double> read(groups.trace().classes.size(), -1);
  for (const AuditedLayer& audited : layers) {
    const auto& axes = groups.trace().values[model.layer(audited.id).weight.index].axes;
    const Shape& shape = audited.weight.shape();
    if (axes.size() != shape.size()) continue;
    std::size_t stride = 1;
    const auto values = audited.weight.as<float>();
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      const auto size = static_cast<std::size_t>(shape[axis]);
      if (axis != static_cast<std::size_t>(audited.channelAxis) && axes[axis].labels.size() == size)
        for (std::size_t i = 0; i < values.size(); ++i) {
          double& most = read[groups.trace().classes.find(axes[axis].labels[i / stride % size])];
          most = std::max(most, static_cast<double>(std::fabs(values[i])));
        }
      stride *= size;
    }
  }
  return read;
}

void keepUnique(std::vector<std::string>& pairs, std::size_t a, std::size_t b) {
  pairs.push_back(std::to_string(b) + " as " + std::to_string(a));
}

}  // namespace

void findDeadChannels(const Model& model, const std::vector<AuditedLayer>& layers,
                      std::vector<Finding>& findings) {
  for (const AuditedLayer& layer : layers) {
    if (!isMatrixLayer(layer)) continue;
    const ChannelRows rows(layer);
    std::vector<std::string> dead;
    for (std::size_t i = 0; i < rows.count; ++i)
      if (rows.zero(i)) dead.push_back(std::to_string(i));
    if (!dead.empty())
      findings.push_back(
          findingOf("weight-dead-channel", placeOf(layer) + ", channels " + listOf(dead),
                    std::to_string(dead.size()) + " of " + std::to_string(rows.count) + " channels"));
  }
  if (!model.runnable()) return;
  const ChannelGroups groups(model);
  const std::vector<double> read = readingWeights(model, groups, layers);
  for (const AuditedLayer& layer : layers) {
    const auto unread = unreadChannels(groups, read, layer.id);
    if (!unread.empty())
      findings.push_back(findingOf("weight-unread-channel", placeOf(layer) + ", channels " + listOf(unread),
                                   std::to_string(unread.size()) + " channels"));
  }
}

void findDuplicateChannels(const AuditedLayer& layer, std::vector<Finding>& findings) {
  if (!isMatrixLayer(layer)) return;
  const ChannelRows rows(layer);
  if (rows.width < fewestWeights) return;
  std::vector<std::string> same, near;
  std::unordered_map<std::string_view, std::size_t> seen;
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < rows.count; ++i) {
    if (rows.zero(i)) continue;
    const auto row = std::as_bytes(rows.row(i));
    const auto [at, fresh] =
        seen.emplace(std::string_view(reinterpret_cast<const char*>(row.data()), row.size()), i);
    fresh ? kept.push_back(i) : keepUnique(same, at->second, i);
  }
  if (kept.size() <= mostCompared) {
    std::vector<double> centred(kept.size() * rows.width), lengths(kept.size());
    for (std::size_t k = 0; k < kept.size(); ++k) {
      double mean = 0;
      for (const float value : rows.row(kept[k]))
        mean += static_cast<double>(value) / static_cast<double>(rows.width);
      for (std::size_t i = 0; i < rows.width; ++i) {
        const double value = static_cast<double>(rows.row(kept[k])[i]) - mean;
        centred[k * rows.width + i] = value;
        lengths[k] += value * value;
      }
    }
    for (std::size_t a = 0; a < kept.size(); ++a)
      for (std::size_t b = a + 1; b < kept.size(); ++b) {
        // Lengths that differ by more than a hundredth are not the same channel.
        if (!(lengths[a] > 0) || lengths[b] > 1.02 * lengths[a] || lengths[a] > 1.02 * lengths[b]) continue;
        double dot = 0;
        for (std::size_t i = 0; i < rows.width; ++i)
          dot += centred[a * rows.width + i] * centred[b * rows.width + i];
        if (dot > nearCosine * std::sqrt(lengths[a] * lengths[b])) keepUnique(near, kept[a], kept[b]);
      }
  }
  if (!same.empty())
    findings.push_back(findingOf("weight-same-channel", placeOf(layer), "channels repeat: " + listOf(same)));
  if (!near.empty())
    findings.push_back(
        findingOf("weight-near-channel", placeOf(layer), "channels nearly repeat: " + listOf(near)));
}

}  // namespace lapidary::core
