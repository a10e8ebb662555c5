// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/png.h"

#include <png.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstring>
#include <string>
#include <string_view>

#include "core/support/error.h"

namespace lapidary::core {
namespace {

using namespace std::string_view_literals;

/// Chunks that say nothing about pixels: only their checksums are looked at.
constexpr std::string_view ignored =
    "bKGD\0cHRM\0eXIf\0gAMA\0hIST\0iCCP\0iTXt\0oFFs\0pCAL\0pHYs\0sBIT\0sCAL\0sPLT\0sRGB\0tEXt\0tIME\0zTXt\0"sv;
constexpr std::size_t nameBytes = 5;

/// Data behind the last row are odd, and harmless.
constexpr std::array harmless{"IDAT: Extra compressed data"sv, "IDAT: Too much image data"sv};

enum class Failure { None, Bytes, Content };

/// One picture. libpng comes back from an error by a jump, over which no object with a destructor may lie:
/// the steps between jump and error have none, and what they fill stands here.
class PngReader {
 public:
  explicit PngReader(std::span<const std::byte> bytes) : m_left(bytes) {
    m_png = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, onError, onWarning);
    m_info = m_png ? png_create_info_struct(m_png) : nullptr;
    if (!m_info) throw std::bad_alloc();
    png_set_read_fn(m_png, this, onRead);
    png_set_user_limits(m_png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // the number of pixels is limited here
    png_set_crc_action(m_png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
    png_set_keep_unknown_chunks(m_png, PNG_HANDLE_CHUNK_NEVER,
                                reinterpret_cast<png_const_bytep>(ignored.data()),
                                static_cast<int>(ignored.size() / nameBytes));
  }
  ~PngReader() { png_destroy_read_struct(&m_png, &m_info, nullptr); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;

  Picture read(std::int64_t pixelLimit) {
    run(&PngReader::readHeader, "what stands before its pixels is wrong");
    const auto width = static_cast<std::int64_t>(png_get_image_width(m_png, m_info)),
               height = static_cast<std::int64_t>(png_get_image_height(m_png, m_info));
    if (width * height > pixelLimit)
      throw Error(ErrorKind::InvalidInput, "PNG picture of " + std::to_string(width) + "x" +
                                               std::to_string(height) + " pixels, at most " +
                                               std::to_string(pixelLimit >> 20) + " megapixels are allowed");
    m_onlyGray = holdsOnlyGray();
    run(&PngReader::askForBytes, "what stands before its pixels is wrong");
    Picture picture{static_cast<int>(width), static_cast<int>(height), png_get_channels(m_png, m_info), {}};
    readPixels(picture);
    return m_onlyGray ? grayOf(std::move(picture)) : picture;
  }

 private:
  using Step = void (PngReader::*)();

  /// Throws what the step, or libpng in it, finds wrong.
  void run(Step step, const char* wrong) {
    if (completes(step) && m_failure == Failure::None) return;
    throw Error(ErrorKind::InvalidInput,
                std::string("damaged PNG picture: ") +
                    (m_failure == Failure::Bytes ? "bytes are missing or wrong"
                                                 : std::string(wrong) + " (" + m_message.data() + ")"));
  }

  bool completes(Step step) {
    if (setjmp(png_jmpbuf(m_png)) != 0) return false;
    (this->*step)();
    return true;
  }

  void readHeader() { png_read_info(m_png, m_info); }

  /// Rows of 8 bits a channel, palettes and transparent colours resolved.
  void askForBytes() {
    png_set_scale_16(m_png);
    png_set_expand(m_png);
    if (hasAlpha())
      png_set_gray_to_rgb(m_png);
    else
      png_set_strip_alpha(m_png);  // of a palette whose colours are all opaque
    m_passes = png_set_interlace_handling(m_png);
    png_read_update_info(m_png, m_info);
  }

  void readPixels(Picture& picture) {
    const std::size_t row =
        static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.channels);
    picture.pixels.resize(row * static_cast<std::size_t>(picture.height));
    m_rows.resize(static_cast<std::size_t>(picture.height));
    for (std::size_t y = 0; y < m_rows.size(); ++y) m_rows[y] = picture.pixels.data() + y * row;
    run(&PngReader::readRows, "its pixel data are missing or wrong");
    run(&PngReader::readEnd, "what stands behind its pixels is wrong");
  }

  void readRows() {
    for (int pass = 0; pass < m_passes; ++pass)
      for (std::size_t y = 0; y < m_rows.size(); ++y) png_read_row(m_png, m_rows[y], nullptr);
  }

  void readEnd() { png_read_end(m_png, m_info); }

  bool hasAlpha() const {
    if ((png_get_color_type(m_png, m_info) & PNG_COLOR_MASK_ALPHA) != 0) return true;
    png_bytep alphas = nullptr;
    int count = 0;
    if (png_get_tRNS(m_png, m_info, &alphas, &count, nullptr) == 0) return false;
    return !isIndexed() || std::any_of(alphas, alphas + count, [](png_byte alpha) { return alpha != 255; });
  }

  bool isIndexed() const { return png_get_color_type(m_png, m_info) == PNG_COLOR_TYPE_PALETTE; }

  bool holdsOnlyGray() const {
    png_colorp colours = nullptr;
    int count = 0;
    if (hasAlpha() || !isIndexed() || png_get_PLTE(m_png, m_info, &colours, &count) == 0) return false;
    return std::all_of(colours, colours + count,
                       [](const png_color& c) { return c.red == c.green && c.green == c.blue; });
  }

  static Picture grayOf(Picture rgb) {
    Picture gray{rgb.width, rgb.height, 1, {}};
    for (std::size_t i = 0; i < rgb.pixels.size(); i += 3) gray.pixels.push_back(rgb.pixels[i]);
    return gray;
  }

  void note(Failure failure, std::string_view message) {
    if (m_failure != Failure::None) return;
    m_failure = failure;
    remember(message);
  }
  void remember(std::string_view message) {
    m_message[message.copy(m_message.data(), m_message.size() - 1)] = '\0';
  }

  /// What is wrong with a header stands in the warnings before its error.
  [[noreturn]] static void onError(png_structp png, png_const_charp message) {
    auto& reader = *static_cast<PngReader*>(png_get_error_ptr(png));
    const std::string_view text(message);
    if (text == "Invalid IHDR data" && reader.m_message.front() != '\0')
      reader.m_failure = Failure::Content;
    else
      reader.note(text.ends_with("CRC error") ? Failure::Bytes : Failure::Content, text);
    png_longjmp(png, 1);
  }

  /// Of the pixels' data libpng only warns once the last row is there.
  static void onWarning(png_structp png, png_const_charp message) {
    auto& reader = *static_cast<PngReader*>(png_get_error_ptr(png));
    const std::string_view text(message);
    if (text.starts_with("IDAT") && std::ranges::find(harmless, text) == harmless.end())
      reader.note(Failure::Content, message);
    else if (reader.m_message.front() == '\0')
      reader.remember(message);
  }

  static void onRead(png_structp png, png_bytep to, std::size_t count) {
    auto& reader = *static_cast<PngReader*>(png_get_io_ptr(png));
    if (count > reader.m_left.size()) {
      reader.note(Failure::Bytes, "");
      png_longjmp(png, 1);
    }
    std::memcpy(to, reader.m_left.data(), count);
    reader.m_left = reader.m_left.subspan(count);
  }

  std::span<const std::byte> m_left;
  png_structp m_png = nullptr;
  png_infop m_info = nullptr;
  int m_passes = 1;
  bool m_onlyGray = false;
  std::vector<png_bytep> m_rows;
  Failure m_failure = Failure::None;
  std::array<char, 200> m_message{};
};

}  // namespace

Picture decodePng(std::span<const std::byte> bytes, std::int64_t pixelLimit) {
  return PngReader(bytes).read(pixelLimit);
}

}  // namespace lapidary::core
