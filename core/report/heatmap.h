// SPDX-License-Identifier: GPL-3.0-or-later
// Saliency maps as pictures that leave the program.
#pragma once

#include "core/explain/map/saliency.h"
#include "core/files/image.h"

namespace lapidary::core {

/// The largest magnitude of both maps: pictures drawn with one range can be compared.
float sharedRange(const SaliencyMap& a, const SaliencyMap& b);

/// One pixel a value, enlarged by a whole factor until the long side has at least `side` pixels. Signed
/// maps are drawn diverging over [-range, range], others sequential over [0, range].
Picture heatmapPicture(const SaliencyMap& map, float range, int side = 224);

/// cut - original, drawn diverging over [-range, range].
Picture differencePicture(const SaliencyMap& original, const SaliencyMap& cut, float range, int side = 224);

}  // namespace lapidary::core
