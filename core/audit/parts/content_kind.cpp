// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/parts/content_kind.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>

#include "core/audit/parts/network_kind.h"
#include "core/audit/parts/proto_text.h"
#include "core/audit/parts/sentence_piece.h"
#include "core/audit/parts/unpacked_stream.h"
#include "core/audit/parts/wide_text.h"
#include "core/files/byte_order.h"
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
    {"\x28\xb5\x2f\xfd"sv, ContentKind::Zstd},
    {"\x04\x22\x4d\x18"sv, ContentKind::Lz4},
    {"ZF0x"sv, ContentKind::Joblib},
    {"GGUF"sv, ContentKind::Gguf},
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

/// By the names of the table of formats.
struct Opened {
  std::string_view format;
  ContentKind kind;
};

constexpr Opened openedKinds[]{
    {"ONNX", ContentKind::Onnx},
    {"Lapidary", ContentKind::Lapidary},
    {"safetensors", ContentKind::Safetensors},
    {"NumPy npz", ContentKind::Zip},
    {"NumPy npy", ContentKind::Npy},
    {"PyTorch", ContentKind::Zip},
    {"index of shards", ContentKind::Text},
};

/// "BZh", the size of a block, and the mark of a first block or of an empty end.
bool isBzip2(View bytes) {
  const std::string_view text = textOf(bytes);
  return text.size() >= 14 && text.starts_with("BZh") &&
         (text.substr(4).starts_with("1AY&SY") || text.substr(4).starts_with("\x17\x72\x45\x38\x50\x90"sv));
}

/// Two bytes mark a stream of zlib, which is too few: its beginning has to unpack.
bool isZlib(View bytes) {
  if (bytes.size() < 8) return false;
  const int method = std::to_integer<int>(bytes[0]), check = std::to_integer<int>(bytes[1]);
  return (method & 15) == 8 && method >> 4 <= 7 && (method * 256 + check) % 31 == 0 && (check & 32) == 0 &&
         unpacksAtFirst(bytes, ContentKind::Zlib);
}

/// LZMA alone: properties that its writers use, a dictionary that is a power of two or between two, a size.
bool isLzma(View bytes) {
  if (bytes.size() < 18 || std::to_integer<int>(bytes[0]) != 0x5d || bytes[1] != std::byte{0} ||
      bytes[13] != std::byte{0})
    return false;
  return unpacksAtFirst(bytes, ContentKind::Lzma);
}

bool isTflite(View bytes) { return bytes.size() >= 16 && textOf(bytes).substr(4, 4) == "TFL3"; }

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
  if (isWideText(bytes)) return true;
  const auto start = bytes.first(std::min<std::size_t>(bytes.size(), 4096));
  return !start.empty() && std::ranges::none_of(start, [](std::byte b) {
    const int code = std::to_integer<int>(b);
    return code < 32 && code != '\n' && code != '\r' && code != '\t';
  });
}

ContentKind textKind(View bytes) {
  if (isCaffeText(textOf(bytes))) return ContentKind::CaffeText;
  return isTensorflowText(textOf(bytes)) ? ContentKind::TensorflowText : ContentKind::Text;
}

