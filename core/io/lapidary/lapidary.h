// SPDX-License-Identifier: GPL-3.0-or-later
// .lapidary files: an ONNX or safetensors file packed as small as it goes, given back byte for byte.
// core/io/lapidary/FORMAT.md has the format in full. A format of our own: general packers (zstd -19, xz -9e)
// make larger files of every model that bench_container measures.
#pragma once

#include <cstdint>

#include "core/io/common/format.h"
#include "core/io/lapidary/lapidary_block.h"

namespace lapidary::core {

bool matchesLapidary(std::span<const std::byte> bytes);

/// The model of the file that is packed in it. Throws Error(InvalidInput) for damage, before anything is
/// allocated that the file is too small for.
Model readLapidary(const ReadSource& source, const Progress& progress);

/// Packs what writeOnnx would write, or writeSafetensors for weights without a graph; one tensor at a time on
/// each thread. Throws as those do.
void writeLapidary(const Model& model, const Append& append, const Progress& progress);

/// The same with a choice of how; Plain gives the size that packed numbers have without entropy coding.
Bytes packedFile(const Model& model, Packing packing, const Progress& progress);

/// The ending of the file that is packed in it, of ONNX or of safetensors. Throws Error(InvalidInput).
std::string packedEnding(const Bytes& file);

/// That file, byte for byte, checked against its SHA-256 before this returns; one tensor in memory at a time.
/// Throws Error(InvalidInput), when part of it may have been appended already.
void unpackLapidary(const Bytes& file, const Append& append, const Progress& progress);

}  // namespace lapidary::core
