// SPDX-License-Identifier: GPL-3.0-or-later
// DFT and STFT against the sum that defines them, the windows, and what is refused.
#include <complex>
#include <numbers>

#include "tests/core/ops/gradient_check.h"

namespace lapidary::core::testing {
namespace {

using Complex = std::complex<double>;

/// Bin k of `values`, by definition.
Complex bin(const std::vector<Complex>& values, std::int64_t k, double sign = -1) {
  Complex sum = 0;
  for (std::size_t n = 0; n < values.size(); ++n)
    sum += values[n] * std::polar(1.0, sign * 2 * std::numbers::pi * static_cast<double>(k) *
                                           static_cast<double>(n) / static_cast<double>(values.size()));
  return sum;
}

std::vector<Complex> valuesOf(const Tensor& signal, std::int64_t first, std::int64_t count,
                              std::int64_t padded) {
  const auto parts = static_cast<std::size_t>(signal.shape().back());
  std::vector<Complex> values(static_cast<std::size_t>(padded));
  for (std::size_t i = 0; i < static_cast<std::size_t>(std::min(count, padded)); ++i) {
    const std::size_t at = (static_cast<std::size_t>(first) + i) * parts;
    values[i] = {static_cast<double>(signal.as<float>()[at]),
                 parts == 2 ? static_cast<double>(signal.as<float>()[at + 1]) : 0};
  }
  return values;
}

void expectBin(const Tensor& result, std::int64_t at, Complex expected) {
  const auto i = static_cast<std::size_t>(2 * at);
  EXPECT_NEAR(static_cast<double>(result.as<float>()[i]), expected.real(), 1e-4) << "bin " << at;
  EXPECT_NEAR(static_cast<double>(result.as<float>()[i + 1]), expected.imag(), 1e-4) << "bin " << at;
}

TEST(Fourier, IsTheSumThatDefinesItForAnyLength) {
  for (const std::int64_t size : {1, 2, 3, 4, 7, 8, 12, 17, 30})
    for (const std::int64_t parts : {1, 2})
      for (const std::int64_t padded : {size, size + 3, std::max<std::int64_t>(1, size - 1)}) {
        const Tensor x = randomTensor({2, size, parts}, static_cast<unsigned>(size));
        const Tensor length = Tensor::scalar<std::int64_t>(padded);
        const Tensor y = runOne("DFT", {x, length, Tensor::scalar<std::int64_t>(1)}, {}, 20);
        ASSERT_EQ(y.shape(), (Shape{2, padded, 2}));
        const Tensor back = runOne("DFT", {x, length}, {{"inverse", number(1)}, {"axis", number(1)}}, 17);
        for (std::int64_t k = 0; k < 2 * padded; ++k) {
          const auto values = valuesOf(x, k / padded * size, size, padded);
          expectBin(y, k, bin(values, k % padded));
          expectBin(back, k, bin(values, k % padded, 1) / static_cast<double>(padded));
        }
      }
}

TEST(Fourier, OneSidedKeepsTheFirstHalf) {
  const Tensor x = randomTensor({1, 9, 1}, 5);
  const Tensor all = runOne("DFT", {x}, {{"axis", number(1)}}, 17);
  const Tensor half = runOne("DFT", {x}, {{"axis", number(1)}, {"onesided", number(1)}}, 17);
  ASSERT_EQ(half.shape(), (Shape{1, 5, 2}));
  EXPECT_TRUE(std::ranges::equal(half.as<float>(), all.as<float>().subspan(0, 10)));
}

TEST(Fourier, FramesOverlapAndAreWeighted) {
  const Tensor x = randomTensor({2, 23, 1}, 6), window = randomTensor({6}, 7, 0, 1);
  const Tensor y = runOne("STFT", {x, Tensor::scalar<std::int64_t>(4), window}, {}, 17);
  ASSERT_EQ(y.shape(), (Shape{2, 5, 4, 2}));
  for (std::int64_t f = 0; f < 10; ++f) {
    auto values = valuesOf(x, f / 5 * 23 + f % 5 * 4, 6, 6);
    for (std::size_t i = 0; i < 6; ++i) values[i] *= static_cast<double>(window.as<float>()[i]);
    for (std::int64_t k = 0; k < 4; ++k) expectBin(y, f * 4 + k, bin(values, k));
  }
}

TEST(Fourier, ArgumentsAreChecked) {
  const Tensor x = randomTensor({1, 8, 1}, 1), one = Tensor::scalar<std::int64_t>(1);
  const auto dft = [](std::vector<Tensor> inputs, Attributes attributes = {}) {
    runOne("DFT", inputs, std::move(attributes), 20);
  };
  const auto stft = [](std::vector<Tensor> inputs) { runOne("STFT", inputs, {}, 17); };
  const auto scalar = [](std::int64_t value) { return Tensor::scalar<std::int64_t>(value); };
  expectError([&] { dft({x, scalar(std::int64_t{1} << 40)}); }, "input 1 (dft_length)");
  expectError([&] { dft({x, scalar(-3)}); }, "input 1 (dft_length)");
  expectError([&] { dft({x, scalar(4), scalar(9)}); }, "axis 9");
  expectError([&] { dft({x, scalar(4), scalar(-1)}); }, "real and imaginary");
  expectError([&] { dft({randomTensor({1, 8, 3}, 1)}); }, "neither 1 (real) nor 2");
  expectError([&] { dft({x}, {{"inverse", number(1)}, {"onesided", number(1)}}); }, "one-sided");
  expectError([&] { stft({x, scalar(0), randomTensor({4}, 1)}); }, "input 1 (frame_step)");
  expectError([&] { stft({x, one}); }, "neither a window");
  expectError([&] { stft({x, one, randomTensor({9}, 1)}); }, "longer than the signal");
  expectError([&] { stft({x, one, randomTensor({4}, 1), scalar(5)}); }, "4 values for frames of 5");
  expectError([&] { stft({x, one, Tensor(), scalar(std::int64_t{1} << 50)}); }, "input 3 (frame_length)");
}

TEST(Windows, FollowTheirCosines) {
  const Tensor nine = Tensor::scalar<std::int64_t>(9), one = Tensor::scalar<std::int64_t>(1);
  const Attributes symmetric{{"periodic", number(0)}};
  const Tensor hann = runOne("HannWindow", {nine}, symmetric), hamming = runOne("HammingWindow", {nine}),
               blackman = runOne("BlackmanWindow", {nine}, {{"output_datatype", number(11)}});
  EXPECT_EQ(blackman.dtype(), DType::Float64);
  for (std::size_t i = 0; i < 9; ++i) {
    const double t = 2 * std::numbers::pi * static_cast<double>(i);
    EXPECT_NEAR(static_cast<double>(hann.as<float>()[i]), std::pow(std::sin(t / 16), 2), 1e-6);
    EXPECT_NEAR(static_cast<double>(hamming.as<float>()[i]), (25 - 21 * std::cos(t / 9)) / 46, 1e-6);
    EXPECT_NEAR(blackman.as<double>()[i], 0.42 - 0.5 * std::cos(t / 9) + 0.08 * std::cos(2 * t / 9), 1e-12);
  }
  EXPECT_NEAR(static_cast<double>(runOne("HannWindow", {one}, symmetric).as<float>()[0]), 1, 1e-6);
  EXPECT_EQ(runOne("HannWindow", {Tensor::scalar<std::int64_t>(0)}).size(), 0);
  expectError([] { runOne("HannWindow", {Tensor::scalar<std::int64_t>(-1)}); }, "negative");
  expectError([] { runOne("HannWindow", {Tensor::scalar<std::int64_t>(std::int64_t{1} << 40)}); }, "2^31");
  expectError([&] { runOne("HannWindow", {nine}, {{"output_datatype", number(8)}}); }, "output_datatype");
}

TEST(MelWeightMatrix, RefusesHostileNumbers) {
  const auto mel = [](std::int64_t bands, std::int64_t length, std::int64_t rate, float low, float high) {
    return runOne("MelWeightMatrix", {Tensor::scalar(bands), Tensor::scalar(length), Tensor::scalar(rate),
                                      Tensor::scalar(low), Tensor::scalar(high)});
  };
  const Tensor weights = mel(8, 64, 8000, 100, 3800);
  EXPECT_EQ(weights.shape(), (Shape{33, 8}));
  EXPECT_GE(*std::ranges::min_element(weights.as<float>()), 0.0f);
  EXPECT_EQ(*std::ranges::max_element(weights.as<float>()), 1.0f);
  EXPECT_NO_THROW(mel(8, 64, 8000, 100, 1e11f));  // edges beyond the last bin
  expectError([&] { mel(std::int64_t{1} << 40, 64, 8000, 0, 4000); }, "2^31");
  expectError([&] { mel(0, 64, 8000, 0, 4000); }, "num_mel_bins");
  expectError([&] { mel(8, -64, 8000, 0, 4000); }, "dft_length");
  expectError([&] { mel(8, 64, 0, 0, 4000); }, "sample_rate");
  expectError([&] { mel(8, 64, 8000, -1, 4000); }, "lower_edge_hertz");
}

}  // namespace
}  // namespace lapidary::core::testing
