// SPDX-License-Identifier: GPL-3.0-or-later
// The pages of an Ogg file (RFC 3533), their checksums compared by libogg.
#pragma once

#include <ogg/ogg.h>

#include <cstddef>
#include <span>

namespace lapidary::core {

class OggPages {
 public:
  explicit OggPages(std::span<const std::byte> bytes);
  ~OggPages();
  OggPages(const OggPages&) = delete;
  OggPages& operator=(const OggPages&) = delete;

  /// The length of the next page, which is valid until the one after it; 0 where no whole page is left;
  /// negative where bytes are none.
  long next(ogg_page& page);

 private:
  void feed();

  std::span<const std::byte> m_rest;
  ogg_sync_state m_sync{};
};

/// Throws Error(InvalidInput) where a page is damaged, missing or of another stream than the first.
void requireWholeOgg(std::span<const std::byte> bytes);

}  // namespace lapidary::core
