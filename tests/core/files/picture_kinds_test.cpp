// SPDX-License-Identifier: GPL-3.0-or-later
// Orientation, and kinds of picture that Qt reads through plugins.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/files/image.h"
#include "core/files/image_end.h"
#include "core/files/orientation.h"
#include "core/files/picture_form.h"
#include "core/files/tiff_directory.h"
#include "core/support/error.h"
#include "tests/core/files/picture_bytes.h"
#include "tests/core/files/sample_pictures.h"
#include "tests/support/messages.h"

namespace lapidary::core {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

constexpr const char* noPlugin = "skipped: Qt's plugins for WebP and TIFF are not installed";

bool hasPlugins() { return unreadableKind("a.tif").empty() && unreadableKind("a.webp").empty(); }

Picture decoded(const std::string& file) { return decodePicture(bytesOf(file)); }

std::string rawChunk(const std::string& type, const std::string& data) {
  const std::string length = number(data.size(), 4), sum = number(crcOf(type + data), 4);
  return std::string(length.rbegin(), length.rend()) + type + data + std::string(sum.rbegin(), sum.rend());
}

/// With a chunk behind the header, or before the end.
std::string withChunk(const std::string& png, const std::string& chunk, bool atEnd = false) {
  const std::size_t at = atEnd ? png.size() - 12 : 33;
  return png.substr(0, at) + chunk + png.substr(at);
}

/// The picture as it is seen is 3x2, "abc" above "def"; each row is how a camera that was held otherwise
/// stores it.
constexpr struct {
  int orientation, width;
  std::string_view pixels;
} turns[] = {{1, 3, "abcdef"}, {2, 3, "cbafed"}, {3, 3, "fedcba"}, {4, 3, "defabc"},
             {5, 2, "adbecf"}, {6, 2, "cfbead"}, {7, 2, "fcebda"}, {8, 2, "daebfc"}};

TEST(Orientation, EveryOneIsTurnedBack) {
  for (const auto& turn : turns) {
    const Picture stored{turn.width, 6 / turn.width, 1, {turn.pixels.begin(), turn.pixels.end()}};
    const Picture seen = turned(stored, turn.orientation);
    EXPECT_EQ(seen.width, 3) << turn.orientation;
    EXPECT_EQ(seen.height, 2) << turn.orientation;
    EXPECT_EQ(std::string(seen.pixels.begin(), seen.pixels.end()), "abcdef") << turn.orientation;
  }
}

TEST(Orientation, ColoursStayTogether) {
  const Picture seen = turned({2, 1, 3, {1, 2, 3, 4, 5, 6}}, 6);
  EXPECT_EQ(seen.width, 1);
  EXPECT_THAT(seen.pixels, ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(turned({2, 1, 3, {1, 2, 3, 4, 5, 6}}, 8).pixels, ElementsAre(4, 5, 6, 1, 2, 3));
}

TEST(Orientation, IsReadFromPng) {
  const std::string png = unhex(grayPng);
  for (const bool atEnd : {false, true})
    for (const bool bigEndian : {false, true}) {
      const Picture picture = decoded(withChunk(png, rawChunk("eXIf", exifOf(8, bigEndian)), atEnd));
      EXPECT_EQ(picture.height, 2);
      EXPECT_THAT(picture.pixels, ElementsAre(200, 7));
    }
}

TEST(Orientation, IsReadFromJpeg) {
  const std::string jpeg = unhex(quarteredJpeg);
  EXPECT_EQ(decoded(jpeg).width, 16);
  const Picture half = decoded(withExif(jpeg, exifOf(3)));
  EXPECT_EQ(half.width, 16);
  EXPECT_GT(half.pixels.front(), 230);
  const Picture right = decoded(withExif(jpeg, exifOf(6)));
  EXPECT_EQ(right.width, 8);
  EXPECT_EQ(right.height, 16);
  EXPECT_LT(right.pixels.front(), 30);
  EXPECT_GT(right.pixels[15 * 8], 230) << "the lower right corner comes to the lower left";
}

TEST(Orientation, IsReadFromTiffAndWebp) {
  if (!hasPlugins()) GTEST_SKIP() << noPlugin;
  for (const auto& turn : turns) {
    RawTiff tiff = grayTiff(static_cast<unsigned>(turn.width), static_cast<unsigned>(6 / turn.width), 8,
                            std::string(turn.pixels));
    tiff.tags[0x112] = {static_cast<std::uint32_t>(turn.orientation)};
    const Picture seen = decoded(tiff.bytes());
    EXPECT_EQ(std::string(seen.pixels.begin(), seen.pixels.end()), "abcdef") << turn.orientation;
  }
  const Picture picture = decoded(unhex(turnedWebp));
  EXPECT_EQ(picture.width, 1);
  EXPECT_EQ(picture.height, 2);
  EXPECT_THAT(picture.pixels, ElementsAre(255, 0, 0, 0, 0, 255));
}

TEST(Orientation, DamagedDataTurnNothing) {
  const std::string png = unhex(grayPng), exif = exifOf(6);
  for (std::size_t size = 0; size < exif.size(); ++size)
    messageOf([&] { decoded(withChunk(png, rawChunk("eXIf", exif.substr(0, size)))); });
  for (const std::uint32_t wrong : {0u, 9u, 1u << 30}) {
    const Picture picture = decoded(withChunk(png, rawChunk("eXIf", exifOf(wrong))));
    EXPECT_THAT(picture.pixels, ElementsAre(7, 200));
  }
}

TEST(TiffDirectory, ReadsBothOrdersAndStaysWithinTheFile) {
  for (const bool bigEndian : {false, true}) {
    RawTiff tiff{{{256, {7}}, {273, {1, 2, 3}}}, "xyz", bigEndian, 12};
    const std::string file = tiff.bytes();
    const auto directory = TiffDirectory::read(viewOf(file));
    ASSERT_TRUE(directory);
    EXPECT_EQ(directory->value(256), 7u);
    EXPECT_THAT(*directory->values(273), ElementsAre(1, 2, 3));
    EXPECT_FALSE(directory->values(999));
    EXPECT_TRUE(directory->hasNext());
    for (std::size_t size = 0; size < file.size(); ++size)
      if (const auto cut = TiffDirectory::read(viewOf(file).first(size))) cut->values(273);
  }
}

TEST(PictureKinds, GifAndTiffAndWebp) {
  EXPECT_THAT(decoded(unhex(rgbGif)).pixels, ElementsAre(255, 0, 0, 0, 0, 255));
  if (!hasPlugins()) GTEST_SKIP() << noPlugin;
  const std::string deep("\x00\x80\xff\xff", 4);
  EXPECT_THAT(decoded(grayTiff(2, 1, 16, deep).bytes()).pixels, ElementsAre(128, 255)) << "as of a PNG";
  RawTiff rgb = grayTiff(1, 1, 8, "\x0a\x14\x1e");
  rgb.tags[258] = {8, 8, 8};
  rgb.tags[262] = {2};
  rgb.tags[277] = {3};
  EXPECT_THAT(decoded(rgb.bytes()).pixels, ElementsAre(10, 20, 30));
  RawTiff inks = grayTiff(1, 1, 8, std::string("\xff\0\0\0", 4));
  inks.tags[258] = {8, 8, 8, 8};
  inks.tags[262] = {5};
  inks.tags[277] = {4};
  EXPECT_THAT(decoded(inks.bytes()).pixels, ElementsAre(0, 255, 255)) << "cyan";
  EXPECT_TRUE(pictureForm(bytesOf(inks.bytes())).inks);
}

TEST(PictureKinds, AreToldByTheirContent) {
  if (!hasPlugins()) GTEST_SKIP() << noPlugin;
  EXPECT_EQ(pictureKind(viewOf(unhex(turnedWebp))).title, "WebP");
  EXPECT_EQ(pictureKind(viewOf(grayTiff(1, 1, 8, "x").bytes())).title, "TIFF");
  EXPECT_EQ(pictureKind(viewOf("RIFF....WAVE")).title, "");
}

TEST(PictureKinds, AReaderThatIsMissingIsNamed) {
  const std::vector<std::string> few{"jpeg", "bmp"};
  EXPECT_EQ(unreadableKind("a.TIF", few), "TIFF");
  EXPECT_EQ(unreadableKind("a.webp", few), "WebP");
  EXPECT_EQ(unreadableKind("a.jpg", few), "");
  EXPECT_EQ(unreadableKind("a.png", few), "") << "libpng reads it";
  EXPECT_EQ(unreadableKind("a.txt", few), "");
}

TEST(PictureKinds, BoundsHold) {
  if (!hasPlugins()) GTEST_SKIP() << noPlugin;
  RawTiff wide = grayTiff(1u << 20, 1u << 20, 8, "x");
  EXPECT_EQ(messageOf([&] { decoded(wide.bytes()); }),
            "TIFF picture of 1048576x1048576 pixels of 1 channels, at most 64 megapixels are allowed");
  RawTiff tiles = grayTiff(16, 16, 8, std::string(256, 'x'));
  tiles.tags[322] = tiles.tags[323] = {1u << 20};
  tiles.tags[324] = {8};
  tiles.tags[325] = {256};
  EXPECT_THAT(messageOf([&] { decoded(tiles.bytes()); }), HasSubstr("at most 64 megapixels are allowed"));
  RawTiff channels = grayTiff(4096, 4096, 16, "xx");
  channels.tags[277] = {60000};
  EXPECT_THAT(messageOf([&] { decoded(channels.bytes()); }), HasSubstr("60000 channels"));
  RawTiff beyond = grayTiff(2, 2, 8, "abcd");
  beyond.tags[273] = {4000};
  EXPECT_EQ(messageOf([&] { decoded(beyond.bytes()); }), "damaged TIFF picture: bytes are missing or wrong");
  RawTiff floats = grayTiff(1, 1, 32, "abcd");
  floats.tags[339] = {3};
  EXPECT_EQ(messageOf([&] { decoded(floats.bytes()); }),
            "TIFF picture of 32-bit numbers, whole ones of 8 or 16 bits expected; give an npz of them");
  const std::string webp = unhex(turnedWebp), gif = unhex(rgbGif);
  EXPECT_THAT(messageOf([&] { decoded(webp.substr(0, 60)); }), HasSubstr("damaged WebP picture"));
  EXPECT_THAT(messageOf([&] { decoded(gif.substr(0, 40)); }), HasSubstr("damaged GIF picture"));
}

/// Neither libtiff nor a plugin of Qt may write to standard error.
TEST(PictureKinds, AnyBitMayBeWrongWithoutAWord) {
  if (!hasPlugins()) GTEST_SKIP() << noPlugin;
  ::testing::internal::CaptureStderr();
  for (const std::string& file : {grayTiff(3, 2, 8, "abcdef").bytes(), unhex(turnedWebp), unhex(rgbGif),
                                  withExif(unhex(quarteredJpeg), exifOf(6))})
    for (std::size_t i = 0; i < file.size(); ++i) {
      std::string damaged = file;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << i % 8));
      messageOf([&] { decoded(damaged); });
      messageOf([&] { decoded(file.substr(0, i)); });
      pictureForm(bytesOf(damaged));
      pictureForm(bytesOf(file.substr(0, i)));
    }
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST(PictureForm, TellsWhatIsLost) {
  EXPECT_EQ(pictureForm(bytesOf(unhex(gray16Png))).bits, 16);
  EXPECT_TRUE(pictureForm(bytesOf(unhex(rgbaPng))).transparent);
  EXPECT_FALSE(pictureForm(bytesOf(unhex(rgbPng))).transparent);
  EXPECT_TRUE(pictureForm(bytesOf(withChunk(unhex(palettePng), rawChunk("tRNS", "\x10")))).transparent);
  EXPECT_EQ(pictureForm(bytesOf("P5 2 1\n# a comment\n65535\nabcd")).bits, 16);
  EXPECT_EQ(pictureForm(bytesOf("P5 2 1 255 ab")).bits, 8);
  EXPECT_FALSE(pictureForm(bytesOf(unhex(rgbGif))).moreFrames);
  RawTiff pages = grayTiff(1, 1, 8, "x");
  pages.next = 8;
  EXPECT_TRUE(pictureForm(bytesOf(pages.bytes())).moreFrames);
  EXPECT_FALSE(pictureForm(bytesOf(unhex(flatJpeg))).inks);
}

}  // namespace
}  // namespace lapidary::core
