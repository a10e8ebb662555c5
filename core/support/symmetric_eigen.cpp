// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/symmetric_eigen.h"

#include <Eigen/Eigenvalues>
#include <cmath>
#include <limits>

namespace lapidary::core {

std::optional<SymmetricEigen> eigenOf(const Eigen::MatrixXd& symmetric, EigenParts parts) {
  const bool vectors = parts == EigenParts::ValuesAndVectors;
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(
      symmetric, vectors ? Eigen::ComputeEigenvectors : Eigen::EigenvaluesOnly);
  if (solver.info() != Eigen::Success) return std::nullopt;
  SymmetricEigen found;
  found.values = solver.eigenvalues().reverse();
  if (vectors) found.vectors = solver.eigenvectors().rowwise().reverse();
  return found;
}

Eigen::VectorXd leastSquares(const SymmetricEigen& matrix, const Eigen::VectorXd& right) {
  const Eigen::VectorXd& values = matrix.values;
  const double rounding = static_cast<double>(values.size()) * std::numeric_limits<double>::epsilon() *
                          values.cwiseAbs().maxCoeff();
  Eigen::VectorXd along = matrix.vectors.transpose() * right;
  for (Eigen::Index i = 0; i < values.size(); ++i)
    along[i] = std::abs(values[i]) > rounding ? along[i] / values[i] : 0;
  return matrix.vectors * along;
}

}  // namespace lapidary::core
