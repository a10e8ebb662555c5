// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/label_array.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <set>

#include "core/files/byte_order.h"
#include "core/support/error.h"
#include "core/support/number_text.h"

namespace lapidary::core {
namespace {

/// The axes behind the samples, without those of length 1.
Shape innerAxes(const Shape& shape) {
  Shape axes;
  for (std::size_t i = 1; i < shape.size(); ++i)
    if (shape[i] != 1) axes.push_back(shape[i]);
  return axes;
}

Error refused(const Tensor& tensor, const std::string& why) {
  return invalidInput("the labels are " + describe(tensor) + ", " + why);
}

std::string textOfValue(double value) { return std::isnan(value) ? "nan" : shortText(value); }

std::string ofSample(std::size_t sample) { return " of sample " + std::to_string(sample); }

std::vector<std::int64_t> classIndices(const Tensor& tensor) {
  if (!isFloating(tensor.dtype())) {
    std::vector<std::int64_t> labels = toInt64(tensor);
    const auto negative = std::ranges::find_if(labels, [](std::int64_t v) { return v < 0; });
    if (negative != labels.end())
      throw invalidInput("label " + std::to_string(*negative) +
                         ofSample(static_cast<std::size_t>(negative - labels.begin())) +
                         " is negative, a class index from 0 expected");
    return labels;
  }
  const Tensor wide = convert(tensor, DType::Float64);
  std::vector<std::int64_t> labels;
  for (const double value : wide.as<double>()) {
    if (!(value >= 0) || value != std::floor(value) || value > 1e15)
      throw invalidInput("label " + textOfValue(value) + ofSample(labels.size()) +
                         " is no class: a whole number from 0 expected");
    labels.push_back(static_cast<std::int64_t>(value));
  }
  return labels;
}

[[noreturn]] void refuseRow(std::size_t sample, std::size_t ones, std::optional<double> other) {
  if (other)
    throw invalidInput(
        "the row" + ofSample(sample) + " holds " + textOfValue(*other) +
        ", one 1 among zeros expected; take the class of the largest (numpy.argmax over axis 1)");
  throw invalidInput("the row" + ofSample(sample) + " holds " + std::to_string(ones) +
                     " ones, a single one expected: " +
                     (ones == 0 ? "a sample without a class is not measured"
                                : "several classes for one sample are not measured") +
                     "; keep one class for each sample");
}

std::vector<std::int64_t> hotIndices(const Tensor& tensor, std::size_t samples) {
  const Tensor wide = convert(tensor, DType::Float64);
  const auto values = wide.as<double>();
  const std::size_t classes = values.size() / samples;
  std::vector<std::int64_t> labels;
  for (std::size_t i = 0; i < samples; ++i) {
    std::size_t ones = 0, hot = 0;
    for (std::size_t c = 0; c < classes; ++c) {
      const double value = values[i * classes + c];
      if (value == 1) ++ones, hot = c;
      if (value != 0 && value != 1) refuseRow(i, ones, value);
    }
    if (ones != 1) refuseRow(i, ones, std::nullopt);
    labels.push_back(static_cast<std::int64_t>(hot));
  }
  return labels;
}

void appendUtf8(std::string& text, std::uint32_t point) {
  if (point < 0x80) {
    text += static_cast<char>(point);
  } else if (point < 0x800) {
    text += static_cast<char>(0xc0 | point >> 6);
    text += static_cast<char>(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    text += static_cast<char>(0xe0 | point >> 12);
    text += static_cast<char>(0x80 | (point >> 6 & 0x3f));
    text += static_cast<char>(0x80 | (point & 0x3f));
  } else if (point < 0x110000) {
    text += static_cast<char>(0xf0 | point >> 18);
    text += static_cast<char>(0x80 | (point >> 12 & 0x3f));
    text += static_cast<char>(0x80 | (point >> 6 & 0x3f));
    text += static_cast<char>(0x80 | (point & 0x3f));
  }
}

/// NumPy's "<U5" are five code points of 4 bytes, "|S5" five bytes; both end in zeros.
std::string wordAt(const OtherArray& array, std::size_t at, std::size_t bytes) {
  const auto view = array.bytes.view.subspan(at, bytes);
  std::string text;
  if (array.descr[1] == 'S') {
    text = textOf(view);
    return text.substr(0, text.find('\0'));
  }
  for (std::size_t i = 0; i + 4 <= bytes; i += 4) {
    const std::uint64_t point = array.descr[0] == '>' ? bigEndian(view, i, 4) : littleEndian(view, i, 4);
    if (point == 0) break;
    appendUtf8(text, static_cast<std::uint32_t>(point));
  }
  return text;
}

bool isText(const std::string& descr) { return descr.size() > 1 && (descr[1] == 'U' || descr[1] == 'S'); }

void requireCount(std::int64_t found, std::int64_t samples) {
  if (found != samples)
    throw invalidInput(std::to_string(found) + " labels for " + std::to_string(samples) + " samples");
}

}  // namespace

bool mayHoldLabels(const Shape& shape, std::int64_t samples) {
  return !shape.empty() && shape[0] == samples && innerAxes(shape).size() <= 1;
}

std::vector<std::int64_t> readLabels(const Tensor& tensor, std::int64_t samples) {
  if (tensor.rank() == 0) throw refused(tensor, "one for each sample expected");
  // MATLAB keeps a list of labels as one row.
  if (tensor.shape() == Shape{1, samples}) return classIndices(tensor.reshaped({samples}));
  requireCount(tensor.shape()[0], samples);
  const Shape axes = innerAxes(tensor.shape());
  if (axes.empty()) return classIndices(tensor);
  if (axes.size() > 1 || tensor.size() == 0)
    throw refused(tensor, "one whole number or one one-hot row a sample expected");
  return hotIndices(tensor, static_cast<std::size_t>(samples));
}

ArrayLabels readWords(const OtherArray& array, std::int64_t samples) {
  if (!isText(array.descr))
    throw invalidInput("the labels are of NumPy's type '" + array.descr +
                       "', whole numbers or words expected");
  if (array.shape.empty()) throw invalidInput("the labels are a single word, one for each sample expected");
  requireCount(array.shape[0], samples);
  if (!innerAxes(array.shape).empty() || samples == 0)
    throw invalidInput("the labels are words of shape " + toText(array.shape) +
                       ", one for each sample expected");
  const auto count = static_cast<std::size_t>(samples);
  const std::size_t bytes = array.bytes.view.size() / count;
  std::vector<std::string> words;
  for (std::size_t i = 0; i < count; ++i) words.push_back(wordAt(array, i * bytes, bytes));
  const std::set<std::string> sorted(words.begin(), words.end());
  ArrayLabels labels;
  for (std::size_t i = 0; i < count; ++i) {
    if (words[i].empty()) throw invalidInput("the label" + ofSample(i) + " is empty");
    labels.numbers.push_back(std::distance(sorted.begin(), sorted.find(words[i])));
  }
  labels.names.assign(sorted.begin(), sorted.end());
  return labels;
}

}  // namespace lapidary::core
