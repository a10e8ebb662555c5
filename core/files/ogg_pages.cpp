// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/ogg_pages.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <string>

#include "core/support/error.h"

namespace lapidary::core {

OggPages::OggPages(std::span<const std::byte> bytes) : m_rest(bytes) { ogg_sync_init(&m_sync); }
OggPages::~OggPages() { ogg_sync_clear(&m_sync); }

long OggPages::next(ogg_page& page) {
  for (;;) {
    const long length = ogg_sync_pageseek(&m_sync, &page);
    if (length != 0 || m_rest.empty()) return length;
    feed();
  }
}

void OggPages::feed() {
  const std::size_t count = std::min(m_rest.size(), std::size_t{1} << 16);
  char* to = ogg_sync_buffer(&m_sync, static_cast<long>(count));
  if (to == nullptr) throw std::bad_alloc();
  std::memcpy(to, m_rest.data(), count);
  ogg_sync_wrote(&m_sync, static_cast<long>(count));
  m_rest = m_rest.subspan(count);
}

void requireWholeOgg(std::span<const std::byte> bytes) {
  OggPages pages(bytes);
  ogg_page page{};
  std::size_t at = 0;
  long number = 0;
  int stream = 0;
  bool ended = false;
  while (const long length = pages.next(page)) {
    const std::string place = "at byte " + std::to_string(at) + " ";
    if (length < 0) throw invalidInput(place + "a page is damaged or no page stands there");
    if (at > 0 && ogg_page_serialno(&page) != stream)
      throw invalidInput(place + "another stream begins; files of one sound expected");
    if (at > 0 && ogg_page_pageno(&page) != number)
      throw invalidInput(place + "page " + std::to_string(ogg_page_pageno(&page)) + " stands, page " +
                         std::to_string(number) + " expected");
    stream = ogg_page_serialno(&page);
    number = ogg_page_pageno(&page) + 1;
    ended = ogg_page_eos(&page) != 0;
    at += static_cast<std::size_t>(length);
  }
  if (at < bytes.size() || !ended)
    throw invalidInput("the file is cut: its last page is missing (from byte " + std::to_string(at) + " on)");
}

}  // namespace lapidary::core
