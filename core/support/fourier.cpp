// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/fourier.h"

#include <bit>
#include <cmath>
#include <numbers>

namespace lapidary::core {
namespace {

std::complex<double> turn(std::size_t part, std::size_t whole) {
  return std::polar(1.0, -2 * std::numbers::pi * static_cast<double>(part) / static_cast<double>(whole));
}

void reorderByReversedBits(ComplexLine& line) {
  const std::size_t n = line.size();
  for (std::size_t i = 1, j = 0; i < n; ++i) {
    std::size_t bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) std::swap(line[i], line[j]);
  }
}

/// For a power of two, in place (Cooley and Tukey 1965).
void byHalving(ComplexLine& line, const ComplexLine& turns) {
  const std::size_t n = line.size();
  reorderByReversedBits(line);
  for (std::size_t half = 1; half < n; half *= 2)
    for (std::size_t start = 0; start < n; start += 2 * half)
      for (std::size_t k = 0; k < half; ++k) {
        const auto odd = line[start + half + k] * turns[k * (n / (2 * half))];
        line[start + half + k] = line[start + k] - odd;
        line[start + k] += odd;
      }
}

void conjugate(ComplexLine& line) {
  for (auto& value : line) value = std::conj(value);
}

}  // namespace

Fourier::Fourier(std::size_t length) : m_length(length) {
  const bool whole = std::has_single_bit(length) || length == 0;
  m_padded = whole ? length : std::bit_ceil(2 * length - 1);
  for (std::size_t k = 0; k < m_padded / 2; ++k) m_turns.push_back(turn(k, m_padded));
  if (whole) return;
  // n k = (n^2 + k^2 - (k - n)^2) / 2; squares are taken modulo 2N, where the half turn repeats.
  for (std::size_t k = 0; k < length; ++k) m_chirp.push_back(turn(k * k % (2 * length), 2 * length));
  m_kernel.resize(m_padded);
  for (std::size_t k = 0; k < length; ++k)
    m_kernel[k] = m_kernel[(m_padded - k) % m_padded] = std::conj(m_chirp[k]);
  byHalving(m_kernel, m_turns);
}

void Fourier::byChirp(ComplexLine& line) const {
  ComplexLine padded(m_padded);
  for (std::size_t k = 0; k < m_length; ++k) padded[k] = line[k] * m_chirp[k];
  byHalving(padded, m_turns);
  for (std::size_t k = 0; k < m_padded; ++k) padded[k] = std::conj(padded[k] * m_kernel[k]);
  byHalving(padded, m_turns);
  const auto scale = 1.0 / static_cast<double>(m_padded);
  for (std::size_t k = 0; k < m_length; ++k) line[k] = std::conj(padded[k]) * scale * m_chirp[k];
}

void Fourier::forward(ComplexLine& line) const {
  if (m_length < 2) return;
  m_chirp.empty() ? byHalving(line, m_turns) : byChirp(line);
}

void Fourier::inverse(ComplexLine& line) const {
  conjugate(line);
  forward(line);
  conjugate(line);
  for (auto& value : line) value /= static_cast<double>(m_length);
}

}  // namespace lapidary::core
