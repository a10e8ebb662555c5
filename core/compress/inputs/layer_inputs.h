// SPDX-License-Identifier: GPL-3.0-or-later
// The sums over calibration samples of the inputs of one layer, and the door through which a cutter asks for
// it.
#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "core/compress/inputs/inverse_factor.h"
#include "core/model/model.h"
#include "core/support/progress.h"

namespace lapidary::core {

/// The layer's input is seen as a matrix X that a weight of outputs x inputs is multiplied with: one row for
/// every row of a Gemm's or MatMul's data, or every position of a convolution (the patch under the kernel, in
/// the order of the weight); one column for every input of the weight. A convolution of several groups has
/// one such matrix for each.
class LayerInputs {
 public:
  std::size_t groups = 1;
  std::size_t columns = 0;         ///< inputs of the weight as a matrix
  std::int64_t rows = 0;           ///< seen, of each group
  std::vector<double> sums;        ///< groups x columns: sum of x
  std::vector<double> squares;     ///< groups x columns: sum of x^2
  std::vector<double> magnitudes;  ///< groups x columns: sum of |x|
  /// groups x columns x columns, symmetric: X^T X. Empty where only the sums above were asked for.
  std::vector<float> gram;
  InverseFactors factors;  ///< of `gram`, remembered
  /// The same for inputs less their means: what is left to the weights where a bias takes up mean errors. The
  /// sums stay those of the inputs. Remembered unless it is large.
  std::shared_ptr<const LayerInputs> centred() const;

  std::span<const float> gramOf(std::size_t group) const {
    return std::span(gram).subspan(group * columns * columns, columns * columns);
  }
  std::shared_ptr<const InverseFactor> factorOf(std::size_t group, ColumnOrder order) const {
    return factors.of(gramOf(group), columns, group, order);
  }

  /// Whether `centred` remembers what it gives.
  static constexpr bool remembersCentred(std::size_t gramSize) { return gramSize <= std::size_t{1} << 20; }

 private:
  mutable std::mutex m_mutex;
  mutable std::shared_ptr<const LayerInputs> m_centred;
};

/// How much of it: the sums alone, or the matrix too.
enum class InputDetail { Sums, Gram };

struct InputRequest {
  LayerId layer;
  InputDetail detail = InputDetail::Sums;
  bool operator==(const InputRequest&) const = default;
};

/// Runs calibration samples through the original model. Implementations are thread-safe, give the same
/// figures whenever they are asked, and throw Error(Usage) where there are no samples, Error(Unsupported)
/// naming the layer whose inputs cannot be observed, Cancelled when stopped.
class CalibrationSource {
 public:
  virtual ~CalibrationSource() = default;
  /// `soon`: what the caller will ask for next. It is gathered in the same run as far as memory allows.
  virtual std::shared_ptr<const LayerInputs> inputsOf(InputRequest request,
                                                      std::span<const InputRequest> soon,
                                                      const Progress& progress) = 0;
  /// From memory alone; null where it is not there. Never waits for a run.
  virtual std::shared_ptr<const LayerInputs> knownInputs(InputRequest request) = 0;
  /// Mean over samples of |dL/dw|, Float32 in the weight's shape. L is the cross-entropy against the label
  /// (where there is none, against the model's own answer), or half the squared norm of outputs that are no
  /// scores of classes.
  virtual Tensor gradientMagnitudesOf(LayerId layer, const Progress& progress) = 0;
  /// The same samples through another model with the same inputs and outputs, which must outlive the result.
  virtual std::shared_ptr<CalibrationSource> over(const Model& model) = 0;
};

}  // namespace lapidary::core
