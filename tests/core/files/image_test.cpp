// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures: decoding, encoding, and scaling held against Pillow.
#include "core/files/image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "core/files/bytes.h"
#include "core/io/numpy/npz.h"
#include "tests/core/files/raw_zip.h"
#include "tests/core/files/sample_pictures.h"
#include "tests/support/messages.h"
#include "tests/support/python_judge.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_bytes.h"

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
    const Picture again = decodePicture(bytesOf(stringOf(file)));
    EXPECT_EQ(again.channels, channels);
    EXPECT_EQ(again.pixels, picture.pixels);
  }
  const Picture clear{1, 1, 4, {10, 20, 30, 0}};
  EXPECT_THAT(decodePicture(bytesOf(stringOf(encodePng(clear)))).pixels, ElementsAre(255, 255, 255));
}

TEST(Image, EncodingChecksItsSizes) {
  EXPECT_EQ(messageOf([] {
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

TEST(Image, ResamplesAsPillowDoes) {
  const struct {
    Resampling resampling;
    int width, height;
    std::vector<int> pixels;
  } rows[] = {
      {Resampling::Nearest, 3, 2, {119, 251, 238, 27, 130, 88}},
      {Resampling::Nearest, 9, 3, {0,  37, 37, 74,  111, 148, 185, 185, 222, 106, 201, 201, 40, 246,
                                   85, 35, 35, 130, 212, 109, 109, 117, 125, 133, 141, 141, 38}},
      {Resampling::Box, 3, 2, {86, 134, 143, 127, 104, 120}},
      {Resampling::Box, 9, 3, {27, 78, 78, 130, 181, 105, 212, 212, 135, 106, 201, 201, 40, 246,
                               85, 35, 35, 130, 186, 68,  68,  62,  128, 121, 115, 115, 125}},
      {Resampling::Hamming, 3, 2, {83, 156, 149, 113, 116, 115}},
      {Resampling::Hamming, 9, 3, {20, 60, 86, 119, 164, 118, 171, 197, 156, 106, 154, 124, 66, 230,
                                   93, 77, 82, 130, 192, 97,  77,  78,  127, 124, 122, 118, 104}},
      {Resampling::Bicubic, 3, 2, {84, 148, 142, 115, 112, 112}},
      {Resampling::Bicubic, 9, 3, {17,  52, 97,  139, 173, 115, 169, 198, 142, 104, 140, 105, 89, 228,
                                   109, 74, 102, 132, 199, 112, 58,  75,  123, 126, 119, 114, 115}},
      {Resampling::Lanczos, 3, 2, {82, 149, 142, 118, 111, 111}},
      {Resampling::Lanczos, 9, 3, {15,  52, 103, 147, 175, 112, 172, 202, 132, 102, 148, 99,  93, 233,
                                   115, 57, 108, 132, 203, 116, 48,  72,  118, 131, 116, 112, 122}},
  };
  for (const auto& row : rows) {
    const Picture made = scaled(sampleGray(), row.width, row.height, row.resampling);
    ASSERT_EQ(made.pixels.size(), row.pixels.size());
    for (std::size_t i = 0; i < row.pixels.size(); ++i)
      EXPECT_NEAR(made.pixels[i], row.pixels[i], 1) << static_cast<int>(row.resampling) << " at " << i;
  }
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

constexpr std::string_view pngStart("\x89PNG\r\n\x1a\n", 8);

/// A header of width, height, depth, colour type, compression, filter and interlacing.
std::string pngHeader(const std::string& size, const std::string& form) {
  return pngChunk("IHDR", size + form);
}

std::string pngOf(const std::vector<std::string>& chunks) {
  std::string file(pngStart);
  for (const std::string& chunk : chunks) file += chunk;
  return file + pngChunk("IEND", "");
}

std::string pixelData(const std::string& rows) { return pngChunk("IDAT", deflated(rows, MAX_WBITS)); }

/// A PNG that declares a size and holds hardly anything.
std::string declaredPng(const std::string& size) {
  return pngOf({pngHeader(size, std::string("\x08\x02\0\0\0", 5)), pixelData("x")});
}

TEST(Image, TellsDamage) {
  const std::string png = unhex(rgbPng), jpeg = unhex(flatJpeg), bmp = unhex(rgbBmp);
  std::string wrongData = png, wrongHeader = png;
  wrongData[45] ^= 1;
  wrongHeader[20] ^= 64;
  std::string longHeader = bmp;
  longHeader[14] = 64;
  const std::string damagedPng = "damaged PNG picture: bytes are missing or wrong";
  const std::string truncated = "damaged JPEG picture: bytes are missing or wrong";
  const struct {
    std::string file, message;
  } rows[] = {
      {"", "not a picture that can be read: PNG, JPEG, WebP, TIFF, BMP, GIF or PNM expected"},
      {"<svg xmlns='http://www.w3.org/2000/svg'/>",
       "not a picture that can be read: PNG, JPEG, WebP, TIFF, BMP, GIF or PNM expected"},
      {png.substr(0, 20), damagedPng},
      {png.substr(0, 45), damagedPng},
      {png.substr(0, png.size() - 12), damagedPng},
      {wrongData, "damaged PNG picture: its pixel data are missing or wrong (IDAT: incorrect data check)"},
      {wrongHeader, damagedPng},
      {declaredPng(std::string("\0\1\0\0\0\1\0\0", 8)),
       "PNG picture of 65536x65536 pixels, at most 64 megapixels are allowed"},
      {jpeg.substr(0, 3), truncated},
      {jpeg.substr(0, jpeg.size() - 2), truncated},
      {jpeg.substr(0, 400), truncated},
      {longHeader, "damaged BMP picture: bytes are missing or wrong"},
      {bmp.substr(0, 20), "damaged BMP picture: bytes are missing or wrong"},
      {bmp.substr(0, 56), "damaged BMP picture: bytes are missing or wrong"},
  };
  for (const auto& row : rows) EXPECT_EQ(messageOf([&] { decodePicture(bytesOf(row.file)); }), row.message);
}

/// By itself libpng would write to standard error about every one of these.
TEST(Image, TellsOfPngsThatCannotBeDecodedWithoutPrinting) {
  const std::string one("\0\0\0\1\0\0\0\1", 8);
  const std::string gray = pngHeader(one, std::string("\x08\0\0\0\0", 5));
  const std::string rgb = pngHeader(one, std::string("\x08\2\0\0\0", 5));
  const std::string indexed = pngHeader(one, std::string("\x08\3\0\0\0", 5));
  const std::string pixel = pixelData(std::string("\0\7", 2)), colours = pngChunk("PLTE", "abc");
  std::string wrongSum = deflated(std::string("\0\7", 2), MAX_WBITS);
  wrongSum.back() ^= 1;
  const auto headerOf = [&](const std::string& form) { return pngOf({pngHeader(one, form), pixel}); };
  const auto before = [](const std::string& why) {
    return "what stands before its pixels is wrong (" + why + ")";
  };
  const auto behind = [](const std::string& why) {
    return "what stands behind its pixels is wrong (" + why + ")";
  };
  const auto pixels = [](const std::string& why) {
    return "its pixel data are missing or wrong (" + why + ")";
  };
  const struct {
    std::string file, message;
  } rows[] = {
      {headerOf(std::string("\x08\1\0\0\0", 5)), before("Invalid color type in IHDR")},
      {headerOf(std::string("\x03\0\0\0\0", 5)), before("Invalid bit depth in IHDR")},
      {headerOf(std::string("\x10\3\0\0\0", 5)), before("Invalid color type/bit depth combination in IHDR")},
      {headerOf(std::string("\x08\0\1\0\0", 5)), before("Unknown compression method in IHDR")},
      {headerOf(std::string("\x08\0\0\1\0", 5)), before("Unknown filter method in IHDR")},
      {headerOf(std::string("\x08\0\0\0\2", 5)), before("Unknown interlace method in IHDR")},
      {declaredPng(std::string("\0\0\0\0\0\0\0\1", 8)), before("Image width is zero in IHDR")},
      {declaredPng(std::string("\0\x0f\x42\x41\0\0\0\1", 8)), pixels("Not enough image data")},
      {pngOf({pixel}), before("IDAT: Missing IHDR before IDAT")},
      {pngOf({pngChunk("IHDR", one)}), before("IHDR: invalid")},
      {pngOf({gray, gray, pixel}), before("IHDR: out of place")},
      {pngOf({gray}), before("IEND: out of place")},
      {pngOf({gray, pngChunk("ABCD", ""), pixel}), before("ABCD: unhandled critical chunk")},
      {pngOf({gray, pixel, pngChunk("ABCD", "")}), behind("ABCD: unhandled critical chunk")},
      {pngOf({gray, pngChunk("ab1d", ""), pixel}), before("ab[31]d: invalid chunk type")},
      {pngOf({gray, colours, colours, pixel}), before("PLTE: duplicate")},
      {pngOf({rgb, pngChunk("PLTE", ""), pixel}), before("Invalid palette")},
      {pngOf({indexed, pngChunk("PLTE", "ab"), pixel}), before("PLTE: invalid")},
      {pngOf({indexed, pixel}), before("IDAT: Missing PLTE before IDAT")},
      {pngOf({gray, pixelData("")}), pixels("Not enough image data")},
      {pngOf({gray, pixelData(std::string("\0", 1))}), pixels("Not enough image data")},
      {pngOf({rgb, pixel}), pixels("Not enough image data")},
      {pngOf({gray, pngChunk("IDAT", "xyz")}), pixels("IDAT: incorrect header check")},
      {pngOf({gray, pngChunk("IDAT", wrongSum)}), pixels("IDAT: incorrect data check")},
      {pngOf({gray, pngChunk("IDAT", wrongSum.substr(0, wrongSum.size() - 4))}),
       pixels("Not enough image data")},
      {pngOf({gray, pngChunk("IDAT", ""), pngChunk("tEXt", "a"), pixel}), pixels("Not enough image data")},
      {pngOf({gray, pixelData("\5\7")}), pixels("bad adaptive filter value")},
  };
  ::testing::internal::CaptureStderr();
  for (const auto& row : rows)
    EXPECT_EQ(messageOf([&] { decodePicture(bytesOf(row.file)); }), "damaged PNG picture: " + row.message);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

/// Only checksums of chunks that say nothing about pixels count, but those do.
TEST(Image, AWrongChecksumIsDamageWhereverItStands) {
  const std::string gray = pngHeader(std::string("\0\0\0\1\0\0\0\1", 8), std::string("\x08\0\0\0\0", 5));
  const std::string pixel = pixelData(std::string("\0\7", 2));
  std::string text = pngChunk("tEXt", "Title\0x");
  text[9] ^= 1;
  for (const auto& chunks : {std::vector{gray, text, pixel}, std::vector{gray, pixel, text}})
    EXPECT_EQ(messageOf([&] { decodePicture(bytesOf(pngOf(chunks))); }),
              "damaged PNG picture: bytes are missing or wrong");
}

/// One colour of 16 bits stands for what is clear; a palette may say of each of its colours that it is
/// opaque.
TEST(Image, ClearColoursAreBlendedAndOpaquePalettesAreNot) {
  const std::string two("\0\0\0\2\0\0\0\1", 8), deep = pngHeader(two, std::string("\x10\2\0\0\0", 5));
  const std::string clear("\x12\x34\x56\x78\x9a\xbc", 6), opaque("\x12\x34\x56\x78\x9a\xbd", 6);
  EXPECT_THAT(decodePicture(bytesOf(pngOf({deep, pngChunk("tRNS", clear),
                                           pixelData(std::string(1, '\0') + clear + opaque)})))
                  .pixels,
              ElementsAre(255, 255, 255, 0x12, 0x56, 0x9a));
  const std::string indexed = pngHeader(two, std::string("\x08\3\0\0\0", 5));
  const std::string grays = pngChunk("PLTE", std::string("\7\7\7\x09\x09\x09", 6));
  const Picture gray = decodePicture(
      bytesOf(pngOf({indexed, grays, pngChunk("tRNS", "\xff\xff"), pixelData(std::string("\0\0\1", 3))})));
  EXPECT_EQ(gray.channels, 1);
  EXPECT_THAT(gray.pixels, ElementsAre(7, 9));
}

/// Odd, but readers take them; what they think of them is not printed either.
TEST(Image, DecodesUnusualPngs) {
  const std::string gray = pngHeader(std::string("\0\0\0\1\0\0\0\1", 8), std::string("\x08\0\0\0\0", 5));
  ::testing::internal::CaptureStderr();
  const std::string packed = deflated(std::string("\0\7", 2), MAX_WBITS), pixel = pngChunk("IDAT", packed);
  for (const std::string& file : {
           pngOf({gray, pngChunk("IDAT", packed.substr(0, 3)), pngChunk("IDAT", ""),
                  pngChunk("IDAT", packed.substr(3))}),
           pngOf({gray, pngChunk("PLTE", ""), pixel}),
           pngOf({gray, pngChunk("prIv", std::string(9 << 20, 'x')), pixel}),
           pngOf({gray, pngChunk("gAMA", "damaged"), pngChunk("iCCP", "damaged"), pixel}),
           pngOf({gray, pixelData(std::string("\0\7and more", 10))}),
       })
    EXPECT_THAT(decodePicture(bytesOf(file)).pixels, ElementsAre(7));
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

/// Seven passes take the pixels of a 5x3 picture in an order of their own (PNG specification, 8.2).
TEST(Image, DecodesInterlacedPngs) {
  const std::string header = pngHeader(std::string("\0\0\0\5\0\0\0\3", 8), std::string("\x08\0\0\0\1", 5));
  const auto row = [](const std::string& pixels) { return std::string(1, '\0') + pixels; };
  const std::string rows = row("a") + row("e") + row("c") + row("kmo") + row("bd") + row("ln") + row("fghij");
  const Picture picture = decodePicture(bytesOf(pngOf({header, pixelData(rows)})));
  EXPECT_EQ(std::string(picture.pixels.begin(), picture.pixels.end()), "abcdefghijklmno");
  EXPECT_EQ(messageOf([&] {
              decodePicture(bytesOf(pngOf({header, pixelData(rows.substr(0, 20))})));
            }),
            "damaged PNG picture: its pixel data are missing or wrong (Not enough image data)");
}

TEST(Image, AnyBitMayBeWrong) {
  ::testing::internal::CaptureStderr();
  for (const std::string_view hex : {rgbPng, palettePng, rgbBmp, rgbaPng, gray16Png, flatJpeg}) {
    const std::string file = unhex(hex);
    for (std::size_t i = 0; i < file.size(); ++i) {
      std::string damagedFile = file;
      damagedFile[i] = static_cast<char>(damagedFile[i] ^ (1 << i % 8));
      messageOf([&] { decodePicture(bytesOf(damagedFile)); });
      messageOf([&] { decodePicture(bytesOf(file.substr(0, i))); });
    }
  }
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace lapidary::core
