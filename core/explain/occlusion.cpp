#include "core/explain/occlusion.h"

#include <algorithm>
#include <cstring>

#include "core/analyze/class_scores.h"
#include "core/explain/saliency_map.h"

namespace lapidary::core {
namespace {

struct Patch {
  int top, left, bottom, right;  // bottom and right exclusive
};

/// Patches of an eighth of the side, half overlapping, so that a map costs about 15 x 15 runs whatever
/// the input's size.
std::vector<int> starts(int extent, int patch) {
  std::vector<int> result;
  const int stride = std::max(1, patch / 2);
  for (int at = 0; at + patch < extent; at += stride) result.push_back(at);
  result.push_back(extent - patch);
  return result;
}

int patchSide(int extent) { return extent < 16 ? 1 : (extent + 4) / 8; }

std::vector<Patch> patchesOf(const MapGeometry& geometry, bool tokens) {
  const int high = tokens ? 1 : patchSide(geometry.height);
  const int wide = tokens ? 1 : patchSide(geometry.width);
  std::vector<Patch> patches;
  for (const int top : starts(geometry.height, high))
    for (const int left : starts(geometry.width, wide))
      patches.push_back({top, left, top + high, left + wide});
  return patches;
}

/// The first input, whole and with patches hidden.
class Occluder {
 public:
  explicit Occluder(const Tensor& input)
      : m_input(input), m_tokens(!isFloating(input.dtype())), m_geometry(geometryOf(input.shape())) {
    if (!m_tokens) m_input = toFloat32(input);
    if (!m_tokens) findMeans();
  }

  const MapGeometry& geometry() const { return m_geometry; }
  std::vector<Patch> patches() const { return patchesOf(m_geometry, m_tokens); }

  /// A batch in which sample i has patch i hidden, in the dtype of the input given.
  Tensor hidden(std::span<const Patch> patches, DType dtype) const {
    Shape shape = m_input.shape();
    shape[0] = static_cast<std::int64_t>(patches.size());
    TensorBuilder batch(m_input.dtype(), shape);
    const auto one = m_input.bytes();
    for (std::size_t i = 0; i < patches.size(); ++i) {
      const auto sample = batch.bytes().subspan(i * one.size(), one.size());
      std::memcpy(sample.data(), one.data(), one.size());
      hide(sample, patches[i]);
    }
    return convert(std::move(batch).build(), dtype);
  }

 private:
  void findMeans() {
    const auto values = m_input.as<float>();
    m_means.assign(static_cast<std::size_t>(m_geometry.channels), 0.0f);
    for (int row = 0; row < m_geometry.height; ++row)
      for (int column = 0; column < m_geometry.width; ++column)
        for (int channel = 0; channel < m_geometry.channels; ++channel)
          m_means[static_cast<std::size_t>(channel)] += values[m_geometry.index(row, column, channel)];
    for (float& mean : m_means) mean /= static_cast<float>(m_geometry.pixels());
  }

  void hide(std::span<std::byte> sample, const Patch& patch) const {
    const std::size_t width = bitsOf(m_input.dtype()) / 8;
    for (int row = patch.top; row < patch.bottom; ++row)
      for (int column = patch.left; column < patch.right; ++column)
        for (int channel = 0; channel < m_geometry.channels; ++channel) {
          std::byte* at = sample.data() + m_geometry.index(row, column, channel) * width;
          if (m_tokens)
            std::memset(at, 0, width);
          else
            std::memcpy(at, &m_means[static_cast<std::size_t>(channel)], sizeof(float));
        }
  }

  Tensor m_input;
  bool m_tokens;
  MapGeometry m_geometry;
  std::vector<float> m_means;  // by channel
};

Tensor repeated(const Tensor& input, std::size_t times) {
  Shape shape = input.shape();
  shape[0] = static_cast<std::int64_t>(times);
  TensorBuilder batch(input.dtype(), shape);
  for (std::size_t i = 0; i < times; ++i)
    std::memcpy(batch.bytes().data() + i * input.bytes().size(), input.bytes().data(), input.bytes().size());
  return std::move(batch).build();
}

/// Adds each patch's drop to the places it covers, then divides by how often a place was covered.
std::vector<float> spread(const MapGeometry& geometry, std::span<const Patch> patches,
                          std::span<const float> drops) {
  std::vector<float> map(geometry.pixels(), 0.0f), covered(geometry.pixels(), 0.0f);
  for (std::size_t i = 0; i < patches.size(); ++i)
    for (int row = patches[i].top; row < patches[i].bottom; ++row)
      for (int column = patches[i].left; column < patches[i].right; ++column) {
        const auto at = static_cast<std::size_t>(row) * static_cast<std::size_t>(geometry.width) +
                        static_cast<std::size_t>(column);
        map[at] += drops[i];
        covered[at] += 1;
      }
  for (std::size_t i = 0; i < map.size(); ++i) map[i] /= std::max(covered[i], 1.0f);
  return map;
}

}  // namespace

SaliencyMap occlusionMap(const Model& model, const Executor& executor, std::span<const Tensor> inputs,
                         std::int64_t targetClass, const Progress& progress) {
  RunOptions options;
  options.stop = progress.stop;
  const ClassScores whole = classScores(executor.run(model, inputs, options).outputs);
  const std::int64_t target = targetClass >= 0 ? targetClass : whole.top1(0);
  const float score = whole.values[whole.indexOf(0, target)];

  const Occluder occluder(inputs[0]);
  const std::vector<Patch> patches = occluder.patches();
  const std::size_t batch = fixedBatch(model) == 1 ? 1 : 16;
  std::vector<float> drops;
  drops.reserve(patches.size());
  while (drops.size() < patches.size()) {
    const auto next =
        std::span(patches).subspan(drops.size(), std::min(batch, patches.size() - drops.size()));
    std::vector<Tensor> fed{occluder.hidden(next, inputs[0].dtype())};
    for (std::size_t i = 1; i < inputs.size(); ++i) fed.push_back(repeated(inputs[i], next.size()));
    const ClassScores scores = classScores(executor.run(model, fed, options).outputs);
    for (std::size_t i = 0; i < next.size(); ++i)
      drops.push_back(score - scores.values[scores.indexOf(i, target)]);
    progress.step(drops.size(), patches.size());
  }
  const MapGeometry& geometry = occluder.geometry();
  return {SaliencyMethod::Occlusion,        geometry.width, geometry.height,
          spread(geometry, patches, drops), target,         whole.probability(0, target)};
}

}  // namespace lapidary::core
