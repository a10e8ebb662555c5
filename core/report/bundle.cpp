// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/bundle.h"

#include "core/explain/saliency_methods.h"
#include "core/files/archive.h"
#include "core/files/sha256.h"
#include "core/io/common/format.h"
#include "core/report/heatmap.h"

namespace lapidary::core {
namespace {

/// Adds members and remembers what they hold.
class Packer {
 public:
  void add(const std::string& name, std::span<const std::byte> bytes, bool deflate) {
    m_archive.add(name, bytes, deflate);
    m_members.push_back({name, bytes.size(), sha256(bytes)});
  }
  void add(const std::string& name, const std::string& text) {
    add(name, std::as_bytes(std::span(text)), true);
  }

  std::vector<std::pair<std::string, std::string>> hashes() const {
    std::vector<std::pair<std::string, std::string>> hashes;
    for (const PackedMember& member : m_members) hashes.emplace_back(member.name, member.sha256);
    return hashes;
  }
  PackedBundle finish() { return {m_archive.finish(), std::move(m_members)}; }

 private:
  ArchiveWriter m_archive;
  std::vector<PackedMember> m_members;
};

void addHeatmaps(Packer& packer, const BundleContent::Heatmap& maps) {
  const float range = sharedRange(maps.original, maps.cut);
  const std::string stem = "heatmaps/sample" + std::to_string(maps.sample) + "_" +
                           std::string(rowOf(maps.original.method).word) + "_";
  packer.add(stem + "original.png", encodePng(heatmapPicture(maps.original, range)), false);
  packer.add(stem + "cut.png", encodePng(heatmapPicture(maps.cut, range)), false);
  packer.add(stem + "difference.png", encodePng(differencePicture(maps.original, maps.cut, range)), false);
}

void addSamples(Packer& packer, const SampleCopies& samples) {
  for (const auto& [index, picture] : samples)
    packer.add("samples/sample" + std::to_string(index) + ".png", encodePng(picture), false);
}

}  // namespace

PackedBundle makeBundle(const BundleContent& content) {
  Packer packer;
  packer.add("model.onnx", content.modelFile.view, true);
  if (content.preprocess) packer.add("model.preprocess.json", toJson(*content.preprocess));
  packer.add("recipe.json", toJson(content.recipe));
  for (const auto& maps : content.heatmaps) addHeatmaps(packer, maps);
  if (content.detector) packer.add("detector.json", toJson(content.detector->detector));
  packer.add("report.html", htmlReport(content));
  addSamples(packer, content.samples);
  packer.add("manifest.json", manifestJson(content, packer.hashes()));
  return packer.finish();
}

}  // namespace lapidary::core
