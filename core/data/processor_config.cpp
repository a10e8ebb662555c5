// SPDX-License-Identifier: GPL-3.0-or-later
// Each key is taken once; those that nobody took are the ones without effect.
#include "core/data/processor_config.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/support/error.h"
#include "core/support/json_text.h"

namespace lapidary::core {
namespace {

using nlohmann::json;

constexpr int mostPixels = 16384;

/// Names and forms that say nothing of pixels, or what holds here anyhow.
constexpr std::array<std::string_view, 16> silentKeys{
    "image_processor_type",  "feature_extractor_type", "processor_class", "_processor_class",  "auto_map",
    "_valid_processor_keys", "return_tensors",         "device",          "do_convert_rgb",    "data_format",
    "input_data_format",     "disable_grouping",       "image_processor", "feature_extractor", "do_resize",
    "padding_side"};

/// Processors for which one number as the size is the short side; for all others it is that of a square.
constexpr std::array<std::string_view, 10> shortSideTypes{
    "CLIP",      "ChineseCLIP", "ConvNext", "PoolFormer",      "Levit",
    "MobileNet", "Bit",         "VideoMAE", "EfficientFormer", "Siglip2"};

/// Throws where nothing could be divided by it any more.
double deviation(double value) {
  if (!std::isnormal(value)) throw invalidInput("preprocess key 'std' is out of range");
  return value;
}

class Keys {
 public:
  explicit Keys(const json& document) : m_document(document) {}

  /// Null where it does not stand there.
  const json* take(const char* key) {
    const auto found = m_document.find(key);
    if (found == m_document.end() || found->is_null()) return nullptr;
    m_taken.insert(key);
    return &*found;
  }

  [[noreturn]] static void refuse(const std::string& key, const json& found, const std::string& expected) {
    std::string shown = jsonText(found, {.ascii = true, .replaceBadText = true});
    if (shown.size() > 60) shown = shown.substr(0, 57) + "...";
    throw invalidInput("preprocess key '" + key + "': " + shown + " stands there, " + expected + " expected");
  }

  bool flag(const char* key, bool otherwise) {
    const json* value = take(key);
    if (value == nullptr) return otherwise;
    if (!value->is_boolean()) refuse(key, *value, "true or false");
    return value->get<bool>();
  }

  std::optional<double> number(const char* key, double least, double most) {
    const json* value = take(key);
    if (value == nullptr) return std::nullopt;
    if (!value->is_number() || !(value->get<double>() >= least) || value->get<double>() > most)
      refuse(key, *value, "a number from " + jsonText(json(least)) + " to " + jsonText(json(most)));
    return value->get<double>();
  }

  std::optional<int> whole(const char* key, int least, int most) {
    const json* value = take(key);
    if (value == nullptr) return std::nullopt;
    return side(key, *value, least, most);
  }

  static int side(const std::string& key, const json& value, int least = 1, int most = mostPixels) {
    const bool good = value.is_number() && value.get<double>() == std::floor(value.get<double>()) &&
                      value.get<double>() >= least && value.get<double>() <= most;
    if (!good)
      refuse(key, value, "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return static_cast<int>(value.get<double>());
  }

  std::vector<double> numbers(const char* key, bool zeroAllowed) {
    const json* value = take(key);
    if (value == nullptr) return {};
    const json list = value->is_array() ? *value : json::array({*value});
    if (list.size() != 1 && list.size() != 3) refuse(key, *value, "1 or 3 numbers");
    std::vector<double> numbers;
    for (const json& item : list) {
      if (!item.is_number() || !std::isfinite(item.get<double>()) ||
          (!zeroAllowed && item.get<double>() == 0))
        refuse(key, item, zeroAllowed ? "a number" : "a number other than 0");
      numbers.push_back(item.get<double>());
    }
    return numbers;
  }

  std::string word(const char* key) {
    const json* value = take(key);
    return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
  }

  void ignore(const std::string& key) { m_ignored.push_back(key); }

  /// What was ignored, and all keys that nobody took; those that are off or empty ask for nothing.
  std::vector<std::string> withoutEffect() const {
    std::vector<std::string> keys = m_ignored;
    for (const auto& [key, value] : m_document.items()) {
      const bool silent = std::ranges::find(silentKeys, key) != silentKeys.end();
      if (silent || m_taken.contains(key) || value.is_null() || value == false) continue;
      if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
    }
    return keys;
  }

 private:
  const json& m_document;
  std::set<std::string> m_taken;
  std::vector<std::string> m_ignored;
};

/// A configuration of pictures.
class PictureConfig {
 public:
  explicit PictureConfig(const json& document) : m_keys(document) {
    m_type = m_keys.word("image_processor_type");
    if (m_type.empty()) m_type = m_keys.word("feature_extractor_type");
  }

  PreprocessDocument read() {
    readGeometry();
    readValues();
    if (m_keys.flag("do_flip_channel_order", false)) {
      m_made.preprocess.channels = PixelChannels::BGR;
      m_made.named.insert("channels");
    }
    m_made.ignored = m_keys.withoutEffect();
    return std::move(m_made);
  }

