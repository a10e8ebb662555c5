// SPDX-License-Identifier: GPL-3.0-or-later
// RNN, GRU and LSTM against the equations of the ONNX operators, written out one element at a time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/core/ops/op_testing.h"

namespace lapidary::core::testing {
namespace {

using ::testing::HasSubstr;
using Function = double (*)(double);

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double tangent(double x) { return std::tanh(x); }
double relu(double x) { return x > 0 ? x : 0; }
double softsign(double x) { return x / (1 + std::fabs(x)); }
double hardSigmoid(double x) { return std::clamp(0.25 * x + 0.4, 0.0, 1.0); }
double elu(double x) { return x >= 0 ? x : 0.7 * (std::exp(x) - 1); }

struct RecurrentProblem {
  std::string op;
  std::int64_t gates, directions, steps, batch, inputs, hidden;
  Tensor x, w, r, b, h, c, p;
  std::vector<std::int64_t> lengths;
  std::vector<Function> functions;
  double clip = 0;
  bool reversed = false, resetLate = false, coupled = false;
};

struct Answer {
  std::vector<double> y, h, c;
};

double valueOrZero(const Tensor& tensor, std::int64_t i) {
  return tensor.defined() ? static_cast<double>(tensor.as<float>()[static_cast<std::size_t>(i)]) : 0;
}

/// One sample in one direction, step by step.
class Reference {
 public:
  Reference(const RecurrentProblem& p, std::int64_t d, std::int64_t b) : m_p(p), m_d(d), m_b(b) {
    for (std::int64_t j = 0; j < p.hidden; ++j) {
      m_h.push_back(valueOrZero(p.h, (d * p.batch + b) * p.hidden + j));
      m_c.push_back(valueOrZero(p.c, (d * p.batch + b) * p.hidden + j));
    }
  }

  void step(std::int64_t time) {
    const std::vector<double> h = m_h, c = m_c;
    for (std::int64_t j = 0; j < m_p.hidden; ++j) {
      const auto n = static_cast<std::size_t>(j);
      if (m_p.op == "RNN") m_h[n] = apply(0, input(time, 0, j) + recurrent(0, j, h));
      if (m_p.op == "GRU") m_h[n] = gru(time, j, h);
      if (m_p.op == "LSTM") lstm(time, j, h, c[n]);
    }
  }

  const std::vector<double>& h() const { return m_h; }
  const std::vector<double>& c() const { return m_c; }

 private:
  double apply(std::size_t function, double x) const {
    if (m_p.clip > 0) x = std::clamp(x, -m_p.clip, m_p.clip);
    return m_p.functions[function](x);
  }
  std::int64_t rows() const { return m_p.gates * m_p.hidden; }
  double input(std::int64_t time, std::int64_t gate, std::int64_t j) const {
    const std::int64_t row = m_d * rows() + gate * m_p.hidden + j;
    double sum = valueOrZero(m_p.b, 2 * m_d * rows() + gate * m_p.hidden + j);
    for (std::int64_t i = 0; i < m_p.inputs; ++i)
      sum += valueOrZero(m_p.x, (time * m_p.batch + m_b) * m_p.inputs + i) *
             valueOrZero(m_p.w, row * m_p.inputs + i);
    return sum;
  }
  double recurrent(std::int64_t gate, std::int64_t j, const std::vector<double>& h) const {
    const std::int64_t row = m_d * rows() + gate * m_p.hidden + j;
    double sum = valueOrZero(m_p.b, (2 * m_d + 1) * rows() + gate * m_p.hidden + j);
    for (std::int64_t i = 0; i < m_p.hidden; ++i)
      sum += h[static_cast<std::size_t>(i)] * valueOrZero(m_p.r, row * m_p.hidden + i);
    return sum;
  }

  double gru(std::int64_t time, std::int64_t j, const std::vector<double>& h) const {
    const auto gate = [&](std::int64_t g, std::int64_t k) {
      return apply(0, input(time, g, k) + recurrent(g, k, h));
    };
    const double z = gate(0, j);
    double inner = gate(1, j) * recurrent(2, j, h);
    if (!m_p.resetLate) {
      std::vector<double> reset = h;
      for (std::int64_t k = 0; k < m_p.hidden; ++k) reset[static_cast<std::size_t>(k)] *= gate(1, k);
      inner = recurrent(2, j, reset);
    }
    return (1 - z) * apply(1, input(time, 2, j) + inner) + z * h[static_cast<std::size_t>(j)];
  }

