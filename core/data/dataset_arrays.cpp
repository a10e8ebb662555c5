// SPDX-License-Identifier: GPL-3.0-or-later
// Samples that stand in arrays: npz and IDX.
#include <algorithm>
#include <cmath>

#include "core/data/dataset_sources.h"
#include "core/io/numpy/idx.h"
#include "core/io/numpy/npz.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

/// Arrays that share their first axis, the samples.
class ArraySource final : public DataSource {
 public:
  ArraySource(std::string kind, std::string path, std::vector<std::pair<std::string, Tensor>> arrays,
              std::vector<std::int64_t> labels)
      : m_kind(std::move(kind)),
        m_path(std::move(path)),
        m_arrays(std::move(arrays)),
        m_labels(std::move(labels)) {
    m_size = static_cast<std::size_t>(m_arrays.front().second.shape()[0]);
    const Tensor& first = shown();
    const bool plain = first.dtype() == DType::UInt8 || isFloating(first.dtype());
    if (plain) m_picture = pictureShape({first.shape().begin() + 1, first.shape().end()});
  }

  std::size_t size() const override { return m_size; }
  bool labelled() const override { return !m_labels.empty(); }
  std::int64_t label(std::size_t i) const override { return m_labels.at(i); }
  const std::vector<std::string>& classNames() const override { return m_classNames; }
  std::string sampleName(std::size_t i) const override { return std::to_string(i); }
  bool pictorial() const override { return m_picture.has_value(); }
  std::string kind() const override { return m_kind; }
  std::string path() const override { return m_path; }

  Picture picture(std::size_t i) const override {
    if (!m_picture) throw invalidInput("the data hold " + describe(shown()) + ", not pictures");
    return renderArray(row(shown(), i), *m_picture);
  }

  std::vector<std::pair<std::string, Tensor>> arrays(std::size_t i) const override {
    std::vector<std::pair<std::string, Tensor>> rows;
    for (const auto& [key, tensor] : m_arrays) rows.emplace_back(key, row(tensor, i));
    return rows;
  }

 private:
  const Tensor& shown() const {
    const auto x =
        std::find_if(m_arrays.begin(), m_arrays.end(), [](const auto& entry) { return entry.first == "x"; });
    return x == m_arrays.end() ? m_arrays.front().second : x->second;
  }

  Tensor row(const Tensor& tensor, std::size_t i) const {
    if (i >= m_size)
      throw invalidInput("sample " + std::to_string(i) + " of " + std::to_string(m_size) + " was asked for");
    const std::size_t bytes = tensor.bytes().size() / m_size;
    return Tensor(tensor.dtype(), {tensor.shape().begin() + 1, tensor.shape().end()},
                  Bytes{tensor.owner(), tensor.bytes().subspan(i * bytes, bytes)});
  }

  std::string m_kind, m_path;
  std::vector<std::pair<std::string, Tensor>> m_arrays;
  std::vector<std::int64_t> m_labels;
  std::vector<std::string> m_classNames;
  std::optional<PictureShape> m_picture;
  std::size_t m_size = 0;
};

std::vector<std::int64_t> readLabels(const Tensor& tensor, std::int64_t samples) {
  const bool column = tensor.rank() == 2 && tensor.shape()[1] == 1;
  if (isFloating(tensor.dtype()) || (tensor.rank() != 1 && !column))
    throw invalidInput("the labels are " + describe(tensor) + ", one whole number a sample expected");
  if (tensor.shape()[0] != samples)
    throw invalidInput(std::to_string(tensor.shape()[0]) + " labels for " + std::to_string(samples) +
                       " samples");
  std::vector<std::int64_t> labels = toInt64(tensor);
  const auto negative = std::find_if(labels.begin(), labels.end(), [](std::int64_t v) { return v < 0; });
  if (negative != labels.end())
    throw invalidInput("label " + std::to_string(*negative) + " of sample " +
                       std::to_string(negative - labels.begin()) +
                       " is negative, a class index from 0 expected");
  return labels;
}

void checkSamples(const std::string& key, const Tensor& tensor) {
  if (tensor.rank() == 0)
    throw invalidInput("array '" + key + "' is a single number, an axis of samples expected");
  if (tensor.size() == 0)
    throw invalidInput("array '" + key + "' of shape " + toText(tensor.shape()) + " holds no samples");
}

}  // namespace

