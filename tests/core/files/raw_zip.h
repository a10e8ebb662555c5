// SPDX-License-Identifier: GPL-3.0-or-later
// A zip written byte by byte, so that every field of it can be wrong (APPNOTE.TXT of PKWARE, 4.3).
#pragma once

#include <zlib.h>

#include <optional>
#include <string>
#include <vector>

namespace lapidary::core::testing {

struct RawMember {
  std::string name;
  std::string data;  ///< as it stands in the archive
  unsigned method = 0;
  unsigned flags = 0;
  std::optional<std::uint32_t> crc = {};   ///< of the data unless told
  std::optional<std::uint32_t> size = {};  ///< uncompressed; that of the data unless told
  std::optional<std::uint32_t> packed = {};
};

inline std::string number(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 255);
  return text;
}

inline std::uint32_t crcOf(const std::string& data) {
  return static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(data.data()), static_cast<uInt>(data.size())));
}

inline std::string deflated(const std::string& data, int windowBits = -MAX_WBITS) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, data.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
  stream.avail_in = static_cast<uInt>(data.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

/// A deflated member of some content.
inline RawMember deflatedMember(const std::string& name, const std::string& content) {
  return {name, deflated(content), 8, 0, crcOf(content), static_cast<std::uint32_t>(content.size()), {}};
}

inline std::string rawZip(const std::vector<RawMember>& members) {
  std::string zip, directory;
  for (const RawMember& m : members) {
    const auto length = static_cast<std::uint32_t>(m.data.size());
    const std::string common = number(m.flags, 2) + number(m.method, 2) + number(0, 4) +
                               number(m.crc.value_or(crcOf(m.data)), 4) +
                               number(m.packed.value_or(length), 4) + number(m.size.value_or(length), 4) +
                               number(m.name.size(), 2) + number(0, 2);
    directory += "PK\x01\x02" + number(20, 2) + number(20, 2) + common + number(0, 2) + number(0, 2) +
                 number(0, 2) + number(0, 4) + number(zip.size(), 4) + m.name;
    zip += "PK\x03\x04" + number(20, 2) + common + m.name + m.data;
  }
  const std::string count = number(members.size(), 2);
  return zip + directory + "PK\x05\x06" + number(0, 4) + count + count + number(directory.size(), 4) +
         number(zip.size(), 4) + number(0, 2);
}

}  // namespace lapidary::core::testing
