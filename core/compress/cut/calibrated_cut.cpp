// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/cut/calibrated_cut.h"

#include <algorithm>

#include "core/compress/cut/cut_loss.h"
#include "core/compress/inputs/matrix_copy.h"
#include "core/compress/prune/prune_by_inputs.h"
#include "core/compress/prune/prune_shapes.h"
#include "core/compress/prune/refit.h"
#include "core/compress/quantize/bias_constant.h"
#include "core/compress/quantize/input_scaling.h"
#include "core/compress/quantize/quantize.h"
#include "core/compress/quantize/rounding.h"

namespace lapidary::core {
namespace {

bool rounds(const Quantize& quantize) {
  return hasRounding(quantize.scheme) && quantize.rounding != Rounding::Nearest;
}

/// Weights on their way, row-major, with the encoding once there is one.
struct Quantized {
  std::vector<float> rows;
  std::shared_ptr<const WeightEncoding> encoding;
};

class CalibratedCut {
 public:
  CalibratedCut(const CalibratedEdit& edit, const Progress& progress)
      : m_edit(edit),
        m_progress(progress),
        m_matrix(weightMatrix(edit.layer.shape, edit.layer.channelAxis)),
        m_original(gathered(m_matrix, edit.weight.as<float>())),
        // A bias that takes up the mean error leaves the deviations from the means to be kept.
        m_inputs(quantizes() && edit.quantize.correctBias ? edit.inputs->centred() : edit.inputs) {}

  CutWeight run() {
    Quantized result{pruned(), nullptr};
    if (quantizes())
      result = m_edit.quantize.scaleInputs ? scaled(result.rows) : quantized(result.rows, *m_inputs);
    CutWeight cut = countedCut(m_edit.weight, stored(result.rows), result.encoding);
    if (quantizes() && m_edit.quantize.correctBias) correctBias(result.rows, cut);
    return cut;
  }

 private:
  bool quantizes() const { return m_edit.quantize.scheme != Scheme::None; }
  bool prunes() const {
    return m_edit.prune.mode != PruneMode::None || m_edit.cutoff.threshold > 0 || m_edit.cutoff.count > 0;
  }

  /// The weights that stay are fitted anew where SparseGPT chose them, or where what follows rounds by
  /// inputs.
  std::vector<float> pruned() const {
    if (!prunes()) return m_original;
    std::vector<float> rows = withZeros();
    const bool reconstructs =
        m_edit.prune.mode != PruneMode::None && m_edit.prune.criterion == Criterion::Reconstruct;
    if (reconstructs || rounds(m_edit.quantize)) refit(*m_inputs, m_matrix, m_original, rows, m_progress);
    return rows;
  }

  std::vector<float> withZeros() const {
    const bool shape = prunesInShape(m_edit.prune);
    if (m_edit.prune.mode != PruneMode::None && !shape) {
      const PruneTask task{m_original, m_matrix, m_edit.prune, *m_inputs};
      return m_edit.prune.criterion == Criterion::Wanda ? wandaPruned(task)
                                                        : sparseGptPruned(task, m_progress);
    }
    std::vector<float> values(m_original.size());
    const auto weights = m_edit.weight.as<float>();
    const auto scores = m_edit.scores.defined() ? m_edit.scores.as<float>() : weights;
    if (shape)
      pruneInShape(weights, scores, m_matrix, m_edit.prune, values);
    else
      pruneByScores(weights, scores, m_edit.cutoff, values);
    return gathered(m_matrix, std::span<const float>(values));
  }

  Tensor stored(const std::vector<float>& rows) const {
    TensorBuilder builder(DType::Float32, m_edit.layer.shape);
    scatter(m_matrix, rows, builder.as<float>().data());
    return std::move(builder).build();
  }

  /// `rows` rounded to nearest codes.
  Quantized nearest(const std::vector<float>& rows) const {
    std::vector<float> values(rows.size());
    scatter(m_matrix, rows, values.data());
    auto encoding =
        quantizeInPlace(values, m_edit.layer.shape, m_edit.layer.channelAxis, m_edit.quantize, prunes());
    return {gathered(m_matrix, std::span<const float>(values)), std::move(encoding)};
  }

