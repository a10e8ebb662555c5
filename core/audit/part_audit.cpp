// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/part_audit.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "core/audit/archives/archive_audit.h"
#include "core/audit/onnx/onnx_audit.h"
#include "core/audit/parts/content_kind.h"
#include "core/audit/parts/payload_audit.h"
#include "core/audit/parts/text_audit.h"
#include "core/audit/pickle/pickle_audit.h"
#include "core/files/path_ending.h"
#include "core/io/common/format.h"
#include "core/io/lapidary/lapidary.h"
#include "core/io/numpy/npy_header.h"
#include "core/io/numpy/npz.h"
#include "core/io/onnx/onnx.h"
#include "core/io/safetensors/safetensors.h"
#include "core/io/safetensors/safetensors_header.h"
#include "core/io/torch/torch_model.h"

namespace lapidary::core {
namespace {

using namespace std::string_view_literals;
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
};

/// By endings of files that stand beside models; further endings say nothing.
constexpr Expected otherContents[]{
    {".zip", {ContentKind::Zip}},
    {".keras", {ContentKind::Zip}},
    {".h5", {ContentKind::Hdf5}},
    {".tar", {ContentKind::Tar}},
    {".json", {ContentKind::Text}},
    {".pkl", {ContentKind::Pickle, ContentKind::LegacyTorch, ContentKind::Zip}},
    {".html", {ContentKind::Text}},
    {".txt", {ContentKind::Text}},
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
  const std::string held =
      kind == ContentKind::Unknown ? "nothing that the audit knows" : std::string(contentName(kind));
  run.add("content-mismatch", part.place, "is called " + endingOf(part.name) + " and holds " + held);
}

/// Tells of what the reader of this format says; whether it could read the part.
template <class Read>
bool tryReading(AuditRun& run, const AuditPart& part, Read&& read) {
  try {
    read(ReadSource{part.bytes, part.name, part.folder}, run.progress());
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

/// The header's own words, since its parser refuses object arrays.
bool holdsObjects(View bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()),
                              std::min<std::size_t>(bytes.size(), 4096));
  const std::string_view header = text.substr(0, text.find('\n'));
  const std::size_t descr = header.find("'descr'");
  return descr != std::string_view::npos && header.substr(descr).find("'|O'") != std::string_view::npos;
}

void auditNpy(AuditRun& run, const AuditPart& part) {
  const View bytes = part.view();
  if (holdsObjects(bytes)) {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    run.add("npy-objects", part.place, "its elements are Python objects");
    auditPickles(run, part, std::min(text.find('\n') + 1, bytes.size()));
    return;
  }
  if (!tryReading(run, part, [](const ReadSource& source, const Progress&) { readNpy(source.bytes); }))
    return;
  const NpyHeader header = parseNpyHeader(bytes);
  auditPayload(run, part, header.dataOffset, bytes.size() - header.dataOffset, "the numbers");
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

void auditSafetensors(AuditRun& run, const AuditPart& part) {
  try {
    const SafetensorsHeader header = parseSafetensorsHeader(part.view());
    auditCoverage(run, part, header);
    auditText(run, part, 8, header.dataStart - 8, "the header");
    auditPayload(run, part, header.dataStart, part.view().size() - header.dataStart, "the weights");
  } catch (const Error& error) {
    run.add(error.kind() == ErrorKind::Unsupported ? "format-unknown" : "safetensors-damaged", part.place,
            error.what());
  }
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

/// Keras keeps its configuration as text in an attribute.
void auditHdf5(AuditRun& run, const AuditPart& part) {
  const std::string_view text(reinterpret_cast<const char*>(part.view().data()), part.view().size());
  run.add("format-unknown", part.place, "HDF5 is not looked into, but for layers of code");
  for (const std::string_view mark :
       {"\"class_name\": \"Lambda\""sv, "\"class_name\":\"Lambda\""sv, "\"class_name\": \"TFOpLambda\""sv})
    if (const std::size_t at = text.find(mark); at != std::string_view::npos)
      run.addAt("keras-code", part, at, mark.size(), "the configuration has a Lambda layer");
  auditPayload(run, part, 0, part.view().size(), "its bytes");
}

void auditUnknown(AuditRun& run, const AuditPart& part) {
  if (part.depth == 0 && !part.view().empty())
    run.add("format-unknown", part.place, "it is " + std::string(contentName(ContentKind::Unknown)));
  auditPayload(run, part, 0, part.view().size(), part.depth == 0 ? "its bytes" : "the numbers");
}

bool isTorchArchive(View bytes) {
  return matchesTorch(bytes.first(std::min<std::size_t>(bytes.size(), 4096)));
}

}  // namespace

void auditPart(AuditRun& run, const AuditPart& part) {
  run.progress().check();
  const ContentKind kind = contentKind(part.view());
  auditName(run, part, kind);
  switch (kind) {
    case ContentKind::Zip:
      auditZip(run, part);
      if (isTorchArchive(part.view()) && run.isCleanSoFar()) tryReading(run, part, readTorch);
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
    case ContentKind::Gzip:
      return auditGzip(run, part);
    case ContentKind::Hdf5:
      return auditHdf5(run, part);
    case ContentKind::Text:
    case ContentKind::Script:
      return auditTextPart(run, part);
    case ContentKind::PythonBytecode:
      return run.add("script-inside", part.place, "is compiled Python", part.rangeOf(0, part.view().size()));
    case ContentKind::Picture:
    case ContentKind::Sound:
    case ContentKind::Pdf:
      return;
    case ContentKind::Unknown:
      return auditUnknown(run, part);
    default:
      return run.add(isProgram(kind) ? "program-inside" : "archive-opaque", part.place,
                     "it is " + std::string(contentName(kind)));
  }
}

}  // namespace lapidary::core
