// SPDX-License-Identifier: GPL-3.0-or-later
// The audit on tests/data/audit: every trick is found, every clean file is quiet.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "core/audit/file_audit.h"
#include "core/audit/rules/audit_rules.h"
#include "core/files/archive.h"
#include "core/io/common/format.h"
#include "core/io/lapidary/lapidary.h"

namespace lapidary::core {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const fs::path corpus = fs::path(LAPIDARY_SOURCE_DIR) / "tests/data/audit";

json expectedFindings() {
  std::ifstream file(corpus / "expected.json");
  return json::parse(file);
}

std::vector<std::string> idsOf(const FileAudit& audit) {
  std::vector<std::string> ids;
  for (const Finding& finding : audit.findings) ids.push_back(finding.id);
  return ids;
}

std::string textOf(const FileAudit& audit) {
  std::string text;
  for (const Finding& finding : audit.findings)
    text += finding.id + " [" + finding.place + "]: " + finding.what + "\n";
  return text;
}

std::string textAbove(Severity severity, FileAudit audit) {
  std::erase_if(audit.findings, [&](const Finding& finding) { return finding.severity <= severity; });
  return textOf(audit);
}

FileAudit audited(const fs::path& path) { return auditFile({path.string(), "", "", ""}, {}); }

TEST(AuditCorpus, EveryTrickIsFound) {
  const json expected = expectedFindings();
  ASSERT_GT(expected.size(), 350u);
  std::map<std::string, std::pair<std::size_t, std::size_t>> groups;  // found, tried
  for (const auto& [name, entry] : expected.items()) {
    const FileAudit audit = audited(corpus / "bad" / name);
    bool all = true;
    for (const auto& rule : entry["rules"]) {
      const bool has = testing::Value(idsOf(audit), ::testing::Contains(rule.get<std::string>()));
      EXPECT_TRUE(has) << name << " (" << entry["trick"] << ") lacks " << rule << "\n" << textOf(audit);
      all = all && has;
    }
    auto& [found, tried] = groups[entry["group"]];
    found += all ? 1 : 0;
    ++tried;
  }
  for (const auto& [group, count] : groups)
    std::printf("%3zu of %3zu  %s\n", count.first, count.second, group.c_str());
}

TEST(AuditCorpus, WhatRunsCodeIsCritical) {
  const json expected = expectedFindings();
  for (const auto& [name, entry] : expected.items()) {
    if (!entry["rules"].dump().ends_with("pickle-dangerous-name\"]")) continue;
    EXPECT_EQ(worstOf(audited(corpus / "bad" / name).findings), Severity::Critical) << name;
  }
}

TEST(AuditCorpus, CleanFilesAreQuiet) {
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(corpus / "clean")) {
    FileAudit audit = audited(entry.path());
    std::erase_if(audit.findings, [](const Finding& finding) { return finding.id == "format-partly"; });
    EXPECT_EQ(textOf(audit), "") << entry.path();
    ++files;
  }
  EXPECT_GE(files, 60u);
}

TEST(AuditCorpus, WhatIsPackedHereIsQuiet) {
  const Model model = readModel(LAPIDARY_SOURCE_DIR "/resources/demo/lenet300.onnx");
  const std::string path = ::testing::TempDir() + "packed.lapidary";
  for (const Packing packing : {Packing::Plain, Packing::Smallest}) {
    writeFileAtomically(path, [&](const Append& append) { append(packedFile(model, packing, {}).view); });
    EXPECT_EQ(textOf(audited(path)), "");
  }
  fs::remove(path);
}

TEST(AuditCorpus, ABundlesOwnManifestMayStandBesideIt) {
  const auto found = [](const fs::path& bundle) {
    const std::string beside = ::testing::TempDir() + "manifest.json";
    const Bytes manifest = ArchiveReader(mapFile(bundle.string())).read("manifest.json", 1 << 20);
    writeFileAtomically(beside, [&](const Append& append) { append(manifest.view); });
    FileAuditRequest request;
    request.path = bundle.string();
    request.manifest = beside;
    return textOf(auditFile(request, {}));
  };
  EXPECT_EQ(found(corpus / "clean/bundle.zip"), "");
  EXPECT_THAT(found(corpus / "bad/changed_bundle.zip"), ::testing::HasSubstr("manifest-mismatch"));
}

/// An honest file that holds what a person should look at: an If that chooses between two networks by the
/// sampling rate.
const std::map<std::string, std::string> knownFindings = {{"silero_vad_v5.onnx", "onnx-second-model"}};

