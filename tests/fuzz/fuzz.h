// SPDX-License-Identifier: GPL-3.0-or-later
// The parts that the fuzz targets share: bytes of their own allocation, refusals that are expected, files and
// archives.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/model/tensor.h"
#include "core/support/error.h"
#include "core/support/progress.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace lapidary::fuzz {

/// Targets look at no more than this; every reader is linear in its input or says why it is not.
constexpr std::size_t largestInput = std::size_t{64} << 10;
/// Of one array, see refuseBuffersAbove: what a small file may make the program ask for.
constexpr std::size_t largestArray = std::size_t{8} << 20;

/// On an allocation of exactly that size, so that sanitizers see overruns.
core::Bytes bytesOf(const std::uint8_t* data, std::size_t size);
std::string_view textOf(const std::uint8_t* data, std::size_t size);

/// Runs `body`; an Error, which readers owe to whoever gave them a damaged file, is the expected end.
/// Anything else that leaves it is a finding.
template <class Body>
void attempt(Body&& body) {
  try {
    body();
  } catch (const core::Error&) {
  } catch (const core::Cancelled&) {
  }
}

/// A file with that content for readers that want a path: one for the whole process, written anew each time.
std::string fileOf(std::string_view content);

/// Checksums would hide the content of archives from a fuzzer. Bytes that begin with "PK" are an archive as
/// it is; others are members, which this packs: length of the name (1 byte), name, length (2 bytes,
/// little-endian), content.
core::Bytes archiveOf(const std::uint8_t* data, std::size_t size);

}  // namespace lapidary::fuzz
