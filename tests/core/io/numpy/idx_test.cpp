// SPDX-License-Identifier: GPL-3.0-or-later
// IDX arrays, plain and gzipped.
#include "core/io/numpy/idx.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/files/raw_zip.h"
#include "tests/support/test_bytes.h"

namespace lapidary::core {
namespace {

using namespace testing;
using ::testing::ElementsAre;
constexpr int gzip = 16 + MAX_WBITS;

const std::string header2x3("\0\0\x08\x02\0\0\0\x02\0\0\0\x03", 12);

TEST(Idx, ReadsBytesAsAView) {
  const Bytes file = bytesOf(header2x3 + "abcdef");
  const Tensor t = readIdx(file);
  EXPECT_EQ(t.shape(), (Shape{2, 3}));
  EXPECT_EQ(t.dtype(), DType::UInt8);
  EXPECT_EQ(t.bytes().data(), file.view.data() + 12);
  EXPECT_TRUE(looksLikeIdx(file.view));
  EXPECT_FALSE(looksLikeIdx(bytesOf("PK\x03\x04").view));
}

TEST(Idx, ReadsBigEndianNumbers) {
  const Tensor ints = readIdx(bytesOf(std::string("\0\0\x0c\x01\0\0\0\x02\0\0\x01\x02\xff\xff\xff\xfe", 16)));
  EXPECT_THAT(ints.as<std::int32_t>(), ElementsAre(0x102, -2));
  const Tensor floats = readIdx(bytesOf(std::string("\0\0\x0d\x01\0\0\0\x01\x3f\xc0\0\0", 12)));
  EXPECT_THAT(floats.as<float>(), ElementsAre(1.5f));
  const Tensor shorts = readIdx(bytesOf(std::string("\0\0\x0b\x01\0\0\0\x01\x12\x34", 10)));
  EXPECT_THAT(shorts.as<std::int16_t>(), ElementsAre(0x1234));
}

TEST(Idx, ReadsGzip) {
  const Tensor t = readIdx(bytesOf(deflated(header2x3 + "abcdef", gzip)));
  EXPECT_EQ(stringOf(t.bytes()), "abcdef");
  EXPECT_EQ(t.shape(), (Shape{2, 3}));
}

TEST(Idx, ReadsGzipLargerThanItsBuffers) {
  std::string file("\0\0\x08\x01\0\x0f\x42\x40", 8);
  for (unsigned i = 0; i < 1000000; ++i) file += static_cast<char>(i * i >> 7);
  EXPECT_EQ(stringOf(readIdx(bytesOf(deflated(file, gzip))).bytes()), file.substr(8));
}

}  // namespace
}  // namespace lapidary::core
