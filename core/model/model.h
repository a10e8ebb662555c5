// SPDX-License-Identifier: GPL-3.0-or-later
// A model: graph, weights, the layers a person edits, and where it all came from.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/graph.h"

namespace lapidary::core {

/// Why settings for all layers alike leave a tensor of a file without a graph as it is: hardly a byte would
/// be saved, and the model be ruined. A choice for the layer itself still cuts it.
enum class Spared { No, OneDimensional, Norm, Bias, Statistic, Scale };

/// A node that reads a layer's weight.
struct LayerUse {
  std::string name;    ///< of the node; may be empty
  std::string opType;  ///< "MatMul"
  NodeId node;         ///< of the outermost graph
};

/// One weight-carrying node (Conv, ConvTranspose, Gemm, MatMul, Gather, LSTM, ...) or, in a file
/// without a graph, one tensor.
struct Layer {
  std::string name;     ///< unique in the model; the key of recipes
  std::string opType;   ///< "Conv"; "Tensor" in a file without a graph
  NodeId node;          ///< of the outermost graph; invalid in a file without a graph
  ValueId weight;       ///< what an edit replaces: an initialiser, or the value computed from constants
  ValueId bias;         ///< invalid where there is none
  Shape shape;          ///< of the weight
  int channelAxis = 0;  ///< axis of the weight along which "per channel" counts (the output channels)
  LayerId partOf =
      {};  ///< the layer whose second factor this is, where one was split in two; invalid for most
  /// All nodes that multiply by the weight or look it up, the one after which the layer is called first; none
  /// in a file without a graph.
  std::vector<LayerUse> uses = {};
  Spared spared = Spared::No;
  std::vector<std::string> furtherNames = {};  ///< under which the file names the same weight again

