// SPDX-License-Identifier: GPL-3.0-or-later
// Conversions between core's plain pixels and tensors and Qt's pictures.
#include "ui/samples/sample_image.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "ui/look/theme.h"

namespace lapidary::ui {
namespace {

struct Planes {
  std::int64_t channels = 1, height = 0, width = 0;
  std::int64_t channelStride = 0, rowStride = 0, columnStride = 1;
};

/// Channels 0 where the shape is no picture.
Planes planesOf(core::Shape shape, core::PixelLayout layout) {
  while (shape.size() > 2 && shape.front() == 1) shape.erase(shape.begin());
  if (shape.size() == 2) return {1, shape[0], shape[1], 0, shape[1], 1};
  if (shape.size() != 3) return {0};
  if (layout == core::PixelLayout::NHWC)
    return {shape[2], shape[0], shape[1], 1, shape[1] * shape[2], shape[2]};
  return {shape[0], shape[1], shape[2], shape[1] * shape[2], shape[2], 1};
}

}  // namespace

QImage toImage(const core::Picture& picture) {
  if (picture.width <= 0 || picture.height <= 0) return {};
  const QImage::Format format = picture.channels == 1   ? QImage::Format_Grayscale8
                                : picture.channels == 4 ? QImage::Format_RGBA8888
                                                        : QImage::Format_RGB888;
  return QImage(picture.pixels.data(), picture.width, picture.height, picture.width * picture.channels,
                format)
      .copy();
}

QImage inputImage(const core::Tensor& input, core::PixelLayout layout) {
  const Planes planes = planesOf(input.shape(), layout);
  if (planes.channels < 1 || planes.height < 2 || planes.width < 2) return {};
  if (planes.height > 16384 || planes.width > 16384) return {};
  const core::Tensor real = core::toFloat32(input);
  const auto values = real.as<float>();
  float low = INFINITY, high = -INFINITY;
  for (const float value : values)
    if (std::isfinite(value)) low = std::min(low, value), high = std::max(high, value);
  const float factor = high > low ? 255 / (high - low) : 0;
  QImage image(static_cast<int>(planes.width), static_cast<int>(planes.height), QImage::Format_RGB32);
  const auto at = [&](std::int64_t c, std::int64_t y, std::int64_t x) {
    const float value = values[static_cast<std::size_t>(c * planes.channelStride + y * planes.rowStride +
                                                        x * planes.columnStride)];
    return std::isfinite(value) ? std::clamp((value - low) * factor, 0.0F, 255.0F) : 0.0F;
  };
  for (int y = 0; y < image.height(); ++y) {
    auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
    for (int x = 0; x < image.width(); ++x) {
      if (planes.channels == 3) {
        line[x] =
            qRgb(static_cast<int>(at(0, y, x)), static_cast<int>(at(1, y, x)), static_cast<int>(at(2, y, x)));
        continue;
      }
      float sum = 0;
      for (std::int64_t c = 0; c < planes.channels; ++c) sum += at(c, y, x);
      const int gray = static_cast<int>(sum / static_cast<float>(planes.channels));
      line[x] = qRgb(gray, gray, gray);
    }
  }
  return image;
}

QImage waveImage(const core::Sound& sound, QColor ink, int side) {
  const int middle = side / 2;
  QImage image(side, side, QImage::Format_ARGB32);
  image.fill(Qt::transparent);
  const std::size_t count = sound.samples.size(), columns = static_cast<std::size_t>(side);
  if (count == 0) return image;
  float loudest = 0;
  for (const float sample : sound.samples) loudest = std::max(loudest, std::fabs(sample));
  const float factor = loudest > 0 ? static_cast<float>(middle - 1) / loudest : 0;
  for (int x = 0; x < side; ++x) {
    const std::size_t from = count * static_cast<std::size_t>(x) / columns;
    const std::size_t to = std::max(from + 1, count * static_cast<std::size_t>(x + 1) / columns);
    const auto [low, high] = std::minmax_element(sound.samples.begin() + static_cast<std::ptrdiff_t>(from),
                                                 sound.samples.begin() + static_cast<std::ptrdiff_t>(to));
    const int top = middle - static_cast<int>(std::lround(*high * factor));
    const int bottom = middle - static_cast<int>(std::lround(*low * factor));
    for (int y = top; y <= bottom; ++y) image.setPixelColor(x, y, ink);
  }
  return image;
}

QImage sampleImage(const core::Dataset& data, std::size_t sample) {
  if (data.source().pictorial()) return toImage(data.source().picture(sample));
  if (data.source().audible())
    return waveImage(data.source().sound(sample), Theme::instance().color(Role::Original));
  const std::array<std::size_t, 1> one{sample};
  const std::vector<core::Tensor> inputs = data.inputs(one);
  return inputs.empty() ? QImage() : inputImage(inputs.front(), data.preprocess().layout);
}

QString className(const core::Dataset& data, std::int64_t index) {
  const auto& names = data.source().classNames();
  if (index < 0) return QStringLiteral("–");
  if (static_cast<std::size_t>(index) < names.size())
    return QString::fromStdString(names[static_cast<std::size_t>(index)]);
  return QString::number(index);
}

}  // namespace lapidary::ui
