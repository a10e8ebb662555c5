// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/common/spared_tensors.h"

#include <algorithm>
#include <set>
#include <vector>

namespace lapidary::core {
namespace {

using Words = std::set<std::string_view>;

/// The parts of a name between dots and slashes, in lower case.
std::vector<std::string> lowerParts(const std::string& name) {
  std::vector<std::string> parts(1);
  for (const char c : name) {
    if (c == '.' || c == '/')
      parts.emplace_back();
    else
      parts.back() += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  // TensorFlow numbers the uses of a variable: "kernel:0".
  if (const std::size_t colon = parts.back().find(':'); colon != std::string::npos)
    parts.back().resize(colon);
  return parts;
}

/// The words of a part, apart by underscores, each without the digits behind it: "norm1" is "norm".
std::vector<std::string> words(const std::string& part) {
  std::vector<std::string> found(1);
  for (const char c : part) {
    if (c == '_')
      found.emplace_back();
    else
      found.back() += c;
  }
  for (std::string& word : found)
    while (word.size() > 1 && word.back() >= '0' && word.back() <= '9') word.pop_back();
  return found;
}

bool isStatistic(const std::string& leaf) {
  static const Words whole{"mean", "var", "variance", "std", "sigma", "embed_avg", "cluster_size"};
  return whole.contains(leaf) || leaf.starts_with("running_") || leaf.starts_with("moving_") ||
         leaf.starts_with("ema_") || leaf.ends_with("_running_mean") || leaf.ends_with("_running_var");
}

bool isBias(const std::string& leaf) {
  return leaf == "bias" || leaf == "beta" || leaf.starts_with("bias_") || leaf.ends_with("_bias") ||
         leaf.ends_with("_bias_table");
}

bool isScale(const std::string& leaf, DType dtype) {
  static const Words ends{"scale",      "scales",      "zeros",     "qzeros",
                          "zero_point", "zero_points", "scale_inv", "absmax"};
  if (dtype == DType::Float8E8M0) return true;
  return std::ranges::any_of(ends, [&](std::string_view end) {
    return leaf == end || (leaf.ends_with(end) && leaf[leaf.size() - end.size() - 1] == '_');
  });
}

bool namesNorm(const std::string& part) {
  static const Words kinds{"ln", "bn", "gn", "norm"};
  return std::ranges::any_of(words(part), [](const std::string& word) {
    return kinds.contains(word) || (word.ends_with("norm") && word.size() > 4);
  });
}

bool isNorm(const std::vector<std::string>& parts) {
  static const Words leaves{"weight", "scale", "gamma", "g", "kernel"};
  const std::string& leaf = parts.back();
  if (leaf == "gamma" || leaf == "weight_g" || leaf == "original0") return true;
  if (parts.size() < 2) return namesNorm(leaf);
  return leaves.contains(leaf) && namesNorm(parts[parts.size() - 2]);
}

/// One number for each channel, whatever axes of one stand around it. A matrix of one row is a layer with one
/// output.
bool isLine(const Shape& shape) {
  const auto wide = std::ranges::count_if(shape, [](std::int64_t size) { return size != 1; });
  return wide <= 1 && shape.size() != 2;
}

}  // namespace

Spared sparedTensor(const std::string& name, const Shape& shape, DType dtype) {
  const std::vector<std::string> parts = lowerParts(name);
  const std::string& leaf = parts.back();
  if (isStatistic(leaf)) return Spared::Statistic;
  if (isBias(leaf)) return Spared::Bias;
  if (isNorm(parts)) return Spared::Norm;
  if (isScale(leaf, dtype)) return Spared::Scale;
  return isLine(shape) ? Spared::OneDimensional : Spared::No;
}

std::string_view name(Spared reason) {
  switch (reason) {
    case Spared::No:
      return "";
    case Spared::OneDimensional:
      return "one-dimensional";
    case Spared::Norm:
      return "norm";
    case Spared::Bias:
      return "bias";
    case Spared::Statistic:
      return "statistic";
    case Spared::Scale:
      return "scale";
  }
  return "";
}

}  // namespace lapidary::core
