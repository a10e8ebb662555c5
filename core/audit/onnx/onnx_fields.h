// SPDX-License-Identifier: GPL-3.0-or-later
// The fields of ONNX's messages by number (onnx.proto, IR version 10 and later additions).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>

namespace lapidary::core::onnxfield {

inline constexpr std::uint32_t model[]{1, 2, 3, 4, 5, 6, 7, 8, 14, 20, 25, 26};
inline constexpr std::uint32_t graph[]{1, 2, 5, 10, 11, 12, 13, 14, 15, 16};
inline constexpr std::uint32_t node[]{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
inline constexpr std::uint32_t attribute[]{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 20, 21, 22, 23};
inline constexpr std::uint32_t tensor[]{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16};
inline constexpr std::uint32_t sparse[]{1, 2, 3};
inline constexpr std::uint32_t training[]{1, 2, 3, 4};
inline constexpr std::uint32_t function[]{1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};

inline constexpr std::uint32_t modelGraph = 7, modelMetadata = 14, modelDoc = 6, modelFunction = 25,
                               modelTraining = 20;
inline constexpr std::uint32_t graphNode = 1, graphInitializer = 5, graphInput = 11, graphDoc = 10,
                               graphName = 2, graphSparse = 15;
inline constexpr std::uint32_t nodeInput = 1, nodeOutput = 2, nodeName = 3, nodeType = 4, nodeAttribute = 5,
                               nodeDoc = 6, nodeDomain = 7;
inline constexpr std::uint32_t attributeTensor = 5, attributeGraph = 6, attributeString = 4,
                               attributeTensors = 10, attributeGraphs = 11, attributeStrings = 9,
                               attributeSparse = 22, attributeSparses = 23;
inline constexpr std::uint32_t tensorDims = 1, tensorType = 2, tensorName = 8, tensorRaw = 9,
                               tensorExternal = 13, tensorLocation = 14, tensorStrings = 6;
inline constexpr std::uint32_t functionName = 1, functionNode = 7, functionDomain = 10,
                               functionAttribute = 11, functionDoc = 8;
inline constexpr std::uint32_t sparseValues = 1, sparseIndices = 2, trainingInitial = 1, trainingStep = 2;

}  // namespace lapidary::core::onnxfield