  /// `rows` rounded so that their outputs stay.
  Quantized quantized(const std::vector<float>& rows, const LayerInputs& inputs) const {
    Quantized result = nearest(rows);
    if (!rounds(m_edit.quantize)) return result;
    std::vector<std::uint8_t> zeros(rows.size());
    std::ranges::transform(rows, zeros.begin(), [](float w) { return w == 0.0f; });
    const CodeGrid grid(*result.encoding, m_edit.quantize, m_matrix);
    const RoundingTask task{rows, zeros, m_matrix, grid, inputs};
    const auto codes = m_edit.quantize.rounding == Rounding::Gptq ? gptqCodes(task, m_progress)
                                                                  : adaptiveCodes(task, m_progress);
    result.encoding = withCodes(*result.encoding, m_matrix, codes);
    for (std::size_t r = 0; r < m_matrix.outputs; ++r)
      for (std::size_t c = 0; c < m_matrix.inputs; ++c)
        result.rows[r * m_matrix.inputs + c] = grid.valueOf(r, c, codes[r * m_matrix.inputs + c]);
    return result;
  }

  /// The same with the inputs' scales.
  Quantized scaled(const std::vector<float>& rows) const {
    const auto scales = bestInputScales(
        *m_inputs, m_matrix, m_original,
        [&](std::span<const float> tried) {
          return scaledColumns(m_matrix, nearest(scaledColumns(m_matrix, rows, tried)).rows, inverse(tried));
        },
        m_progress);
    Quantized result = quantized(scaledColumns(m_matrix, rows, scales), *dividedInputs(*m_inputs, scales));
    const std::vector<float> back = inverse(scales);
    result.rows = scaledColumns(m_matrix, result.rows, back);
    auto encoding = std::make_shared<WeightEncoding>(*result.encoding);
    if (encoding->axis < 0) spread(*encoding);
    encoding->inputScale = Tensor::from<float>({static_cast<std::int64_t>(back.size())}, back);
    result.encoding = std::move(encoding);
    return result;
  }

  /// One scale for every output in place of one: a reader then knows which axis the inputs are on.
  void spread(WeightEncoding& encoding) const {
    const std::vector<float> scales(m_matrix.outputs, encoding.scale.as<float>()[0]);
    const auto count = static_cast<std::int64_t>(m_matrix.outputs);
    encoding.axis = m_edit.layer.channelAxis;
    encoding.scale = Tensor::from<float>({count}, scales);
    if (encoding.zeroPoint.defined()) {
      const std::vector<std::int64_t> zeros(m_matrix.outputs, toInt64(encoding.zeroPoint)[0]);
      encoding.zeroPoint = convert(Tensor::from<std::int64_t>({count}, zeros), encoding.codes.dtype());
    }
    if (encoding.offset.defined())
      encoding.offset =
          Tensor::from<float>({count}, std::vector<float>(m_matrix.outputs, encoding.offset.as<float>()[0]));
  }

  static std::vector<float> inverse(std::span<const float> scales) {
    std::vector<float> factors(scales.size());
    std::ranges::transform(scales, factors.begin(), [](float s) { return 1 / s; });
    return factors;
  }

  void correctBias(const std::vector<float>& rows, CutWeight& cut) const {
    const BiasConstant bias = biasConstantOf(m_edit.model, m_edit.layer);
    const LayerInputs& inputs = *m_edit.inputs;
    const std::size_t columns = m_matrix.inputs, rowsOfGroup = m_matrix.outputs / inputs.groups;
    std::vector<double> shift(m_matrix.outputs);
    for (std::size_t r = 0; r < m_matrix.outputs; ++r)
      for (std::size_t c = 0; c < columns; ++c)
        shift[r] += static_cast<double>(m_original[r * columns + c] - rows[r * columns + c]) *
                    inputs.sums[r / rowsOfGroup * columns + c] / static_cast<double>(inputs.rows);
    cut.biasOf = bias.value;
    cut.bias = shiftedBias(m_edit.model, bias, shift);
  }

  const CalibratedEdit& m_edit;
  const Progress& m_progress;
  WeightMatrix m_matrix;
  std::vector<float> m_original;
  std::shared_ptr<const LayerInputs> m_inputs;
};

}  // namespace

std::optional<InputDetail> detailFor(const Prune& prune, const Quantize& quantize) {
  const bool prunes = prune.mode != PruneMode::None && prune.mode != PruneMode::Threshold;
  const bool quantizes = quantize.scheme != Scheme::None;
  if ((prunes && prune.criterion == Criterion::Reconstruct) ||
      (quantizes && (rounds(quantize) || quantize.scaleInputs)))
    return InputDetail::Gram;
  if ((prunes && prune.criterion == Criterion::Wanda) || (quantizes && quantize.correctBias))
    return InputDetail::Sums;
  return std::nullopt;
}

CutWeight calibratedCut(const CalibratedEdit& edit, const Progress& progress) {
  return CalibratedCut(edit, progress).run();
}

}  // namespace lapidary::core
