// Saliency maps as pictures that leave the program.
#pragma once

#include "core/explain/saliency.h"
#include "core/io/image.h"

namespace lapidary::core {

/// Whether the values of a method have a sign that means something.
bool isSigned(SaliencyMethod method);
/// The word that file names and JSON use: "gradient", "gradient-input", "grad-cam", "occlusion".
const char* methodName(SaliencyMethod method);
/// Of those words. Throws Error(Usage) for another one, naming all.
SaliencyMethod saliencyMethodNamed(const std::string& word);
std::vector<std::string> methodNames();

/// The largest magnitude of both maps: pictures drawn with one range can be compared.
float sharedRange(const SaliencyMap& a, const SaliencyMap& b);

/// One pixel a value, enlarged by a whole factor until the long side has at least `side` pixels. Signed
/// maps are drawn diverging over [-range, range], others sequential over [0, range].
Picture heatmapPicture(const SaliencyMap& map, float range, int side = 224);

/// cut - original, drawn diverging over [-range, range].
Picture differencePicture(const SaliencyMap& original, const SaliencyMap& cut, float range, int side = 224);

}  // namespace lapidary::core