  std::int64_t parameters() const { return elementCount(shape); }
};

/// Where the codes of a weight stand in the file that it came from, whose own nodes make the weight of them.
struct CodesInFile {
  ValueId constant;             ///< an initialiser or the output of a Constant node, for this weight alone
  Tensor codes;                 ///< what is to stand there, in the type, shape and order of the file
  std::uint64_t gridBytes = 0;  ///< of the scales and zero points beside it
};

/// How an edited weight is stored as integers. value = (code - zeroPoint) * scale, computed in float32,
/// then, where `offset` is defined, plus offset for every code that is not the zero point (so that the
/// zero point means exact zero), or for every code at all where `offsetEverywhere`. Where `codebook` is
/// defined, value = codebook[code] * scale instead, and there is no offset. Last, where `inputScale` is
/// defined, value is multiplied by that of its input.
struct WeightEncoding {
  unsigned bits = 8;              ///< information per weight, 1 to 16; decides the storage type
  Tensor codes;                   ///< Int8/UInt8 (bits <= 8) or Int16/UInt16, unpacked, in the weight's shape
  Tensor scale;                   ///< Float32, scalar or one per channel
  Tensor zeroPoint;               ///< dtype of `codes`, shape of `scale`
  Tensor offset;                  ///< Float32, shape of `scale`; undefined for most schemes
  int axis = -1;                  ///< channel axis; -1 for one scale per tensor
  bool offsetEverywhere = false;  ///< the offset counts at the zero point too; only with an offset
  Tensor codebook;                ///< Float32, rank 1, for unsigned codes; undefined where codes are numbers
  /// Above 0: one scale (and zero point, offset) for every so many neighbouring inputs of a channel. The
  /// weight is then seen as a matrix, [channels, inputs] where the channel axis is its first and [inputs,
  /// channels] where it is its last; the shape of `scale` is that with inputs / blockSize, rounded up, for
  /// the inputs.
  std::int64_t blockSize = 0;
  Tensor inputScale;  ///< Float32, one for every input in that matrix; undefined for most
  /// Where defined, a writer that keeps the nodes of the file writes these codes there and nothing else.
  std::shared_ptr<const CodesInFile> inFile;
};

enum class WarningKind {
  UnknownOp,
  NoGraph,
  ExternalData,
  NewerOpset,
  DroppedContent,
  ShapeInference,
  TrainingState,     ///< what a checkpoint keeps for training alone was left out
  AveragedCopy,      ///< a second copy of the weights, averaged over the training, was left out
  TiedWeights,       ///< several names for one weight
  SharedStorage,     ///< weights that overlap in the file and are cut apart from each other
  KeptTensors,       ///< of types that nothing computes with: carried along as they are
  ScalesBeside,      ///< values that are meant to be multiplied by scales beside them
  OneShard,          ///< the file is one of several
  OutsideLayers,     ///< parameters that belong to no layer: their names
  NoLayers,          ///< nothing in the model can be cut
  InlinedFunctions,  ///< local functions whose bodies now stand in the graph: their names
  UnpackedWeights,   ///< nodes with packed weights that now stand as simpler nodes: their operator and number
  ScoresOutput,      ///< the output that was taken for scores of classes, where another could be
};

/// A word for scripts: "outside-layers".
std::string_view idOf(WarningKind kind);

/// Something noticed while reading that does not stop it.
struct Warning {
  WarningKind kind;
  std::string detail;                 ///< names of the file, for a sentence that the reader of it composes
  std::int64_t count = 0, total = 0;  ///< parameters, and of how many, where the kind counts them
};

struct OpsetImport {
  std::string domain;
  std::int64_t version = 0;
};

/// A tensor of a type that nothing here computes with: complex numbers, text, what is yet to come.
struct KeptTensor {
  std::string name;
  std::string type;  ///< "complex64", or the word of the file's format
  Shape shape;
  Bytes bytes;
};

/// A further name of a tensor.
struct TiedName {
  std::string name;
  std::string of;  ///< the name that the tensor goes by
  /// How the further one sees the same elements, as steps of its axes; empty where it sees them as they are.
  Shape shape = {};
  std::vector<std::int64_t> strides = {};
};

/// The origin of a model, and what of the file has no place in the graph.
struct Provenance {
  std::string path;             ///< empty for an embedded model
  std::string format;           ///< name in the table of formats: "ONNX"
  std::uint64_t fileBytes = 0;  ///< of the file and its external data
  std::int64_t irVersion = 0;
  std::vector<OpsetImport> opsets;
  std::string producer;
  std::string producerVersion;
  std::string domain;  ///< of the model itself, "org.example.models"
  std::int64_t modelVersion = 0;
  std::string notes;  ///< the file's own description of the model
  std::map<std::string, std::string> metadata;
  std::vector<KeptTensor> kept;  ///< of a file without a graph
  std::vector<TiedName> ties;    ///< likewise
};

/// Copies are cheap: graph and tensors are shared.
struct Model {
  std::shared_ptr<const Graph> graph;  ///< never null; without nodes for a weights-only file
  /// Constants by value: the graph's initialisers to start with. A value that also has a producer
  /// is overridden: the tensor here stands and its producer is not run.
  std::map<ValueId, Tensor> weights;
  std::map<ValueId, std::shared_ptr<const WeightEncoding>> encodings;  ///< of edited weights
  std::vector<Layer> layers;
  Provenance source;
  std::vector<Warning> warnings;
  /// The index of the output that holds the scores of classes; nothing: the first that can.
  std::optional<std::size_t> scoresOutput = {};

  bool runnable() const { return !graph->nodes.empty(); }
  std::int64_t opset(const std::string& domain = "") const;  ///< 0 where not imported
  /// Parameters of all initialisers, in elements.
  std::int64_t parameters() const;
  const Layer& layer(LayerId id) const { return layers[id.index]; }
  /// Invalid id where there is none.
  LayerId findLayer(const std::string& layerName) const;
};

/// Finds the layers of a graph, in execution order, with unique names (the node's name, else the
/// weight's without ".weight", else opType_index). A weight that follows from constants (see constantInfo)
/// counts: `Layer::weight` is then the value nearest the node or, where nodes read what they read of one
/// constant in different ways, the value that they have in common: one layer with several uses. Nodes
/// of subgraphs count where they read constants of `graph` (see liftWeights).
/// A graph without nodes gives one layer for every floating initialiser of at least rank 1.
std::vector<Layer> findLayers(const Graph& graph);

/// The layer's weight as Float32 in `Layer::shape`; constants are folded where it is computed.
/// Throws Error(Unsupported) where it cannot be had.
Tensor layerWeight(const Model& model, const Layer& layer);

}  // namespace lapidary::core
