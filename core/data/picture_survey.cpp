// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/picture_survey.h"

#include <algorithm>
#include <filesystem>

#include "core/files/image.h"
#include "core/files/picture_form.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

constexpr std::size_t mostLookedAt = 64, mostDecoded = 4;
/// The largest value of 8 bits that 14 of 16 bits make: cameras and scanners use so many.
constexpr std::uint8_t dim = 64;

struct Found {
  std::vector<std::string> deep, transparent, inks, frames;
  std::vector<std::string> deepFiles;  ///< with their paths
};

void lookAt(const std::string& file, Found& found) {
  const PictureForm form = pictureForm(mapFile(file));
  const std::string name = std::filesystem::path(file).filename().string();
  if (form.bits > 8) found.deep.push_back(name), found.deepFiles.push_back(file);
  if (form.transparent) found.transparent.push_back(name);
  if (form.inks) found.inks.push_back(name);
  if (form.moreFrames) found.frames.push_back(name);
}

bool isDim(const std::string& file) {
  const Picture picture = decodePicture(mapFile(file));
  return !picture.pixels.empty() && std::ranges::max(picture.pixels) <= dim;
}

/// All that were decoded, so that a night among many pictures is not one.
bool areDim(const std::vector<std::string>& files) {
  if (files.empty()) return false;
  const std::size_t step = std::max<std::size_t>(1, files.size() / mostDecoded);
  for (std::size_t i = 0; i < files.size(); i += step)
    if (!isDim(files[i])) return false;
  return true;
}

/// Damaged files are told of when they are read.
template <class Look>
void unlessDamaged(Look&& look) {
  try {
    look();
  } catch (const Error&) {
  }
}

}  // namespace

std::vector<DataWarning> surveyPictures(std::span<const std::string> files) {
  Found found;
  const std::size_t step = std::max<std::size_t>(1, (files.size() + mostLookedAt - 1) / mostLookedAt);
  for (std::size_t i = 0; i < files.size(); i += step) unlessDamaged([&] { lookAt(files[i], found); });
  std::vector<DataWarning> warnings;
  const auto tell = [&](DataWarningKind kind, const std::vector<std::string>& names) {
    if (!names.empty()) warnings.push_back({kind, listedNames(names), names.size()});
  };
  tell(DataWarningKind::DeepPictures, found.deep);
  unlessDamaged([&] {
    if (areDim(found.deepFiles)) tell(DataWarningKind::DimPictures, found.deep);
  });
  tell(DataWarningKind::TransparentPictures, found.transparent);
  tell(DataWarningKind::InkPictures, found.inks);
  tell(DataWarningKind::MoreFrames, found.frames);
  return warnings;
}

}  // namespace lapidary::core
