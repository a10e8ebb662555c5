// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/finetune/checkpoint.h"

#include <algorithm>
#include <filesystem>

#include "core/files/bytes.h"
#include "core/io/numpy/npz.h"

namespace lapidary::core {
namespace {

using Arrays = std::map<std::string, Tensor>;

constexpr std::int64_t version = 1;

Tensor listOf(const std::vector<float>& values) {
  return Tensor::from<float>({static_cast<std::int64_t>(values.size())}, std::span<const float>(values));
}

Tensor textOf(const std::string& text) {
  return Tensor::from<std::uint8_t>(
      {static_cast<std::int64_t>(text.size())},
      std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

std::string nameOf(const char* kind, std::size_t index) {
  return std::string(kind) + "." + std::to_string(index);
}

[[noreturn]] void damaged(const std::string& what) {
  throw Error(ErrorKind::InvalidInput,
              "it is not the checkpoint of a training (" + what + "): name another file");
}

const Tensor& find(const Arrays& arrays, const std::string& name, DType type) {
  const auto found = arrays.find(name);
  if (found == arrays.end()) damaged("'" + name + "' is missing");
  if (found->second.dtype() != type) damaged("'" + name + "' has another type");
  return found->second;
}

std::vector<float> floatsAt(const Arrays& arrays, const std::string& name) {
  const auto values = find(arrays, name, DType::Float32).as<float>();
  return {values.begin(), values.end()};
}

/// All of one kind, numbered from 0.
template <class Take>
void eachOf(const Arrays& arrays, const char* kind, Take&& take) {
  for (std::size_t i = 0; arrays.contains(nameOf(kind, i)); ++i) take(nameOf(kind, i));
}

Tensor tableOf(const std::vector<TrainedEpoch>& epochs) {
  std::vector<double> values;
  for (const TrainedEpoch& epoch : epochs)
    values.insert(values.end(), {static_cast<double>(epoch.epoch), epoch.loss, epoch.quality, epoch.rate,
                                 epoch.validationLoss});
  return Tensor::from<double>({static_cast<std::int64_t>(epochs.size()), 5}, std::span<const double>(values));
}

std::vector<TrainedEpoch> epochsAt(const Arrays& arrays) {
  const Tensor& table = find(arrays, "epochs", DType::Float64);
  if (table.rank() != 2 || table.shape()[1] != 5 || table.shape()[0] == 0)
    damaged("'epochs' has another shape");
  const auto values = table.as<double>();
  std::vector<TrainedEpoch> epochs;
  for (std::size_t i = 0; i < values.size(); i += 5)
    epochs.push_back({i / 5, values[i + 1], values[i + 2], values[i + 3], values[i + 4]});
  return epochs;
}

void addState(Arrays& arrays, const TrainState& state) {
  for (std::size_t i = 0; i < state.numbers.size(); ++i) {
    arrays.emplace(nameOf("number", i), listOf(state.numbers[i]));
    arrays.emplace(nameOf("first", i), listOf(state.optimizer.first.at(i)));
    arrays.emplace(nameOf("second", i), listOf(state.optimizer.second.at(i)));
  }
  for (std::size_t i = 0; i < state.held.size(); ++i) {
    const std::vector<std::uint8_t> mask(state.held[i].begin(), state.held[i].end());
    arrays.emplace(nameOf("held", i), Tensor::from<std::uint8_t>({static_cast<std::int64_t>(mask.size())},
                                                                 std::span<const std::uint8_t>(mask)));
  }
  for (std::size_t i = 0; i < state.statistics.size(); ++i)
    arrays.emplace(nameOf("statistic", i), state.statistics[i]);
}

TrainState stateOf(const Arrays& arrays) {
  TrainState state;
  eachOf(arrays, "number", [&](const std::string& name) { state.numbers.push_back(floatsAt(arrays, name)); });
  eachOf(arrays, "first",
         [&](const std::string& name) { state.optimizer.first.push_back(floatsAt(arrays, name)); });
  eachOf(arrays, "second",
         [&](const std::string& name) { state.optimizer.second.push_back(floatsAt(arrays, name)); });
  eachOf(arrays, "held", [&](const std::string& name) {
    const auto mask = find(arrays, name, DType::UInt8).as<std::uint8_t>();
    state.held.emplace_back(mask.begin(), mask.end());
  });
  eachOf(arrays, "statistic",
         [&](const std::string& name) { state.statistics.push_back(find(arrays, name, DType::Float32)); });
  return state;
}

void addWeights(Arrays& arrays, const char* kind, const SavedTraining::Weights& weights) {
  std::vector<std::int64_t> ids;
  for (const auto& [id, tensor] : weights) {
    arrays.emplace(nameOf(kind, ids.size()), tensor);
    ids.push_back(id.index);
  }
  arrays.emplace(kind, Tensor::from<std::int64_t>({static_cast<std::int64_t>(ids.size())},
                                                  std::span<const std::int64_t>(ids)));
}

SavedTraining::Weights weightsAt(const Arrays& arrays, const char* kind) {
  SavedTraining::Weights weights;
  const auto ids = find(arrays, kind, DType::Int64).as<std::int64_t>();
  for (std::size_t i = 0; i < ids.size(); ++i)
    weights[ValueId{static_cast<std::uint32_t>(ids[i])}] = find(arrays, nameOf(kind, i), DType::Float32);
  return weights;
}

SavedTraining savedOf(const Arrays& arrays, const std::string& subject) {
  const auto meta = find(arrays, "meta", DType::Int64).as<std::int64_t>();
  if (!meta.empty() && meta[0] != version)
    throw Error(ErrorKind::InvalidInput,
                "the checkpoint was written by another version of this program (form " +
                    std::to_string(meta[0]) + ", this one goes on from form " + std::to_string(version) +
                    "): end the training with that version, or remove the file to begin anew");
  if (meta.size() != 6 || std::ranges::any_of(meta, [](auto value) { return value < 0; }))
    damaged("'meta' holds something else");
  const auto text = find(arrays, "subject", DType::UInt8).as<std::uint8_t>();
  if (!std::ranges::equal(text, subject, {}, {}, [](char c) { return static_cast<std::uint8_t>(c); }))
    throw Error(
        ErrorKind::InvalidInput,
        "the checkpoint is of another training (model, data, recipe or settings differ): name another "
        "file, or remove it to begin anew");
  SavedTraining saved;
  saved.state = stateOf(arrays);
  saved.epochs = epochsAt(arrays);
  saved.stage = static_cast<std::size_t>(meta[1]);
  saved.state.epoch = static_cast<std::size_t>(meta[2]);
  saved.state.optimizer.steps = static_cast<std::uint64_t>(meta[3]);
  saved.best = static_cast<std::size_t>(meta[4]);
  saved.bestLearned = meta[5] != 0;
  if (saved.best >= saved.epochs.size()) damaged("the best epoch is not among the epochs");
  if (saved.state.epoch >= saved.epochs.size()) damaged("the last epoch is not among the epochs");
  saved.bestWeights = weightsAt(arrays, "best");
  saved.startWeights = weightsAt(arrays, "start");
  return saved;
}

}  // namespace

SavedTraining::Weights changedWeights(const Model& model, const Model& base) {
  SavedTraining::Weights weights;
  for (const auto& [id, tensor] : model.weights)
    if (const auto old = base.weights.find(id); old == base.weights.end() || old->second.id() != tensor.id())
      weights.emplace(id, tensor);
  return weights;
}

Model withWeights(const Model& base, const SavedTraining::Weights& weights) {
  Model model = base;
  for (const auto& [id, tensor] : weights) {
    const auto weight = model.weights.find(id);
    if (weight == model.weights.end() || weight->second.shape() != tensor.shape())
      throw Error(ErrorKind::InvalidInput, "the checkpoint's weights are not those of this model");
    weight->second = tensor;
  }
  return model;
}

std::string Checkpoint::place() const {
  return "reading the checkpoint " + m_path + " (remove it, or name another file, to begin anew)";
}

std::optional<SavedTraining> Checkpoint::load() const {
  if (!wanted() || !std::filesystem::exists(m_path)) return std::nullopt;
  return withContext(place(), [&] { return savedOf(readNpz(mapFile(m_path)), m_subject); });
}

void Checkpoint::save(const SavedTraining& saved) const {
  if (!wanted()) return;
  Arrays arrays;
  const std::int64_t meta[] = {version,
                               static_cast<std::int64_t>(saved.stage),
                               static_cast<std::int64_t>(saved.state.epoch),
                               static_cast<std::int64_t>(saved.state.optimizer.steps),
                               static_cast<std::int64_t>(saved.best),
                               saved.bestLearned ? 1 : 0};
  arrays.emplace("meta", Tensor::from<std::int64_t>({6}, std::span<const std::int64_t>(meta)));
  arrays.emplace("subject", textOf(m_subject));
  arrays.emplace("epochs", tableOf(saved.epochs));
  addState(arrays, saved.state);
  addWeights(arrays, "best", saved.bestWeights);
  addWeights(arrays, "start", saved.startWeights);
  writeFileAtomically(m_path, [&](const Append& append) { writeNpz(arrays, append); });
}

void Checkpoint::remove() const {
  std::error_code ignored;
  if (wanted()) std::filesystem::remove(m_path, ignored);
}

}  // namespace lapidary::core
