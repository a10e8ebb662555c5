// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/robust/feature_space.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "core/support/symmetric_eigen.h"

namespace lapidary::core {
namespace {

constexpr std::size_t fewestRows = 16;
constexpr Eigen::Index mostDirections = 64;

using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

struct Centred {
  Rows rows;
  std::vector<std::vector<float>> means;
};

Centred centred(const FeatureRows& rows, std::span<const std::int64_t> classes) {
  const auto width = static_cast<Eigen::Index>(rows.width);
  Centred made{Rows(static_cast<Eigen::Index>(rows.count()), width), {}};
  std::map<std::int64_t, std::vector<std::size_t>> members;
  for (std::size_t i = 0; i < rows.count(); ++i) members[classes[i]].push_back(i);
  for (const auto& [cls, samples] : members) {
    Eigen::VectorXd mean = Eigen::VectorXd::Zero(width);
    for (const std::size_t i : samples)
      mean += Eigen::Map<const Eigen::VectorXf>(rows.row(i).data(), width).cast<double>();
    mean /= static_cast<double>(samples.size());
    for (const std::size_t i : samples)
      made.rows.row(static_cast<Eigen::Index>(i)) =
          (Eigen::Map<const Eigen::VectorXf>(rows.row(i).data(), width).cast<double>() - mean).transpose();
    const Eigen::VectorXf small = mean.cast<float>();
    made.means.emplace_back(small.data(), small.data() + width);
  }
  return made;
}

/// Eigenvalues, falling, and directions as columns, of the covariance; by the smaller of its two products.
std::pair<Eigen::VectorXd, Eigen::MatrixXd> principal(const Rows& rows, double degrees) {
  const bool wide = rows.cols() > rows.rows();
  const Eigen::MatrixXd product =
      wide ? Eigen::MatrixXd(rows * rows.transpose()) : Eigen::MatrixXd(rows.transpose() * rows);
  auto found = eigenOf(product / degrees, EigenParts::ValuesAndVectors);
  if (!found)
    throw Error(ErrorKind::Unsupported, "the features of clean samples are too large for their covariance");
  const Eigen::VectorXd values = found->values.cwiseMax(0);
  Eigen::MatrixXd vectors = std::move(found->vectors);
  if (wide) {
    vectors = rows.transpose() * vectors;
    for (Eigen::Index k = 0; k < vectors.cols(); ++k)
      if (const double length = vectors.col(k).norm(); length > 0) vectors.col(k) /= length;
  }
  return {values, vectors};
}

/// The fewest that hold nine tenths of the variance.
Eigen::Index kept(const Eigen::VectorXd& values, double all) {
  Eigen::Index count = 0;
  for (double sum = 0; count < std::min(values.size(), mostDirections) && sum < 0.9 * all; ++count)
    sum += values(count);
  return count;
}

}  // namespace

ValueId lastFeatures(const Model& model) {
  for (auto layer = model.layers.rbegin(); layer != model.layers.rend(); ++layer)
    if (layer->node.valid() &&
        (layer->opType == "Conv" || layer->opType == "Gemm" || layer->opType == "MatMul")) {
      const Node& node = model.graph->node(layer->node);
      return node.inputs.at(0) == layer->weight ? node.inputs.at(1) : node.inputs.at(0);
    }
  throw Error(ErrorKind::Unsupported,
              "a distance of features needs a Conv, Gemm or MatMul whose inputs are the features; the model "
              "has none");
}

FeatureRows featureRows(const Tensor& value, std::size_t samples) {
  const Tensor floats = toFloat32(value);
  const Shape& shape = floats.shape();
  const auto from = floats.as<float>();
  FeatureRows rows;
  if (samples == 0 || from.empty()) return rows;
  const std::size_t each = from.size() / samples;
  const bool channelsFirst = shape.size() == 4, channelsLast = shape.size() == 3;
  if (!channelsFirst && !channelsLast) return {each, {from.begin(), from.end()}};
  rows.width = static_cast<std::size_t>(channelsFirst ? shape[1] : shape[2]);
  const std::size_t positions = each / rows.width;
  rows.values.assign(samples * rows.width, 0.0f);
  for (std::size_t i = 0; i < samples; ++i)
    for (std::size_t c = 0; c < rows.width; ++c) {
      double sum = 0;
      for (std::size_t p = 0; p < positions; ++p)
        sum += static_cast<double>(from[i * each + (channelsFirst ? c * positions + p : p * rows.width + c)]);
      rows.values[i * rows.width + c] = static_cast<float>(sum / static_cast<double>(positions));
    }
  return rows;
}

ClassGaussians fitGaussians(const FeatureRows& rows, std::span<const std::int64_t> classes) {
  if (rows.count() < fewestRows)
    throw Error(ErrorKind::Usage,
                "a distance of features needs at least " + std::to_string(fewestRows) + " samples");
  if (!std::ranges::all_of(rows.values, [](float value) { return std::isfinite(value); }))
    throw Error(ErrorKind::Usage, "the features of clean samples are not all finite");
  const Centred points = centred(rows, classes);
  ClassGaussians made;
  made.width = rows.width;
  made.means = points.means;
  const double degrees = std::max(1.0, static_cast<double>(rows.count() - made.means.size()));
  const auto [values, vectors] = principal(points.rows, degrees);
  const double all = values.sum();
  const Eigen::Index count = kept(values, all);
  double rest = all;
  for (Eigen::Index k = 0; k < count; ++k) {
    const Eigen::VectorXf direction = vectors.col(k).cast<float>();
    made.directions.emplace_back(direction.data(), direction.data() + direction.size());
    made.variances.push_back(values(k));
    rest -= values(k);
  }
  const double others = static_cast<double>(rows.width) - static_cast<double>(count);
  made.otherVariance = std::max({others > 0 ? rest / others : 0, all * 1e-9, 1e-12});
  return made;
}

double ClassGaussians::distance(std::span<const float> features) const {
  double nearest = std::numeric_limits<double>::infinity();
  for (const auto& mean : means) {
    double squares = 0, within = 0, sum = 0;
    for (std::size_t i = 0; i < width; ++i) {
      const double by = static_cast<double>(features[i]) - static_cast<double>(mean[i]);
      squares += by * by;
    }
    for (std::size_t k = 0; k < directions.size(); ++k) {
      double along = 0;
      for (std::size_t i = 0; i < width; ++i)
        along += static_cast<double>(directions[k][i]) *
                 (static_cast<double>(features[i]) - static_cast<double>(mean[i]));
      within += along * along;
      sum += along * along / variances[k];
    }
    nearest = std::min(nearest, sum + std::max(0.0, squares - within) / otherVariance);
  }
  return std::sqrt(nearest);
}

}  // namespace lapidary::core
