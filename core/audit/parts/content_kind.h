// SPDX-License-Identifier: GPL-3.0-or-later
// The kind of bytes, judged by themselves and whatever their name says.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "core/io/common/format.h"

namespace lapidary::core {

enum class ContentKind {
  Unknown,
  Text,
  Onnx,
  Safetensors,
  Npy,
  Lapidary,
  Zip,
  LegacyTorch,
  Pickle,
  Hdf5,
  Tar,
  Gzip,
  Zlib,
  Xz,
  Lzma,
  Bzip2,
  Zstd,
  Lz4,
  Joblib,  ///< the packed pickles of joblib before 0.10
  SevenZip,
  Rar,
  Gguf,
  Tflite,
  TensorflowGraph,
  SavedModel,
  TensorflowText,
  CaffeModel,
  CaffeText,
  CoreMl,
  SentencePiece,
  Elf,
  PortableExecutable,
  MachO,
  Script,
  PythonBytecode,
  Picture,
  Sound,
  Pdf,
};

/// What the program opens the bytes as, where it opens them; else by their first bytes.
ContentKind contentKind(std::span<const std::byte> bytes);
/// The kind that a format of format.h stands for; Unknown for null.
ContentKind contentOf(const Format* format);
/// "a zip archive", "a program (ELF)".
std::string_view contentName(ContentKind kind);
bool isProgram(ContentKind kind);
/// An archive that this program does not unpack.
bool isOpaqueArchive(ContentKind kind);
/// One stream that unpacked_stream.h unpacks.
bool isPackedStream(ContentKind kind);
/// Whether it runs, or holds what could: a program, a script, a pickle that looks something up, what is
/// packed.
bool runsOrUnpacks(ContentKind kind, std::span<const std::byte> bytes);
/// "\x80" and a version, as pickles have them from protocol 2 on.
bool startsAsPickle(std::span<const std::byte> bytes);
/// Whether a pickle stands there that can be followed to its end and looks something up on the way.
bool isTellingPickle(std::span<const std::byte> bytes);

}  // namespace lapidary::core
