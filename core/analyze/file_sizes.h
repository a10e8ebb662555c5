// SPDX-License-Identifier: GPL-3.0-or-later
// The bytes that a cut model takes in every form that it can be written in, in total and layer by layer.
#pragma once

#include <cstdint>
#include <vector>

namespace lapidary::core {

struct FormBytes {
  std::uint64_t dense = 0;   ///< the original with every weight as float32
  std::uint64_t packed = 0;  ///< integers in as few bits as they need, one behind the other
  std::uint64_t file = 0;    ///< ONNX as exported; safetensors for weights without a graph
  std::uint64_t zipped = 0;  ///< that file in a zip
  std::uint64_t lapidary = 0;

  bool operator==(const FormBytes&) const = default;
  FormBytes& operator+=(const FormBytes& other);
};

/// Forms in the order in which they are shown.
enum class Form { Dense, Packed, File, Zipped, Lapidary };
constexpr Form allForms[] = {Form::Dense, Form::Packed, Form::File, Form::Zipped, Form::Lapidary};
std::uint64_t bytesIn(Form form, const FormBytes& bytes);

/// Every total is that of a whole file; layers hold scales, codebooks and positions of their weights, and
/// what belongs to none (the graph, biases, headers) is the difference.
struct FileSizes {
  FormBytes total;
  std::vector<FormBytes> layers;  ///< in the model's order; weights that layers share count for the first

  bool operator==(const FileSizes&) const = default;
};

/// Zeros that were made and take the room of any other weight: what they save shows only in a zip or a
/// .lapidary file.
bool zerosSaveNothing(const FileSizes& sizes, std::int64_t zeros, std::int64_t parameters);

}  // namespace lapidary::core
