// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/shards/shard_index.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/files/inside_folder.h"
#include "core/files/placeholder.h"
#include "core/files/strict_json.h"
#include "core/io/common/stored_arrays.h"
#include "core/io/safetensors/safetensors.h"
#include "core/io/torch/torch_model.h"

namespace lapidary::core {
namespace {

using Json = nlohmann::json;

constexpr std::size_t leading = std::size_t{1} << 16, largestIndex = std::size_t{1} << 27;

using WeightMap = std::map<std::string, std::string>;  ///< the file by the tensor

WeightMap weightMapOf(const ReadSource& source) {
  if (source.bytes.view.size() > largestIndex) refuseInput("the index is larger than 128 MB");
  constexpr int deepest = 8;
  const Json json = parseStrictJson(textOf(source.bytes.view), "the index", deepest);
  const auto map = json.is_object() ? json.find("weight_map") : json.end();
  if (map == json.end() || !map->is_object() || map->empty())
    refuseInput("the index has no 'weight_map' of the names of tensors to the names of files");
  WeightMap files;
  for (const auto& [tensor, file] : map->items()) {
    if (!file.is_string() || file.get_ref<const std::string&>().empty())
      refuseInput("the index gives tensor '" + tensor + "' no file");
    files[tensor] = file.get<std::string>();
  }
  return files;
}

/// Where the shards lie, by name. Those that are not there are named all at once.
std::map<std::string, std::string> pathsOf(const ReadSource& source, const WeightMap& map) {
  if (source.folder.empty()) refuseInput("an index without a folder has no shards");
  std::map<std::string, std::string> paths;
  for (const auto& [tensor, file] : map) paths.emplace(file, "");
  std::vector<std::string> missing;
  for (auto& [file, path] : paths) {
    path = fileInFolder(source.folder, source.realFolder, file, "shard '" + file + "'").path;
    if (path.empty()) missing.push_back("'" + file + "'");
  }
  if (!missing.empty())
    refuseInput((missing.size() == 1 ? "a shard is missing: " : "shards are missing: ") + shortList(missing) +
                "; of " + std::to_string(paths.size()) +
                " all have to lie beside the index. Download them again, or open the ones that are there by "
                "themselves");
  return paths;
}

class Joined {
 public:
  Joined(const WeightMap& map, const Progress& progress) : m_map(map), m_progress(progress) {}

  void add(const std::string& file, const std::string& path) {
    const Bytes bytes = mapFile(path);
    m_bytes += bytes.view.size();
    const bool torch = matchesTorch(bytes.view);
    if (!torch && !matchesSafetensors(bytes.view)) {
      requireRealFile(bytes.view);
      refuseInput("it is neither a safetensors file nor one of PyTorch's");
    }
    m_format = torch ? "PyTorch" : "safetensors";
    take(file, torch ? torchFileArrays(bytes, m_progress) : safetensorsArrays(bytes, m_progress));
  }

  Model finish() && {
    std::vector<std::string> lost;
    for (const auto& [tensor, file] : m_map)
      if (!m_names.contains(tensor)) lost.push_back("'" + tensor + "' (" + file + ")");
    if (!lost.empty() && m_joined.warnings.empty() && m_joined.training.empty())
      refuseInput("the index names tensors that their shards do not hold: " + shortList(lost) +
                  "; shards and index are not of one model");
    if (!m_elsewhere.empty())
      m_joined.warnings.push_back({WarningKind::DroppedContent, shortList(m_elsewhere)});
    Model model = modelOfArrays(std::move(m_joined));
    model.source.format = m_format;
    model.source.fileBytes = m_bytes;
    return model;
  }

 private:
  /// A tensor that the index places in another shard is not taken from this one.
  bool isHere(const std::string& tensor, const std::string& file) {
    const auto place = m_map.find(tensor);
    const bool here = place == m_map.end() || place->second == file;
    if (here && m_names.insert(tensor).second) return true;
    m_elsewhere.push_back("'" + tensor + "' of " + file);
    return false;
  }

  void take(const std::string& file, FileArrays found) {
    // Parts of quantized weights stand beside them under names that the index may not have.
    for (NamedTensor& tensor : found.tensors)
      if (isHere(tensor.name, file)) m_joined.tensors.push_back(std::move(tensor));
    for (KeptTensor& kept : found.kept)
      if (isHere(kept.name, file)) m_joined.kept.push_back(std::move(kept));
    for (TiedName& tie : found.ties)
      if (isHere(tie.name, file)) m_joined.ties.push_back(std::move(tie));
    m_joined.notes.merge(found.notes);
    m_joined.metadata.merge(found.metadata);
    const auto append = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
    append(m_joined.training, found.training);
    append(m_joined.warnings, found.warnings);
  }

  const WeightMap& m_map;
  const Progress& m_progress;
  FileArrays m_joined;
  std::set<std::string> m_names;
  std::vector<std::string> m_elsewhere;
  std::string m_format;
  std::uint64_t m_bytes = 0;
};

}  // namespace

bool matchesShardIndex(std::span<const std::byte> bytes) {
  const std::string_view text = textOf(bytes.first(std::min(leading, bytes.size())));
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{' &&
         text.find("\"weight_map\"", first) != std::string_view::npos;
}

Model readShardIndex(const ReadSource& source, const Progress& progress) {
  const WeightMap map = weightMapOf(source);
  Joined joined(map, progress);
  for (const auto& [file, path] : pathsOf(source, map)) {
    progress.check();
    withContext("shard '" + file + "'", [&, &name = file, &at = path] { joined.add(name, at); });
  }
  return std::move(joined).finish();
}

}  // namespace lapidary::core
