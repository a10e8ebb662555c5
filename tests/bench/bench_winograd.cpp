// SPDX-License-Identifier: GPL-3.0-or-later
// How much quicker 3 x 3 convolutions are by Winograd's algorithm than by oneDNN, layer by layer of networks
// that are well known: one process, one thread, in turns, each in the layout that it likes best. The ratio is
// to oneDNN's direct convolution for AVX2, which runs where this kernel does not pay; what oneDNN has for
// AVX-512 is shown beside it. Ends with 1 where the results differ.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/ops/kernels/conv_primitive.h"
#include "core/ops/kernels/onednn.h"
#include "core/ops/kernels/winograd.h"
#include "tests/bench/ratio.h"

namespace lapidary::bench {
namespace {

using dnnl::memory;
using Floats = std::vector<float>;

constexpr int rounds = 15;

/// Stride 1, padded by 1 on every side.
struct LayerShape {
  const char* name;
  int in, out, size;
};

constexpr LayerShape layers[] = {
    {"VGG-16 conv1_2", 64, 64, 224},   {"VGG-16 conv2_2", 128, 128, 112}, {"VGG-16 conv3_2", 256, 256, 56},
    {"VGG-16 conv4_2", 512, 512, 28},  {"VGG-16 conv5_2", 512, 512, 14},  {"ResNet-50 conv2", 64, 64, 56},
    {"ResNet-50 conv3", 128, 128, 28}, {"ResNet-50 conv4", 256, 256, 14}, {"ResNet-50 conv5", 512, 512, 7},
    {"ResNet-20 stage 1", 16, 16, 32}, {"ResNet-20 stage 2", 32, 32, 16}, {"ResNet-20 stage 3", 64, 64, 8},
};

Floats randomFloats(std::int64_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> value(-1, 1);
  Floats result(static_cast<std::size_t>(count));
  for (float& x : result) x = value(random);
  return result;
}

/// Numbers of one layer, row-major.
struct Problem {
  Problem(const LayerShape& layer, std::int64_t samples)
      : source{samples, layer.in, layer.size, layer.size},
        weight{layer.out, layer.in, 3, 3},
        destination{samples, layer.out, layer.size, layer.size},
        input(randomFloats(samples * layer.in * layer.size * layer.size, 1)),
        weights(randomFloats(layer.out * layer.in * 9, 2)),
        bias(randomFloats(layer.out, 3)) {}

  memory::dims source, weight, destination;
  Floats input, weights, bias;
};

memory::desc laid(const memory::dims& dims, memory::format_tag tag) {
  return {dims, memory::data_type::f32, tag};
}

/// The same numbers in another layout.
Floats inLayout(const Floats& values, const memory::desc& from, const memory::desc& to) {
  Floats result(to.get_size() / sizeof(float));
  memory source(from, core::dnnlEngine(), const_cast<float*>(values.data()));
  memory target(to, core::dnnlEngine(), result.data());
  dnnl::reorder(source, target).execute(core::dnnlStream(), source, target);
  core::dnnlStream().wait();
  return result;
}

Floats rowMajor(const Floats& values, const memory::desc& laidOut) {
  return inLayout(values, laidOut, laid(laidOut.dims(), memory::format_tag::nchw));
}

/// A way to compute a problem, which must outlive it; ready to be run again and again.
class Contender {
 public:
  virtual ~Contender() = default;
  virtual const char* name() const = 0;
  virtual void run() = 0;
  virtual Floats result() const = 0;  ///< row-major
};

class OurWinograd final : public Contender {
 public:
  explicit OurWinograd(const Problem& problem)
      : m_layout(laid(problem.destination, memory::format_tag::nChw8c)),
        m_weights(core::winogradWeights(problem.weights.data(), problem.weight[0], problem.weight[1])),
        m_input(inLayout(problem.input, laid(problem.source, memory::format_tag::nchw),
                         laid(problem.source, memory::format_tag::nChw8c))),
        m_output(m_layout.get_size() / sizeof(float)),
        m_call{.batch = problem.source[0],
               .height = problem.source[2],
               .width = problem.source[3],
               .outHeight = problem.destination[2],
               .outWidth = problem.destination[3],
               .padTop = 1,
               .padLeft = 1} {
    m_call.weights = &m_weights;
    m_call.input = m_input.data();
    m_call.bias = problem.bias.data();
    m_call.lowest = -std::numeric_limits<float>::infinity();
    m_call.highest = std::numeric_limits<float>::infinity();
    m_call.output = m_output.data();
  }

  const char* name() const override { return "ours"; }
  void run() override { core::runWinograd(m_call); }
  Floats result() const override { return rowMajor(m_output, m_layout); }

 private:
  memory::desc m_layout;
  core::WinogradWeights m_weights;
  Floats m_input, m_output;
  core::WinogradCall m_call;
};

/// One of oneDNN's kernels, in the layouts that it asks for.
class OneDnn final : public Contender {
 public:
  using Described = dnnl::convolution_forward::primitive_desc;

  OneDnn(const char* name, const Problem& problem, const Described& described)
      : m_name(name),
        m_primitive(dnnl::convolution_forward(described)),
        m_scratchpad(described.scratchpad_desc()),
        m_layout(described.dst_desc()),
        m_input(
            inLayout(problem.input, laid(problem.source, memory::format_tag::nchw), described.src_desc())),
        m_weights(inLayout(problem.weights, laid(problem.weight, memory::format_tag::oihw),
                           described.weights_desc())),
        m_output(m_layout.get_size() / sizeof(float)),
        m_arguments{{DNNL_ARG_SRC, viewed(described.src_desc(), m_input)},
                    {DNNL_ARG_WEIGHTS, viewed(described.weights_desc(), m_weights)},
                    {DNNL_ARG_BIAS, viewed(described.bias_desc(), problem.bias)},
                    {DNNL_ARG_DST, viewed(m_layout, m_output)}} {}

