// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of an operator: forward, backward and cost as pure functions, and the table that lists them all.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/model/graph.h"
#include "core/support/progress.h"

namespace lapidary::core {

/// A memory layout other than row-major, known only to the operators that made it.
class BlockedLayout {
 public:
  virtual ~BlockedLayout() = default;
};

/// The integers that a constant weight was made of: weight = codes * scale, with zero point 0.
struct WeightCodes {
  Tensor codes;   ///< Int8, in the weight's shape
  Tensor scale;   ///< Float32, one for all or one for each position of `axis`
  int axis = -1;  ///< -1: one scale for all
};

/// A value while a model runs: logical shape, bytes, and how they lie in memory.
struct Activation {
  /// Plain: dtype, shape and row-major bytes. Blocked: dtype and the logical shape, with the bytes in
  /// `blockedBytes` instead.
  Tensor tensor;
  Shape shape;
  DType dtype = DType::Float32;
  std::shared_ptr<const BlockedLayout> layout;  ///< null: plain, everything is in `tensor`
  Bytes blockedBytes;
  std::shared_ptr<const WeightCodes> codes;  ///< of a constant weight; null where it has none

  Activation() = default;
  Activation(Tensor plain)
      : tensor(std::move(plain)),
        shape(tensor.shape()),
        dtype(tensor.dtype()) {}  // NOLINT: a plain tensor is an activation
  bool defined() const { return tensor.defined() || layout != nullptr; }
  std::size_t byteSize() const { return layout ? blockedBytes.view.size() : tensor.bytes().size(); }
};

/// Row-major copy of a blocked activation; a plain one is returned as it is. Throws Error(Unsupported) where
/// the kernels cannot put that layout in order.
Tensor toPlain(const Activation& activation);

/// Elementwise function fused behind a heavy operator.
enum class FusedActivation { None, Relu, LeakyRelu, Clip, Sigmoid, Tanh, HardSwish, Gelu };

/// The work that a heavy operator does besides its own sum, in this order: scale and shift per output channel
/// (a folded batch norm), add a residual of the output's shape, apply an activation.
struct Fusion {
  Tensor channelScale, channelShift;  ///< Float32 [C]; undefined where there is no batch norm
  Activation residual;                ///< undefined where nothing is added
  FusedActivation activation = FusedActivation::None;
  float alpha = 0, beta = 0;  ///< LeakyRelu slope; Clip bounds
  /// QuantizeLinear of the result, last of all; a scale of 0 where there is none.
  float codeScale = 0;
  std::int32_t codeZero = 0;
  DType codeType = DType::UInt8;
};

/// State that one plan step keeps between calls with the same weights: packed weights, primitives.
/// An operator stores what it likes under a key made of tensor ids; thread-safe; bounded by count.
class PreparedStore {
 public:
  virtual ~PreparedStore() = default;
  /// Null where nothing is kept under the key.
  virtual std::shared_ptr<const void> find(const Key& key) const = 0;
  virtual void insert(const Key& key, std::shared_ptr<const void> prepared, std::size_t bytes) = 0;
};

/// Runs a subgraph attribute of the node (If, Loop, Scan) with the enclosing values in reach. Not
/// thread-safe: one for each call of an operator.
class SubgraphRunner {
 public:
  virtual ~SubgraphRunner() = default;
  /// The subgraph's outputs for its inputs, both in the subgraph's order and as many as it has. Throws
  /// Cancelled where a stop was asked for, Error where something inside fails.
  virtual std::vector<Activation> run(const Graph& subgraph, std::span<const Activation> inputs) = 0;
};

struct OpCall {
  const Node& node;
  std::int64_t opset;                  ///< imported version of the node's domain
  std::span<const Activation> inputs;  ///< as many as the node lists; undefined where omitted
  const Fusion* fusion = nullptr;      ///< only ever set for operators with `fuses`
  PreparedStore* prepared = nullptr;   ///< null: keep nothing
  SubgraphRunner* subgraphs = nullptr;

  bool has(std::size_t i) const { return i < inputs.size() && inputs[i].defined(); }
  /// Input i as a plain tensor. Throws Error(InvalidInput) naming the input where it is missing, and as
  /// toPlain does.
  Tensor input(std::size_t i) const;
};

struct BackwardCall {
  const Node& node;
  std::int64_t opset;
  std::span<const Tensor> inputs;           ///< plain; undefined where omitted
  std::span<const Tensor> outputs;          ///< plain, as forward gave them
  std::span<const Tensor> outputGradients;  ///< Float32; undefined where nothing flows back
  std::vector<bool> wanted;                 ///< by input: is its gradient needed
  PreparedStore* prepared = nullptr;        ///< the forward call's; null: keep nothing
};

struct Cost {
  double flops = 0;  ///< a multiply-add counts two
  double bytes = 0;  ///< inputs read and outputs written once
};

/// One output activation per node output (undefined where the node omits it). Inputs are plain unless
/// the op takes blocked ones. Throws Error(InvalidInput) for inputs, shapes or attributes that do not fit,
/// Error(Unsupported) for what the standard allows and this program does not do, and what a subgraph throws;
/// never asserts. Whoever calls it adds the node's name.
using Forward = std::vector<Activation> (*)(const OpCall& call);
/// One Float32 gradient per input, undefined where not wanted or not differentiable. Throws as Forward does:
/// Error(Unsupported) above all, for attributes with which no gradient is written. Inputs and outputs are
/// those of a forward call that went well.
using Backward = std::vector<Tensor> (*)(const BackwardCall& call);
/// What the node would cost with these shapes. Throws Error(InvalidInput) for shapes of more elements than
/// can be counted, as elementCount does.
using CostOf = Cost (*)(const Node& node, std::span<const Shape> inputs, std::span<const Shape> outputs);

struct Op {
  std::string_view domain;  ///< "" is ai.onnx
  std::string_view type;
  Forward forward = nullptr;
  Backward backward = nullptr;  ///< null: no gradient flows through
  CostOf cost = nullptr;        ///< null: one operation per output element
  bool takesBlocked = false;    ///< accepts blocked inputs (it may still convert them itself)
  bool fuses = false;           ///< honours OpCall::fusion
  std::int64_t sinceOpset = 1;  ///< the oldest version of the operator that is implemented
  bool takesCodes = false;      ///< accepts inputs that lie in memory as 8-bit codes (int8_codes.h)
};

/// Null where there is no such operator. The table itself is in ops.cpp, one row an operator.
const Op* findOp(std::string_view domain, std::string_view type);
std::span<const Op> allOps();

/// Cost of a node by its op's rule, or the default rule. Throws as CostOf does.
Cost costOf(const Op& op, const Node& node, std::span<const Shape> inputs, std::span<const Shape> outputs);

/// Must be called by every worker thread before it runs operators: one OpenMP thread each, so that
/// workers share the processors by samples.
void useOneThreadPerWorker();

}  // namespace lapidary::core
