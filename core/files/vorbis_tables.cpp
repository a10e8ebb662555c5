// SPDX-License-Identifier: GPL-3.0-or-later
// Vorbis I specification, 3.2.1 (codebooks) and 4.2.4 (setup header).
#include "core/files/vorbis_tables.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/files/ogg_pages.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

constexpr std::uint64_t mostNumbers = 1 << 22;
constexpr std::string_view identification = "\x01vorbis", setup = "\x05vorbis";

/// The bits of a packet; zeros behind its end.
class PacketBits {
 public:
  explicit PacketBits(std::string_view content) {
    // libogg reads only, but does not say so.
    auto* start = reinterpret_cast<unsigned char*>(const_cast<char*>(content.data()));
    oggpack_readinit(&m_buffer, start, static_cast<int>(content.size()));
  }

  std::uint64_t next(int count) {
    return static_cast<std::uint64_t>(std::max(oggpack_read(&m_buffer, count), 0L));
  }
  bool flag() { return next(1) == 1; }

 private:
  oggpack_buffer m_buffer{};
};

void stepOverLengths(PacketBits& bits, std::uint64_t entries) {
  if (bits.flag()) {  // in order: how many codes there are of each length
    bits.next(5);
    constexpr int mostLengths = 32;
    std::uint64_t done = 0;
    for (int i = 0; i < mostLengths && done < entries; ++i)
      done += bits.next(static_cast<int>(std::bit_width(entries - done)));
    return;
  }
  const bool sparse = bits.flag();
  for (std::uint64_t i = 0; i < entries; ++i)
    if (!sparse || bits.flag()) bits.next(5);
}

/// The most values of which `width` make no more than `entries` combinations.
std::uint64_t latticeSide(std::uint64_t entries, std::uint64_t width) {
  const auto combinations = [&](double side) { return std::pow(side, static_cast<double>(width)); };
  double side = std::floor(std::pow(static_cast<double>(entries), 1.0 / static_cast<double>(width)));
  while (combinations(side + 1) <= static_cast<double>(entries)) ++side;
  while (side > 0 && combinations(side) > static_cast<double>(entries)) --side;
  return static_cast<std::uint64_t>(side);
}

void stepOverValues(PacketBits& bits, std::uint64_t entries, std::uint64_t width) {
  const std::uint64_t kind = bits.next(4);
  if (kind == 0) return;
  bits.next(32);
  bits.next(32);
  const int valueBits = static_cast<int>(bits.next(4)) + 1;
  bits.next(1);
  const std::uint64_t values = kind == 1 ? latticeSide(entries, width) : entries * width;
  for (std::uint64_t i = 0; i < values; ++i) bits.next(valueBits);
}

/// Steps over one table, unless it is too large; how many numbers it has.
std::uint64_t numbersOfTable(PacketBits& bits) {
  bits.next(24);  // its mark
  const std::uint64_t width = std::max<std::uint64_t>(bits.next(16), 1), entries = bits.next(24);
  if (entries * width > mostNumbers) return entries * width;
  stepOverLengths(bits, entries);
  stepOverValues(bits, entries, width);
  return entries * width;
}

void requireModestSetup(std::string_view packet) {
  PacketBits bits(packet.substr(setup.size()));
  std::uint64_t numbers = 0;
  for (std::uint64_t left = bits.next(8) + 1; left > 0; --left) {
    numbers += numbersOfTable(bits);
    if (numbers > mostNumbers)
      throw invalidInput("the tables of the Vorbis header have more than " + std::to_string(mostNumbers) +
                         " numbers");
  }
}

/// The packets of a stream whose pages are whole.
class OggPackets {
 public:
  explicit OggPackets(std::span<const std::byte> bytes) : m_pages(bytes) {}
  ~OggPackets() { ogg_stream_clear(&m_stream); }
  OggPackets(const OggPackets&) = delete;
  OggPackets& operator=(const OggPackets&) = delete;

  /// The next packet, valid until the one after it; empty at the end.
  std::string_view next() {
    ogg_packet packet{};
    while (ogg_stream_packetout(&m_stream, &packet) != 1) {
      ogg_page page{};
      if (m_pages.next(page) <= 0) return {};
      if (m_stream.body_data == nullptr) ogg_stream_init(&m_stream, ogg_page_serialno(&page));
      ogg_stream_pagein(&m_stream, &page);
    }
    return {reinterpret_cast<const char*>(packet.packet), static_cast<std::size_t>(packet.bytes)};
  }

 private:
  OggPages m_pages;
  ogg_stream_state m_stream{};
};

}  // namespace

void requireModestTables(std::span<const std::byte> ogg) {
  OggPackets packets(ogg);
  if (!packets.next().starts_with(identification)) return;
  constexpr int headers = 2;  // comments and tables, of which libvorbis wants the tables last
  for (int i = 0; i < headers; ++i)
    if (const std::string_view packet = packets.next(); packet.starts_with(setup)) requireModestSetup(packet);
}

}  // namespace lapidary::core
