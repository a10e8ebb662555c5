// SPDX-License-Identifier: GPL-3.0-or-later
// Einsum: the sum over products of elements that an equation of letters names.
#include <algorithm>
#include <map>
#include <optional>

#include "core/ops/axes.h"
#include "core/ops/checks.h"
#include "core/ops/kernels/gemm_kernel.h"
#include "core/ops/matrix/matrix.h"

namespace lapidary::core {
namespace {

/// A term is a list of labels. Letters stand for themselves; the dimensions under an ellipsis get the
/// labels 1, 2, ... counted from the right, below any letter's code.
using Term = std::vector<int>;

struct Equation {
  std::vector<Term> inputs;
  Term output;
  std::map<int, std::int64_t> sizes;
};

Term parseTerm(const std::string& text, std::optional<std::size_t> ellipsisRank, std::size_t rank) {
  Term term;
  const std::size_t dots = text.find("...");
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (i == dots) {
      const std::size_t letters = text.size() - 3;
      const std::size_t covered = ellipsisRank ? *ellipsisRank : (rank >= letters ? rank - letters : 0);
      for (std::size_t d = covered; d > 0; --d) term.push_back(static_cast<int>(d));
      i += 2;
    } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
      term.push_back(c);
    } else {
      invalid("the equation of Einsum holds '" + std::string(1, c) + "', letters were expected");
    }
  }
  return term;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text)
    if (c == separator)
      parts.emplace_back();
    else
      parts.back() += c;
  return parts;
}

void bindSizes(Equation& equation, const Term& term, const Shape& shape) {
  if (term.size() != shape.size())
    invalid("a term of Einsum's equation has " + std::to_string(term.size()) + " dimensions, its input " +
            toText(shape));
  for (std::size_t d = 0; d < term.size(); ++d) {
    auto [it, fresh] = equation.sizes.emplace(term[d], shape[d]);
    if (fresh || it->second == shape[d] || shape[d] == 1) continue;
    if (it->second != 1)
      invalid("Einsum's inputs disagree on the size of a dimension: " + std::to_string(it->second) + " and " +
              std::to_string(shape[d]));
    it->second = shape[d];
  }
}

/// Without "->": the ellipsis, then the letters that occur once, in alphabetical order.
Term implicitOutput(const std::vector<Term>& inputs) {
  std::map<int, int> seen;
  for (const Term& term : inputs)
    for (const int label : term) ++seen[label];
  Term output;
  for (auto it = seen.rbegin(); it != seen.rend(); ++it)
    if (it->first < 'A') output.push_back(it->first);
  for (const auto& [label, times] : seen)
    if (label >= 'A' && times == 1) output.push_back(label);
  return output;
}

Equation parse(std::string text, const std::vector<Tensor>& inputs) {
  std::erase(text, ' ');
  const std::size_t arrow = text.find("->");
  const std::vector<std::string> terms = split(text.substr(0, arrow), ',');
  if (terms.size() != inputs.size())
    invalid("Einsum's equation '" + text + "' has " + std::to_string(terms.size()) + " terms for " +
            std::to_string(inputs.size()) + " inputs");
  Equation equation;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    equation.inputs.push_back(parseTerm(terms[i], std::nullopt, inputs[i].rank()));
    bindSizes(equation, equation.inputs.back(), inputs[i].shape());
  }
  std::size_t ellipsis = 0;
  for (const auto& [label, size] : equation.sizes)
    if (label < 'A') ellipsis = std::max(ellipsis, static_cast<std::size_t>(label));
  equation.output = arrow == std::string::npos ? implicitOutput(equation.inputs)
                                               : parseTerm(text.substr(arrow + 2), ellipsis, 0);
  for (std::size_t i = 0; i < equation.output.size(); ++i) {
    const int label = equation.output[i];
    if (!equation.sizes.contains(label)) invalid("Einsum's output names a dimension that no input has");
    if (std::count(equation.output.begin(), equation.output.end(), label) > 1)
      invalid("Einsum's output names a dimension twice");
  }
  return equation;
}

Shape sizesOf(const Equation& equation, const Term& labels) {
  Shape shape;
  for (const int label : labels) shape.push_back(equation.sizes.at(label));
  return shape;
}

/// Step in the input's elements when each of `labels` advances by one; a repeated letter is a diagonal,
/// and a dimension of size 1 stays where it is.
std::vector<std::int64_t> stepsOf(const Term& term, const Shape& shape, const Term& labels) {
  std::vector<std::int64_t> steps(labels.size(), 0);
  std::int64_t stride = 1;
  for (std::size_t d = term.size(); d-- > 0;) {
    for (std::size_t i = 0; i < labels.size(); ++i)
      if (labels[i] == term[d] && shape[d] != 1) steps[i] += stride;
    stride *= shape[d];
  }
  return steps;
}