 private:
  bool isOneOf(std::span<const std::string_view> types) const {
    return std::ranges::any_of(types, [&](std::string_view type) { return m_type.starts_with(type); });
  }

  void readGeometry() {
    const json* size = m_keys.take("size");
    const json* crop = m_keys.take("crop_size");
    const auto share = m_keys.number("crop_pct", 0.01, 1);
    if (m_keys.flag("do_resize", size != nullptr) && size != nullptr) readSize(*size, share);
    readResampling();
    if (m_keys.flag("do_center_crop", false) && crop != nullptr) setCrop(*crop);
  }

  void setShortSide(int side) {
    m_made.preprocess.resize = side;
    m_made.named.insert("resize");
  }
  void setSize(PixelSize size) {
    m_made.preprocess.size = size;
    m_made.named.insert("size");
  }

  /// {"height", "width"}, {"shortest_edge"}, [height, width], or one number.
  void readSize(const json& size, std::optional<double> share) {
    if (size.is_number()) {
      const int side = Keys::side("size", size);
      return isOneOf(shortSideTypes) ? setShortSideAndCrop(side, share) : setSize({side, side});
    }
    if (size.is_array() && size.size() == 2)
      return setSize({Keys::side("size", size[0]), Keys::side("size", size[1])});
    if (!size.is_object()) Keys::refuse("size", size, "a number, or height and width, or shortest_edge");
    if (size.contains("height") && size.contains("width"))
      return setSize({Keys::side("size.height", size["height"]), Keys::side("size.width", size["width"])});
    if (!size.contains("shortest_edge")) return m_keys.ignore("size");
    setShortSideAndCrop(Keys::side("size.shortest_edge", size["shortest_edge"]), share);
    if (size.contains("longest_edge") && !size["longest_edge"].is_null()) m_keys.ignore("size.longest_edge");
  }

  /// Where a share is given, the short side is so much longer that the centre is that share of it: ConvNeXt's
  /// crop the centre themselves, and stretch from 384 pixels on.
  void setShortSideAndCrop(int side, std::optional<double> share) {
    constexpr int stretched = 384;
    const bool convNext = m_type.starts_with("ConvNext");
    if (m_type.starts_with("Levit")) return setShortSide(static_cast<int>(256.0 / 224 * side));
    if (!share) return setShortSide(side);
    if (convNext && side >= stretched) return setSize({side, side});
    setShortSide(std::min(mostPixels, static_cast<int>(side / *share)));
    if (!convNext) return;
    m_made.preprocess.crop = side;
    m_made.named.insert("crop");
  }

  void setCrop(const json& crop) {
    PixelSize size;
    if (crop.is_object() && crop.contains("height") && crop.contains("width"))
      size = {Keys::side("crop_size.height", crop["height"]), Keys::side("crop_size.width", crop["width"])};
    else if (crop.is_array() && crop.size() == 2)
      size = {Keys::side("crop_size", crop[0]), Keys::side("crop_size", crop[1])};
    else
      size.height = size.width = Keys::side("crop_size", crop);
    if (size.height != size.width) Keys::refuse("crop_size", crop, "the side of a square");
    m_made.preprocess.crop = size.height;
    m_made.named.insert("crop");
  }

  /// By Pillow's numbers.
  void readResampling() {
    constexpr std::array filters{Resampling::Nearest, Resampling::Lanczos, Resampling::Bilinear,
                                 Resampling::Bicubic, Resampling::Box,     Resampling::Hamming};
    const auto number = m_keys.whole("resample", 0, static_cast<int>(filters.size()) - 1);
    if (!number) return;
    m_made.preprocess.resample = filters[static_cast<std::size_t>(*number)];
    m_made.named.insert("resample");
  }

  void readValues() {
    Preprocess& made = m_made.preprocess;
    const auto factor = m_keys.number("rescale_factor", 1e-12, 1e12);
    const bool rescales = m_keys.flag("do_rescale", true);
    made.scale = rescales ? factor.value_or(1.0 / 255) : 1;
    m_made.named.insert("scale");
    std::vector<double> mean = m_keys.numbers("image_mean", true), std = m_keys.numbers("image_std", false);
    const bool offset = m_keys.flag("rescale_offset", false) && rescales;
    const bool twice = m_keys.flag("include_top", false);  // EfficientNet's divide by the deviation once more
    if (m_keys.flag("do_normalize", !mean.empty() || !std.empty())) {
      made.mean = std::move(mean);
      made.std = std::move(std);
      if (twice)
        for (double& value : made.std) value = deviation(value * value);
    }
    if (!offset) return;
    if (made.mean.empty()) made.mean = {0};
    for (double& value : made.mean) value += 1;  // pixels from -1 to 1
  }

  Keys m_keys;
  std::string m_type;
  PreprocessDocument m_made;
};

/// A configuration of sounds.
class SoundConfig {
 public:
  explicit SoundConfig(const json& document) : m_keys(document) {
    m_type = m_keys.word("feature_extractor_type");
  }

