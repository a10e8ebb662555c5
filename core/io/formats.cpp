// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of formats of models and data. Another format is another row here, and a folder beside this
// file.
#include <array>

#include "core/io/common/data_format.h"
#include "core/io/common/format.h"
#include "core/io/lapidary/lapidary.h"
#include "core/io/numpy/npz_model.h"
#include "core/io/onnx/onnx.h"
#include "core/io/safetensors/safetensors.h"
#include "core/io/shards/shard_index.h"
#include "core/io/torch/torch_model.h"

namespace lapidary::core {
namespace {

template <std::size_t Count>
using Endings = std::array<std::string_view, Count>;

constexpr Endings<1> onnxEndings{".onnx"}, lapidaryEndings{".lapidary"}, safetensorsEndings{".safetensors"},
    npzEndings{".npz"}, npyEndings{".npy"}, indexEndings{".index.json"};
constexpr Endings<6> torchEndings{".pt", ".pth", ".th", ".jit", ".bin", ".ckpt"};
constexpr Endings<2> sharedTorchEndings{".bin", ".ckpt"};

constexpr std::array<Format, 7> models{{
    {"ONNX", onnxEndings, matchesOnnx, readOnnx, writeOnnx, sizeOfOnnx, ""},
    {"Lapidary", lapidaryEndings, matchesLapidary, readLapidary, writeLapidary, nullptr, ""},
    {"safetensors", safetensorsEndings, matchesSafetensors, readSafetensors, writeSafetensors,
     sizeOfSafetensors, "graph"},
    {"NumPy npz", npzEndings, matchesNpz, readNpzModel, writeNpzModel, sizeOfNpzModel, "graph"},
    {"NumPy npy", npyEndings, matchesNpy, readNpyModel, nullptr, nullptr, "graph"},
    {"index of shards", indexEndings, matchesShardIndex, readShardIndex, nullptr, nullptr, "graph",
     indexEndings},
    {"PyTorch", torchEndings, matchesTorch, readTorch, nullptr, nullptr, "graph", sharedTorchEndings},
}};

constexpr Endings<2> listEndings{".csv", ".tsv"};
constexpr Endings<1> packedEndings{".gz"};
constexpr Endings<6> soundEndings{".wav", ".wave", ".flac", ".ogg", ".oga", ".opus"};
constexpr Endings<14> pictureEndings{".png",  ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".tif",
                                     ".tiff", ".bmp", ".gif",  ".pbm", ".pgm",  ".ppm",  ".pnm"};

constexpr std::array<DataFormat, 5> data{{
    {DataKind::Arrays, npzEndings},
    {DataKind::List, listEndings},
    {DataKind::Packed, packedEndings},
    {DataKind::Picture, pictureEndings},
    {DataKind::Sound, soundEndings},
}};

}  // namespace

std::span<const Format> modelFormats() { return models; }
std::span<const DataFormat> dataFormats() { return data; }

}  // namespace lapidary::core
