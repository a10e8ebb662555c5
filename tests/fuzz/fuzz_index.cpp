// SPDX-License-Identifier: GPL-3.0-or-later
// Indexes of models in several files. SHARD stands for the name of a file that is there.
#include <filesystem>

#include "core/io/shards/shard_index.h"
#include "tests/fuzz/fuzz.h"

using namespace lapidary;

namespace {

std::string shardPath() {
  const std::string header = R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  std::string text(8, '\0');
  text[0] = static_cast<char>(header.size());
  return fuzz::fileOf(text + header + "\1\2\3\4");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > fuzz::largestInput) return 0;
  const std::filesystem::path shard = shardPath();
  std::string text(fuzz::textOf(data, size));
  constexpr std::string_view word = "SHARD";
  for (std::size_t at = 0; (at = text.find(word, at)) != std::string::npos;)
    text.replace(at, word.size(), shard.filename().string());
  const core::Bytes bytes = fuzz::bytesOf(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  fuzz::attempt([&] { core::readShardIndex({bytes, "m.index.json", shard.parent_path().string()}, {}); });
  return 0;
}