  PreprocessDocument read() {
    constexpr int mostHertz = 768000, mostSamples = 1 << 20, mostBands = 4096;
    m_sound.rate = m_keys.whole("sampling_rate", 1, mostHertz);
    m_sound.window = firstOf({"win_length", "fft_window_size", "n_fft"}, 2, mostSamples);
    m_sound.hop = m_keys.whole("hop_length", 1, mostSamples);
    m_sound.mels = firstOf({"num_mel_bins", "n_mels"}, 1, mostBands);
    const auto features = m_keys.whole("feature_size", 1, mostBands);
    if (!m_sound.mels && features && *features > 1) m_sound.mels = features;
    if (m_sound.mels) m_sound.features = SoundFeatures::LogMel;
    if (!m_sound.mels && features == 1) m_sound.features = SoundFeatures::Samples;
    m_sound.fmin = firstNumber({"frequency_min", "fmin", "f_min"}).value_or(0);
    if (const auto most = firstNumber({"frequency_max", "fmax", "f_max"}); most && *most > 1e-9)
      m_sound.fmax = most;
    readLength();
    if (m_type.starts_with("Whisper")) readWhisper();
    if (m_type.starts_with("AST")) readDeviation();
    // What the configuration asks for beyond: numbers of mean 0 and deviation 1 for each sound by itself.
    if (m_keys.flag("do_normalize", false) && !m_type.starts_with("AST")) m_keys.ignore("do_normalize");
    m_made.ignored = m_keys.withoutEffect();
    std::erase_if(m_made.ignored, [](const std::string& key) {
      return key == "padding_value" || key == "return_attention_mask" || key == "dither";
    });
    m_made.preprocess.sound = m_sound;
    m_made.named = {"audio", "scale", "layout", "channels"};
    return std::move(m_made);
  }

 private:
  std::optional<int> firstOf(std::initializer_list<const char*> keys, int least, int most) {
    std::optional<int> first;
    for (const char* key : keys)
      if (const auto value = m_keys.whole(key, least, most); value && !first) first = value;
    return first;
  }
  std::optional<double> firstNumber(std::initializer_list<const char*> keys) {
    std::optional<double> first;
    for (const char* key : keys)
      if (const auto value = m_keys.number(key, 0, 1e6); value && !first) first = value;
    return first;
  }

  void readLength() {
    constexpr double longest = 1 << 28;
    const auto samples = m_keys.number("n_samples", 1, longest);
    const auto seconds = m_keys.number("chunk_length", 0, 1e6);
    m_keys.take("nb_max_frames");
    if (samples)
      m_sound.length = static_cast<std::int64_t>(*samples);
    else if (seconds && *seconds > 0 && m_sound.rate && *seconds * *m_sound.rate <= longest)
      m_sound.length = std::max<std::int64_t>(1, static_cast<std::int64_t>(*seconds * *m_sound.rate));
  }

  /// (max(log10(power), loudest - 8) + 4) / 4 of Slaney's bands. What lies below the loudest is not raised
  /// here.
  void readWhisper() {
    m_sound.log = LogKind::Ten;
    m_sound.floor = 1e-10;
    m_sound.melScale = MelScale::Slaney;
    m_sound.center = true;
    m_made.preprocess.mean = {-4};
    m_made.preprocess.std = {4};
    m_keys.ignore("WhisperFeatureExtractor: its lower bound of 8 below the loudest");
  }

  /// The spectrogram transformers divide by twice the deviation.
  void readDeviation() {
    const auto mean = m_keys.numbers("mean", true), std = m_keys.numbers("std", false);
    if (!m_keys.flag("do_normalize", true) || mean.empty() || std.empty()) return;
    m_made.preprocess.mean = {mean[0]};
    m_made.preprocess.std = {deviation(2 * std[0])};
    m_keys.ignore("ASTFeatureExtractor: its pre-emphasis");
  }

  Keys m_keys;
  std::string m_type;
  SoundPreprocess m_sound;
  PreprocessDocument m_made;
};

constexpr std::array telling{"image_processor_type",
                             "feature_extractor_type",
                             "processor_class",
                             "do_resize",
                             "do_rescale",
                             "do_normalize",
                             "do_center_crop",
                             "image_mean",
                             "image_std",
                             "rescale_factor",
                             "crop_size",
                             "sampling_rate",
                             "feature_size",
                             "image_processor",
                             "feature_extractor"};

/// Newer files hold one configuration for each kind of data; the pictures' comes first.
const json& innermost(const json& document) {
  for (const char* part : {"image_processor", "feature_extractor"})
    if (const auto found = document.find(part); found != document.end() && found->is_object()) return *found;
  return document;
}

}  // namespace

bool isProcessorConfig(const json& document) {
  return std::ranges::any_of(telling, [&](const char* key) { return document.contains(key); });
}

PreprocessDocument fromProcessorConfig(const json& document) {
  const json& config = innermost(document);
  PreprocessDocument read =
      config.contains("sampling_rate") ? SoundConfig(config).read() : PictureConfig(config).read();
  read.foreign = true;
  return read;
}

}  // namespace lapidary::core
