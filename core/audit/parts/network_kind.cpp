// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/parts/network_kind.h"

#include <algorithm>
#include <string_view>

#include "core/audit/parts/wire_walk.h"
#include "core/support/bytes.h"

namespace lapidary::core {
namespace {

using namespace std::string_view_literals;
using View = std::span<const std::byte>;

/// What is looked at of a long list before its kind is believed.
constexpr std::size_t enough = 64;

bool isName(std::string_view text, std::string_view further) {
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           further.find(c) != std::string_view::npos;
  });
}

/// NodeDef: a name, an operator, inputs, a device, attributes.
bool isNode(View message) {
  bool name = false, op = false;
  return walkFields(message,
                    [&](const WireEntry& entry) {
                      const std::uint32_t number = entry.field.number;
                      if (number < 1 || number > 7 || entry.field.type != bytesWire) return false;
                      if (number == 1) name = isName(textOf(entry.payload), "./-<>@:^"sv);
                      if (number == 2) op = isName(textOf(entry.payload), ".>"sv);
                      return true;
                    }) &&
         name && op;
}

/// GraphDef: nodes, functions, versions.
bool isGraph(View message) {
  std::size_t nodes = 0;
  return walkFields(message,
                    [&](const WireEntry& entry) {
                      const std::uint32_t number = entry.field.number;
                      if (number == 3) return entry.field.type == varintWire;
                      if (number < 1 || number > 5 || entry.field.type != bytesWire) return false;
                      return number != 1 || nodes++ >= enough || isNode(entry.payload);
                    }) &&
         nodes > 0;
}

/// MetaGraphDef: a graph among what is told of it.
bool isMetaGraph(View message) {
  bool graph = false;
  return walkFields(message,
                    [&](const WireEntry& entry) {
                      const std::uint32_t number = entry.field.number;
                      if (number < 1 || number > 7 || entry.field.type != bytesWire) return false;
                      graph = graph || (number == 2 && isGraph(entry.payload)) || number == 7;
                      return true;
                    }) &&
         graph;
}

/// The layers of Keras that lie beside a SavedModel: number, path, kind and configuration.
bool isKerasObject(View message) {
  bool kind = false;
  return walkFields(message,
                    [&](const WireEntry& entry) {
                      const std::uint32_t number = entry.field.number;
                      if (number == 4) kind = textOf(entry.payload).starts_with("_tf_keras");
                      return number >= 1 && number <= 5 &&
                             entry.field.type == (number == 2 ? varintWire : bytesWire);
                    }) &&
         kind;
}

bool isCaffeLayer(View message, std::uint32_t name) {
  bool named = false;
  return walkFields(message,
                    [&](const WireEntry& entry) {
                      named = named || (entry.field.number == name && entry.field.type == bytesWire);
                      return true;
                    }) &&
         named;
}

}  // namespace

bool isTensorflowGraph(View bytes) { return isGraph(bytes) || isMetaGraph(bytes); }

bool isSavedModel(View bytes) {
  std::size_t graphs = 0, objects = 0;
  const bool graph = walkFields(bytes, [&](const WireEntry& entry) {
    if (entry.field.number == 1) return entry.field.type == varintWire;
    return entry.field.number == 2 && entry.field.type == bytesWire && ++graphs <= enough &&
           isMetaGraph(entry.payload);
  });
  if (graph && graphs > 0) return true;
  return walkFields(bytes,
                    [&](const WireEntry& entry) {
                      return entry.field.number == 1 && entry.field.type == bytesWire &&
                             (objects++ >= enough || isKerasObject(entry.payload));
                    }) &&
         objects > 0;
}

bool isCaffeModel(View bytes) {
  constexpr std::uint32_t oldLayer = 2, layer = 100, oldLayerName = 4, layerName = 1;
  std::size_t layers = 0;
  return walkFields(bytes,
                    [&](const WireEntry& entry) {
                      const auto number = entry.field.number;
                      if (number == oldLayer || number == layer)
                        return entry.field.type == bytesWire &&
                               (layers++ >= enough ||
                                isCaffeLayer(entry.payload, number == layer ? layerName : oldLayerName));
                      return number >= 1 && number <= 8;
                    }) &&
         layers > 0;
}

/// A version, a description, and one message of what the model is: those have numbers from 200 on.
bool isCoreMl(View bytes) {
  constexpr std::uint32_t version = 1, description = 2, updatable = 10, firstKind = 200, lastKind = 3000;
  constexpr std::uint64_t mostVersions = 1000;
  bool versioned = false, kind = false;
  return walkFields(bytes,
                    [&](const WireEntry& entry) {
                      const auto number = entry.field.number;
                      if (number == version)
                        return versioned = entry.field.type == varintWire && entry.field.value < mostVersions;
                      if (number == updatable) return entry.field.type == varintWire;
                      if (entry.field.type != bytesWire) return false;
                      kind = kind || number >= firstKind;
                      return number == description || (number >= firstKind && number <= lastKind);
                    }) &&
         versioned && kind;
}

}  // namespace lapidary::core
