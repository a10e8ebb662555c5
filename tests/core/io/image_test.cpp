// Pictures: decoding, encoding, and scaling held against Pillow.
#include "core/io/image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "core/io/bytes.h"
#include "core/io/npz.h"
#include "tests/core/io/raw_zip.h"
#include "tests/core/io/sample_pictures.h"
#include "tests/core/io/test_bytes.h"

namespace lapidary::core {
namespace {

using namespace testing;
using ::testing::ElementsAre;

Picture decoded(std::string_view hex) { return decodePicture(bytesOf(unhex(hex))); }

TEST(Image, DecodesColour) {
  for (const std::string_view hex : {rgbPng, palettePng, rgbBmp}) {
    const Picture picture = decoded(hex);
    EXPECT_EQ(picture.channels, 3);
    EXPECT_EQ(picture.width, 2);
    EXPECT_EQ(picture.height, 1);
    EXPECT_THAT(picture.pixels, ElementsAre(255, 0, 10, 0, 128, 255));
  }
}

TEST(Image, BlendsAlphaOverWhite) {
  EXPECT_THAT(decoded(rgbaPng).pixels, ElementsAre(255, 0, 0, 127, 127, 127, 255, 255, 255));
}

TEST(Image, KeepsGray) {
  EXPECT_EQ(decoded(grayPng).channels, 1);
  EXPECT_THAT(decoded(grayPng).pixels, ElementsAre(7, 200));
  EXPECT_THAT(decoded(bitPng).pixels, ElementsAre(0, 255));
  const Picture deep = decoded(gray16Png);
  EXPECT_EQ(deep.channels, 1);
  EXPECT_THAT(deep.pixels, ElementsAre(128, 255));
}

TEST(Image, DecodesJpeg) {
  const Picture picture = decoded(flatJpeg);
  ASSERT_EQ(picture.pixels.size(), 192u);
  EXPECT_EQ(picture.pixels[0], 199);
  EXPECT_EQ(picture.pixels[1], 102);
  EXPECT_EQ(picture.pixels[191], 51);
}

TEST(Image, PngRoundTrips) {
  for (const int channels : {1, 3}) {
    Picture picture{5, 3, channels, {}};
    for (int i = 0; i < 15 * channels; ++i) picture.pixels.push_back(static_cast<std::uint8_t>(i * 13));
    const std::vector<std::byte> file = encodePng(picture);
    EXPECT_EQ(file, encodePng(picture));
    const Picture again = decodePicture(bytesOf(textOf(file)));
    EXPECT_EQ(again.channels, channels);
    EXPECT_EQ(again.pixels, picture.pixels);
  }
  const Picture clear{1, 1, 4, {10, 20, 30, 0}};
  EXPECT_THAT(decodePicture(bytesOf(textOf(encodePng(clear)))).pixels, ElementsAre(255, 255, 255));
}

TEST(Image, EncodingChecksItsSizes) {
  EXPECT_EQ(errorOf([] {
              encodePng({2, 2, 3, {1, 2, 3}});
            }),
            "a picture of 2x2 with 3 channels has 3 pixel bytes");
}

Picture sampleGray() {
  Picture picture{7, 5, 1, {}};
  for (int y = 0; y < 5; ++y)
    for (int x = 0; x < 7; ++x)
      picture.pixels.push_back(static_cast<std::uint8_t>(x * 37 + y * 53 + (x * y) % 5 * 29));
  return picture;
}

TEST(Image, ScalesAsPillowDoes) {
  EXPECT_THAT(scaled(sampleGray(), 3, 2).pixels, ElementsAre(89, 147, 139, 111, 117, 113));
  EXPECT_THAT(scaled(sampleGray(), 7, 2).pixels,
              ElementsAre(53, 107, 109, 200, 96, 168, 129, 159, 97, 57, 160, 109, 100, 131));
  EXPECT_THAT(scaled(sampleGray(), 4, 5).pixels, ElementsAre(19, 77, 145, 203, 88, 190, 150, 130, 144, 130,
                                                             120, 87, 95, 45, 111, 154, 163, 118, 132, 87));
  EXPECT_EQ(scaled(sampleGray(), 7, 5).pixels, sampleGray().pixels);
}

TEST(Image, ScalesLargerPicturesAsPillowDoes) {
  const TemporaryFolder folder;
  int status = -1;
  const std::string program = R"(
import PIL.Image
a = numpy.random.RandomState(1).randint(0, 256, (97, 131, 3)).astype('uint8')
out = {'a': a}
for w, h in ((32, 32), (224, 224), (131, 20), (40, 97), (1, 1), (130, 96)):
  out['%dx%d' % (w, h)] = numpy.asarray(PIL.Image.fromarray(a).resize((w, h), PIL.Image.BILINEAR))
numpy.savez('pillow.npz', **out)
)";
  if (!python(folder, "numpy, PIL", program, &status)) GTEST_SKIP() << "skipped: no python3 with Pillow";
  ASSERT_EQ(status, 0);
  auto arrays = readNpz(mapFile(folder.path("pillow.npz")));
  const auto pixels = arrays.at("a").as<std::uint8_t>();
  const Picture source{131, 97, 3, {pixels.begin(), pixels.end()}};
  arrays.erase("a");
  for (const auto& [key, tensor] : arrays) {
    const Picture ours =
        scaled(source, static_cast<int>(tensor.shape()[1]), static_cast<int>(tensor.shape()[0]));
    const auto theirs = tensor.as<std::uint8_t>();
    int worst = 0;
    for (std::size_t i = 0; i < theirs.size(); ++i)
      worst = std::max(worst, std::abs(theirs[i] - ours.pixels[i]));
    EXPECT_LE(worst, 1) << key;
  }
}

std::string pngChunk(const std::string& type, const std::string& data) {
  const auto bigEndian = [](std::uint32_t v) {
    const std::string little = number(v, 4);
    return std::string(little.rbegin(), little.rend());
  };
  return bigEndian(static_cast<std::uint32_t>(data.size())) + type + data + bigEndian(crcOf(type + data));
}

/// A PNG that declares a size and holds hardly anything.
std::string declaredPng(const std::string& size) {
  return "\x89PNG\r\n\x1a\n" + pngChunk("IHDR", size + std::string("\x08\x02\0\0\0", 5)) +
         pngChunk("IDAT", deflated("x", MAX_WBITS)) + pngChunk("IEND", "");
}

TEST(Image, TellsDamage) {
  const std::string png = unhex(rgbPng), jpeg = unhex(flatJpeg), bmp = unhex(rgbBmp);
  std::string wrongCrc = png, wrongHeader = png;
  wrongCrc[45] ^= 1;
  wrongHeader[20] ^= 64;
  const std::string damagedPng = "damaged PNG picture: bytes are missing or wrong";
  const std::string truncated = "damaged JPEG picture: bytes are missing or wrong";
  const struct {
    std::string file, message;
  } rows[] = {
      {"", "not a picture that can be read: PNG, JPEG, BMP, GIF or PNM expected"},
      {"<svg xmlns='http://www.w3.org/2000/svg'/>",
       "not a picture that can be read: PNG, JPEG, BMP, GIF or PNM expected"},
      {png.substr(0, 20), damagedPng},
      {png.substr(0, 45), damagedPng},
      {png.substr(0, png.size() - 12), damagedPng},
      {wrongCrc, damagedPng},
      {wrongHeader, damagedPng},
      {declaredPng(std::string("\0\1\0\0\0\1\0\0", 8)),
       "PNG picture of 65536x65536 pixels, at most 64 megapixels are allowed"},
      {jpeg.substr(0, 3), truncated},
      {jpeg.substr(0, jpeg.size() - 2), truncated},
      {jpeg.substr(0, 400), truncated},
      {bmp.substr(0, 20), "damaged BMP picture: bytes are missing or wrong"},
      {bmp.substr(0, 56), "damaged BMP picture: bytes are missing or wrong"},
  };
  for (const auto& row : rows) EXPECT_EQ(errorOf([&] { decodePicture(bytesOf(row.file)); }), row.message);
}

TEST(Image, AnyBitMayBeWrong) {
  for (const std::string_view hex : {rgbPng, palettePng, rgbBmp, rgbaPng, gray16Png, flatJpeg}) {
    const std::string file = unhex(hex);
    for (std::size_t i = 0; i < file.size(); ++i) {
      std::string damagedFile = file;
      damagedFile[i] = static_cast<char>(damagedFile[i] ^ (1 << i % 8));
      errorOf([&] { decodePicture(bytesOf(damagedFile)); });
      errorOf([&] { decodePicture(bytesOf(file.substr(0, i))); });
    }
  }
}

}  // namespace
}  // namespace lapidary::core
