// The table of model formats. Another format is another row here, and a file beside this one.
#include <array>

#include "core/io/common/format.h"
#include "core/io/lapidary/lapidary.h"
#include "core/io/numpy/npz_model.h"
#include "core/io/onnx/onnx.h"
#include "core/io/safetensors/safetensors.h"
#include "core/io/torch/torch_model.h"

namespace lapidary::core {
namespace {

using Endings = std::array<std::string_view, 1>;
constexpr Endings onnxEndings{".onnx"}, safetensorsEndings{".safetensors"}, npzEndings{".npz"},
    npyEndings{".npy"}, lapidaryEndings{".lapidary"};
constexpr std::array<std::string_view, 6> torchEndings{".pt", ".pth", ".th", ".jit", ".bin", ".ckpt"};

constexpr std::array<Format, 6> formats{{
    {"ONNX", onnxEndings, matchesOnnx, readOnnx, writeOnnx, sizeOfOnnx, ""},
    {"NumPy npz", npzEndings, matchesNpz, readNpzModel, writeNpzModel, sizeOfNpzModel, "graph"},
    {"NumPy npy", npyEndings, matchesNpy, readNpyModel, nullptr, nullptr, "graph"},
    {"safetensors", safetensorsEndings, matchesSafetensors, readSafetensors, writeSafetensors,
     sizeOfSafetensors, "graph"},
    {"PyTorch", torchEndings, matchesTorch, readTorch, nullptr, nullptr, "graph"},
    {"Lapidary", lapidaryEndings, matchesLapidary, readLapidary, writeLapidary, nullptr, ""},
}};

}  // namespace

std::span<const Format> modelFormats() { return formats; }

}  // namespace lapidary::core
