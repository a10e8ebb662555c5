#include "core/report/bundle_samples.h"

#include <charconv>
#include <nlohmann/json.hpp>
#include <set>

#include "core/files/archive.h"
#include "core/files/sha256.h"
#include "core/io/common/format.h"
#include "core/report/html_writer.h"

namespace lapidary::core {
namespace {

constexpr std::string_view reportName = "report.html", manifestName = "manifest.json",
                           mapsPrefix = "heatmaps/sample";

std::string textOf(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.view.data()), bytes.view.size()};
}

std::span<const std::byte> bytesOf(const std::string& text) { return std::as_bytes(std::span(text)); }

std::string copiesNote(const std::map<std::size_t, Picture>& samples) {
  std::string html =
      "<p><b>This bundle holds copies of " + grouped(static_cast<std::int64_t>(samples.size())) +
      (samples.size() == 1 ? " sample" : " samples") + " of the data:</b></p><div class='maps'>";
  for (const auto& [index, picture] : samples)
    html += "<figure>" + embeddedImage(picture, "sample") + "<figcaption>" + std::to_string(index) +
            "</figcaption></figure>";
  return html + "</div>";
}

std::string reportWith(std::string report, const std::map<std::size_t, Picture>& samples) {
  const std::size_t at = report.find(noSamplesNote);
  if (at == std::string::npos)
    throw Error(ErrorKind::InvalidInput, "the report of the bundle tells nothing of samples");
  return report.replace(at, noSamplesNote.size(), copiesNote(samples));
}

/// Adds members and notes their hashes in the manifest.
class Repacker {
 public:
  explicit Repacker(nlohmann::ordered_json manifest) : m_manifest(std::move(manifest)) {
    m_manifest["files"] = nlohmann::ordered_json::array();
  }
  void add(const std::string& name, std::span<const std::byte> bytes, bool deflate) {
    m_archive.add(name, bytes, deflate);
    m_manifest["files"].push_back({{"name", name}, {"sha256", sha256(bytes)}});
  }
  Bytes finish(std::size_t copies) {
    m_manifest["data"]["copied"] = true;
    m_manifest["data"]["copied_samples"] = copies;
    m_archive.add(std::string(manifestName), bytesOf(m_manifest.dump(2) + "\n"), true);
    return m_archive.finish();
  }

 private:
  ArchiveWriter m_archive;
  nlohmann::ordered_json m_manifest;
};

}  // namespace

std::vector<std::size_t> explainedSamples(const Bytes& bundle) {
  std::set<std::size_t> samples;
  const ArchiveReader reader(bundle);
  for (const ArchiveMember& member : reader.members()) {
    std::size_t index = 0;
    if (!member.name.starts_with(mapsPrefix)) continue;
    const char* first = member.name.data() + mapsPrefix.size();
    if (std::from_chars(first, member.name.data() + member.name.size(), index).ec == std::errc())
      samples.insert(index);
  }
  return {samples.begin(), samples.end()};
}

Bytes withSamples(const Bytes& bundle, const std::map<std::size_t, Picture>& samples) {
  const ArchiveReader reader(bundle);
  const auto read = [&](const std::string& name, std::uint64_t bytes) { return reader.read(name, bytes); };
  Repacker packer(
      nlohmann::ordered_json::parse(textOf(read(std::string(manifestName), std::uint64_t{64} << 20))));
  for (const ArchiveMember& member : reader.members()) {
    if (member.name == manifestName) continue;
    const Bytes content = read(member.name, member.bytes);
    const bool deflate = member.compressed < member.bytes;
    member.name == reportName ? packer.add(member.name, bytesOf(reportWith(textOf(content), samples)), true)
                              : packer.add(member.name, content.view, deflate);
  }
  for (const auto& [index, picture] : samples)
    packer.add("samples/sample" + std::to_string(index) + ".png", encodePng(picture), false);
  return packer.finish(samples.size());
}

}  // namespace lapidary::core
