// SPDX-License-Identifier: GPL-3.0-or-later
// The text form of protobuf (protobuf.dev, "Text Format"), in which Caffe and TensorFlow write networks.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace lapidary::core {

struct ProtoTextField {
  std::vector<std::string> path;  ///< names of the messages around it, its own last
  std::string value;  ///< of text with its escapes undone and its pieces joined; else as it stands
  std::size_t offset = 0;
};

/// Visits every field with a value, in order. Whether the text could be read to its end.
bool readProtoText(std::string_view text, const std::function<void(const ProtoTextField&)>& visit);

/// Whether layers of Caffe stand there, or nodes of TensorFlow: what breaks off behind them counts, too.
bool isCaffeText(std::string_view text);
bool isTensorflowText(std::string_view text);

}  // namespace lapidary::core
