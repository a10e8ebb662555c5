// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/parts/payload_audit.h"

#include <algorithm>
#include <cstring>

#include "core/audit/parts/content_kind.h"
#include "core/audit/parts/unpacked_stream.h"
#include "core/files/byte_order.h"
#include "core/io/torch/pickle_trace.h"
#include "core/support/bytes.h"

namespace lapidary::core {
namespace {

using namespace std::string_view_literals;
using View = std::span<const std::byte>;

/// Class, byte order, version, and a kind of file and of processor that exist (System V ABI, chapter 4).
bool isElf(View bytes) {
  if (bytes.size() < 52) return false;
  const auto field = [&](std::size_t at) { return std::to_integer<int>(bytes[at]); };
  const bool ident = (field(4) == 1 || field(4) == 2) && (field(5) == 1 || field(5) == 2) && field(6) == 1;
  const auto type = field(5) == 1 ? littleEndian(bytes, 16, 2) : bigEndian(bytes, 16, 2);
  return ident && type >= 1 && type <= 4;
}

/// A local header that a writer of zips could have made: plain version and method, a name of letters.
bool isZip(View bytes) {
  if (bytes.size() < 31 || littleEndian(bytes, 4, 2) > 63) return false;
  const auto method = littleEndian(bytes, 8, 2), name = littleEndian(bytes, 26, 2);
  if ((method != 0 && method != 8 && method != 12 && method != 14 && method != 93) || name == 0 ||
      name > 255 || 30 + name > bytes.size())
    return false;
  return std::ranges::all_of(bytes.subspan(30, name),
                             [](std::byte b) { return std::to_integer<int>(b) >= 32; });
}

bool isPortable(View bytes) {
  return contentKind(bytes.first(std::min<std::size_t>(bytes.size(), 8192))) ==
         ContentKind::PortableExecutable;
}

/// A candidate counts where its first bytes unpack.
bool isGzip(View bytes) {
  if (bytes.size() < 18 || std::to_integer<int>(bytes[3]) > 31) return false;
  return unpacksAtFirst(bytes, ContentKind::Gzip);
}

/// Followed to the end, with a look-up on the way.
bool isHiddenPickle(View bytes) {
  const PickleTrace pickle = tracePickle(bytes.first(std::min<std::size_t>(bytes.size(), 1 << 16)), 0);
  return pickle.fault.empty() && !pickle.lookups.empty() && pickle.oddities.empty();
}

/// "#!/" and a line of printable characters.
bool isScript(View bytes) {
  const std::string_view line = textOf(bytes).substr(0, std::min(textOf(bytes).find('\n'), std::size_t{128}));
  return line.size() >= 6 && line.size() < 128 &&
         std::ranges::all_of(line, [](char c) { return c >= 32 && c < 127; });
}

bool always(View) { return true; }

struct Signature {
  std::string_view start;
  bool (*goesOn)(View);
  std::string_view name;
};

constexpr Signature signatures[]{
    {"\x7f"
     "ELF"sv,
     isElf, "a program (ELF)"},
    {"MZ"sv, isPortable, "a program (Windows)"},
    {"PK\x03\x04"sv, isZip, "a zip archive"},
    {"\x1f\x8b\x08"sv, isGzip, "a gzip stream"},
    {"7z\xbc\xaf\x27\x1c"sv, always, "a 7z archive"},
    {"\xfd"
     "7zXZ\0"sv,
     always, "an xz stream"},
    {"#!/"sv, isScript, "a script"},
    {"\x80\x02"sv, isHiddenPickle, "a pickle"},
    {"\x80\x03"sv, isHiddenPickle, "a pickle"},
    {"\x80\x04\x95"sv, isHiddenPickle, "a pickle"},
    {"\x80\x05\x95"sv, isHiddenPickle, "a pickle"},
};

}  // namespace

void auditPayload(AuditRun& run, const AuditPart& part, std::size_t offset, std::size_t length,
                  const std::string& where) {
  const View stretch = part.view().subspan(offset, length);
  for (const Signature& signature : signatures) {
    run.progress().check();
    const std::string_view text = textOf(stretch);
    for (std::size_t at = text.find(signature.start); at != std::string_view::npos;
         at = text.find(signature.start, at + 1)) {
      if (!signature.goesOn(stretch.subspan(at))) continue;
      run.addAt("hidden-payload", part, offset + at, signature.start.size(),
                where + " hold " + std::string(signature.name));
      break;
    }
  }
}

}  // namespace lapidary::core
