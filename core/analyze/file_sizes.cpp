// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/file_sizes.h"

namespace lapidary::core {

FormBytes& FormBytes::operator+=(const FormBytes& other) {
  dense += other.dense;
  packed += other.packed;
  file += other.file;
  zipped += other.zipped;
  lapidary += other.lapidary;
  return *this;
}

std::uint64_t bytesIn(Form form, const FormBytes& bytes) {
  switch (form) {
    case Form::Dense:
      return bytes.dense;
    case Form::Packed:
      return bytes.packed;
    case Form::File:
      return bytes.file;
    case Form::Zipped:
      return bytes.zipped;
    case Form::Lapidary:
      return bytes.lapidary;
  }
  return 0;
}

bool zerosSaveNothing(const FileSizes& sizes, std::int64_t zeros, std::int64_t parameters) {
  constexpr double worthATwentieth = 0.95;
  return zeros * 10 >= parameters && parameters > 0 &&
         static_cast<double>(sizes.total.lapidary) < worthATwentieth * static_cast<double>(sizes.total.file);
}

}  // namespace lapidary::core
