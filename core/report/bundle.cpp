#include "core/report/bundle.h"

#include "core/explain/saliency_methods.h"
#include "core/files/archive.h"
#include "core/files/sha256.h"
#include "core/io/common/format.h"
#include "core/report/heatmap.h"

namespace lapidary::core {
namespace {

/// Adds members and remembers their hashes for the manifest.
class Packer {
 public:
  void add(const std::string& name, std::span<const std::byte> bytes, bool deflate) {
    m_archive.add(name, bytes, deflate);
    m_hashes.emplace_back(name, sha256(bytes));
  }
  void add(const std::string& name, const std::string& text) {
    add(name, std::as_bytes(std::span(text)), true);
  }

  const std::vector<std::pair<std::string, std::string>>& hashes() const { return m_hashes; }
  Bytes finish() { return m_archive.finish(); }

 private:
  ArchiveWriter m_archive;
  std::vector<std::pair<std::string, std::string>> m_hashes;
};

void addHeatmaps(Packer& packer, const BundleContent::Heatmap& maps) {
  const float range = sharedRange(maps.original, maps.cut);
  const std::string stem = "heatmaps/sample" + std::to_string(maps.sample) + "_" +
                           std::string(rowOf(maps.original.method).word) + "_";
  packer.add(stem + "original.png", encodePng(heatmapPicture(maps.original, range)), false);
  packer.add(stem + "cut.png", encodePng(heatmapPicture(maps.cut, range)), false);
  packer.add(stem + "difference.png", encodePng(differencePicture(maps.original, maps.cut, range)), false);
}

}  // namespace

Bytes makeBundle(const BundleContent& content) {
  Packer packer;
  packer.add("model.onnx", content.modelFile.view, true);
  if (content.preprocess) packer.add("model.preprocess.json", toJson(*content.preprocess));
  packer.add("recipe.json", toJson(content.recipe));
  for (const auto& maps : content.heatmaps) addHeatmaps(packer, maps);
  if (content.detector) packer.add("detector.json", toJson(content.detector->detector));
  packer.add("report.html", htmlReport(content));
  const std::string manifest = manifestJson(content, packer.hashes());
  packer.add("manifest.json", manifest);
  return packer.finish();
}

}  // namespace lapidary::core
