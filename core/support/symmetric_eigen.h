// SPDX-License-Identifier: GPL-3.0-or-later
// Eigenvalues and eigenvectors of a symmetric matrix, instantiated once for all rooms.
#pragma once

#include <Eigen/Core>
#include <optional>

namespace lapidary::core {

struct SymmetricEigen {
  Eigen::VectorXd values;  ///< the greatest first
  Eigen::MatrixXd
      vectors;  ///< a column for each value, of length one; empty where only values were asked for
};

enum class EigenParts { Values, ValuesAndVectors };

/// Of a square matrix, of which the lower triangle is read. Empty where the iteration does not converge, as
/// for numbers that are not finite.
std::optional<SymmetricEigen> eigenOf(const Eigen::MatrixXd& symmetric, EigenParts parts);

/// The shortest x for which matrix x - right is shortest, of a matrix with its vectors. Directions whose
/// eigenvalue is rounding beside the greatest are taken for none.
Eigen::VectorXd leastSquares(const SymmetricEigen& matrix, const Eigen::VectorXd& right);

}  // namespace lapidary::core