/// Pickles have no mark before protocol 2: they are what can be followed to a STOP, or far enough to look
/// something up.
bool isPickle(View bytes) {
  if (bytes.size() < 2) return false;
  const int first = std::to_integer<int>(bytes[0]);
  if (startsAsPickle(bytes)) return true;
  if ("(]}clIKNFVUSX."sv.find(static_cast<char>(first)) == std::string_view::npos) return false;
  const PickleTrace trace = tracePickle(bytes, 0);
  // "cat" and "dog" on two lines look a name up, too: what breaks off has to call something.
  if (!trace.fault.empty() && trace.calls.empty()) return false;
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

ContentKind contentOf(const Format* format) {
  if (format == nullptr) return ContentKind::Unknown;
  const auto* found = std::ranges::find(openedKinds, format->name, &Opened::format);
  return found == std::end(openedKinds) ? ContentKind::Unknown : found->kind;
}

ContentKind contentKind(View bytes) {
  if (isLegacyTorch(bytes)) return ContentKind::LegacyTorch;
  if (const ContentKind kind = contentOf(formatOfContent(bytes)); kind != ContentKind::Unknown) return kind;
  for (const Magic& magic : magics)
    if (textOf(bytes).starts_with(magic.start)) return magic.kind;
  if (isPortableExecutable(bytes)) return ContentKind::PortableExecutable;
  if (isTflite(bytes)) return ContentKind::Tflite;
  if (isTar(bytes)) return ContentKind::Tar;
  if (isBzip2(bytes)) return ContentKind::Bzip2;
  if (isZlib(bytes)) return ContentKind::Zlib;
  if (isLzma(bytes)) return ContentKind::Lzma;
  if (isPickle(bytes)) return ContentKind::Pickle;
  if (isBytecode(bytes)) return ContentKind::PythonBytecode;
  if (isText(bytes)) return textKind(bytes);
  if (isSavedModel(bytes)) return ContentKind::SavedModel;
  if (isTensorflowGraph(bytes)) return ContentKind::TensorflowGraph;
  if (isCaffeModel(bytes)) return ContentKind::CaffeModel;
  if (isCoreMl(bytes)) return ContentKind::CoreMl;
  if (isSentencePiece(bytes)) return ContentKind::SentencePiece;
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
    case ContentKind::Zlib:
      return "a zlib stream";
    case ContentKind::Xz:
      return "an xz stream";
    case ContentKind::Lzma:
      return "an LZMA stream";
    case ContentKind::Lz4:
      return "an LZ4 stream";
    case ContentKind::Joblib:
      return "a packed pickle of joblib";
    case ContentKind::Gguf:
      return "a GGUF model";
    case ContentKind::Tflite:
      return "a TFLite model";
    case ContentKind::TensorflowGraph:
      return "a graph of TensorFlow";
    case ContentKind::SavedModel:
      return "a SavedModel of TensorFlow";
    case ContentKind::TensorflowText:
      return "a graph of TensorFlow as text";
    case ContentKind::CaffeModel:
      return "a Caffe model";
    case ContentKind::CaffeText:
      return "a network of Caffe as text";
    case ContentKind::CoreMl:
      return "a Core ML model";
    case ContentKind::SentencePiece:
      return "a SentencePiece tokenizer";
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

bool isOpaqueArchive(ContentKind kind) { return kind == ContentKind::SevenZip || kind == ContentKind::Rar; }

bool isPackedStream(ContentKind kind) {
  using enum ContentKind;
  constexpr std::array streams{Gzip, Zlib, Xz, Lzma, Bzip2, Zstd, Lz4, Joblib};
  return std::ranges::find(streams, kind) != streams.end();
}

bool startsAsPickle(View bytes) {
  if (bytes.size() < 2) return false;
  const int version = std::to_integer<int>(bytes[1]);
  return bytes[0] == std::byte{0x80} && version >= 2 && version <= 5;
}

bool isTellingPickle(View bytes) {
  const PickleTrace pickle = tracePickle(bytes, 0);
  return pickle.fault.empty() && !pickle.lookups.empty() && pickle.oddities.empty();
}

bool runsOrUnpacks(ContentKind kind, View bytes) {
  if (kind == ContentKind::Pickle) return isTellingPickle(bytes);
  // Two bytes mark a script, which is too few among random ones.
  if (kind == ContentKind::Script) return textOf(bytes).starts_with("#!/") && isText(bytes);
  return kind == ContentKind::Zip || kind == ContentKind::PythonBytecode || kind == ContentKind::Tar ||
         isProgram(kind) || isOpaqueArchive(kind) || isPackedStream(kind);
}

}  // namespace lapidary::core