SharedSource openArrays(const std::map<std::string, Tensor>& arrays, const std::string& path) {
  std::vector<std::pair<std::string, Tensor>> inputs;
  for (const auto& [key, tensor] : arrays) {
    if (key == "y") continue;
    checkSamples(key, tensor);
    inputs.emplace_back(key, tensor);
  }
  if (inputs.empty())
    throw invalidInput(
        "the npz holds no samples: an array 'x', or arrays named as the model's inputs, expected");
  const std::int64_t samples = inputs.front().second.shape()[0];
  for (const auto& [key, tensor] : inputs)
    if (tensor.shape()[0] != samples)
      throw invalidInput("array '" + key + "' has " + std::to_string(tensor.shape()[0]) + " samples, '" +
                         inputs.front().first + "' has " + std::to_string(samples));
  const auto y = arrays.find("y");
  std::vector<std::int64_t> labels;
  if (y != arrays.end()) labels = withContext("array 'y'", [&] { return readLabels(y->second, samples); });
  if (inputs.size() == 1) inputs.front().first.clear();  // feeds the only input, whatever its name
  return std::make_shared<ArraySource>("npz", path, std::move(inputs), std::move(labels));
}

SharedSource openNpzData(const Bytes& bytes, const std::string& name) {
  return withContext("reading " + name, [&] { return openArrays(readNpz(bytes), name); });
}

SharedSource openIdxPair(const std::string& images, const std::string& labels) {
  const Tensor x = withContext("reading " + images, [&] {
    Tensor tensor = readIdx(mapFile(images));
    checkSamples("images", tensor);
    return tensor;
  });
  std::vector<std::int64_t> y;
  if (!labels.empty())
    y = withContext("reading " + labels, [&] { return readLabels(readIdx(mapFile(labels)), x.shape()[0]); });
  const std::string path = labels.empty() ? images : images + ":" + labels;
  return std::make_shared<ArraySource>("idx", path, std::vector{std::pair(std::string(), x)}, std::move(y));
}

std::optional<PictureShape> pictureShape(const Shape& sample) {
  constexpr std::int64_t shortest = 8;  // below that it is rather a table than a picture
  const auto colour = [](std::int64_t channels) { return channels == 1 || channels == 3; };
  const auto sides = [&](std::size_t first) {
    return sample[first] >= shortest && sample[first + 1] >= shortest;
  };
  if (sample.size() == 2 && sides(0)) return PictureShape{sample[0], sample[1], 1, true};
  if (sample.size() != 3) return std::nullopt;
  if (colour(sample[0]) && sides(1)) return PictureShape{sample[1], sample[2], sample[0], true};
  if (colour(sample[2]) && sides(0)) return PictureShape{sample[0], sample[1], sample[2], false};
  return std::nullopt;
}

namespace {

std::vector<std::uint8_t> toPixels(const Tensor& sample) {
  if (sample.dtype() == DType::UInt8) {
    const auto values = sample.as<std::uint8_t>();
    return {values.begin(), values.end()};
  }
  const Tensor floats = toFloat32(sample);
  const auto values = floats.as<float>();
  float low = 0, high = 1;
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  if (*least < 0 || *most > 1) {
    low = *least;
    high = *most;
  }
  std::vector<std::uint8_t> pixels(values.size());
  const float range = high > low ? high - low : 1;
  std::transform(values.begin(), values.end(), pixels.begin(), [&](float v) {
    const float share = (v - low) / range;
    return std::isfinite(share) ? static_cast<std::uint8_t>(std::lround(std::clamp(share, 0.0f, 1.0f) * 255))
                                : std::uint8_t{0};
  });
  return pixels;
}

}  // namespace

Picture renderArray(const Tensor& sample, const PictureShape& shape) {
  Picture picture{static_cast<int>(shape.width), static_cast<int>(shape.height),
                  static_cast<int>(shape.channels), toPixels(sample)};
  if (!shape.planes || shape.channels == 1) return picture;
  const std::vector<std::uint8_t> planes = std::move(picture.pixels);
  const auto channels = static_cast<std::size_t>(shape.channels);
  const std::size_t plane = planes.size() / channels;
  picture.pixels.resize(planes.size());
  for (std::size_t i = 0; i < planes.size(); ++i)
    picture.pixels[i] = planes[i % channels * plane + i / channels];
  return picture;
}

}  // namespace lapidary::core
