// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/attention/scaled_product.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/ops/axes.h"
#include "core/ops/checks.h"
#include "core/ops/kernels/gemm_kernel.h"
#include "core/ops/kernels/vector_math.h"
#include "core/ops/kernels/vector_sums.h"

namespace lapidary::core {
namespace {

constexpr float unseen = -std::numeric_limits<float>::infinity();

struct Extents {
  std::int64_t batch, heads, groups, queries, keys, size, valueSize;

  explicit Extents(const ScaledProduct& p)
      : batch(p.q.shape()[0]),
        heads(p.q.shape()[1]),
        groups(p.k.shape()[1]),
        queries(p.q.shape()[2]),
        keys(p.k.shape()[2]),
        size(p.q.shape()[3]),
        valueSize(p.v.shape()[3]) {}
  std::int64_t scores() const { return queries * keys; }
};

void requireFits(const ScaledProduct& p) {
  for (const Tensor* tensor : {&p.q, &p.k, &p.v}) requireRank(*tensor, 4, "an input of attention");
  const Shape &q = p.q.shape(), &k = p.k.shape(), &v = p.v.shape();
  const std::string shapes = toText(q) + ", keys " + toText(k) + " and values " + toText(v);
  if (k[0] != q[0] || v[0] != q[0]) invalid("queries " + shapes + " differ in their number of samples");
  if (v[1] != k[1] || v[2] != k[2]) invalid("queries " + shapes + ": every key needs a value");
  if (k[3] != q[3]) invalid("queries " + shapes + ": keys and queries differ in length");
  if (k[1] < 1 || q[1] % k[1] != 0)
    invalid(std::to_string(q[1]) + " heads of queries cannot share " + std::to_string(k[1]) +
            " heads of keys");
  checkedShape({q[0], q[1], q[2], k[2]});
}

LAPIDARY_VECTORIZED void scaleBy(float* x, std::int64_t count, float factor) {
  for (std::int64_t i = 0; i < count; ++i) x[i] *= factor;
}

LAPIDARY_VECTORIZED void addTo(float* x, const float* y, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) x[i] += y[i];
}

LAPIDARY_VECTORIZED void lowerBy(float* x, std::int64_t count, float amount) {
  for (std::int64_t i = 0; i < count; ++i) x[i] -= amount;
}

/// One head of one sample: what its pointers are, and the steps on its scores [queries, keys].
class HeadOf {
 public:
  HeadOf(const ScaledProduct& p, const Extents& e, std::int64_t index)
      : m_p(p), m_e(e), m_batch(index / e.heads), m_head(index % e.heads) {
    for (std::int64_t i = 0; i < e.queries; ++i) m_end = std::max(m_end, rangeOf(i).end);
  }

  const float* q() const { return m_p.q.as<float>().data() + index() * m_e.queries * m_e.size; }
  const float* k() const { return m_p.k.as<float>().data() + group() * m_e.keys * m_e.size; }
  const float* v() const { return m_p.v.as<float>().data() + group() * m_e.keys * m_e.valueSize; }
  std::int64_t index() const { return m_batch * m_e.heads + m_head; }
  std::int64_t group() const { return m_batch * m_e.groups + m_head / (m_e.heads / m_e.groups); }
  /// No query sees a key from here on: what lies there may be anything, even not a number.
  std::int64_t end() const { return m_end; }

  void score(float* s) const {
    multiply({.transB = true,
              .m = m_e.queries,
              .n = m_e.keys,
              .k = m_e.size,
              .alpha = m_p.scale,
              .a = q(),
              .lda = m_e.size,
              .b = k(),
              .ldb = m_e.size,
              .c = s,
              .ldc = m_e.keys});
  }

  void cap(float* s) const {
    if (m_p.softcap == 0) return;
    scaleBy(s, m_e.scores(), 1 / m_p.softcap);
    tanhArray(s, s, static_cast<std::size_t>(m_e.scores()));
    scaleBy(s, m_e.scores(), m_p.softcap);
  }

