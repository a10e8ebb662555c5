// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/sound_features.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "core/support/error.h"
#include "core/support/fourier.h"

namespace lapidary::core {
namespace {

constexpr double pi = std::numbers::pi;

double toMel(double frequency, MelScale scale) {
  if (scale == MelScale::Htk) return 2595 * std::log10(1 + frequency / 700);
  return frequency < 1000 ? frequency * 3 / 200 : 15 + std::log(frequency / 1000) * 27 / std::log(6.4);
}

double fromMel(double mel, MelScale scale) {
  if (scale == MelScale::Htk) return 700 * (std::pow(10, mel / 2595) - 1);
  return mel < 15 ? mel * 200 / 3 : 1000 * std::exp((mel - 15) * std::log(6.4) / 27);
}

/// The weights of one mel band on the bins from `first` on.
struct Band {
  std::size_t first = 0;
  std::vector<double> weights;
};

Band bandOf(const LogMel& spec, double low, double peak, double high) {
  Band band;
  const std::size_t bins = static_cast<std::size_t>(spec.window) / 2 + 1;
  const double height = spec.scale == MelScale::Slaney ? 2 / (high - low) : 1;
  for (std::size_t k = 0; k < bins; ++k) {
    const double f = static_cast<double>(k) * spec.rate / spec.window;
    const double weight = std::min((f - low) / (peak - low), (high - f) / (high - peak));
    if (weight <= 0) continue;
    if (band.weights.empty()) band.first = k;
    band.weights.push_back(weight * height);
  }
  return band;
}

std::vector<Band> bandsOf(const LogMel& spec) {
  const double low = toMel(spec.fmin, spec.scale), high = toMel(spec.fmax, spec.scale);
  const auto edge = [&](int i) { return fromMel(low + (high - low) * i / (spec.mels + 1), spec.scale); };
  std::vector<Band> bands;
  for (int i = 0; i < spec.mels; ++i) bands.push_back(bandOf(spec, edge(i), edge(i + 1), edge(i + 2)));
  return bands;
}

/// Samples of silence that are put around a sound, half of them before it.
int padding(const LogMel& spec) { return spec.center ? spec.window / 2 * 2 : 0; }

double logarithm(double power, const LogMel& spec) {
  const double value = power + spec.floor;
  if (spec.log == LogKind::Natural) return std::log(value);
  return std::log10(value) * (spec.log == LogKind::Decibel ? 10 : 1);
}

/// Power spectra of frames, one at a time.
class Spectra {
 public:
  Spectra(const LogMel& spec, const std::vector<float>& samples)
      : m_spec(spec),
        m_samples(samples),
        m_line(static_cast<std::size_t>(spec.window)),
        m_window(m_line.size()),
        m_power(m_line.size() / 2 + 1),
        m_fourier(m_line.size()) {
    for (std::size_t n = 0; n < m_window.size(); ++n)
      m_window[n] =
          0.5 - 0.5 * std::cos(2 * pi * static_cast<double>(n) / static_cast<double>(m_window.size()));
  }

  const std::vector<double>& at(std::int64_t frame) {
    const std::int64_t start = frame * m_spec.hop - padding(m_spec) / 2;
    for (std::size_t n = 0; n < m_line.size(); ++n) {
      const std::int64_t i = start + static_cast<std::int64_t>(n);
      const bool there = i >= 0 && i < static_cast<std::int64_t>(m_samples.size());
      m_line[n] = there ? static_cast<double>(m_samples[static_cast<std::size_t>(i)]) * m_window[n] : 0;
    }
    m_fourier.forward(m_line);
    for (std::size_t k = 0; k < m_power.size(); ++k) m_power[k] = std::norm(m_line[k]);
    return m_power;
  }

 private:
  const LogMel& m_spec;
  const std::vector<float>& m_samples;
  ComplexLine m_line;
  std::vector<double> m_window, m_power;
  Fourier m_fourier;
};

}  // namespace

std::int64_t frameCount(const LogMel& spec, std::size_t samples) {
  const auto length = static_cast<std::int64_t>(samples) + padding(spec);
  return length < spec.window ? 0 : 1 + (length - spec.window) / spec.hop;
}

std::size_t samplesFor(const LogMel& spec, std::int64_t frames) {
  return static_cast<std::size_t>((frames - 1) * spec.hop + spec.window - padding(spec));
}

Tensor logMel(const LogMel& spec, const std::vector<float>& samples) {
  const std::int64_t frames = frameCount(spec, samples.size());
  if (frames < 1)
    throw Error(ErrorKind::InvalidInput, "the sound has " + std::to_string(samples.size()) +
                                             " samples, a window takes " + std::to_string(spec.window) +
                                             ": set a shorter one by the preprocess key 'audio.window'");
  const std::vector<Band> bands = bandsOf(spec);
  TensorBuilder builder(DType::Float32, {spec.mels, frames});
  const auto values = builder.as<float>();
  Spectra spectra(spec, samples);
  for (std::int64_t t = 0; t < frames; ++t) {
    const std::vector<double>& power = spectra.at(t);
    for (std::size_t m = 0; m < bands.size(); ++m) {
      const auto from = power.begin() + static_cast<std::ptrdiff_t>(bands[m].first);
      const double sum = std::inner_product(bands[m].weights.begin(), bands[m].weights.end(), from, 0.0);
      values[m * static_cast<std::size_t>(frames) + static_cast<std::size_t>(t)] =
          static_cast<float>(logarithm(sum, spec));
    }
  }
  return std::move(builder).build();
}

}  // namespace lapidary::core
