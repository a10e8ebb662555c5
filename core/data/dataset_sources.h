// SPDX-License-Identifier: GPL-3.0-or-later
// The kinds of data there are, each opened by a function of its own; openData picks.
#pragma once

#include <memory>
#include <string>

#include "core/data/data_part.h"
#include "core/data/dataset.h"
#include "core/io/numpy/npz.h"

namespace lapidary::core {

using SharedSource = std::shared_ptr<const DataSource>;

/// Arrays by name; `part` of them, or the first that is there, where they are in parts.
SharedSource openArrays(const NpzContent& content, const std::string& path,
                        std::optional<DataPart> part = std::nullopt);
/// The same of an npz's bytes.
SharedSource openNpz(const Bytes& bytes, const std::string& path, std::optional<DataPart> part);
/// `labels` may be empty: no labels.
SharedSource openIdxPair(const std::string& images, const std::string& labels);
SharedSource openFolder(const std::string& folder);
SharedSource openCsv(const std::string& path, std::optional<DataPart> part = std::nullopt);

/// The axis on which the channels of a sample shaped like a picture stand.
struct PictureShape {
  std::int64_t height = 0, width = 0, channels = 1;
  bool planes = true;  ///< channels before height and width
};
/// HxW, CxHxW or HxWxC with 1 or 3 channels and sides of at least 8; nothing otherwise.
std::optional<PictureShape> pictureShape(const Shape& sample);
/// 8-bit values as they are; others spread over 0 to 255, taking [0, 1] as it stands.
Picture renderArray(const Tensor& sample, const PictureShape& shape);

}  // namespace lapidary::core
