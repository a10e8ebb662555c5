// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/torch/torch_training.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

namespace lapidary::core {
namespace {

using Kind = PickleValue::Kind;

/// Keys that a dictionary holds all of, where it is such a state.
const std::vector<std::vector<std::string_view>> trainingKeys{
    {"state", "param_groups"},            // optimizers
    {"base_optimizer_state"},             // those that are spread over machines
    {"fp32_flat_groups"},                 //
    {"single_partition_of_fp32_groups"},  //
    {"last_epoch", "base_lrs"},           // schedules
    {"last_epoch", "_step_count"},        //
    {"growth_factor", "backoff_factor"},  // scalers of losses
    {"cur_scale", "cur_iter"},            //
};

std::set<std::string_view> keysOf(const PickleTrace& pickle, const std::vector<PickleId>& items) {
  std::set<std::string_view> keys;
  for (std::size_t i = 0; i + 1 < items.size(); i += 2)
    if (const PickleValue& key = pickle.at(items[i]); key.kind == Kind::Text) keys.insert(key.text);
  return keys;
}

}  // namespace

bool holdsTraining(const PickleTrace& pickle, const PickleValue& value) {
  if (value.kind == Kind::Tuple && value.items.size() >= 3) {
    const PickleValue& first = pickle.at(value.items.front());
    return first.kind == Kind::Text && first.text == "MT19937";  // NumPy's random generator
  }
  if (value.kind != Kind::Dict && value.kind != Kind::Call) return false;
  const auto keys = keysOf(pickle, value.kind == Kind::Dict ? value.items : value.added);
  return std::ranges::any_of(trainingKeys, [&](const auto& all) {
    return std::ranges::all_of(all, [&](std::string_view key) { return keys.contains(key); });
  });
}

}  // namespace lapidary::core
