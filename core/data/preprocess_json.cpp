// SPDX-License-Identifier: GPL-3.0-or-later
// The JSON document of a preprocess: strict reading, so that a misspelt key is told rather than ignored.
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/data/preprocess.h"
#include "core/data/processor_config.h"
#include "core/support/document_depth.h"
#include "core/support/error.h"
#include "core/support/json_text.h"
#include "core/support/number_text.h"

namespace lapidary::core {
namespace {

using nlohmann::json;
constexpr int longestSide = 16384;  // pixels

[[noreturn]] void refuseText(const std::string& key, const std::string& found, const std::string& expected) {
  throw Error(ErrorKind::InvalidInput,
              "preprocess key '" + key + "': " + found + " stands there, " + expected + " expected");
}

[[noreturn]] void refuse(const std::string& key, const json& found, const std::string& expected) {
  std::string shown = jsonText(found, {.ascii = true, .replaceBadText = true});
  if (shown.size() > 60) shown = shown.substr(0, 57) + "...";
  refuseText(key, shown, expected);
}

int readSide(const std::string& key, const json& value) {
  const bool good = value.is_number_integer() && value >= 1 && value <= longestSide;
  if (!good) refuse(key, value, "a whole number from 1 to " + std::to_string(longestSide));
  return value.get<int>();
}

double readNumber(const std::string& key, const json& value, bool zeroAllowed) {
  const std::string expected = zeroAllowed ? "a number" : "a number other than 0";
  if (!value.is_number() || !std::isfinite(value.get<double>())) refuse(key, value, expected);
  if (!zeroAllowed && value.get<double>() == 0) refuse(key, value, expected);
  return value.get<double>();
}

std::vector<double> readNumbers(const std::string& key, const json& value, bool zeroAllowed) {
  if (value.is_number()) return {readNumber(key, value, zeroAllowed)};
  if (!value.is_array() || (value.size() != 1 && value.size() != 3))
    refuse(key, value, "a list of 1 or 3 numbers");
  std::vector<double> numbers;
  for (const json& item : value) numbers.push_back(readNumber(key, item, zeroAllowed));
  return numbers;
}

std::string readWord(const std::string& key, const json& value, const std::string& expected) {
  if (!value.is_string()) refuse(key, value, expected);
  return value.get<std::string>();
}

PixelLayout readLayout(const json& value) {
  const std::string expected = "\"NCHW\" or \"NHWC\"";
  const std::string word = readWord("layout", value, expected);
  if (word == "NCHW") return PixelLayout::NCHW;
  if (word == "NHWC") return PixelLayout::NHWC;
  refuse("layout", value, expected);
}

constexpr const char* channelWords[] = {"RGB", "BGR", "gray"};

PixelChannels readChannels(const json& value) {
  const std::string expected = "\"RGB\", \"BGR\" or \"gray\"";
  const std::string word = readWord("channels", value, expected);
  if (word == "RGB") return PixelChannels::RGB;
  if (word == "BGR") return PixelChannels::BGR;
  if (word == "gray") return PixelChannels::Gray;
  refuse("channels", value, expected);
}

DType readDType(const json& value) {
  const std::string expected = "\"float32\", \"float16\", \"uint8\" or another type of numbers";
  const std::string word = readWord("dtype", value, expected);
  for (int i = 0; i <= static_cast<int>(DType::UInt64); ++i)
    if (word == name(static_cast<DType>(i))) return static_cast<DType>(i);
  refuse("dtype", value, expected);
}

constexpr const char* resampleWords[] = {"bilinear", "nearest", "box", "hamming", "bicubic", "lanczos"};

PixelSize readSize(const std::string& key, const json& value) {
  if (!value.is_array() || value.size() != 2) refuse(key, value, "a list of height and width");
  return {readSide(key, value[0]), readSide(key, value[1])};
}

int readCount(const std::string& key, const json& value, int least, int most) {
  if (!value.is_number_integer() || value < least || value > most)
    refuse(key, value, "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return value.get<int>();
}

double readAtLeast(const std::string& key, const json& value, double least, const std::string& expected) {
  if (!value.is_number() || !std::isfinite(value.get<double>()) || value.get<double>() < least)
    refuse(key, value, expected);
  return value.get<double>();
}

/// The index of a word in a list.
template <std::size_t count>
std::size_t readChoice(const std::string& key, const json& value, const char* const (&words)[count]) {
  std::string expected;
  for (std::size_t i = 0; i < count; ++i)
    expected += (i == 0 ? "\"" : i + 1 == count ? " or \"" : ", \"") + std::string(words[i]) + '"';
  const std::string word = readWord(key, value, expected);
  for (std::size_t i = 0; i < count; ++i)
    if (word == words[i]) return i;
  refuse(key, value, expected);
}

constexpr const char* featureWords[] = {"samples", "log-mel"};
constexpr const char* logWords[] = {"ln", "log10", "dB"};
constexpr const char* melWords[] = {"htk", "slaney"};
constexpr int highestRate = 768000, longestSound = 1 << 28, longestWindow = 1 << 20, mostMels = 4096;

void readSoundKey(SoundPreprocess& sound, const std::string& name, const json& value) {
  const std::string key = "audio." + name;
  if (name == "rate")
    sound.rate = readCount(key, value, 1, highestRate);
  else if (name == "length")
    sound.length = readCount(key, value, 1, longestSound);
  else if (name == "features")
    sound.features = static_cast<SoundFeatures>(readChoice(key, value, featureWords));
  else if (name == "window")
    sound.window = readCount(key, value, 2, longestWindow);
  else if (name == "hop")
    sound.hop = readCount(key, value, 1, longestWindow);
  else if (name == "mels")
    sound.mels = readCount(key, value, 1, mostMels);
  else if (name == "fmin")
    sound.fmin = readAtLeast(key, value, 0, "a frequency in Hz");
  else if (name == "fmax")
    sound.fmax = readAtLeast(key, value, 1e-9, "a frequency in Hz above 0");
  else if (name == "log")
    sound.log = static_cast<LogKind>(readChoice(key, value, logWords));
  else if (name == "floor")
    sound.floor = readAtLeast(key, value, 1e-300, "a number above 0");
  else if (name == "mel_scale")
    sound.melScale = static_cast<MelScale>(readChoice(key, value, melWords));
  else if (name == "center" && value.is_boolean())
    sound.center = value.get<bool>();
  else if (name == "center")
    refuse(key, value, "true or false");
  else
    throw Error(ErrorKind::InvalidInput,
                "unknown preprocess key '" + key +
                    "': rate, length, features, window, hop, mels, fmin, fmax, log, floor, mel_scale or "
                    "center expected");
}

SoundPreprocess readSound(const json& value) {
  if (!value.is_object()) refuse("audio", value, "an object");
  SoundPreprocess sound;
  for (const auto& [name, entry] : value.items()) readSoundKey(sound, name, entry);
  return sound;
}

nlohmann::ordered_json toJsonValue(const SoundPreprocess& sound) {
  nlohmann::ordered_json keys;
  if (sound.rate) keys["rate"] = *sound.rate;
  if (sound.length) keys["length"] = *sound.length;
  if (sound.features) keys["features"] = featureWords[static_cast<int>(*sound.features)];
  if (sound.features == SoundFeatures::Samples) return keys;
  if (sound.window) keys["window"] = *sound.window;
  if (sound.hop) keys["hop"] = *sound.hop;
  if (sound.mels) keys["mels"] = *sound.mels;
  keys["fmin"] = sound.fmin;
  if (sound.fmax) keys["fmax"] = *sound.fmax;
  keys["log"] = logWords[static_cast<int>(sound.log)];
  keys["floor"] = sound.floor;
  keys["mel_scale"] = melWords[static_cast<int>(sound.melScale)];
  keys["center"] = sound.center;
  return keys;
}

void readKey(Preprocess& preprocess, const std::string& key, const json& value) {
  if (key == "resize")
    preprocess.resize = readSide(key, value);
  else if (key == "size")
    preprocess.size = readSize(key, value);
  else if (key == "resample")
    preprocess.resample = static_cast<Resampling>(readChoice(key, value, resampleWords));
  else if (key == "crop")
    preprocess.crop = readSide(key, value);
  else if (key == "layout")
    preprocess.layout = readLayout(value);
  else if (key == "channels")
    preprocess.channels = readChannels(value);
  else if (key == "scale")
    preprocess.scale = readNumber(key, value, false);
  else if (key == "mean")
    preprocess.mean = readNumbers(key, value, true);
  else if (key == "std")
    preprocess.std = readNumbers(key, value, false);
  else if (key == "dtype")
    preprocess.dtype = readDType(value);
  else if (key == "audio")
    preprocess.sound = readSound(value);
  else
    throw Error(ErrorKind::InvalidInput,
                "unknown preprocess key '" + key +
                    "': size, resize, resample, crop, layout, channels, scale, mean, std, dtype or audio "
                    "expected");
}

std::string sizeText(const PixelSize& size) {
  return std::to_string(size.height) + "x" + std::to_string(size.width);
}

void checkTogether(const Preprocess& preprocess) {
  const bool gray = preprocess.channels == PixelChannels::Gray;
  if (gray && preprocess.mean.size() > 1) refuseText("mean", "a list of 3", "1 number for gray");
  if (gray && preprocess.std.size() > 1) refuseText("std", "a list of 3", "1 number for gray");
  if (preprocess.resize && preprocess.crop && *preprocess.crop > *preprocess.resize)
    refuseText("crop", std::to_string(*preprocess.crop),
               "at most the resize of " + std::to_string(*preprocess.resize));
  if (preprocess.resize && preprocess.size)
    refuseText("resize", std::to_string(*preprocess.resize), "either it or 'size'");
  if (preprocess.size && preprocess.crop &&
      *preprocess.crop > std::min(preprocess.size->height, preprocess.size->width))
    refuseText("crop", std::to_string(*preprocess.crop), "at most the size of " + sizeText(*preprocess.size));
}

/// Without the "[json.exception.parse_error.101] " that no reader can act on.
std::string reason(const json::exception& error) {
  const std::string what = error.what();
  const std::size_t end = what.find("] ");
  return end == std::string::npos ? what : what.substr(end + 2);
}

}  // namespace

std::string toJson(const Preprocess& preprocess) {
  nlohmann::ordered_json document;
  if (preprocess.size) document["size"] = {preprocess.size->height, preprocess.size->width};
  if (preprocess.resize) document["resize"] = *preprocess.resize;
  if (preprocess.crop) document["crop"] = *preprocess.crop;
  document["layout"] = preprocess.layout == PixelLayout::NCHW ? "NCHW" : "NHWC";
  if (preprocess.resample != Resampling::Bilinear)
    document["resample"] = resampleWords[static_cast<int>(preprocess.resample)];
  document["channels"] = channelWords[static_cast<int>(preprocess.channels)];
  document["scale"] = preprocess.scale;
  if (!preprocess.mean.empty()) document["mean"] = preprocess.mean;
  if (!preprocess.std.empty()) document["std"] = preprocess.std;
  document["dtype"] = std::string(name(preprocess.dtype));
  if (preprocess.sound) document["audio"] = toJsonValue(*preprocess.sound);
  return jsonText(document, {2});
}

PreprocessDocument preprocessDocument(const std::string& text) {
  json document;
  try {
    document = parseJson(text, [](int depth, json::parse_event_t, json&) {
      if (depth > deepestDocument)
        throw Error(ErrorKind::InvalidInput, "the preprocess's JSON is nested too deep");
      return true;
    });
  } catch (const json::exception& error) {
    throw Error(ErrorKind::InvalidInput, "the preprocess is no valid JSON: " + reason(error));
  }
  if (!document.is_object())
    throw Error(ErrorKind::InvalidInput,
                std::string("the preprocess is a JSON ") + document.type_name() + ", an object expected");
  PreprocessDocument read;
  if (isProcessorConfig(document)) {
    read = fromProcessorConfig(document);
  } else {
    for (const auto& [key, value] : document.items()) {
      readKey(read.preprocess, key, value);
      read.named.insert(key);
    }
  }
  checkTogether(read.preprocess);
  return read;
}

Preprocess preprocessFromJson(const std::string& text) { return preprocessDocument(text).preprocess; }

std::string keysAndValues(const Preprocess& preprocess, const std::vector<std::string>& keys) {
  const auto valueOf = [&](const std::string& key) -> std::string {
    if (key == "layout") return preprocess.layout == PixelLayout::NCHW ? "NCHW" : "NHWC";
    if (key == "channels") return channelWords[static_cast<int>(preprocess.channels)];
    if (key == "scale") return shortText(preprocess.scale);
    return std::to_string(key == "crop" ? preprocess.crop.value_or(0) : preprocess.resize.value_or(0));
  };
  std::string text;
  for (const std::string& key : keys) text += (text.empty() ? "" : ", ") + key + " " + valueOf(key);
  return text;
}

std::string keysBeyond(const SoundPreprocess& asked, const SoundPreprocess& made) {
  std::string text;
  const auto tell = [&](const char* key, const auto& given, const auto& value, const auto& written) {
    if (!given && value) text += (text.empty() ? "" : ", ") + std::string(key) + " " + written(*value);
  };
  const auto number = [](auto value) { return json(value).dump(); };
  tell("rate", asked.rate, made.rate, number);
  tell("features", asked.features, made.features,
       [](SoundFeatures features) { return std::string(featureWords[static_cast<int>(features)]); });
  tell("length", asked.length, made.length, number);
  if (made.features == SoundFeatures::Samples) return text;
  tell("window", asked.window, made.window, number);
  tell("hop", asked.hop, made.hop, number);
  tell("mels", asked.mels, made.mels, number);
  tell("fmax", asked.fmax, made.fmax, number);
  return text;
}

}  // namespace lapidary::core