TEST(AuditCorpus, RealModelsAreQuiet) {
  const fs::path assets = LAPIDARY_ASSETS_DIR;
  if (!fs::exists(assets)) GTEST_SKIP() << "the shared models are not there";
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(assets)) {
    const std::string ending = entry.path().extension().string();
    if (ending != ".onnx" && ending != ".safetensors" && ending != ".npz" && ending != ".npy" &&
        ending != ".pt" && ending != ".th" && ending != ".gguf" && ending != ".tflite" &&
        ending != ".keras" && ending != ".json" && ending != ".txt" && ending != ".h5" && ending != ".hdf5" &&
        ending != ".pth" && ending != ".mlmodel" && ending != ".caffemodel" && ending != ".prototxt" &&
        ending != ".param")
      continue;
    if (entry.file_size() > 64 << 20) continue;
    const auto known = knownFindings.find(entry.path().filename().string());
    if (known != knownFindings.end())
      EXPECT_THAT(idsOf(audited(entry.path())), ::testing::ElementsAre(known->second)) << entry.path();
    else
      EXPECT_EQ(textAbove(Severity::Note, audited(entry.path())), "") << entry.path();
    ++files;
  }
  EXPECT_GT(files, 3u);
}

TEST(AuditCorpus, TorchScriptIsNamed) {
  const fs::path path = fs::path(LAPIDARY_ASSETS_DIR) / "silero/silero_vad.jit";
  if (!fs::exists(path)) GTEST_SKIP() << "the shared models are not there";
  EXPECT_THAT(idsOf(audited(path)), ::testing::ElementsAre("torchscript")) << textOf(audited(path));
}

/// What holds no mark is told by its fields, whatever it is called, and said to be looked into in part.
TEST(AuditCorpus, NetworksOfOtherProgramsAreNamed) {
  const std::pair<const char*, const char*> kinds[] = {{"frozen.pb", "a graph of TensorFlow"},
                                                       {"saved_model.pb", "a SavedModel of TensorFlow"},
                                                       {"graph.pbtxt", "a graph of TensorFlow as text"},
                                                       {"net.caffemodel", "a Caffe model"},
                                                       {"old.caffemodel", "a Caffe model"},
                                                       {"net.prototxt", "a network of Caffe as text"},
                                                       {"net.mlmodel", "a Core ML model"},
                                                       {"program.mlmodel", "a Core ML model"}};
  for (const auto& [name, kind] : kinds) {
    const FileAudit audit = audited(corpus / "clean" / name);
    EXPECT_EQ(audit.content, kind) << name;
    const bool text = fs::path(name).extension().string().find("txt") != std::string::npos;
    EXPECT_EQ(idsOf(audit), text ? std::vector<std::string>{} : std::vector<std::string>{"format-partly"})
        << name;
  }
}

TEST(AuditCorpus, EveryFindingSaysWhereWhyAndWhatToDo) {
  const json expected = expectedFindings();
  for (const auto& [name, entry] : expected.items())
    for (const Finding& finding : audited(corpus / "bad" / name).findings) {
      EXPECT_FALSE(finding.what.empty()) << name;
      EXPECT_FALSE(finding.why.empty()) << name << ": " << finding.id;
      EXPECT_FALSE(finding.cure.empty()) << name << ": " << finding.id;
      EXPECT_EQ(auditRule(finding.id).id, finding.id);
    }
}

/// A member that cannot be read must not keep the audit from looking into the next one.
TEST(AuditCorpus, AnUnreadableMemberHidesNoOther) {
  const auto contentOf = [](const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return std::string((std::istreambuf_iterator<char>(in)), {});
  };
  const std::string absurd = contentOf(corpus / "bad/npy_absurd.npy");
  std::string carrier = contentOf(corpus / "clean/array.npy");
  carrier.replace(carrier.size() - 16, 16, "#!/bin/sh\necho a\n", 16);
  ArchiveWriter writer;
  writer.add("a.npy", std::as_bytes(std::span(absurd)), false);
  writer.add("b.npy", std::as_bytes(std::span(carrier)), false);
  const Bytes archive = writer.finish();
  const fs::path path = fs::path(::testing::TempDir()) / "audit_two.npz";
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(archive.view.data()),
             static_cast<std::streamsize>(archive.view.size()));
  EXPECT_THAT(idsOf(audited(path)), ::testing::IsSupersetOf({"file-unreadable", "hidden-payload"}));
  fs::remove(path);
}

/// Cut off anywhere, or with any byte changed, a file is audited to its end: no crash, no other exception.
TEST(AuditCorpus, DamagedFilesAreAuditedToo) {
  const fs::path folder = fs::path(::testing::TempDir()) / "audit_damage";
  fs::create_directories(folder);
  for (const auto& entry : fs::directory_iterator(corpus / "clean")) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string whole((std::istreambuf_iterator<char>(in)), {});
    for (std::size_t i = 1; i < 24; ++i) {
      std::string damaged = whole;
      const std::size_t at = i * whole.size() / 24;
      i % 2 == 0 ? damaged.resize(at) : void(damaged[at] = static_cast<char>(damaged[at] ^ 0x55));
      const fs::path path = folder / entry.path().filename();
      std::ofstream(path, std::ios::binary) << damaged;
      EXPECT_NO_THROW(audited(path)) << entry.path() << " damaged at " << at;
    }
  }
  fs::remove_all(folder);
}

}  // namespace
}  // namespace lapidary::core
