// SPDX-License-Identifier: GPL-3.0-or-later
// The zip form of PyTorch 1.6 and later: NAME/data.pkl, NAME/data/KEY, NAME/byteorder, NAME/version.
#include <algorithm>
#include <limits>
#include <set>

#include "core/files/archive.h"
#include "core/files/checksum.h"
#include "core/files/zip_directory.h"
#include "core/io/torch/torch_storages.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

constexpr std::string_view pickleName = "data.pkl";
constexpr std::uint16_t flagEncrypted = 1, methodStored = 0;

/// Members in place where they are stored, as PyTorch stores them all.
class Members {
 public:
  Members(const Bytes& file, const Progress& progress)
      : m_file(file), m_progress(progress), m_directory(readZipHeaders(file.view)) {
    std::set<std::string> names;
    for (const ZipEntry& entry : m_directory.entries)
      if (!names.insert(entry.listed.name).second)
        refuseInput("archive member '" + entry.listed.name + "' is in the archive twice");
  }

  const std::vector<ZipEntry>& entries() const { return m_directory.entries; }

  Bytes read(const ZipEntry& entry) const {
    const std::string& name = entry.listed.name;
    if (!entry.local || entry.local->name != name)
      refuseInput("archive member '" + name + "' has another name in its own header");
    if (entry.listed.flags & flagEncrypted) refuseInput("archive member '" + name + "' is encrypted");
    if (entry.listed.method != methodStored)
      return ArchiveReader(m_file).read(name, std::numeric_limits<std::uint32_t>::max());
    const auto bytes = packedBytes(m_file.view, entry);
    if (bytes.size() != entry.listed.size)
      refuseInput("archive member '" + name + "' is stored uncompressed, but declares two lengths");
    if (crc32Of(bytes, m_progress) != entry.listed.crc)
      refuseInput("archive member '" + name + "' has a wrong checksum (CRC-32)");
    return {m_file.owner, bytes};
  }

 private:
  const Bytes& m_file;
  const Progress& m_progress;
  ZipDirectory m_directory;
};

bool isPickle(const std::string& name) {
  return name == pickleName || name.ends_with('/' + std::string(pickleName));
}

const ZipEntry& pickleOf(const Members& members) {
  const auto& entries = members.entries();
  const auto is = [](const ZipEntry& entry) { return isPickle(entry.listed.name); };
  const auto found = std::find_if(entries.begin(), entries.end(), is);
  if (found == entries.end()) refuseInput("the zip archive has no data.pkl: it is no file of PyTorch's");
  if (std::find_if(found + 1, entries.end(), is) != entries.end())
    refuseInput("the zip archive has more than one data.pkl");
  return *found;
}

void requireLittleEndian(const Bytes& text) {
  if (std::string_view(reinterpret_cast<const char*>(text.view.data()), text.view.size()) == "big")
    throw Error(ErrorKind::Unsupported,
                "it was written on a big-endian machine: save it again on a little-endian one");
}

}  // namespace

TorchFile torchZip(const Bytes& file, const Progress& progress) {
  const Members members(file, progress);
  const ZipEntry& pickle = pickleOf(members);
  const std::string& name = pickle.listed.name;
  const std::string root = name.substr(0, name.size() - pickleName.size()), data = root + "data/";
  TorchFile result;
  for (const ZipEntry& entry : members.entries()) {
    if (entry.listed.name == root + "byteorder") requireLittleEndian(members.read(entry));
    if (entry.listed.name.starts_with(data) && !entry.isFolder())
      result.storages[entry.listed.name.substr(data.size())] = members.read(entry);
  }
  const Bytes program = members.read(pickle);
  result.pickle = tracePickle(program.view, 0, progress);
  return result;
}

}  // namespace lapidary::core
