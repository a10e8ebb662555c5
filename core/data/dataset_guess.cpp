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

namespace fs = std::filesystem;

/// Where a document may stand, the most particular first.
std::vector<fs::path> documentsBeside(const fs::path& model) {
  const fs::path folder = model.parent_path();
  std::vector<fs::path> files{model.string() + ".preprocess.json",
                              (folder / model.stem()).string() + ".preprocess.json",
                              folder / "preprocessor_config.json"};
  if (folder.filename() == "onnx") files.push_back(folder.parent_path() / "preprocessor_config.json");
  return files;
}

/// Whether values of mean and std are of pixels from 0 to 255; fractions of 1 are not.
bool areOfPixels(const Preprocess& preprocess) {
  constexpr double largestFraction = 2;
  for (const auto* values : {&preprocess.mean, &preprocess.std})
    for (const double value : *values)
      if (std::abs(value) > largestFraction) return true;
  return false;
}

/// The keys that a document leaves open, with their values set.
class Completion {
 public:
  Completion(PreprocessDocument& document, const Preprocess& guess)
      : m_named(document.named), m_made(document.preprocess), m_guess(guess), m_foreign(document.foreign) {}

  std::vector<std::string> run() {
    if (!has("layout")) set("layout", m_made.layout, m_guess.layout);
    const bool threeValues = m_made.mean.size() == 3 || m_made.std.size() == 3;
    if (!has("channels") && !threeValues) set("channels", m_made.channels, m_guess.channels);
    if (!has("scale")) set("scale", m_made.scale, scale());
    if (!has("dtype")) m_made.dtype = m_guess.dtype;
    if (has("resize") || has("crop") || has("size")) return m_guessed;
    if (m_guess.resize) set("resize", m_made.resize, m_guess.resize);
    if (m_guess.crop) set("crop", m_made.crop, m_guess.crop);
    return m_guessed;
  }

 private:
  bool has(const char* key) const { return m_named.contains(key); }

  /// A processor's configuration means RGB and planes, unless the model's input says otherwise.
  template <class Value>
  void set(const char* key, Value& made, const Value& guess) {
    if (!m_foreign || made != guess) m_guessed.emplace_back(key);
    made = guess;
  }

  double scale() const { return m_guess.scale != 1 && areOfPixels(m_made) ? 1 : m_guess.scale; }

  const std::set<std::string>& m_named;
  Preprocess& m_made;
  const Preprocess& m_guess;
  bool m_foreign;
  std::vector<std::string> m_guessed;
};

/// Of arrays, bytes alone are taken for pixels.
bool holdsPixels(const DataSource& data, const InputSpec& spec) {
  if (!holdsArrays(data)) return true;
  return arraysForInputs(data, 0, {&spec, 1}).front().dtype() == DType::UInt8;
}

/// Where no array feeds the input, this is told of the data, and not of the document.
bool isFed(const DataSource& data, const InputSpec& spec) {
  if (!holdsArrays(data)) return true;
  try {
    arraysForInputs(data, 0, {&spec, 1});
    return true;
  } catch (const Error&) {
    return false;
  }
}

void completePixels(const Model& model, const DataSource& data, const InputSpec& spec,
                    PreprocessDocument& document, PreprocessChoice& choice) {
  const std::vector<std::string> keys = Completion(document, guessPreprocess(model, data)).run();
  if (keys.empty() || !holdsPixels(data, spec)) return;
  choice.guessed = keysAndValues(document.preprocess, keys);
  choice.warnings.push_back({DataWarningKind::GuessedPreprocess, choice.guessed, keys.size()});
}

void completeSounds(const DataSource& data, const InputSpec& spec, PreprocessDocument& document,
                    PreprocessChoice& choice) {
  const SoundPreprocess asked = document.preprocess.sound.value_or(SoundPreprocess());
  document.preprocess.sound = completed(asked, spec, data.sound(0).rate);
  choice.guessed = keysBeyond(asked, *document.preprocess.sound);
  if (!choice.guessed.empty()) choice.warnings.push_back({DataWarningKind::GuessedSound, choice.guessed, 1});
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

PreprocessChoice readPreprocess(const Model& model, const DataSource& data, const Bytes& json,
                                PreprocessOrigin origin) {
  PreprocessDocument document = preprocessDocument(std::string(textOf(json.view)));
  PreprocessChoice choice{{}, origin, 0, 0};
  if (!document.ignored.empty())
    choice.warnings.push_back(
        {DataWarningKind::IgnoredKeys, listedNames(document.ignored), document.ignored.size()});
  const std::vector<InputSpec> specs = inputSpecs(model);
  if (data.size() > 0 && !specs.empty()) {
    if (data.audible())
      completeSounds(data, specs.front(), document, choice);
    else if (specs.size() == 1 && isFed(data, specs.front()))
      completePixels(model, data, specs.front(), document, choice);
  }
  choice.preprocess = std::move(document.preprocess);
  return choice;
}

PreprocessChoice choosePreprocess(const Model& model, const DataSource& data) {
  if (!model.source.path.empty())
    for (const fs::path& file : documentsBeside(model.source.path)) {
      std::error_code error;
      if (!fs::exists(file, error)) continue;
      return withContext("reading " + file.string(), [&] {
        return readPreprocess(model, data, mapFile(file.string()), PreprocessOrigin::BesideModel);
      });
    }
  return {guessPreprocess(model, data), PreprocessOrigin::Guessed, 0, 0};
}

}  // namespace lapidary::core
