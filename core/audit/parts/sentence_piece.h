// SPDX-License-Identifier: GPL-3.0-or-later
// Tokenizers of SentencePiece, which stand beside language models: protobuf messages of pieces and scores.
#pragma once

#include <cstddef>
#include <span>

namespace lapidary::core {

/// A message of pieces, each a text, a score and a kind (sentencepiece_model.proto), that can be walked to
/// its end.
bool isSentencePiece(std::span<const std::byte> bytes);

}  // namespace lapidary::core
