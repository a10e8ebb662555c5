// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/sound.h"

#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>
#include <memory>
#include <mutex>
#include <string>

#include "core/files/sound_end.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

constexpr int mostChannels = 64, highestRate = 768000;
constexpr std::size_t valuesAtOnce = 1 << 14;
// libsndfile says so of a file whose header does not count its samples.
constexpr sf_count_t unknownCount = std::numeric_limits<sf_count_t>::max();

/// Silence packs to next to nothing, and so a small file could fill the memory. A minute and a half of it at
/// 44.1 kHz may stand in a file of any size; beyond that, 256 samples a byte are four times what speech
/// packed to 6 kbit/s has.
std::size_t mostSamples(std::size_t fileBytes) {
  constexpr std::size_t most = std::size_t{1} << 28, always = std::size_t{1} << 22, eachByte = 256;
  return std::min(most, always + eachByte * std::min(fileBytes, most));
}

/// The bytes as a file that libsndfile reads.
struct OpenBytes {
  std::span<const std::byte> bytes;
  sf_count_t at = 0;

  sf_count_t size() const { return static_cast<sf_count_t>(bytes.size()); }
};

OpenBytes& openBytes(void* file) { return *static_cast<OpenBytes*>(file); }

sf_count_t sizeOf(void* file) { return openBytes(file).size(); }
sf_count_t placeOf(void* file) { return openBytes(file).at; }
sf_count_t writeNothing(const void*, sf_count_t, void*) { return 0; }

/// As of a file on disk, an offset beyond the end can be gone to, and nothing is read there.
sf_count_t seekTo(sf_count_t offset, int whence, void* file) {
  OpenBytes& source = openBytes(file);
  const sf_count_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? source.at : source.size();
  if (offset < -from || offset > unknownCount - from) return -1;
  return source.at = from + offset;
}

sf_count_t readTo(void* to, sf_count_t count, void* file) {
  OpenBytes& source = openBytes(file);
  const sf_count_t there =
      std::clamp<sf_count_t>(source.size() - source.at, 0, std::max<sf_count_t>(count, 0));
  if (there == 0) return 0;
  std::memcpy(to, source.bytes.data() + source.at, static_cast<std::size_t>(there));
  source.at += there;
  return there;
}

/// libsndfile's words without their full stop; of no file: why the last one could not be opened.
std::string reasonOf(SNDFILE* file) {
  std::string reason = sf_strerror(file);
  while (reason.ends_with('.')) reason.pop_back();
  return reason.starts_with("Internal error") ? "its header contradicts itself" : reason;
}

using SoundFile = std::unique_ptr<SNDFILE, int (*)(SNDFILE*)>;

SoundFile openSound(OpenBytes& bytes, SF_INFO& info) {
  SF_VIRTUAL_IO functions{sizeOf, seekTo, readTo, writeNothing, placeOf};
  // Why a file could not be opened is kept in one place for all of the process.
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  SoundFile file(sf_open_virtual(&functions, SFM_READ, &info, &bytes), sf_close);
  if (!file) throw invalidInput("the sound cannot be read: " + reasonOf(nullptr));
  return file;
}

void requireReadable(const SF_INFO& info) {
  if (info.channels < 1 || info.channels > mostChannels)
    throw invalidInput(std::to_string(info.channels) + " channels; 1 to " + std::to_string(mostChannels) +
                       " expected");
  if (info.samplerate < 1 || info.samplerate > highestRate)
    throw invalidInput(std::to_string(info.samplerate) + " samples a second; 1 to " +
                       std::to_string(highestRate) + " expected");
}

float average(std::span<const float> channels) {
  double sum = 0;
  for (const float value : channels) sum += static_cast<double>(value);
  return static_cast<float>(sum / static_cast<double>(channels.size()));
}

void append(std::vector<float>& samples, std::span<const float> values, std::size_t channels) {
  for (std::size_t at = 0; at < values.size(); at += channels) {
    samples.push_back(average(values.subspan(at, channels)));
    if (!std::isfinite(samples.back()))
      throw invalidInput("sample " + std::to_string(samples.size() - 1) + " is not a finite number");
  }
}

/// As many samples as the header tells of, or fewer where the file ends before.
std::vector<float> decoded(SNDFILE* file, const SF_INFO& info, std::size_t most) {
  const auto channels = static_cast<std::size_t>(info.channels);
  const std::size_t atOnce = valuesAtOnce / channels;
  std::vector<float> samples, values(atOnce * channels);
  for (sf_count_t left = info.frames; left > 0;) {
    const sf_count_t count =
        sf_readf_float(file, values.data(), std::min(left, static_cast<sf_count_t>(atOnce)));
    if (sf_error(file) != SF_ERR_NO_ERROR)
      throw invalidInput("the sound is damaged after sample " + std::to_string(samples.size()));
    if (count <= 0) break;
    const auto frames = static_cast<std::size_t>(count);
    if (frames > most - samples.size())
      throw invalidInput("the sound unpacks to more than " + std::to_string(most) +
                         " samples, the most that a file of its size may hold");
    append(samples, std::span(values).first(frames * channels), channels);
    left -= count;
  }
  return samples;
}

}  // namespace

Sound readSound(const Bytes& file) {
  const std::string_view kind = soundKind(file.view);
  if (kind.empty()) throw invalidInput("not a sound that can be read: WAV, FLAC or Ogg expected");
  requireWholeSound(file.view, kind);
  OpenBytes bytes{file.view};
  SF_INFO info{};
  const SoundFile sound = openSound(bytes, info);
  requireReadable(info);
  std::vector<float> samples = decoded(sound.get(), info, mostSamples(file.view.size()));
  if (info.frames != unknownCount && samples.size() != static_cast<std::size_t>(info.frames))
    throw invalidInput("the header tells of " + std::to_string(info.frames) + " samples, " +
                       std::to_string(samples.size()) + " are there");
  if (samples.empty()) throw invalidInput("the sound holds no samples");
  return {info.samplerate, std::move(samples)};
}

}  // namespace lapidary::core
