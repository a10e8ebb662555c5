// SPDX-License-Identifier: GPL-3.0-or-later
// The tables that say of every operator how it hands relevance down, or why nothing is explained through it.
// A test holds them against the table of operators.
#pragma once

#include <span>
#include <string_view>

namespace lapidary::core {

/// How a step shares the relevance of its outputs among its inputs. x is an input, z the output, R its
/// relevance, J the derivatives.
enum class Sharing {
  Moves,    ///< J^T R: what comes from an element goes back to it
  HandsOn,  ///< R as it is, to the first input that depends on what is explained
  Parts,    ///< x J^T (R / z): the parts of a sum, or of anything that grows as its inputs do
  Factors,  ///< the same, an equal share for each factor of a product
  Values,  ///< the same of the values that attention adds up, by shares that are held fixed (Ali et al. 2022)
  Addends,   ///< x R / (their sum), whatever becomes of the sum: steps that add first
  InsideLog  ///< x J^T R: the parts of a sum whose logarithm is taken
};

struct RelevanceRow {
  std::string_view type;
  Sharing sharing;
  std::string_view domain = "";  ///< "" is ai.onnx
};

/// An operator that no relevance passes, on purpose: it has no gradient.
struct UnexplainedRow {
  std::string_view type;
  std::string_view why;
  std::string_view domain = "";
};

std::span<const RelevanceRow> relevanceRows();
std::span<const UnexplainedRow> unexplainedRows();

/// `Parts` where there is no row.
Sharing sharingOf(std::string_view domain, std::string_view opType);

}  // namespace lapidary::core