/// Calls body with the offsets of every operand for every position of `shape`, last dimension quickest.
template <class Body>
void walk(const Shape& shape, const std::vector<std::vector<std::int64_t>>& steps, Body&& body) {
  const std::int64_t count = elementCount(shape);
  std::vector<std::int64_t> position(shape.size(), 0), offsets(steps.size(), 0);
  for (std::int64_t i = 0; i < count; ++i) {
    body(offsets);
    for (std::size_t d = shape.size(); d-- > 0;) {
      const bool carries = ++position[d] == shape[d];
      for (std::size_t k = 0; k < steps.size(); ++k)
        offsets[k] += carries ? -steps[k][d] * (shape[d] - 1) : steps[k][d];
      if (!carries) break;
      position[d] = 0;
    }
  }
}

Term without(const Term& labels, const Term& removed) {
  Term rest;
  for (const int label : labels)
    if (std::ranges::find(removed, label) == removed.end()) rest.push_back(label);
  return rest;
}

bool holds(const Term& term, int label) { return std::ranges::find(term, label) != term.end(); }

Term joined(std::initializer_list<Term> parts) {
  Term all;
  for (const Term& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

/// The operand's elements in the order of `labels`; labels that it has and `labels` lacks are summed.
std::vector<float> gathered(const Equation& equation, std::size_t operand, const Tensor& tensor,
                            const Term& labels) {
  Term summed;
  for (const int label : equation.inputs[operand])
    if (!holds(labels, label) && !holds(summed, label)) summed.push_back(label);
  const Shape inner = sizesOf(equation, summed);
  const Shape outer = sizesOf(equation, labels);
  const auto& term = equation.inputs[operand];
  const auto innerSteps = stepsOf(term, tensor.shape(), summed);
  const float* x = tensor.as<float>().data();
  std::vector<float> result;
  result.reserve(static_cast<std::size_t>(elementCount(checkedShape(outer))));
  walk(outer, {stepsOf(term, tensor.shape(), labels)}, [&](const auto& at) {
    double sum = 0;
    if (summed.empty())
      sum = static_cast<double>(x[at[0]]);
    else
      walk(inner, {innerSteps}, [&](const auto& in) { sum += static_cast<double>(x[at[0] + in[0]]); });
    result.push_back(static_cast<float>(sum));
  });
  return result;
}

/// Two operands as batched matrix products: shared labels that stay are the batch, those that go are
/// the depth, the rest are rows and columns.
Tensor pairProduct(const Equation& equation, const Tensor& a, const Tensor& b) {
  const Term& left = equation.inputs[0];
  const Term& right = equation.inputs[1];
  Term batch, rows, columns, depth;
  for (const auto& [label, size] : equation.sizes) {
    const bool stays = holds(equation.output, label);
    if (holds(left, label) && holds(right, label))
      (stays ? batch : depth).push_back(label);
    else if (stays)
      (holds(left, label) ? rows : columns).push_back(label);
  }
  const std::vector<float> x = gathered(equation, 0, a, joined({batch, rows, depth}));
  const std::vector<float> y = gathered(equation, 1, b, joined({batch, depth, columns}));
  const std::int64_t m = elementCount(sizesOf(equation, rows)), n = elementCount(sizesOf(equation, columns));
  const std::int64_t k = elementCount(sizesOf(equation, depth)),
                     count = elementCount(sizesOf(equation, batch));
  const Term order = joined({batch, rows, columns});
  TensorBuilder product(DType::Float32, sizesOf(equation, order));
  float* z = product.as<float>().data();
  for (std::int64_t i = 0; i < count; ++i)
    multiply({.m = m,
              .n = n,
              .k = k,
              .a = x.data() + i * m * k,
              .lda = k,
              .b = y.data() + i * k * n,
              .ldb = n,
              .c = z + i * m * n,
              .ldc = n});
  const Shape shape = sizesOf(equation, equation.output);
  TensorBuilder out(DType::Float32, shape);
  std::size_t next = 0;
  walk(shape, {stepsOf(order, sizesOf(equation, order), equation.output)},
       [&](const auto& at) { out.as<float>()[next++] = z[at[0]]; });
  return std::move(out).build();
}

Tensor generalSum(const Equation& equation, const std::vector<Tensor>& inputs) {
  Term all;
  for (const auto& [label, size] : equation.sizes) all.push_back(label);
  const Term summed = without(all, equation.output);
  std::vector<std::vector<std::int64_t>> outer, inner;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    outer.push_back(stepsOf(equation.inputs[i], inputs[i].shape(), equation.output));
    inner.push_back(stepsOf(equation.inputs[i], inputs[i].shape(), summed));
  }
  const Shape shape = sizesOf(equation, equation.output);
  const Shape sumShape = sizesOf(equation, summed);
  TensorBuilder out(DType::Float64, shape);
  std::size_t next = 0;
  walk(shape, outer, [&](const auto& at) {
    double sum = 0;
    walk(sumShape, inner, [&](const auto& in) {
      double term = 1;
      for (std::size_t i = 0; i < inputs.size(); ++i)
        term *= inputs[i].as<double>()[static_cast<std::size_t>(at[i] + in[i])];
      sum += term;
    });
    out.as<double>()[next++] = sum;
  });
  return std::move(out).build();
}

/// Can the gradient of an operand be had as the Einsum of the output's gradient with the other operand?
/// Not where a letter repeats (a diagonal), is summed alone, or stands for a dimension that broadcasts.
bool isProduct(const Equation& equation, std::size_t operand, const Shape& shape) {
  const Term& own = equation.inputs[operand];
  const Term& other = equation.inputs[1 - operand];
  return sizesOf(equation, own) == shape && std::ranges::all_of(own, [&](int label) {
           return std::ranges::count(own, label) == 1 &&
                  (holds(equation.output, label) || holds(other, label));
         });
}

/// The gradient of any operand: for all positions of all labels, the flow times the other operands.
Tensor generalGradient(const Equation& equation, const std::vector<Tensor>& inputs, std::size_t operand,
                       const Tensor& flow) {
  Term all;
  for (const auto& [label, size] : equation.sizes) all.push_back(label);
  std::vector<std::vector<std::int64_t>> steps;
  std::vector<Tensor> wide;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    steps.push_back(stepsOf(equation.inputs[i], inputs[i].shape(), all));
    wide.push_back(convert(inputs[i], DType::Float64));
  }
  steps.push_back(stepsOf(equation.output, flow.shape(), all));
  std::vector<double> sums(static_cast<std::size_t>(inputs[operand].size()), 0);
  walk(sizesOf(equation, all), steps, [&](const auto& at) {
    auto term = static_cast<double>(flow.as<float>()[static_cast<std::size_t>(at.back())]);
    for (std::size_t i = 0; i < wide.size(); ++i)
      if (i != operand) term *= wide[i].template as<double>()[static_cast<std::size_t>(at[i])];
    sums[static_cast<std::size_t>(at[operand])] += term;
  });
  return convert(Tensor::from<double>(inputs[operand].shape(), sums), DType::Float32);
}

}  // namespace

