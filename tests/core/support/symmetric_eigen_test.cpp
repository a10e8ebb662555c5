// SPDX-License-Identifier: GPL-3.0-or-later
// Eigenvalues by hand, and vectors that put the matrix together again.
#include "core/support/symmetric_eigen.h"

#include <gtest/gtest.h>

#include <limits>

namespace lapidary::core {
namespace {

Eigen::MatrixXd symmetricThree() {
  Eigen::MatrixXd matrix(3, 3);
  matrix << 2, 1, 0, 1, 2, 0, 0, 0, 5;
  return matrix;
}

TEST(SymmetricEigen, ValuesFallAndVectorsPutTheMatrixTogether) {
  const Eigen::MatrixXd matrix = symmetricThree();
  const auto found = eigenOf(matrix, EigenParts::ValuesAndVectors);
  ASSERT_TRUE(found);
  for (const auto& [i, value] : {std::pair{0, 5.0}, {1, 3.0}, {2, 1.0}})
    EXPECT_NEAR(found->values[i], value, 1e-12);
  const Eigen::MatrixXd again = found->vectors * found->values.asDiagonal() * found->vectors.transpose();
  EXPECT_LT((again - matrix).cwiseAbs().maxCoeff(), 1e-12);
}

TEST(SymmetricEigen, ValuesAloneAreTheSameWithoutVectors) {
  const auto found = eigenOf(symmetricThree(), EigenParts::Values);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->values[0], 5, 1e-12);
  EXPECT_EQ(found->vectors.size(), 0);
}

TEST(SymmetricEigen, TheShortestSolutionSolvesAndLeavesOutWhatTheMatrixDoesNotSee) {
  Eigen::MatrixXd matrix = symmetricThree();
  matrix(2, 2) = 0;
  const auto found = eigenOf(matrix, EigenParts::ValuesAndVectors);
  ASSERT_TRUE(found);
  const Eigen::Vector3d right(4, 5, 7), solved = leastSquares(*found, right);
  EXPECT_NEAR(solved[0], 1, 1e-12);
  EXPECT_NEAR(solved[1], 2, 1e-12);
  EXPECT_NEAR(solved[2], 0, 1e-12);
}

TEST(SymmetricEigen, NumbersThatAreNotFiniteHaveNone) {
  Eigen::MatrixXd matrix = symmetricThree();
  matrix(1, 1) = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(eigenOf(matrix, EigenParts::Values));
}

}  // namespace
}  // namespace lapidary::core