  void mask(float* s) const {
    if (m_p.mask.defined()) addTo(s, m_p.mask.as<float>().data() + maskOffset(), m_e.scores());
    for (std::int64_t i = 0; i < m_e.queries; ++i) {
      const KeyRange range = rangeOf(i);
      std::fill_n(s + i * m_e.keys, range.first, unseen);
      std::fill(s + i * m_e.keys + range.end, s + (i + 1) * m_e.keys, unseen);
    }
  }

  void share(float* s) const {
    for (std::int64_t i = 0; i < m_e.queries; ++i) {
      const KeyRange range = rangeOf(i);
      shareRow(s + i * m_e.keys + range.first, range.end - range.first);
      std::fill_n(s + i * m_e.keys, range.first, 0.0f);
      std::fill(s + i * m_e.keys + range.end, s + (i + 1) * m_e.keys, 0.0f);
    }
  }

  std::int64_t maskOffset() const {
    const Shape& shape = m_p.mask.shape();
    return ((shape[0] == 1 ? 0 : m_batch) * shape[1] + (shape[1] == 1 ? 0 : m_head)) * m_e.scores();
  }

 private:
  KeyRange rangeOf(std::int64_t query) const {
    if (m_p.visible.empty()) return {0, m_e.keys};
    KeyRange range = m_p.visible[static_cast<std::size_t>(m_batch * m_e.queries + query)];
    range.end = std::clamp<std::int64_t>(range.end, 0, m_e.keys);
    range.first = std::clamp<std::int64_t>(range.first, 0, range.end);
    return range;
  }

  /// Where all scores are minus infinity, nothing is seen.
  void shareRow(float* s, std::int64_t count) const {
    const float sink = m_p.sinks.empty() ? unseen : m_p.sinks[static_cast<std::size_t>(m_head)];
    const float most = std::max(maxOf(s, count), sink);
    if (most == unseen && std::none_of(s, s + count, [](float x) { return std::isnan(x); }))
      return void(std::fill_n(s, count, 0.0f));
    lowerBy(s, count, most);
    expArray(s, s, static_cast<std::size_t>(count));
    const float rest = sink == unseen ? 0 : std::exp(sink - most);
    scaleBy(s, count, 1 / (sumOf(s, count) + rest));
  }

  const ScaledProduct& m_p;
  const Extents& m_e;
  std::int64_t m_batch, m_head, m_end = 0;
};

/// The sum of the values by their shares.
void weighted(const HeadOf& head, const Extents& e, const float* shares, float* y) {
  if (head.end() == 0) return void(std::fill_n(y, e.queries * e.valueSize, 0.0f));
  multiply({.m = e.queries,
            .n = e.valueSize,
            .k = head.end(),
            .a = shares,
            .lda = e.keys,
            .b = head.v(),
            .ldb = e.valueSize,
            .c = y,
            .ldc = e.valueSize});
}

/// The gradient of the shares becomes that of the masked scores: p (g - sum of p g) in every row.
void throughSoftmax(const Extents& e, const float* shares, float* g) {
  for (std::int64_t i = 0; i < e.queries; ++i, shares += e.keys, g += e.keys) {
    const float along = dotOf(shares, g, e.keys);
    for (std::int64_t j = 0; j < e.keys; ++j) g[j] = shares[j] * (g[j] - along);
  }
}

void throughCap(float softcap, const float* capped, float* g, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    const float t = capped[i] / softcap;
    g[i] *= 1 - t * t;
  }
}

/// The buffers of one backward pass.
struct BackwardPass {
  const ScaledProduct& p;
  const Extents& e;
  const float* dy;
  float *dq, *dk, *dv, *dMask;
  std::vector<float> shares, capped, g;

