// The table of model formats, and reading and writing through it.
#include <algorithm>
#include <array>
#include <filesystem>

#include "core/io/format.h"
#include "core/io/onnx.h"

namespace lapidary::core {
namespace {

constexpr std::array<std::string_view, 1> onnxEndings{".onnx"};

constexpr std::array<Format, 1> formats{{
    {"ONNX", onnxEndings, matchesOnnx, readOnnx, writeOnnx, sizeOfOnnx, ""},
}};

}  // namespace

std::span<const Format> modelFormats() { return formats; }

}  // namespace lapidary::core
