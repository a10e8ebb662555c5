// SPDX-License-Identifier: GPL-3.0-or-later
// The discrete Fourier transform of one line of complex numbers, of any length. By hand: no figure waits for
// it, FFTW's plans differ between processors and so do the last bits of what they give, and the transform in
// Eigen's unsupported part takes quadratic time where the length is prime.
#pragma once

#include <complex>
#include <vector>

namespace lapidary::core {

using ComplexLine = std::vector<std::complex<double>>;

/// sum over n of x[n] e^(-2 pi i k n / N) for every k, in O(N log N) for any N: by halving where N is a
/// power of two, else as a convolution with a chirp (Bluestein 1970).
class Fourier {
 public:
  explicit Fourier(std::size_t length);
  std::size_t length() const { return m_length; }
  void forward(ComplexLine& line) const;
  /// With the sign turned and every value divided by N.
  void inverse(ComplexLine& line) const;

 private:
  void byChirp(ComplexLine& line) const;

  std::size_t m_length, m_padded = 0;
  ComplexLine m_turns;            ///< e^(-2 pi i k / n) for k < n / 2, where n is the power of two in use
  ComplexLine m_chirp, m_kernel;  ///< empty for powers of two
};

}  // namespace lapidary::core