  void head(std::int64_t index) {
    const HeadOf head(p, e, index);
    head.score(shares.data());
    head.cap(shares.data());
    capped = shares;
    head.mask(shares.data());
    head.share(shares.data());
    const std::int64_t n = head.end();
    if (n == 0) return;
    const float* flow = dy + index * e.queries * e.valueSize;
    multiply({.transA = true,
              .m = n,
              .n = e.valueSize,
              .k = e.queries,
              .a = shares.data(),
              .lda = e.keys,
              .b = flow,
              .ldb = e.valueSize,
              .beta = 1,
              .c = dv + head.group() * e.keys * e.valueSize,
              .ldc = e.valueSize});
    std::ranges::fill(g, 0.0f);
    multiply({.transB = true,
              .m = e.queries,
              .n = n,
              .k = e.valueSize,
              .a = flow,
              .lda = e.valueSize,
              .b = head.v(),
              .ldb = e.valueSize,
              .c = g.data(),
              .ldc = e.keys});
    throughSoftmax(e, shares.data(), g.data());
    if (dMask != nullptr) addTo(dMask + head.maskOffset(), g.data(), e.scores());
    if (p.softcap != 0) throughCap(p.softcap, capped.data(), g.data(), e.scores());
    multiply({.m = e.queries,
              .n = e.size,
              .k = n,
              .alpha = p.scale,
              .a = g.data(),
              .lda = e.keys,
              .b = head.k(),
              .ldb = e.size,
              .c = dq + index * e.queries * e.size,
              .ldc = e.size});
    multiply({.transA = true,
              .m = n,
              .n = e.size,
              .k = e.queries,
              .alpha = p.scale,
              .a = g.data(),
              .lda = e.keys,
              .b = head.q(),
              .ldb = e.size,
              .beta = 1,
              .c = dk + head.group() * e.keys * e.size,
              .ldc = e.size});
  }
};

}  // namespace

Attended attend(const ScaledProduct& p, AttentionStep step) {
  requireFits(p);
  const Extents e(p);
  TensorBuilder y(DType::Float32, {e.batch, e.heads, e.queries, e.valueSize});
  const bool kept = step != AttentionStep::None;
  TensorBuilder steps(DType::Float32, kept ? Shape{e.batch, e.heads, e.queries, e.keys} : Shape{0});
  std::vector<float> scores(static_cast<std::size_t>(e.scores()));
  for (std::int64_t index = 0; index < e.batch * e.heads; ++index) {
    const HeadOf head(p, e, index);
    float* s = scores.data();
    const auto keep = [&](AttentionStep done) {
      if (done == step) std::copy_n(s, e.scores(), steps.as<float>().data() + index * e.scores());
    };
    head.score(s);
    keep(AttentionStep::Scores);
    head.cap(s);
    keep(AttentionStep::Capped);
    head.mask(s);
    keep(AttentionStep::Masked);
    head.share(s);
    keep(AttentionStep::Shares);
    weighted(head, e, s, y.as<float>().data() + index * e.queries * e.valueSize);
  }
  return {std::move(y).build(), kept ? std::move(steps).build() : Tensor()};
}

AttentionGradients attendBackward(const ScaledProduct& p, const Tensor& dy) {
  requireFits(p);
  const Extents e(p);
  TensorBuilder dq = zeros(p.q.shape()), dk = zeros(p.k.shape()), dv = zeros(p.v.shape()),
                dMask = zeros(p.mask.defined() ? p.mask.shape() : Shape{0});
  const auto count = static_cast<std::size_t>(e.scores());
  BackwardPass backward{p,
                        e,
                        dy.as<float>().data(),
                        dq.as<float>().data(),
                        dk.as<float>().data(),
                        dv.as<float>().data(),
                        p.mask.defined() ? dMask.as<float>().data() : nullptr,
                        std::vector<float>(count),
                        {},
                        std::vector<float>(count)};
  for (std::int64_t index = 0; index < e.batch * e.heads; ++index) backward.head(index);
  return {std::move(dq).build(), std::move(dk).build(), std::move(dv).build(),
          p.mask.defined() ? std::move(dMask).build() : Tensor()};
}

}  // namespace lapidary::core
