// SPDX-License-Identifier: GPL-3.0-or-later
// Samples that stand in arrays: npz and IDX.
#include <algorithm>
#include <cmath>

#include "core/data/array_roles.h"
#include "core/data/column_words.h"
#include "core/data/dataset_sources.h"
#include "core/data/label_array.h"
#include "core/io/numpy/idx.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

/// Arrays that share their first axis, the samples.
class ArraySource final : public DataSource {
 public:
  ArraySource(std::string kind, std::string path, std::vector<std::pair<std::string, Tensor>> arrays,
              ArrayLabels labels, std::vector<DataWarning> warnings = {}, DataParts parts = {})
      : m_kind(std::move(kind)),
        m_path(std::move(path)),
        m_arrays(std::move(arrays)),
        m_labels(std::move(labels.numbers)),
        m_classNames(std::move(labels.names)),
        m_warnings(std::move(warnings)),
        m_parts(std::move(parts)) {
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
  DataParts parts() const override { return m_parts; }
  const std::vector<DataWarning>& warnings() const override { return m_warnings; }

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
    for (const char* name : {"", "x"})
      if (const auto found = std::ranges::find(m_arrays, name, &std::pair<std::string, Tensor>::first);
          found != m_arrays.end())
        return found->second;
    return m_arrays.front().second;
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
  std::vector<DataWarning> m_warnings;
  DataParts m_parts;
  std::optional<PictureShape> m_picture;
  std::size_t m_size = 0;
};

void checkSamples(const std::string& key, const Tensor& tensor) {
  if (tensor.rank() == 0)
    throw invalidInput("array '" + key + "' is a single number, an axis of samples expected");
  if (tensor.size() == 0)
    throw invalidInput("array '" + key + "' of shape " + toText(tensor.shape()) + " holds no samples");
}

using NamedArrays = std::vector<std::pair<std::string, Tensor>>;

/// Those of an npz, as the roles of their names say. The samples have no name, and so feed the only input,
/// whatever that is called; beside others they have their own, too.
NamedArrays inputsOf(const NpzContent& content, const ArrayRoles& roles) {
  NamedArrays inputs;
  if (!roles.samples.empty()) {
    checkSamples(roles.samples, content.arrays.at(roles.samples));
    inputs.emplace_back("", content.arrays.at(roles.samples));
    if (!roles.inputs.empty()) inputs.emplace_back(roles.samples, content.arrays.at(roles.samples));
  }
  for (const auto& [input, name] : roles.inputs) {
    checkSamples(name, content.arrays.at(name));
    inputs.emplace_back(input, content.arrays.at(name));
  }
  const std::int64_t samples = inputs.front().second.shape()[0];
  for (const auto& [name, tensor] : inputs)
    if (tensor.shape()[0] != samples)
      throw invalidInput("array '" + name + "' has " + std::to_string(tensor.shape()[0]) + " samples, '" +
                         inputs.front().first + "' has " + std::to_string(samples));
  return inputs;
}

/// Labels may be words; other arrays of texts feed nothing.
std::map<std::string, Shape> shapesOf(const NpzContent& content) {
  std::map<std::string, Shape> shapes;
  for (const auto& [name, tensor] : content.arrays) shapes.emplace(name, tensor.shape());
  return shapes;
}

/// The array of words that takes the labels' place where no numbers do.
std::string wordsFor(const NpzContent& content, const ArrayRoles& roles, std::optional<DataPart> part) {
  if (!roles.labels.empty()) return {};
  for (const auto& [name, array] : content.others) {
    const auto inPart = partName(name);
    if (isLabelWord(inPart ? inPart->rest : name) && (!part || !inPart || inPart->part == *part)) return name;
  }
  return {};
}

ArrayLabels labelsFor(const NpzContent& content, const ArrayRoles& roles, const std::string& words,
                      std::int64_t samples) {
  if (!words.empty())
    return withContext("array '" + words + "'", [&] { return readWords(content.others.at(words), samples); });
  if (roles.labels.empty()) return {};
  return withContext("array '" + roles.labels + "'", [&] {
    return ArrayLabels{readLabels(content.arrays.at(roles.labels), samples), {}};
  });
}

void requireReadLabels(const NpzContent& content) {
  for (const std::string& leftOut : content.leftOut)
    if (leftOut.starts_with("'y' "))
      throw invalidInput("the labels " + leftOut + " cannot be read: save them as whole numbers or words");
}

}  // namespace

SharedSource openArrays(const NpzContent& content, const std::string& path, std::optional<DataPart> part) {
  requireReadLabels(content);
  ArrayRoles roles = rolesOf(shapesOf(content), part);
  NamedArrays inputs = inputsOf(content, roles);
  const auto chosen = partName(roles.samples);
  const std::string words = wordsFor(content, roles, chosen ? std::optional(chosen->part) : std::nullopt);
  ArrayLabels labels = labelsFor(content, roles, words, inputs.front().second.shape()[0]);
  if (!labels.names.empty()) roles.warnings.push_back(sortedClasses(labels.names));
  std::vector<std::string> aside = std::move(roles.aside);
  for (const auto& [name, array] : content.others)
    if (name != words && !(chosen && partName(name))) aside.push_back(name);
  for (const std::string& leftOut : content.leftOut)
    if (leftOut.ends_with("of Python, which may run code)") || leftOut.ends_with("named fields)"))
      aside.push_back(leftOut.substr(1, leftOut.find('\'', 1) - 1));
  if (!aside.empty())
    roles.warnings.push_back({DataWarningKind::OtherArrays, listedNames(aside), aside.size()});
  return std::make_shared<ArraySource>("npz", pathOfPart(path, roles.parts, part), std::move(inputs),
                                       std::move(labels), std::move(roles.warnings), roles.parts);
}

SharedSource openNpz(const Bytes& bytes, const std::string& path, std::optional<DataPart> part) {
  return withContext("reading " + path, [&] {
    const NpzContent content = readWholeNpz(bytes);
    if (content.arrays.empty()) throw invalidInput("the archive holds no arrays (members named *.npy)");
    return openArrays(content, path, part);
  });
}

SharedSource openNpzData(const Bytes& bytes, const std::string& name) {
  return openNpz(bytes, name, std::nullopt);
}

SharedSource openIdxPair(const std::string& images, const std::string& labels) {
  const Tensor x = withContext("reading " + images, [&] {
    Tensor tensor = readIdx(mapFile(images));
    checkSamples("images", tensor);
    return tensor;
  });
  ArrayLabels y;
  if (!labels.empty())
    y.numbers =
        withContext("reading " + labels, [&] { return readLabels(readIdx(mapFile(labels)), x.shape()[0]); });
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
