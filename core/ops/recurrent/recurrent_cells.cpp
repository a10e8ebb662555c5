// SPDX-License-Identifier: GPL-3.0-or-later
// One step of a plain recurrent cell, a GRU and an LSTM (the equations of the ONNX operators).
#include <algorithm>

#include "core/ops/kernels/gemm_kernel.h"
#include "core/ops/recurrent/recurrent.h"

namespace lapidary::core {

void addRecurrence(const CellState& state, std::int64_t gatesInAll, std::int64_t first, std::int64_t count,
                   const float* h) {
  const std::int64_t n = state.hidden;
  multiply({.transB = true,
            .m = state.batch,
            .n = count * n,
            .k = n,
            .a = h,
            .lda = n,
            .b = state.recurrence + first * n * n,
            .ldb = n,
            .beta = 1,
            .c = state.gates + first * n,
            .ldc = gatesInAll * n});
}

void activate(const CellState& state, std::size_t function, float* x, std::int64_t count) {
  if (state.clip > 0)
    for (std::int64_t i = 0; i < count; ++i) x[i] = std::clamp(x[i], -state.clip, state.clip);
  (*state.functions)[function](x, count);
}

namespace {

void rnnStep(const Node&, const CellState& s, float*) {
  addRecurrence(s, 1, 0, 1, s.h);
  activate(s, 0, s.gates, s.batch * s.hidden);
  std::copy_n(s.gates, s.batch * s.hidden, s.h);
}

/// H = (1 - z) * candidate + z * H.
void mix(const CellState& s) {
  for (std::int64_t b = 0; b < s.batch; ++b) {
    const float *z = s.gates + b * 3 * s.hidden, *candidate = z + 2 * s.hidden;
    float* h = s.h + b * s.hidden;
    for (std::int64_t i = 0; i < s.hidden; ++i) h[i] = (1 - z[i]) * candidate[i] + z[i] * h[i];
  }
}

void activateGru(const CellState& s, std::size_t function, std::int64_t first, std::int64_t count) {
  for (std::int64_t b = 0; b < s.batch; ++b)
    activate(s, function, s.gates + (b * 3 + first) * s.hidden, count * s.hidden);
}

/// The reset gate lies on H before it is multiplied.
void gruStep(const Node&, const CellState& s, float* scratch) {
  addRecurrence(s, 3, 0, 2, s.h);
  activateGru(s, 0, 0, 2);
  for (std::int64_t b = 0; b < s.batch; ++b) {
    const float *r = s.gates + (b * 3 + 1) * s.hidden, *h = s.h + b * s.hidden;
    for (std::int64_t i = 0; i < s.hidden; ++i) scratch[b * s.hidden + i] = r[i] * h[i];
  }
  addRecurrence(s, 3, 2, 1, scratch);
  activateGru(s, 1, 2, 1);
  mix(s);
}

/// The reset gate lies on the product of H and its bias (linear_before_reset).
void gruStepResetLate(const Node&, const CellState& s, float* scratch) {
  addRecurrence(s, 3, 0, 2, s.h);
  activateGru(s, 0, 0, 2);
  const std::int64_t n = s.hidden;
  for (std::int64_t b = 0; b < s.batch; ++b)
    for (std::int64_t i = 0; i < n; ++i)
      scratch[b * n + i] = s.recurrentBias != nullptr ? s.recurrentBias[2 * n + i] : 0.0f;
  multiply({.transB = true,
            .m = s.batch,
            .n = n,
            .k = n,
            .a = s.h,
            .lda = n,
            .b = s.recurrence + 2 * n * n,
            .ldb = n,
            .beta = 1,
            .c = scratch,
            .ldc = n});
  for (std::int64_t b = 0; b < s.batch; ++b) {
    const float* r = s.gates + (b * 3 + 1) * n;
    float* candidate = s.gates + (b * 3 + 2) * n;
    for (std::int64_t i = 0; i < n; ++i) candidate[i] += r[i] * scratch[b * n + i];
  }
  activateGru(s, 1, 2, 1);
  mix(s);
}

void addPeephole(const CellState& s, float* gate, const float* peephole, const float* c) {
  if (s.peepholes != nullptr)
    for (std::int64_t i = 0; i < s.hidden; ++i) gate[i] += peephole[i] * c[i];
}

/// Gates lie in the order i, o, f, c; peepholes i, o, f.
void lstmRow(const CellState& s, bool coupled, float* gates, float* h, float* c, float* scratch) {
  const std::int64_t n = s.hidden;
  float *in = gates, *out = gates + n, *forget = gates + 2 * n, *candidate = gates + 3 * n;
  addPeephole(s, in, s.peepholes, c);
  addPeephole(s, forget, s.peepholes + (s.peepholes != nullptr ? 2 * n : 0), c);
  activate(s, 0, in, n);
  if (coupled)
    for (std::int64_t i = 0; i < n; ++i) forget[i] = 1 - in[i];
  else
    activate(s, 0, forget, n);
  activate(s, 1, candidate, n);
  for (std::int64_t i = 0; i < n; ++i) c[i] = forget[i] * c[i] + in[i] * candidate[i];
  addPeephole(s, out, s.peepholes + (s.peepholes != nullptr ? n : 0), c);
  activate(s, 0, out, n);
  std::copy_n(c, n, scratch);
  (*s.functions)[2](scratch, n);
  for (std::int64_t i = 0; i < n; ++i) h[i] = out[i] * scratch[i];
}

void lstmStep(const Node& node, const CellState& s, float* scratch) {
  addRecurrence(s, 4, 0, 4, s.h);
  const bool coupled = node.intOr("input_forget", 0) != 0;
  for (std::int64_t b = 0; b < s.batch; ++b)
    lstmRow(s, coupled, s.gates + b * 4 * s.hidden, s.h + b * s.hidden, s.c + b * s.hidden,
            scratch + b * s.hidden);
}

}  // namespace

Cell rnnCell() { return {1, false, {"Tanh"}, rnnStep, 0}; }

Cell gruCell(const Node& node) {
  const bool late = node.intOr("linear_before_reset", 0) != 0;
  return {3, false, {"Sigmoid", "Tanh"}, late ? gruStepResetLate : gruStep, late ? 1 : 0};
}

Cell lstmCell() { return {4, true, {"Sigmoid", "Tanh", "Tanh"}, lstmStep, 0}; }

}  // namespace lapidary::core
