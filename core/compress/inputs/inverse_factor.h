// SPDX-License-Identifier: GPL-3.0-or-later
// The triangular factor of the inverse of a layer's input matrix: what second-order pruning and rounding use.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace lapidary::core {

/// In which order columns are taken.
enum class ColumnOrder {
  Natural,
  Falling,  ///< greatest input first ("act-order"): its error is the one that most columns can make up for
};

/// U, upper triangular and row-major, with U^T U = (H + d I)^-1, where H is X^T X with its columns in `order`
/// and d one per cent of its mean diagonal. With it, an error e of column j that later columns are to make up
/// for changes column k > j by -e U[j][k] / U[j][j] (Frantar et al. 2023, GPTQ, section 3.3).
struct InverseFactor {
  std::vector<std::uint32_t> order;
  std::vector<float> upper;

  std::size_t columns() const { return order.size(); }
  const float* row(std::size_t j) const { return upper.data() + j * order.size(); }
};

/// `gram`: columns x columns. Columns without any input (zero on the diagonal) change no other. Blocked
/// Cholesky in double.
InverseFactor inverseFactor(std::span<const float> gram, std::size_t columns, ColumnOrder order);

/// Factors of one layer, each made when it is first asked for. Thread-safe.
class InverseFactors {
 public:
  std::shared_ptr<const InverseFactor> of(std::span<const float> gram, std::size_t columns, std::size_t group,
                                          ColumnOrder order) const;

 private:
  mutable std::mutex m_mutex;
  mutable std::array<std::vector<std::shared_ptr<const InverseFactor>>, 2> m_made;  ///< by order, group
};

}  // namespace lapidary::core
