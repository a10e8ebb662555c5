// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/resample.h"

#include <soxr.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <string>

#include "core/support/error.h"

namespace lapidary::core {
namespace {

constexpr std::size_t mostSamples = std::size_t{1} << 28;

using Resampler = std::unique_ptr<soxr, void (*)(soxr_t)>;

Resampler resamplerFor(int from, int to) {
  // Beyond 2^18 libsoxr never returns, and no sound is meant so.
  constexpr int mostTimes = 4096;
  const std::string what =
      "a sound of " + std::to_string(from) + " Hz cannot be brought to " + std::to_string(to) + " Hz: ";
  if (std::max(from, to) / std::min(from, to) >= mostTimes)
    throw Error(ErrorKind::Unsupported,
                what + "rates less than " + std::to_string(mostTimes) + " times apart expected");
  const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, 0);
  soxr_error_t error = nullptr;
  Resampler made(soxr_create(from, to, 1, &error, nullptr, &quality, nullptr), soxr_delete);
  if (error != nullptr) throw Error(ErrorKind::Unsupported, what + error);
  return made;
}

/// Fills `to` as far as the sound reaches.
void resample(soxr_t resampler, std::span<const float> from, std::span<float> to) {
  while (!to.empty()) {
    std::size_t taken = 0, made = 0;
    // Where there is no more input, libsoxr gives what it still holds.
    const soxr_error_t error = soxr_process(resampler, from.empty() ? nullptr : from.data(), from.size(),
                                            &taken, to.data(), to.size(), &made);
    if (error != nullptr)
      throw invalidInput(std::string("the sound cannot be brought to another rate: ") + error);
    if (taken == 0 && made == 0) return;
    from = from.subspan(taken);
    to = to.subspan(made);
  }
}

}  // namespace

std::size_t lengthAt(const Sound& sound, int rate) {
  const double length = std::ceil(static_cast<double>(sound.samples.size()) * rate / sound.rate);
  if (length > static_cast<double>(mostSamples))
    throw Error(ErrorKind::InvalidInput, "the sound has " + std::to_string(sound.samples.size()) +
                                             " samples at " + std::to_string(sound.rate) +
                                             " Hz, too many at " + std::to_string(rate) +
                                             " Hz: set a lower rate by the preprocess key 'audio.rate'");
  return static_cast<std::size_t>(length);
}

std::vector<float> resampled(const Sound& sound, int rate, std::size_t count) {
  std::vector<float> result(count);
  if (rate == sound.rate)
    std::copy_n(sound.samples.begin(), std::min(count, sound.samples.size()), result.begin());
  else
    resample(resamplerFor(sound.rate, rate).get(), sound.samples, result);
  return result;
}

}  // namespace lapidary::core
