// SPDX-License-Identifier: GPL-3.0-or-later
// Files of sounds that libsndfile packs, in memory.
#pragma once

#include <sndfile.h>

#include <cmath>
#include <cstdio>
#include <numbers>
#include <stdexcept>
#include <string>
#include <vector>

namespace lapidary::core::testing {

/// A file in memory that grows as it is written to; libsndfile goes back to complete its header.
struct GrowingFile {
  std::string text;
  std::size_t at = 0;

  static GrowingFile& of(void* file) { return *static_cast<GrowingFile*>(file); }
  static sf_count_t size(void* file) { return static_cast<sf_count_t>(of(file).text.size()); }
  static sf_count_t tell(void* file) { return static_cast<sf_count_t>(of(file).at); }
  static sf_count_t seek(sf_count_t offset, int whence, void* file) {
    const sf_count_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? tell(file) : size(file);
    of(file).at = static_cast<std::size_t>(from + offset);
    return from + offset;
  }
  static sf_count_t read(void* to, sf_count_t count, void* file) {
    GrowingFile& source = of(file);
    const std::size_t read =
        source.text.copy(static_cast<char*>(to), static_cast<std::size_t>(count), source.at);
    source.at += read;
    return static_cast<sf_count_t>(read);
  }
  static sf_count_t write(const void* from, sf_count_t count, void* file) {
    GrowingFile& target = of(file);
    const auto bytes = static_cast<std::size_t>(count);
    if (target.text.size() < target.at + bytes) target.text.resize(target.at + bytes);
    target.text.replace(target.at, bytes, static_cast<const char*>(from), bytes);
    target.at += bytes;
    return count;
  }
};

/// `format`: of SF_FORMAT_*. Of each value the upper bits are kept that the format has room for.
inline std::string packedSound(int format, const std::vector<int>& values, int rate = 8000,
                               int channels = 1) {
  GrowingFile target;
  SF_INFO info{};
  info.samplerate = rate;
  info.channels = channels;
  info.format = format;
  SF_VIRTUAL_IO functions{GrowingFile::size, GrowingFile::seek, GrowingFile::read, GrowingFile::write,
                          GrowingFile::tell};
  SNDFILE* file = sf_open_virtual(&functions, SFM_WRITE, &info, &target);
  if (file == nullptr) throw std::runtime_error(sf_strerror(nullptr));
  const auto count = static_cast<sf_count_t>(values.size());
  const bool written = sf_write_int(file, values.data(), count) == count;
  sf_close(file);
  if (!written) throw std::runtime_error("libsndfile could not write");
  return target.text;
}

/// A tone at half of full scale.
inline std::vector<int> packedTone(std::size_t samples, double turnsPerSample = 0.01) {
  std::vector<int> values(samples);
  for (std::size_t i = 0; i < samples; ++i)
    values[i] = static_cast<int>(
        std::lround(std::sin(2 * std::numbers::pi * turnsPerSample * static_cast<double>(i)) * 0x40000000));
  return values;
}

}  // namespace lapidary::core::testing
