// SPDX-License-Identifier: GPL-3.0-or-later
// A sensible preprocess where nobody gave one.
#include <cmath>
#include <filesystem>

#include "core/data/dataset_prepare.h"
#include "core/data/dataset_sources.h"
#include "core/data/preprocess_sound.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

bool isColour(const std::vector<Dimension>& shape, std::size_t axis) {
  const auto size = shape[axis].size;
  return size && (*size == 1 || *size == 3);
}

/// A picture laid out in a row: the side of its square, or nothing.
std::optional<int> squareSide(std::int64_t length) {
  const auto side = static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(length))));
  if (side < 1 || side > 4096 || side * side != length) return std::nullopt;
  return static_cast<int>(side);
}

struct Guess {
  std::optional<std::int64_t> channels;
  PixelLayout layout = PixelLayout::NCHW;
  std::optional<int> side;  ///< where the picture is laid out in a row
};

Guess fromShape(const std::vector<Dimension>& shape) {
  if (shape.size() == 4 && isColour(shape, 1)) return {shape[1].size, PixelLayout::NCHW, {}};
  if (shape.size() == 4 && isColour(shape, 3)) return {shape[3].size, PixelLayout::NHWC, {}};
  if (shape.size() == 3) return {1, PixelLayout::NCHW, {}};
  if (shape.size() != 2 || !shape[1].size || *shape[1].size > (1 << 24)) return {};
  if (const auto side = squareSide(*shape[1].size)) return {1, PixelLayout::NCHW, side};
  if (*shape[1].size % 3 == 0)
    if (const auto side = squareSide(*shape[1].size / 3)) return {3, PixelLayout::NCHW, side};
  return {};
}

void setChannels(Preprocess& preprocess, std::optional<std::int64_t> channels) {
  if (channels && *channels == 1) preprocess.channels = PixelChannels::Gray;
}

void guessForArrays(Preprocess& preprocess, Guess guess, const InputSpec& spec, const DataSource& data) {
  const Tensor sample = arraysForInputs(data, 0, {&spec, 1}).front();
  if (const auto shape = pictureShape(sample.shape()); shape && !guess.channels)
    guess.channels = shape->channels;
  setChannels(preprocess, guess.channels);
  if (sample.dtype() == DType::UInt8 && isFloating(spec.dtype)) preprocess.scale = 1.0 / 255;
}

void guessForPictures(Preprocess& preprocess, const Guess& guess, const InputSpec& spec) {
  setChannels(preprocess, guess.channels);
  preprocess.resize = guess.side;
  preprocess.crop = guess.side;
  if (isFloating(spec.dtype)) preprocess.scale = 1.0 / 255;
}

std::string withoutEnding(const std::string& path) {
  return (std::filesystem::path(path).parent_path() / std::filesystem::path(path).stem()).string();
}

}  // namespace

Preprocess guessPreprocess(const Model& model, const DataSource& data) {
  const std::vector<InputSpec> specs = inputSpecs(model);
  if (specs.empty()) return {};
  const Guess guess = fromShape(specs.front().shape);
  Preprocess preprocess;
  preprocess.layout = guess.layout;
  preprocess.dtype = specs.front().dtype;
  if (data.audible())
    preprocess.sound = completed({}, specs.front(), data.sound(0).rate);
  else if (holdsArrays(data))
    guessForArrays(preprocess, guess, specs.front(), data);
  else
    guessForPictures(preprocess, guess, specs.front());
  return preprocess;
}

PreprocessChoice completedFor(const Model& model, const DataSource& data, PreprocessChoice choice) {
  const std::vector<InputSpec> specs = inputSpecs(model);
  if (!data.audible() || data.size() == 0 || specs.empty()) return choice;
  const SoundPreprocess asked = choice.preprocess.sound.value_or(SoundPreprocess());
  choice.preprocess.sound = completed(asked, specs.front(), data.sound(0).rate);
  choice.guessed = keysBeyond(asked, *choice.preprocess.sound);
  return choice;
}

PreprocessChoice choosePreprocess(const Model& model, const DataSource& data) {
  const std::string& path = model.source.path;
  if (!path.empty())
    for (const std::string& stem : {path, withoutEnding(path)}) {
      const std::string file = stem + ".preprocess.json";
      std::error_code error;
      if (!std::filesystem::exists(file, error)) continue;
      return withContext("reading " + file, [&] {
        const Bytes bytes = mapFile(file);
        const std::string text(reinterpret_cast<const char*>(bytes.view.data()), bytes.view.size());
        return completedFor(model, data, {preprocessFromJson(text), PreprocessOrigin::BesideModel, 0, 0});
      });
    }
  return {guessPreprocess(model, data), PreprocessOrigin::Guessed, 0, 0};
}

}  // namespace lapidary::core
