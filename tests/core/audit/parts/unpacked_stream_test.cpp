// SPDX-License-Identifier: GPL-3.0-or-later
// Packed streams: limits are kept, what came out before damage is given, and short marks are not believed.
#include "core/audit/parts/unpacked_stream.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "core/support/bytes.h"
#include "tests/support/temporary_folder.h"

namespace lapidary::core {
namespace {

const std::filesystem::path honest = std::filesystem::path(LAPIDARY_SOURCE_DIR) / "tests/data/audit/clean";

std::span<const std::byte> packedOf(const std::string& text) { return std::as_bytes(std::span(text)); }

TEST(UnpackedStream, EveryPackingGivesTheSameBytes) {
  const std::string plain = testing::contentOf(honest / "joblib.joblib");
  for (const char* kind : {"zlib", "gzip", "bzip2", "xz", "lzma", "zstd", "lz4", "old"}) {
    const std::string packed = testing::contentOf(honest / ("joblib_" + std::string(kind) + ".pkl"));
    const ContentKind content = contentKind(packedOf(packed));
    ASSERT_TRUE(isPackedStream(content)) << kind << ": " << contentName(content);
    const UnpackedStream out = unpackedStream(packedOf(packed), content, 1 << 20);
    EXPECT_EQ(out.end, StreamEnd::Whole) << kind;
    EXPECT_EQ(out.used, packed.size()) << kind;
    EXPECT_EQ(core::textOf(out.bytes.view), plain) << kind;
    EXPECT_EQ(unpackedStream(packedOf(packed), content, 10).end, StreamEnd::TooLarge) << kind;
    const UnpackedStream cut = unpackedStream(packedOf(packed).first(packed.size() - 3), content, 1 << 20);
    EXPECT_NE(cut.end, StreamEnd::TooHungry) << kind;
    EXPECT_TRUE(cut.end == StreamEnd::Damaged || core::textOf(cut.bytes.view) == plain) << kind;
  }
}

TEST(UnpackedStream, AWindowOfGigabytesIsRefused) {
  // LZMA alone with a dictionary of 4 GB; it is found out before memory is taken.
  std::string packed = testing::contentOf(honest / "joblib_lzma.pkl");
  packed.replace(1, 4, "\xff\xff\xff\xff");
  EXPECT_EQ(unpackedStream(packedOf(packed), ContentKind::Lzma, 1 << 20).end, StreamEnd::TooHungry);
}

TEST(UnpackedStream, TextsAndNumbersAreNoStreams) {
  for (const char* text : {"x^2 + y^2 = z^2", "BZh is how bzip2 begins", "]", "x\x9c and words", "ZF0"})
    EXPECT_FALSE(isPackedStream(contentKind(packedOf(text)))) << text;
}

}  // namespace
}  // namespace lapidary::core
