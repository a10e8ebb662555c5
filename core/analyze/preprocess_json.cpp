// The JSON document of a preprocess: strict reading, so that a misspelt key is told rather than ignored.
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/analyze/preprocess.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

using nlohmann::json;
constexpr int longestSide = 16384;  // pixels

[[noreturn]] void refuseText(const std::string& key, const std::string& found, const std::string& expected) {
  throw Error(ErrorKind::InvalidInput,
              "preprocess key '" + key + "': " + found + " stands there, " + expected + " expected");
}

[[noreturn]] void refuse(const std::string& key, const json& found, const std::string& expected) {
  std::string shown = found.dump(-1, ' ', true, json::error_handler_t::replace);
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

void readKey(Preprocess& preprocess, const std::string& key, const json& value) {
  if (key == "resize")
    preprocess.resize = readSide(key, value);
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
  else
    throw Error(ErrorKind::InvalidInput,
                "unknown preprocess key '" + key +
                    "': resize, crop, layout, channels, scale, mean, std or dtype expected");
}

void checkTogether(const Preprocess& preprocess) {
  const bool gray = preprocess.channels == PixelChannels::Gray;
  if (gray && preprocess.mean.size() > 1) refuseText("mean", "a list of 3", "1 number for gray");
  if (gray && preprocess.std.size() > 1) refuseText("std", "a list of 3", "1 number for gray");
  if (preprocess.resize && preprocess.crop && *preprocess.crop > *preprocess.resize)
    refuseText("crop", std::to_string(*preprocess.crop),
               "at most the resize of " + std::to_string(*preprocess.resize));
}

/// Without the "[json.exception.parse_error.101] " that no reader can act on.
std::string reason(const json::exception& error) {
  const std::string what = error.what();
  const std::size_t end = what.find("] ");
  return end == std::string::npos ? what : what.substr(end + 2);
}

}  // namespace

std::string toJson(const Preprocess& preprocess) {
  constexpr const char* channels[] = {"RGB", "BGR", "gray"};
  nlohmann::ordered_json document;
  if (preprocess.resize) document["resize"] = *preprocess.resize;
  if (preprocess.crop) document["crop"] = *preprocess.crop;
  document["layout"] = preprocess.layout == PixelLayout::NCHW ? "NCHW" : "NHWC";
  document["channels"] = channels[static_cast<int>(preprocess.channels)];
  document["scale"] = preprocess.scale;
  if (!preprocess.mean.empty()) document["mean"] = preprocess.mean;
  if (!preprocess.std.empty()) document["std"] = preprocess.std;
  document["dtype"] = std::string(name(preprocess.dtype));
  return document.dump(2);
}

Preprocess preprocessFromJson(const std::string& text) {
  json document;
  try {
    document = json::parse(text);
  } catch (const json::exception& error) {
    throw Error(ErrorKind::InvalidInput, "the preprocess is no valid JSON: " + reason(error));
  }
  if (!document.is_object())
    throw Error(ErrorKind::InvalidInput,
                std::string("the preprocess is a JSON ") + document.type_name() + ", an object expected");
  Preprocess preprocess;
  for (const auto& [key, value] : document.items()) readKey(preprocess, key, value);
  checkTogether(preprocess);
  return preprocess;
}

}  // namespace lapidary::core
