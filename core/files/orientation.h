// SPDX-License-Identifier: GPL-3.0-or-later
// How a picture is to be turned before anybody looks at it: cameras store what the sensor saw, and say in a
// tag which side is up. By hand, for all kinds of picture alike: Qt's readers know the tag in some of them.
#pragma once

#include <cstddef>
#include <span>

#include "core/files/image.h"
#include "core/files/image_end.h"

namespace lapidary::core {

/// 1 to 8 as EXIF counts them; 1, as it stands, where nothing is said or what is said is damaged.
int orientationOf(std::span<const std::byte> bytes, const PictureKind& kind);

/// The picture as it is to be looked at.
Picture turned(Picture picture, int orientation);

}  // namespace lapidary::core
