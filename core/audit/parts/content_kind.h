// SPDX-License-Identifier: GPL-3.0-or-later
// The kind of bytes, judged by themselves and whatever their name says.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

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
  Xz,
  Bzip2,
  Zstd,
  SevenZip,
  Rar,  ///< archives and streams that are not looked into, but gzip
  Elf,
  PortableExecutable,
  MachO,
  Script,
  PythonBytecode,
  Picture,
  Sound,
  Pdf,
};

ContentKind contentKind(std::span<const std::byte> bytes);
/// "a zip archive", "a program (ELF)".
std::string_view contentName(ContentKind kind);
bool isProgram(ContentKind kind);
/// Packed in a way that this program does not unpack.
bool isOpaqueArchive(ContentKind kind);

}  // namespace lapidary::core