  const char* name() const override { return m_name; }
  void run() override { core::execute(m_primitive, m_scratchpad, m_arguments); }
  Floats result() const override { return rowMajor(m_output, m_layout); }

 private:
  static memory viewed(const memory::desc& as, const Floats& values) {
    return {as, core::dnnlEngine(), const_cast<float*>(values.data())};
  }

  const char* m_name;
  dnnl::primitive m_primitive;
  memory::desc m_scratchpad, m_layout;
  Floats m_input, m_weights, m_output;
  std::unordered_map<int, memory> m_arguments;
};

/// Null where oneDNN has no such kernel for this problem and processor.
std::unique_ptr<Contender> oneDnn(const char* name, const Problem& problem, dnnl::algorithm algorithm,
                                  bool blocksOfEight) {
  try {
    const dnnl::convolution_forward::desc desc(
        dnnl::prop_kind::forward_inference, algorithm, core::anyLayout(problem.source),
        core::anyLayout(problem.weight), laid({problem.weight[0]}, memory::format_tag::a),
        core::anyLayout(problem.destination), {1, 1}, {1, 1}, {1, 1});
    OneDnn::Described described(desc, core::keptPrimitiveAttributes(), core::dnnlEngine());
    if (blocksOfEight && !core::moveToBlocksOfEight(described)) return nullptr;
    return std::make_unique<OneDnn>(name, problem, described);
  } catch (const dnnl::error& error) {
    if (error.status != dnnl_unimplemented) throw;
    return nullptr;
  }
}

constexpr const char* directAvx2 = "direct for AVX2";

/// Ours first.
std::vector<std::unique_ptr<Contender>> contendersFor(const Problem& problem) {
  std::vector<std::unique_ptr<Contender>> all;
  all.push_back(std::make_unique<OurWinograd>(problem));
  all.push_back(oneDnn(directAvx2, problem, dnnl::algorithm::convolution_direct, true));
  all.push_back(oneDnn("its own choice", problem, dnnl::algorithm::convolution_direct, false));
  all.push_back(oneDnn("oneDNN's Winograd", problem, dnnl::algorithm::convolution_winograd, false));
  std::erase(all, nullptr);
  return all;
}

/// The largest difference, as a share of the largest number.
double difference(const Floats& one, const Floats& other) {
  double most = 0, largest = 0;
  for (std::size_t i = 0; i < one.size(); ++i) {
    most = std::max(most, std::abs(static_cast<double>(one[i]) - static_cast<double>(other[i])));
    largest = std::max(largest, std::abs(static_cast<double>(one[i])));
  }
  return most / largest;
}

double secondsOf(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Medians of all, taken in turns after each ran once.
std::vector<double> race(const std::vector<std::unique_ptr<Contender>>& contenders) {
  std::vector<std::vector<double>> times(contenders.size());
  for (const auto& contender : contenders) contender->run();
  for (int round = 0; round < rounds; ++round)
    for (std::size_t i = 0; i < contenders.size(); ++i)
      times[i].push_back(secondsOf([&] { contenders[i]->run(); }));
  std::vector<double> medians;
  for (auto& each : times) {
    std::ranges::nth_element(each, each.begin() + rounds / 2);
    medians.push_back(each[rounds / 2]);
  }
  return medians;
}

/// Whether all give the same, but for rounding.
bool compare(const LayerShape& layer, std::int64_t samples) {
  const Problem problem(layer, samples);
  const auto contenders = contendersFor(problem);
  const std::vector<double> seconds = race(contenders);
  const Floats ours = contenders[0]->result();
  std::printf("%s, %d to %d channels of %d x %d: ours %.3f ms", layer.name, layer.in, layer.out, layer.size,
              layer.size, seconds[0] * 1e3);
  double apart = 0;
  for (std::size_t i = 1; i < contenders.size(); ++i) {
    std::printf(", %s %.3f ms (%.2f)", contenders[i]->name(), seconds[i] * 1e3, seconds[i] / seconds[0]);
    apart = std::max(apart, difference(contenders[i]->result(), ours));
  }
  std::printf("; apart by %.0e\n", apart);
  if (contenders.size() > 1 && contenders[1]->name() == directAvx2)
    printRatio(std::string("winograd ") + layer.name, seconds[1] / seconds[0], Goal::AtLeast, 1);
  else
    std::printf("skipped: oneDNN has no convolution for AVX2 here\n");
  return apart < 1e-4;
}

int run(std::int64_t samples) {
  bool same = true;
  for (const LayerShape& layer : layers) same = compare(layer, samples) && same;
  if (!same) std::fputs("the results differ\n", stderr);
  return same ? 0 : 1;
}

}  // namespace
}  // namespace lapidary::bench

int main(int argc, char** argv) {
  const int samples = argc > 1 ? std::atoi(argv[1]) : 4;
  if (samples < 1) return std::fputs("usage: bench_winograd [SAMPLES]\n", stderr), 1;
  try {
    return lapidary::bench::run(samples);
  } catch (const std::exception& error) {
    return std::fprintf(stderr, "%s\n", error.what()), 1;
  }
}