std::vector<Tensor> einsumBackward(const BackwardCall& call) {
  std::vector<Tensor> gradients(call.inputs.size());
  const Tensor& flow = call.outputGradients[0];
  if (!flow.defined()) return gradients;
  const std::vector<Tensor> inputs(call.inputs.begin(), call.inputs.end());
  const Equation equation = parse(call.node.textOr("equation", ""), inputs);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!call.wanted[i] || !isFloating(inputs[i].dtype())) continue;
    if (inputs.size() == 2 && isProduct(equation, i, inputs[i].shape())) {
      const Equation adjoint{{equation.output, equation.inputs[1 - i]}, equation.inputs[i], equation.sizes};
      gradients[i] = pairProduct(adjoint, flow, toFloat32(inputs[1 - i]));
    } else {
      gradients[i] = generalGradient(equation, inputs, i, flow);
    }
  }
  return gradients;
}

std::vector<Activation> einsumForward(const OpCall& call) {
  if (call.inputs.empty()) invalid("Einsum has no input");
  std::vector<Tensor> inputs;
  for (std::size_t i = 0; i < call.inputs.size(); ++i) inputs.push_back(call.input(i));
  const DType type = inputs[0].dtype();
  for (const Tensor& input : inputs)
    if (input.dtype() != type) invalid("the inputs of Einsum are of different types");
  const Equation equation = parse(call.node.textOr("equation", ""), inputs);
  checkedShape(sizesOf(equation, equation.output));
  if (inputs.size() == 2 && isFloating(type) && type != DType::Float64)
    return {convert(pairProduct(equation, toFloat32(inputs[0]), toFloat32(inputs[1])), type)};
  for (Tensor& input : inputs) input = convert(input, DType::Float64);
  return {convert(generalSum(equation, inputs), type)};
}

}  // namespace lapidary::core
