// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/torch/torch_model.h"

#include <algorithm>

#include "core/files/zip_directory.h"
#include "core/io/common/stored_arrays.h"
#include "core/io/torch/torch_storages.h"
#include "core/io/torch/torch_tensors.h"
#include "core/support/bytes.h"

namespace lapidary::core {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view legacyMagic = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."sv;

/// The member that such an archive starts with, in whatever order: a member below a folder of the model's
/// name.
bool isMemberName(std::string_view name) {
  const std::size_t slash = name.find('/');
  if (name == "data.pkl") return true;
  if (slash == std::string_view::npos) return false;
  const std::string_view inside = name.substr(slash + 1);
  constexpr std::string_view storages = "data/";
  if (inside.starts_with(storages) && inside.size() > storages.size())
    return inside.find_first_not_of("0123456789", storages.size()) == std::string_view::npos;
  return inside == "data.pkl" || inside == "constants.pkl" || inside == "version" || inside == "byteorder";
}

TorchFile openTorch(const Bytes& file, const Progress& progress) {
  if (startsAsZip(file.view)) return torchZip(file, progress);
  if (isLegacyTorch(file.view)) return torchLegacy(file, progress);
  throw Error(ErrorKind::InvalidInput, "not a file of PyTorch's: neither its zip form nor the one before it");
}

Bytes storageOf(const TorchFile& file, const std::string& key, std::uint64_t bytes) {
  const auto found = file.storages.find(key);
  if (found == file.storages.end())
    throw Error(ErrorKind::InvalidInput, "its storage '" + key + "' is not in the file");
  const auto view = found->second.view;
  if (view.size() < bytes)
    throw Error(ErrorKind::InvalidInput, "its storage '" + key + "' declares " + std::to_string(bytes) +
                                             " bytes and has " + std::to_string(view.size()));
  return {found->second.owner, view.first(bytes)};
}

}  // namespace

bool isLegacyTorch(std::span<const std::byte> bytes) { return textOf(bytes).starts_with(legacyMagic); }

bool matchesTorch(std::span<const std::byte> bytes) {
  if (isLegacyTorch(bytes)) return true;
  const auto first = firstZipMember(bytes);
  return first && isMemberName(*first);
}

FileArrays torchFileArrays(const Bytes& bytes, const Progress& progress) {
  const TorchFile file = openTorch(bytes, progress);
  FileArrays found = torchTensors(file.pickle, [&](const std::string& key, std::uint64_t size) {
    progress.check();
    return storageOf(file, key, size);
  });
  // What reads safetensors files with PyTorch asks for this of each.
  found.metadata["format"] = "pt";
  return found;
}

Model readTorch(const ReadSource& source, const Progress& progress) {
  FileArrays found = torchFileArrays(source.bytes, progress);
  if (found.tensors.empty() && found.kept.empty() && found.training.empty())
    throw Error(ErrorKind::InvalidInput, "it holds no tensors");
  Model model = modelOfArrays(std::move(found));
  model.source.format = "PyTorch";
  model.source.fileBytes = source.bytes.view.size();
  return model;
}

}  // namespace lapidary::core
