// SPDX-License-Identifier: GPL-3.0-or-later
// What a picture's header says of it that does not survive its becoming 8-bit pixels over white.
#pragma once

#include "core/files/bytes.h"

namespace lapidary::core {

struct PictureForm {
  int bits = 8;              ///< of a channel
  bool transparent = false;  ///< some pixels may be
  bool inks = false;         ///< cyan, magenta, yellow and black in place of red, green and blue
  bool moreFrames = false;   ///< others follow, of an animation or of a document
};

/// As far as the header can be read.
PictureForm pictureForm(const Bytes& bytes);

}  // namespace lapidary::core
