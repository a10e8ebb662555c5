// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/robust/attacked.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <utility>

namespace lapidary::core {
namespace {

double uniform(std::mt19937_64& random) { return static_cast<double>(random() >> 11) * 0x1p-53; }

/// Box and Muller 1958.
double normal(std::mt19937_64& random) {
  const double radius = std::sqrt(-2 * std::log(1 - uniform(random)));
  return radius * std::cos(6.283185307179586 * uniform(random));
}

double norm(std::span<const float> values) {
  double sum = 0;
  for (const float value : values) sum += static_cast<double>(value) * static_cast<double>(value);
  return std::sqrt(sum);
}

/// The changes of one sample, in units of strength.
class Changes {
 public:
  Changes(const Attack& attack, const InputBox& box, std::size_t id)
      : m_attack(attack),
        m_box(box),
        m_values(box.elements),
        m_random(attack.seed * 0x9E3779B97F4A7C15ull + id) {}

  /// A random point: of the ball for Pgd, noise otherwise.
  void drawNoise() {
    const bool gaussian = m_attack.method == AttackMethod::GaussianNoise || m_attack.norm == AttackNorm::L2;
    for (float& value : m_values)
      value = static_cast<float>(gaussian ? normal(m_random) : 2 * uniform(m_random) - 1);
    if (m_attack.norm == AttackNorm::LInf) return scale(m_attack.strength);
    if (m_attack.method == AttackMethod::GaussianNoise)
      return scale(m_attack.strength / std::sqrt(static_cast<double>(m_values.size())));
    scale(m_attack.strength / std::max(norm(m_values), 1e-30));
  }

  /// Goes uphill by so much along the gradient at the input.
  void climb(std::span<const float> gradient, double by) {
    if (m_attack.norm == AttackNorm::LInf) {
      for (std::size_t i = 0; i < m_values.size(); ++i)
        m_values[i] += static_cast<float>(by * ((gradient[i] > 0) - (gradient[i] < 0)));
      return;
    }
    std::vector<float> direction(m_values.size());
    for (std::size_t i = 0; i < direction.size(); ++i)
      direction[i] = std::isfinite(gradient[i]) ? gradient[i] * m_box.perUnit[m_box.channelOf(i)] : 0.0f;
    const double length = norm(direction);
    if (length <= 0) return;
    for (std::size_t i = 0; i < direction.size(); ++i)
      m_values[i] += static_cast<float>(by / length * static_cast<double>(direction[i]));
  }

  /// Goes back into the ball around the sample.
  void project() {
    const auto most = static_cast<float>(m_attack.strength);
    if (m_attack.norm == AttackNorm::LInf)
      for (float& value : m_values) value = std::clamp(value, -most, most);
    else if (const double length = norm(m_values); length > m_attack.strength)
      scale(m_attack.strength / length);
  }

  /// Adds them to the sample, within the box; the changes become what is left of them.
  void apply(std::span<const float> sample, std::span<float> to) {
    for (std::size_t i = 0; i < m_values.size(); ++i) {
      const std::size_t c = m_box.channelOf(i);
      const float low = std::min(m_box.low[c], sample[i]), high = std::max(m_box.high[c], sample[i]);
      to[i] = std::clamp(sample[i] + m_values[i] * m_box.perUnit[c], low, high);
      m_values[i] = (to[i] - sample[i]) / m_box.perUnit[c];
    }
  }

 private:
  void scale(double by) {
    for (float& value : m_values) value = static_cast<float>(static_cast<double>(value) * by);
  }

  const Attack& m_attack;
  const InputBox& m_box;
  std::vector<float> m_values;
  std::mt19937_64 m_random;
};

class AttackSearch {
 public:
  AttackSearch(const Attack& attack, const InputBox& box, const LossGradient* gradient,
               const AttackedBatch& batch, const std::stop_token& stop)
      : m_attack(attack),
        m_box(box),
        m_gradient(gradient),
        m_batch(batch),
        m_stop(stop),
        m_clean(toFloat32(batch.inputs[box.input])) {
    for (const std::size_t id : batch.ids) m_changes.emplace_back(attack, box, id);
  }

  Tensor run() {
    switch (m_attack.method) {
      case AttackMethod::UniformNoise:
      case AttackMethod::GaussianNoise:
        for (Changes& changes : m_changes) changes.drawNoise();
        return applied();
      case AttackMethod::Fgsm:
        climb(gradientAt(m_clean), m_attack.strength);
        return applied();
      case AttackMethod::Pgd:
        return ascend();
    }
    throw Error(ErrorKind::Usage, "no such attack");
  }

 private:
  Tensor ascend() {
    for (Changes& changes : m_changes) changes.drawNoise();
    Tensor current = applied();
    InputGradient found = gradientAt(current);
    Best best(current, found.losses);
    const double by = 2.5 * m_attack.strength / static_cast<double>(std::max<std::size_t>(1, m_attack.steps));
    for (std::size_t step = 0; step < m_attack.steps; ++step) {
      climb(found, by);
      for (Changes& changes : m_changes) changes.project();
      current = applied();
      found = gradientAt(current);
      best.tell(current, found.losses);
    }
    return best.build();
  }

  /// By sample the input with the greatest loss so far.
  class Best {
   public:
    Best(const Tensor& first, std::vector<double> losses)
        : m_shape(first.shape()),
          m_values(first.as<float>().begin(), first.as<float>().end()),
          m_losses(std::move(losses)) {}
    void tell(const Tensor& inputs, const std::vector<double>& losses) {
      const std::size_t width = m_values.size() / m_losses.size();
      for (std::size_t i = 0; i < m_losses.size(); ++i) {
        if (!(losses[i] > m_losses[i])) continue;
        m_losses[i] = losses[i];
        std::ranges::copy(inputs.as<float>().subspan(i * width, width),
                          m_values.begin() + static_cast<std::ptrdiff_t>(i * width));
      }
    }
    Tensor build() const { return Tensor::from<float>(m_shape, std::span<const float>(m_values)); }

   private:
    Shape m_shape;
    std::vector<float> m_values;
    std::vector<double> m_losses;
  };

  InputGradient gradientAt(const Tensor& input) const {
    std::vector<Tensor> inputs(m_batch.inputs.begin(), m_batch.inputs.end());
    inputs[m_box.input] = convert(input, m_batch.inputs[m_box.input].dtype());
    return m_gradient->of(inputs, m_batch.labels, m_stop);
  }

  void climb(const InputGradient& found, double by) {
    for (std::size_t i = 0; i < m_changes.size(); ++i)
      m_changes[i].climb(found.gradient.as<float>().subspan(i * m_box.elements, m_box.elements), by);
  }

  Tensor applied() {
    TensorBuilder builder(DType::Float32, m_clean.shape());
    for (std::size_t i = 0; i < m_changes.size(); ++i)
      m_changes[i].apply(m_clean.as<float>().subspan(i * m_box.elements, m_box.elements),
                         builder.as<float>().subspan(i * m_box.elements, m_box.elements));
    return std::move(builder).build();
  }

  const Attack& m_attack;
  const InputBox& m_box;
  const LossGradient* m_gradient;
  const AttackedBatch& m_batch;
  const std::stop_token& m_stop;
  Tensor m_clean;
  std::vector<Changes> m_changes;
};

}  // namespace

Tensor attacked(const Attack& attack, const InputBox& box, const LossGradient* gradient,
                const AttackedBatch& batch, const std::stop_token& stop) {
  if (attack.strength == 0) return toFloat32(batch.inputs[box.input]);
  return AttackSearch(attack, box, gradient, batch, stop).run();
}

}  // namespace lapidary::core