  void lstm(std::int64_t time, std::int64_t j, const std::vector<double>& h, double c) {
    const auto sum = [&](std::int64_t g) { return input(time, g, j) + recurrent(g, j, h); };
    const auto peephole = [&](std::int64_t g, double cell) {
      return valueOrZero(m_p.p, m_d * 3 * m_p.hidden + g * m_p.hidden + j) * cell;
    };
    const double in = apply(0, sum(0) + peephole(0, c));
    const double forget = m_p.coupled ? 1 - in : apply(0, sum(2) + peephole(2, c));
    const double next = forget * c + in * apply(1, sum(3));
    const double out = apply(0, sum(1) + peephole(1, next));
    m_c[static_cast<std::size_t>(j)] = next;
    m_h[static_cast<std::size_t>(j)] = out * m_p.functions[2](next);
  }

  const RecurrentProblem& m_p;
  std::int64_t m_d, m_b;
  std::vector<double> m_h, m_c;
};

Answer solve(const RecurrentProblem& p) {
  Answer answer;
  const auto size = [](std::int64_t n) { return static_cast<std::size_t>(n); };
  answer.y.assign(size(p.steps * p.directions * p.batch * p.hidden), 0);
  for (std::int64_t d = 0; d < p.directions; ++d)
    for (std::int64_t b = 0; b < p.batch; ++b) {
      Reference reference(p, d, b);
      const std::int64_t length = p.lengths.empty() ? p.steps : p.lengths[size(b)];
      for (std::int64_t s = 0; s < length; ++s) {
        const std::int64_t time = p.reversed || d == 1 ? length - 1 - s : s;
        reference.step(time);
        std::ranges::copy(reference.h(),
                          answer.y.begin() + ((time * p.directions + d) * p.batch + b) * p.hidden);
      }
      answer.h.insert(answer.h.end(), reference.h().begin(), reference.h().end());
      answer.c.insert(answer.c.end(), reference.c().begin(), reference.c().end());
    }
  return answer;
}

RecurrentProblem problem(const std::string& op, std::int64_t directions, unsigned seed) {
  RecurrentProblem p{
      op, op == "RNN" ? 1 : op == "GRU" ? 3 : 4, directions, 5, 3, 4, 6, {}, {}, {}, {}, {}, {}, {}, {}, {}};
  p.x = randomTensor({p.steps, p.batch, p.inputs}, seed);
  p.w = randomTensor({directions, p.gates * p.hidden, p.inputs}, seed + 1);
  p.r = randomTensor({directions, p.gates * p.hidden, p.hidden}, seed + 2);
  p.b = randomTensor({directions, 2 * p.gates * p.hidden}, seed + 3);
  p.h = randomTensor({directions, p.batch, p.hidden}, seed + 4);
  if (op == "LSTM") {
    p.c = randomTensor({directions, p.batch, p.hidden}, seed + 5);
    p.p = randomTensor({directions, 3 * p.hidden}, seed + 6);
  }
  p.functions =
      op == "RNN" ? std::vector<Function>{tangent} : std::vector<Function>{sigmoid, tangent, tangent};
  return p;
}

std::vector<Tensor> run(const RecurrentProblem& p, Attributes attributes, std::int64_t opset = 14) {
  attributes["hidden_size"] = number(p.hidden);
  if (p.directions == 2) attributes["direction"] = text("bidirectional");
  if (p.reversed) attributes["direction"] = text("reverse");
  if (p.clip > 0) attributes["clip"] = static_cast<float>(p.clip);
  Tensor lengths;
  if (!p.lengths.empty()) lengths = convert(Tensor::from<std::int64_t>({p.batch}, p.lengths), DType::Int32);
  std::vector<Tensor> inputs{p.x, p.w, p.r, p.b, lengths, p.h};
  if (p.op == "LSTM") inputs.insert(inputs.end(), {p.c, p.p});
  return runOp(p.op, inputs, attributes, opset, p.op == "LSTM" ? 3 : 2);
}

void expectNear(const Tensor& actual, const std::vector<double>& expected, const Shape& shape) {
  ASSERT_EQ(actual.shape(), shape);
  for (std::size_t i = 0; i < expected.size(); ++i)
    ASSERT_NEAR(static_cast<double>(actual.as<float>()[i]), expected[i], 3e-6) << i;
}

void expectSolved(const RecurrentProblem& p, const Attributes& attributes) {
  const Answer answer = solve(p);
  const auto results = run(p, attributes);
  expectNear(results.at(0), answer.y, {p.steps, p.directions, p.batch, p.hidden});
  expectNear(results.at(1), answer.h, {p.directions, p.batch, p.hidden});
  if (p.op == "LSTM") expectNear(results.at(2), answer.c, {p.directions, p.batch, p.hidden});
}

constexpr const char* operators[] = {"RNN", "GRU", "LSTM"};

TEST(Recurrent, FollowsTheEquationsInEveryDirection) {
  for (const std::string op : operators) {
    SCOPED_TRACE(op);
    expectSolved(problem(op, 1, 1), {});
    expectSolved(problem(op, 2, 20), {});
    RecurrentProblem reversed = problem(op, 1, 40);
    reversed.reversed = true;
    expectSolved(reversed, {});
  }
}

TEST(Recurrent, EverySampleEndsAtItsOwnLength) {
  for (const std::string op : operators) {
    SCOPED_TRACE(op);
    RecurrentProblem p = problem(op, 2, 60);
    p.lengths = {5, 2, 3};
    expectSolved(p, {});
    p.lengths = {1, 0, 4};
    expectSolved(p, {});
    p.lengths = {1, 6, 4};
    EXPECT_THROW(run(p, {}), Error);
  }
}

TEST(Recurrent, OptionalInputsAreZeros) {
  for (const std::string op : operators) {
    SCOPED_TRACE(op);
    RecurrentProblem p = problem(op, 1, 80);
    p.b = p.h = p.c = p.p = Tensor();
    expectSolved(p, {});
  }
}

TEST(Recurrent, ResetAfterTheProduct) {
  RecurrentProblem p = problem("GRU", 2, 100);
  p.resetLate = true;
  expectSolved(p, {{"linear_before_reset", number(1)}});
  p.b = Tensor();
  expectSolved(p, {{"linear_before_reset", number(1)}});
}

TEST(Recurrent, CoupledForgetGate) {
  RecurrentProblem p = problem("LSTM", 1, 120);
  p.coupled = true;
  expectSolved(p, {{"input_forget", number(1)}});
}

TEST(Recurrent, ClipBoundsWhatTheGatesGet) {
  for (const std::string op : operators) {
    SCOPED_TRACE(op);
    RecurrentProblem p = problem(op, 1, 140);
    p.clip = 0.3;
    expectSolved(p, {});
  }
}

TEST(Recurrent, ActivationsByNameWithTheirParameters) {
  RecurrentProblem p = problem("LSTM", 1, 160);
  p.functions = {hardSigmoid, softsign, elu};
  Attributes attributes{{"activations", std::vector<std::string>{"HardSigmoid", "Softsign", "Elu"}},
                        {"activation_alpha", std::vector<float>{0.25f, 0.7f}},
                        {"activation_beta", std::vector<float>{0.4f}}};
  expectSolved(p, attributes);
  p = problem("RNN", 1, 170);
  p.functions = {relu};
  expectSolved(p, {{"activations", std::vector<std::string>{"relu"}}});
}

TEST(Recurrent, TwoDirectionsMayHaveTheirOwnActivations) {
  RecurrentProblem p = problem("RNN", 2, 180);
  const std::vector<std::string> names{"Tanh", "Relu"};
  const auto mixed = run(p, {{"activations", names}});
  const auto first = run(p, {{"activations", std::vector<std::string>{"Tanh", "Tanh"}}});
  const auto second = run(p, {{"activations", std::vector<std::string>{"Relu", "Relu"}}});
  const std::size_t half = static_cast<std::size_t>(p.batch * p.hidden);
  for (std::size_t i = 0; i < 2 * half; ++i)
    EXPECT_EQ(mixed[1].as<float>()[i], (i < half ? first : second)[1].as<float>()[i]);
}

Tensor swapped(const Tensor& tensor, const std::vector<std::int64_t>& permutation) {
  return runOne("Transpose", {tensor}, {{"perm", ints(permutation)}});
}

TEST(Recurrent, TheOtherLayoutIsTheSameTransposed) {
  for (const std::string op : operators) {
    SCOPED_TRACE(op);
    RecurrentProblem p = problem(op, 2, 200);
    const auto expected = run(p, {});
    p.x = swapped(p.x, {1, 0, 2});
    p.h = swapped(p.h, {1, 0, 2});
    if (p.c.defined()) p.c = swapped(p.c, {1, 0, 2});
    const auto actual = run(p, {{"layout", number(1)}});
    EXPECT_TRUE(isClose(actual[0], swapped(expected[0], {2, 0, 1, 3}), 0, 0));
    EXPECT_TRUE(isClose(actual[1], swapped(expected[1], {1, 0, 2}), 0, 0));
    if (op != "LSTM") continue;
    EXPECT_TRUE(isClose(actual[2], swapped(expected[2], {1, 0, 2}), 0, 0));
  }
}

TEST(Recurrent, SplitInTimeGivesTheSame) {
  for (const std::string op : operators) {
    RecurrentProblem p = problem(op, 1, 220);
    const auto whole = run(p, {});
    const std::int64_t half = 2 * p.batch * p.inputs;
    RecurrentProblem first = p, second = p;
    first.steps = 2, second.steps = 3;
    const auto values = p.x.as<float>();
    first.x = Tensor::from<float>({2, p.batch, p.inputs}, values.first(static_cast<std::size_t>(half)));
    second.x = Tensor::from<float>({3, p.batch, p.inputs}, values.subspan(static_cast<std::size_t>(half)));
    const auto middle = run(first, {});
    second.h = middle[1];
    if (op == "LSTM") second.c = middle[2];
    EXPECT_TRUE(isClose(run(second, {})[1], whole[1])) << op;
  }
}

TEST(Recurrent, ErrorsSayWhatDoesNotFit) {
  const auto messageOf = [](const RecurrentProblem& p, const Attributes& attributes) -> std::string {
    try {
      run(p, attributes);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  };
  const RecurrentProblem good = problem("LSTM", 1, 1);
  RecurrentProblem p = good;
  p.w = randomTensor({1, 24, 5}, 1);
  EXPECT_EQ(messageOf(p, {}), "input 1 (W): has shape 1x24x5, 1x24x4 expected");
  p = good;
  p.h = randomTensor({1, 2, 6}, 1);
  EXPECT_EQ(messageOf(p, {}), "input 5 (initial_h): has shape 1x2x6, 1x3x6 expected");
  p = good;
  p.lengths = {1, 2, 99};
  EXPECT_EQ(messageOf(p, {}), "input 4 (sequence_lens): holds 99 for sequences of 5");
  EXPECT_THAT(messageOf(good, {{"activations", std::vector<std::string>{"Sigmoid", "Tanh", "Wobble"}}}),
              HasSubstr("no function is called 'Wobble'"));
  EXPECT_THAT(messageOf(good, {{"activations", std::vector<std::string>{"Sigmoid"}}}),
              HasSubstr("has 1 names, 3 expected"));
  p = good;
  p.x = randomTensor({3, 4}, 1);
  EXPECT_THAT(messageOf(p, {}), HasSubstr("3 dimensions each are expected"));
  Attributes sideways{{"direction", text("sideways")}};
  EXPECT_THAT(messageOf(good, sideways), HasSubstr("is 'sideways'"));
}

TEST(Recurrent, NoGradientIsClaimed) {
  for (const std::string op : operators) EXPECT_EQ(findOp("", op)->backward, nullptr);
}

}  // namespace
}  // namespace lapidary::core::testing
