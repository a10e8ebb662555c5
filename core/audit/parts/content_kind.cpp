// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/parts/content_kind.h"

#include <algorithm>
#include <string>

#include "core/files/byte_order.h"
#include "core/io/lapidary/lapidary.h"
#include "core/io/numpy/npz_model.h"
#include "core/io/onnx/onnx.h"
#include "core/io/safetensors/safetensors.h"
#include "core/io/torch/pickle_trace.h"
#include "core/io/torch/torch_model.h"
#include "core/support/bytes.h"

namespace lapidary::core {
namespace {

using namespace std::string_view_literals;
using View = std::span<const std::byte>;

struct Magic {
  std::string_view start;
  ContentKind kind;
};

constexpr Magic magics[]{
    {"PK\x03\x04"sv, ContentKind::Zip},
    {"PK\x05\x06"sv, ContentKind::Zip},
    {"\x89HDF\r\n\x1a\n"sv, ContentKind::Hdf5},
    {"\x1f\x8b\x08"sv, ContentKind::Gzip},
    {"\xfd"
     "7zXZ\0"sv,
     ContentKind::Xz},
    {"BZh"sv, ContentKind::Bzip2},
    {"\x28\xb5\x2f\xfd"sv, ContentKind::Zstd},
    {"7z\xbc\xaf\x27\x1c"sv, ContentKind::SevenZip},
    {"Rar!\x1a\x07"sv, ContentKind::Rar},
    {"\x7f"
     "ELF"sv,
     ContentKind::Elf},
    {"\xfe\xed\xfa\xce"sv, ContentKind::MachO},
    {"\xfe\xed\xfa\xcf"sv, ContentKind::MachO},
    {"\xce\xfa\xed\xfe"sv, ContentKind::MachO},
    {"\xcf\xfa\xed\xfe"sv, ContentKind::MachO},
    {"#!"sv, ContentKind::Script},
    {"\x89PNG\r\n"sv, ContentKind::Picture},
    {"\xff\xd8\xff"sv, ContentKind::Picture},
    {"GIF8"sv, ContentKind::Picture},
    {"RIFF"sv, ContentKind::Sound},
    {"%PDF-"sv, ContentKind::Pdf},
};

bool isTar(View bytes) { return bytes.size() >= 512 && textOf(bytes).substr(257).starts_with("ustar"); }

/// "MZ", and at the offset that it gives "PE".
bool isPortableExecutable(View bytes) {
  if (bytes.size() < 64 || !textOf(bytes).starts_with("MZ")) return false;
  const std::size_t at = littleEndian(bytes, 60, 4);
  return at <= bytes.size() - 4 && textOf(bytes).substr(at).starts_with("PE\0\0"sv);
}

bool isBytecode(View bytes) {
  return bytes.size() > 16 && textOf(bytes).substr(2).starts_with("\r\n"sv) &&
         std::to_integer<int>(bytes[1]) >= 0x0c && std::to_integer<int>(bytes[1]) <= 0x0e;
}

bool isText(View bytes) {
  const auto start = bytes.first(std::min<std::size_t>(bytes.size(), 4096));
  return !start.empty() && std::ranges::none_of(start, [](std::byte b) {
    const int code = std::to_integer<int>(b);
    return code < 32 && code != '\n' && code != '\r' && code != '\t';
  });
}

/// Pickles have no mark before protocol 2: they are what can be followed to a STOP, or far enough to look
/// something up.
bool isPickle(View bytes) {
  if (bytes.size() < 2) return false;
  const int first = std::to_integer<int>(bytes[0]), second = std::to_integer<int>(bytes[1]);
  if (first == 0x80 && second >= 2 && second <= 5) return true;
  if ("(]}clIKNFVUSX."sv.find(static_cast<char>(first)) == std::string_view::npos) return false;
  const PickleTrace trace = tracePickle(bytes, 0);
  if (!trace.lookups.empty() && trace.oddities.empty() && trace.lookups.front().known) {
    const PickleValue& name = trace.at(trace.lookups.front().value);
    const auto isName = [](const std::string& text) {
      return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '.';
      });
    };
    return isName(name.module) && isName(name.text);
  }
  return trace.fault.empty() && trace.root && trace.oddities.empty() && trace.steps > 1 &&
         trace.end == bytes.size();
}

}  // namespace

ContentKind contentKind(View bytes) {
  if (isLegacyTorch(bytes)) return ContentKind::LegacyTorch;
  if (matchesNpy(bytes)) return ContentKind::Npy;
  if (matchesLapidary(bytes)) return ContentKind::Lapidary;
  if (matchesSafetensors(bytes)) return ContentKind::Safetensors;
  for (const Magic& magic : magics)
    if (textOf(bytes).starts_with(magic.start)) return magic.kind;
  if (isPortableExecutable(bytes)) return ContentKind::PortableExecutable;
  if (isTar(bytes)) return ContentKind::Tar;
  if (isPickle(bytes)) return ContentKind::Pickle;
  if (isBytecode(bytes)) return ContentKind::PythonBytecode;
  if (isText(bytes)) return ContentKind::Text;
  if (matchesOnnx(bytes)) return ContentKind::Onnx;
  return ContentKind::Unknown;
}

std::string_view contentName(ContentKind kind) {
  switch (kind) {
    case ContentKind::Unknown:
      return "of no kind that the audit knows";
    case ContentKind::Text:
      return "text";
    case ContentKind::Onnx:
      return "an ONNX model";
    case ContentKind::Safetensors:
      return "safetensors";
    case ContentKind::Npy:
      return "a NumPy array";
    case ContentKind::Lapidary:
      return "a .lapidary file";
    case ContentKind::Zip:
      return "a zip archive";
    case ContentKind::LegacyTorch:
      return "a file of PyTorch before 1.6";
    case ContentKind::Pickle:
      return "a pickle";
    case ContentKind::Hdf5:
      return "HDF5";
    case ContentKind::Tar:
      return "a tar archive";
    case ContentKind::Gzip:
      return "a gzip stream";
    case ContentKind::Xz:
      return "an xz stream";
    case ContentKind::Bzip2:
      return "a bzip2 stream";
    case ContentKind::Zstd:
      return "a zstd stream";
    case ContentKind::SevenZip:
      return "a 7z archive";
    case ContentKind::Rar:
      return "a RAR archive";
    case ContentKind::Elf:
      return "a program (ELF)";
    case ContentKind::PortableExecutable:
      return "a program (Windows)";
    case ContentKind::MachO:
      return "a program (Mach-O)";
    case ContentKind::Script:
      return "a script";
    case ContentKind::PythonBytecode:
      return "compiled Python";
    case ContentKind::Picture:
      return "a picture";
    case ContentKind::Sound:
      return "a sound or film";
    case ContentKind::Pdf:
      return "a PDF document";
  }
  return "";
}

bool isProgram(ContentKind kind) {
  return kind == ContentKind::Elf || kind == ContentKind::PortableExecutable || kind == ContentKind::MachO;
}

bool isOpaqueArchive(ContentKind kind) {
  return kind == ContentKind::Xz || kind == ContentKind::Bzip2 || kind == ContentKind::Zstd ||
         kind == ContentKind::SevenZip || kind == ContentKind::Rar;
}

}  // namespace lapidary::core
