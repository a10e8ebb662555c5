// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/part_audit.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "core/audit/archives/archive_audit.h"
#include "core/audit/models/caffe_audit.h"
#include "core/audit/models/coreml_audit.h"
#include "core/audit/models/gguf_audit.h"
#include "core/audit/models/hdf5_audit.h"
#include "core/audit/models/network_text_audit.h"
#include "core/audit/models/tensorflow_audit.h"
#include "core/audit/models/tflite_audit.h"
#include "core/audit/numpy/npy_audit.h"
#include "core/audit/onnx/onnx_audit.h"
#include "core/audit/parts/content_kind.h"
#include "core/audit/parts/payload_audit.h"
#include "core/audit/pickle/pickle_audit.h"
#include "core/audit/shards_audit.h"
#include "core/audit/texts/text_audit.h"
#include "core/files/byte_order.h"
#include "core/files/inside_folder.h"
#include "core/files/path_ending.h"
#include "core/io/common/format.h"
#include "core/io/lapidary/lapidary.h"
#include "core/io/onnx/onnx.h"
#include "core/io/safetensors/safetensors.h"
#include "core/io/safetensors/safetensors_header.h"
#include "core/io/torch/torch_model.h"

namespace lapidary::core {
namespace {

using View = std::span<const std::byte>;

/// The kinds that a file should hold: any of these.
using Contents = std::array<std::optional<ContentKind>, 3>;

struct Expected {
  std::string_view name;  ///< of a format that is opened, or an ending
  Contents contents;
};

constexpr Expected formatContents[]{
    {"ONNX", {ContentKind::Onnx}},
    {"Lapidary", {ContentKind::Lapidary}},
    {"safetensors", {ContentKind::Safetensors}},
    {"NumPy npz", {ContentKind::Zip}},
    {"NumPy npy", {ContentKind::Npy}},
    {"PyTorch", {ContentKind::Zip, ContentKind::LegacyTorch}},
    {"index of shards", {ContentKind::Text}},
};

/// By endings of files that stand beside models; further endings say nothing.
constexpr Expected otherContents[]{
    {".zip", {ContentKind::Zip}},
    {".keras", {ContentKind::Zip}},
    {".h5", {ContentKind::Hdf5}},
    {".hdf5", {ContentKind::Hdf5}},
    {".tar", {ContentKind::Tar}},
    {".nemo", {ContentKind::Tar, ContentKind::Gzip}},
    {".gguf", {ContentKind::Gguf}},
    {".tflite", {ContentKind::Tflite}},
    {".yaml", {ContentKind::Text}},
    {".yml", {ContentKind::Text}},
    {".jinja", {ContentKind::Text}},
    {".json", {ContentKind::Text}},
    {".pkl", {ContentKind::Pickle, ContentKind::LegacyTorch, ContentKind::Zip}},
    {".html", {ContentKind::Text}},
    {".txt", {ContentKind::Text, ContentKind::CaffeText, ContentKind::TensorflowText}},
    {".pbtxt", {ContentKind::TensorflowText, ContentKind::Text}},
    {".prototxt", {ContentKind::CaffeText, ContentKind::Text}},
    {".caffemodel", {ContentKind::CaffeModel, ContentKind::Hdf5}},
    {".mlmodel", {ContentKind::CoreMl}},
    {".png", {ContentKind::Picture}},
};

/// Null where the name says nothing.
const Contents* expectedContents(const std::string& name) {
  for (const Expected& expected : formatContents)
    if (namesFormat(modelFormat(expected.name), name)) return &expected.contents;
  for (const Expected& expected : otherContents)
    if (hasEnding(name, expected.name)) return &expected.contents;
  return nullptr;
}

void auditName(AuditRun& run, const AuditPart& part, ContentKind kind) {
  const Contents* expected = expectedContents(part.name);
  if (expected == nullptr || part.view().empty() || std::ranges::find(*expected, kind) != expected->end())
    return;
  // joblib and pandas pack a pickle and leave its name as it is.
  if (isPackedStream(kind) && (hasEnding(part.name, ".pkl") || hasEnding(part.name, ".joblib"))) return;
  const std::string held =
      kind == ContentKind::Unknown ? "nothing that the audit knows" : std::string(contentName(kind));
  run.add("content-mismatch", part.place, "is called " + endingOf(part.name) + " and holds " + held);
}

/// Tells of what the reader of this format says; whether it could read the part.
template <class Read>
bool tryReading(AuditRun& run, const AuditPart& part, Read&& read) {
  try {
    // As readModel opens it, from where links lead to.
    const std::string real =
        part.folder.empty() ? std::string() : realFolderOf(part.folder + '/' + part.name);
    read(ReadSource{part.bytes, part.name, part.folder, real}, run.progress());
    return true;
  } catch (const Error& error) {
    run.add("file-unreadable", part.place, error.what());
    return false;
  }
}

void auditPickleFile(AuditRun& run, const AuditPart& part) {
  const PickledStretch pickles = auditPickles(run, part, 0);
  const std::size_t end = pickles.end;
  if (end >= part.view().size() || !pickles.whole) return;
  const std::size_t left = part.view().size() - end;
  run.addAt("trailing-bytes", part, end, left, std::to_string(left) + " bytes stand behind the pickle");
  auditPayload(run, part, end, left, "bytes behind the pickle");
}

/// Five pickles, then raw storages, which must take the rest to the last byte.
void auditLegacyTorch(AuditRun& run, const AuditPart& part) {
  const std::size_t end = std::min(auditPickles(run, part, 0).end, part.view().size());
  auditPayload(run, part, end, part.view().size() - end, "the weights");
  tryReading(run, part, readTorch);
}

void auditNpy(AuditRun& run, const AuditPart& part) {
  const NpyAuditResult npy = auditNpyLayout(run, part);
  if (!npy.hasObjects) return;
  run.add("npy-objects", part.place, "its elements are Python objects");
  auditPickles(run, part, npy.data);
}

/// The reader takes tensors with room between them; no ordinary writer leaves any.
void auditCoverage(AuditRun& run, const AuditPart& part, const SafetensorsHeader& header) {
  std::uint64_t at = 0;
  const auto gap = [&](std::uint64_t end, const std::string& where) {
    if (end > at)
      run.addAt("safetensors-damaged", part, header.dataStart + at, end - at,
                std::to_string(end - at) + " bytes " + where + " belong to no tensor");
  };
  for (const SafetensorsEntry& entry : header.entries) {
    gap(entry.begin, "before '" + entry.name + "'");
    at = std::max(at, entry.end);
  }
  gap(part.view().size() - header.dataStart, "at the end");
}

/// What a sound header says of its end, and a damaged one.
std::size_t endOfHeader(std::span<const std::byte> bytes) {
  if (bytes.size() < 8) return bytes.size();
  return 8 + static_cast<std::size_t>(std::min<std::uint64_t>(littleEndian(bytes, 0, 8), bytes.size() - 8));
}

void auditSafetensors(AuditRun& run, const AuditPart& part) {
  try {
    auditCoverage(run, part, parseSafetensorsHeader(part.view()));
  } catch (const Error& error) {
    run.add(error.kind() == ErrorKind::Unsupported ? "format-unknown" : "safetensors-damaged", part.place,
            error.what());
  }
  const std::size_t end = endOfHeader(part.view()), begin = std::min<std::size_t>(8, end);
  auditText(run, part, begin, end - begin, "the header");
  auditPayload(run, part, end, part.view().size() - end, "the weights");
}

void auditLapidary(AuditRun& run, const AuditPart& part) {
  const auto content = std::make_shared<std::vector<std::byte>>();
  std::string ending;
  try {
    ending = packedEnding(part.bytes);
    unpackLapidary(
        part.bytes,
        [&](View bytes) {
          if (!run.mayUnpack(bytes.size()))
            throw Error(ErrorKind::Unsupported, "it unpacks to more than the audit takes");
          content->insert(content->end(), bytes.begin(), bytes.end());
        },
        run.progress());
  } catch (const Error& error) {
    return run.add(error.kind() == ErrorKind::Unsupported ? "zip-too-large" : "file-unreadable", part.place,
                   error.what());
  }
  auditPart(run, {{content, *content},
                  part.place.empty() ? "unpacked" : part.place + " / unpacked",
                  "unpacked" + ending,
                  "",
                  part.depth + 1,
                  std::nullopt});
}

void auditOnnxPart(AuditRun& run, const AuditPart& part) {
  auditOnnx(run, part);
  if (part.depth == 0 || !part.folder.empty()) {
    if (!run.has("onnx-external-missing") && !run.has("onnx-external-escape"))
      tryReading(run, part, readOnnx);
  }
}

/// What the program would try to read it as by its name is looked into as that.
void auditByName(AuditRun& run, const AuditPart& part, ContentKind named) {
  if (named == ContentKind::Onnx) auditOnnx(run, part);
  if (named == ContentKind::Safetensors) auditSafetensors(run, part);
}

void auditUnknown(AuditRun& run, const AuditPart& part) {
  const ContentKind named = contentOf(formatForPath(part.name));
  if (part.depth == 0 && part.view().empty())
    run.add("unknown-content", part.place, "it is empty");
  else if (part.depth == 0)
    run.add("unknown-content", part.place, "it is " + std::string(contentName(ContentKind::Unknown)));
  auditPayload(run, part, 0, part.view().size(), part.depth == 0 ? "its bytes" : "the numbers");
  if (!part.view().empty()) auditByName(run, part, named);
}

/// A picture or a sound whose readers do not look at all of it.
void auditMedia(AuditRun& run, const AuditPart& part, ContentKind kind) {
  auditPayload(run, part, 0, part.view().size(), std::string(contentName(kind)));
}

void auditOpaque(AuditRun& run, const AuditPart& part, ContentKind kind) {
  const std::string what = "it is " + std::string(contentName(kind));
  run.add(isProgram(kind) ? "program-inside" : "archive-opaque", part.place, what);
  if (part.depth == 0 && !isProgram(kind))
    run.add("unknown-content", part.place, what + ", which is not unpacked");
}

/// Bytes that are a model to one reader may be a pickle to another.
void auditSecondFace(AuditRun& run, const AuditPart& part, ContentKind kind) {
  const bool pickled =
      kind != ContentKind::Pickle && kind != ContentKind::LegacyTorch && startsAsPickle(part.view());
  if (pickled && isTellingPickle(part.view())) auditPickles(run, part, 0);
}

/// PyTorch's zips, by the member that they begin with or by their name.
bool opensAsTorch(const AuditPart& part) {
  const Format* format = formatOf(part.view(), part.name);
  return format != nullptr && format->name == "PyTorch" &&
         (matchesTorch(part.view()) || namesFormat(*format, part.name));
}

}  // namespace

void auditPart(AuditRun& run, const AuditPart& part) {
  run.progress().check();
  const ContentKind kind = contentKind(part.view());
  auditName(run, part, kind);
  auditSecondFace(run, part, kind);
  switch (kind) {
    case ContentKind::Zip:
      auditZip(run, part);
      if (opensAsTorch(part) && run.isCleanSoFar()) tryReading(run, part, readTorch);
      return;
    case ContentKind::LegacyTorch:
      return auditLegacyTorch(run, part);
    case ContentKind::Pickle:
      return auditPickleFile(run, part);
    case ContentKind::Npy:
      return auditNpy(run, part);
    case ContentKind::Safetensors:
      return auditSafetensors(run, part);
    case ContentKind::Onnx:
      return auditOnnxPart(run, part);
    case ContentKind::Lapidary:
      return auditLapidary(run, part);
    case ContentKind::Tar:
      return auditTar(run, part);
    case ContentKind::Gguf:
      return auditGguf(run, part);
    case ContentKind::Tflite:
      return auditTflite(run, part);
    case ContentKind::TensorflowGraph:
    case ContentKind::SavedModel:
      return auditTensorflow(run, part);
    case ContentKind::CaffeModel:
      return auditCaffe(run, part);
    case ContentKind::CoreMl:
      return auditCoreMl(run, part);
    case ContentKind::TensorflowText:
      auditTextPart(run, part);
      return auditTensorflowText(run, part);
    case ContentKind::CaffeText:
      auditTextPart(run, part);
      return auditCaffeText(run, part);
    case ContentKind::Hdf5:
      return auditHdf5(run, part);
    case ContentKind::Text:
      auditTextPart(run, part);
      return auditShards(run, part);
    case ContentKind::Script:
      return auditTextPart(run, part);
    case ContentKind::PythonBytecode:
      return run.add("script-inside", part.place, "is compiled Python", part.rangeOf(0, part.view().size()));
    case ContentKind::Picture:
    case ContentKind::Sound:
    case ContentKind::Pdf:
    case ContentKind::SentencePiece:
      return auditMedia(run, part, kind);
    case ContentKind::Unknown:
      return auditUnknown(run, part);
    default:
      return isPackedStream(kind) ? auditStream(run, part, kind) : auditOpaque(run, part, kind);
  }
}

}  // namespace lapidary::core
