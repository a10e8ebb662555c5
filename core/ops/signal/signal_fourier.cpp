// SPDX-License-Identifier: GPL-3.0-or-later
// DFT and STFT: Fourier transforms along an axis, and of frames of a signal.
#include <algorithm>

#include "core/ops/checks.h"
#include "core/ops/signal/signal.h"
#include "core/support/fourier.h"

namespace lapidary::core {
namespace {

/// The last dimension holds a real value, or a real and an imaginary one.
std::int64_t partsOf(const Tensor& signal) {
  requireRank(signal, 2, "the signal");
  const std::int64_t parts = signal.shape().back();
  if (parts != 1 && parts != 2)
    invalid("the last dimension of the signal " + toText(signal.shape()) +
            " is neither 1 (real) nor 2 (complex)");
  return parts;
}

Tensor doublesOf(const OpCall& call, std::size_t i, const char* what) {
  const Tensor given = call.input(i);
  if (!isFloating(given.dtype()))
    failInput(i, what, "is " + std::string(name(given.dtype())) + ", a floating type was expected");
  return convert(given, DType::Float64);
}

std::complex<double> valueAt(const Tensor& signal, std::int64_t parts, std::int64_t index) {
  const double* x = signal.as<double>().data() + index * parts;
  return {x[0], parts == 2 ? x[1] : 0.0};
}

/// An attribute before opset 20, an input (by default the last axis of the signal) since.
std::size_t transformedAxis(const OpCall& call, std::size_t rank) {
  std::int64_t axis = call.opset < 20 ? call.node.intOr("axis", 1) : -2;
  if (call.opset >= 20 && call.has(2)) axis = integerOf(call, 2, "axis");
  const std::size_t counted = axisOf(axis, rank);
  if (counted + 1 == rank) invalid("axis " + std::to_string(axis) + " holds the real and imaginary parts");
  return counted;
}

/// A transform is no longer than this.
constexpr std::int64_t longest = std::int64_t{1} << 24;

std::int64_t positive(std::int64_t value, std::size_t input, const char* what) {
  if (value < 1 || value > longest) failInput(input, what, "is " + std::to_string(value));
  return value;
}

/// The real values whose one-sided spectrum is given, as many as `dft_length` says or an even number of them.
/// What is missing of the spectrum is 0, and the imaginary parts that no real value has are passed over.
Tensor toReal(const OpCall& call, const Tensor& spectrum, std::int64_t parts) {
  if (parts != 2) failInput(0, "input", "holds real values, a one-sided spectrum was expected");
  const std::size_t axis = transformedAxis(call, spectrum.rank());
  const std::int64_t given = spectrum.shape()[axis];
  const std::int64_t length =
      positive(call.has(1) ? integerOf(call, 1, "dft_length") : 2 * (given - 1), 1, "dft_length");
  Shape shape = spectrum.shape();
  shape[axis] = length;
  shape.back() = 1;
  TensorBuilder out(DType::Float64, checkedShape(shape));
  const Fourier fourier(static_cast<std::size_t>(length));
  ComplexLine line(fourier.length());
  const std::int64_t inner = product(shape, axis + 1, shape.size() - 1), bins = length / 2 + 1;
  for (std::int64_t o = 0; o < product(shape, 0, axis) * inner; ++o) {
    const std::int64_t first = o / inner * given * inner + o % inner;
    for (std::int64_t k = 0; k < bins; ++k) {
      std::complex<double> value = k < given ? valueAt(spectrum, parts, first + k * inner) : 0.0;
      if (k == 0 || 2 * k == length) value = value.real();
      line[static_cast<std::size_t>(k)] = value;
      if (k > 0) line[static_cast<std::size_t>(length - k)] = std::conj(value);
    }
    fourier.inverse(line);
    const std::int64_t to = o / inner * length * inner + o % inner;
    for (std::int64_t k = 0; k < length; ++k)
      out.as<double>()[static_cast<std::size_t>(to + k * inner)] = line[static_cast<std::size_t>(k)].real();
  }
  return convert(std::move(out).build(), call.inputs[0].dtype);
}

std::vector<Activation> dft(const OpCall& call) {
  const Tensor signal = doublesOf(call, 0, "input");
  const std::int64_t parts = partsOf(signal);
  const bool inverse = call.node.intOr("inverse", 0) != 0, half = call.node.intOr("onesided", 0) != 0;
  if (half && inverse) return oneOutput(toReal(call, signal, parts));
  if (half && parts == 2) unsupported("a one-sided transform of complex values");
  const std::size_t axis = transformedAxis(call, signal.rank());
  const std::int64_t size = signal.shape()[axis];
  const std::int64_t length =
      positive(call.has(1) ? integerOf(call, 1, "dft_length") : size, 1, "dft_length");
  Shape shape = signal.shape();
  shape[axis] = half ? length / 2 + 1 : length;
  shape.back() = 2;
  TensorBuilder out(DType::Float64, checkedShape(shape));
  const Fourier fourier(static_cast<std::size_t>(length));
  ComplexLine line(fourier.length());
  const std::int64_t inner = product(signal.shape(), axis + 1, signal.rank() - 1), kept = shape[axis];
  for (std::int64_t o = 0; o < product(shape, 0, axis) * inner; ++o) {
    const std::int64_t first = o / inner * size * inner + o % inner,
                       to = o / inner * kept * inner + o % inner;
    for (std::int64_t k = 0; k < length; ++k)
      line[static_cast<std::size_t>(k)] = k < size ? valueAt(signal, parts, first + k * inner) : 0.0;
    inverse ? fourier.inverse(line) : fourier.forward(line);
    for (std::int64_t k = 0; k < kept; ++k) {
      const auto at = static_cast<std::size_t>(2 * (to + k * inner));
      out.as<double>()[at] = line[static_cast<std::size_t>(k)].real();
      out.as<double>()[at + 1] = line[static_cast<std::size_t>(k)].imag();
    }
  }
  return oneOutput(convert(std::move(out).build(), call.inputs[0].dtype));
}

struct Frames {
  std::int64_t step, length, count, bins;
  Tensor window;  ///< undefined: all ones
};

Frames framesOf(const OpCall& call, const Tensor& signal) {
  Frames frames{positive(integerOf(call, 1, "frame_step"), 1, "frame_step"), 0, 0, 0, {}};
  if (call.has(2)) frames.window = doublesOf(call, 2, "window");
  if (!call.has(3) && !frames.window.defined()) invalid("neither a window nor a frame_length is given");
  frames.length = call.has(3) ? integerOf(call, 3, "frame_length") : frames.window.size();
  positive(frames.length, 3, "frame_length");
  if (frames.window.defined() && frames.window.size() != frames.length)
    failInput(2, "window",
              "has " + std::to_string(frames.window.size()) + " values for frames of " +
                  std::to_string(frames.length));
  const std::int64_t size = signal.shape()[1];
  if (frames.length > size)
    failInput(3, "frame_length", "is longer than the signal of " + std::to_string(size));
  frames.count = (size - frames.length) / frames.step + 1;
  frames.bins = call.node.intOr("onesided", 1) != 0 ? frames.length / 2 + 1 : frames.length;
  return frames;
}

/// The product of a sample and its weight, rounded to the type that both have.
std::complex<double> weighted(std::complex<double> sample, double weight, DType type) {
  sample *= weight;
  if (type == DType::Float64) return sample;
  return {static_cast<float>(sample.real()), static_cast<float>(sample.imag())};
}

std::vector<Activation> stft(const OpCall& call) {
  Tensor signal = doublesOf(call, 0, "signal");
  if (signal.rank() == 2) signal = signal.reshaped({signal.shape()[0], signal.shape()[1], 1});
  const std::int64_t parts = partsOf(signal);
  if (signal.rank() != 3)
    failInput(0, "signal", "has shape " + toText(signal.shape()) + ", batch x length x 1 or 2 was expected");
  if (parts == 2 && call.node.intOr("onesided", 1) != 0)
    unsupported("a one-sided transform of complex values");
  const Frames frames = framesOf(call, signal);
  TensorBuilder out(DType::Float64, checkedShape({signal.shape()[0], frames.count, frames.bins, 2}));
  double* to = out.as<double>().data();
  const Fourier fourier(static_cast<std::size_t>(frames.length));
  ComplexLine line(fourier.length());
  for (std::int64_t f = 0; f < signal.shape()[0] * frames.count; ++f) {
    const std::int64_t first = f / frames.count * signal.shape()[1] + f % frames.count * frames.step;
    for (std::size_t k = 0; k < line.size(); ++k) {
      line[k] = valueAt(signal, parts, first + static_cast<std::int64_t>(k));
      if (frames.window.defined())
        line[k] = weighted(line[k], frames.window.as<double>()[k], call.inputs[0].dtype);
    }
    fourier.forward(line);
    for (std::int64_t k = 0; k < frames.bins; ++k) {
      *to++ = line[static_cast<std::size_t>(k)].real();
      *to++ = line[static_cast<std::size_t>(k)].imag();
    }
  }
  return oneOutput(convert(std::move(out).build(), call.inputs[0].dtype));
}

constexpr Op signalFourierRows[] = {
    {.domain = "", .type = "DFT", .forward = dft, .sinceOpset = 17},
    {.domain = "", .type = "STFT", .forward = stft, .sinceOpset = 17},
};

}  // namespace

std::span<const Op> fourierOps() { return signalFourierRows; }

}  // namespace lapidary::core
