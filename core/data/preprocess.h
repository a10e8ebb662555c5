// SPDX-License-Identifier: GPL-3.0-or-later
// How a picture, a sound or an array becomes the model's input; a small JSON document, every key optional.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/data/sound_features.h"
#include "core/files/image.h"
#include "core/model/model.h"

namespace lapidary::core {

enum class PixelLayout { NCHW, NHWC };
enum class PixelChannels { RGB, BGR, Gray };

enum class SoundFeatures { Samples, LogMel };

/// The form that sounds take; what is absent follows from the model's input and the first sound (see
/// completed).
struct SoundPreprocess {
  std::optional<int> rate;             ///< Hz; sounds of another rate are resampled
  std::optional<std::int64_t> length;  ///< samples at that rate: the rest is cut, or silence follows
  std::optional<SoundFeatures> features;
  std::optional<int> window, hop;  ///< samples
  std::optional<int> mels;
  double fmin = 0;             ///< Hz
  std::optional<double> fmax;  ///< Hz
  LogKind log = LogKind::Natural;
  double floor = 1e-6;  ///< is added to each power before its logarithm
  MelScale melScale = MelScale::Htk;
  bool center = false;
  bool operator==(const SoundPreprocess&) const = default;
};

struct PixelSize {
  int height = 0, width = 0;
  bool operator==(const PixelSize&) const = default;
};

/// x = (pixel * scale - mean) / std per channel, pixels 0 to 255, after size or resize, and crop.
/// mean and std are in the order of `channels`.
struct Preprocess {
  std::optional<int> resize;  ///< length of the short side in pixels; the aspect is kept
  std::optional<int> crop;    ///< side of the centre square in pixels
  PixelLayout layout = PixelLayout::NCHW;
  PixelChannels channels = PixelChannels::RGB;
  double scale = 1;
  std::vector<double> mean;  ///< empty: 0; one value or one per channel
  std::vector<double> std;   ///< empty: 1
  DType dtype = DType::Float32;
  std::optional<SoundPreprocess> sound;  ///< of data that are sounds; JSON key "audio"
  std::optional<PixelSize> size = {};    ///< in place of resize: the picture is stretched to it
  Resampling resample = Resampling::Bilinear;
  bool operator==(const Preprocess&) const = default;
};

std::string toJson(const Preprocess& preprocess);
/// The keys that `asked` leaves open, as the document names them, with their values in `made`.
std::string keysBeyond(const SoundPreprocess& asked, const SoundPreprocess& made);

/// A document as it was read: what it says, and which keys it names.
struct PreprocessDocument {
  Preprocess preprocess;
  std::set<std::string> named;       ///< as our own documents call them
  std::vector<std::string> ignored;  ///< keys, as the document calls them, that have no effect here
  bool foreign = false;              ///< a processor's configuration (see processor_config.h)
};
/// Throws Error(InvalidInput) naming the key, what stands there and what was expected.
PreprocessDocument preprocessDocument(const std::string& text);
/// The same, with what it leaves open as it stands in an empty Preprocess.
Preprocess preprocessFromJson(const std::string& text);
/// The values of keys that the picture's side of a document names: "channels gray, scale 0.00392".
std::string keysAndValues(const Preprocess& preprocess, const std::vector<std::string>& keys);

/// The declaration of the model's first input.
struct InputSpec {
  std::string name;
  DType dtype = DType::Float32;
  std::vector<Dimension> shape;  ///< empty: unknown
};
std::vector<InputSpec> inputSpecs(const Model& model);

/// The origin of a preprocess; the window and the command line say so. Tried: common forms were tried on
/// labelled samples, and this one answers most of them right.
enum class PreprocessOrigin { Guessed, BesideModel, Given, Tried };

/// One picture to one sample (without the batch axis), dtype as asked for. If `resize` and `crop` are
/// absent the picture is scaled to the spec's height and width.
Tensor toSample(const Picture& picture, const Preprocess& preprocess, const InputSpec& spec);

}  // namespace lapidary::core
