// SPDX-License-Identifier: GPL-3.0-or-later
// Streams that pack one file: gzip, zlib, bzip2, xz, LZMA, zstd, LZ4.
#include <array>

#include "core/audit/archives/archive_audit.h"
#include "core/audit/archives/member_names.h"
#include "core/audit/parts/payload_audit.h"
#include "core/audit/parts/unpacked_stream.h"

namespace lapidary::core {
namespace {

constexpr std::uint64_t largestStream = std::uint64_t{256} << 20;

/// "model.pkl.gz" holds "model.pkl"; other names say nothing of what is inside.
std::string nameInside(const std::string& name) {
  constexpr std::array<std::string_view, 9> endings{".gz",   ".gzip", ".z",   ".bz2", ".xz",
                                                    ".lzma", ".zst",  ".lz4", ".zstd"};
  for (const std::string_view ending : endings)
    if (name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
  return "";
}

void behind(AuditRun& run, const AuditPart& part, std::size_t used) {
  const std::size_t left = part.view().size() - used;
  run.addAt("trailing-bytes", part, used, left, std::to_string(left) + " bytes stand behind the stream");
  auditPayload(run, part, used, left, "bytes behind the stream");
}

}  // namespace

void auditStream(AuditRun& run, const AuditPart& part, ContentKind kind) {
  const std::string name(contentName(kind));
  if (part.depth >= deepestArchive)
    return run.add("archive-opaque", part.place, name + " lies in too many archives to be looked into");
  const UnpackedStream content = unpackedStream(part.view(), kind, largestStream);
  if (!run.mayUnpack(content.bytes.view.size()))
    return run.add("archive-opaque", part.place,
                   name + " was not looked into: all in all too much is unpacked");
  if (content.end == StreamEnd::TooLarge)
    run.add("archive-opaque", part.place,
            name + " that unpacks to more than 256 MB, the rest of which was not seen");
  if (content.end == StreamEnd::TooHungry)
    run.add("archive-opaque", part.place, name + " whose unpacking takes more memory than 128 MB");
  if (content.end == StreamEnd::Damaged)
    run.addAt("stream-damaged", part, content.used, 1, name + " is damaged or cut short here");
  if (!content.bytes.view.empty())
    run.lookInto({content.bytes, part.place.empty() ? "unpacked" : part.place + " / unpacked",
                  nameInside(part.name), "", part.depth + 1, std::nullopt});
  if (content.end == StreamEnd::Whole && content.used < part.view().size()) behind(run, part, content.used);
}

}  // namespace lapidary::core
