// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/common/training_state.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace lapidary::core {
namespace {

using Parts = std::vector<std::string>;
using NameAndShape = std::pair<std::string, Shape>;

/// The names under which optimizers keep what they remember of a parameter.
const std::set<std::string_view> momentWords{
    "exp_avg",         "exp_avg_sq",       "max_exp_avg_sq", "max_exp_avg_sqs",    "exp_avgs",
    "exp_avg_sqs",     "exp_avg_diff",     "exp_avg_sq_row", "exp_avg_sq_col",     "exp_inf",
    "momentum_buffer", "square_avg",       "square_avgs",    "acc_delta",          "acc_deltas",
    "grad_avg",        "exp_avg_slow",     "exp_avg_fast",   "prev_grad",          "previous_grad",
    "neg_pre_grad",    "momentum_buffers", "hessian_diag",   "exp_hessian_diag_sq"};
/// What stands beside moments, and would be nothing of a training by itself.
const std::set<std::string_view> besideMoments{"step",       "param",       "fp32_param", "master_param",
                                               "state_step", "state_steps", "lr",         "sum"};
/// Two moments of every parameter under a name each; the parameters themselves stand elsewhere.
constexpr std::pair<std::string_view, std::string_view> momentPairs[] = {
    {"mu", "nu"}, {"m", "v"}, {"adam_m", "adam_v"}, {"mean_square", "mean_grad"}};

bool separates(char c) { return c == '.' || c == '/'; }

Parts partsOf(const std::string& name) {
  Parts parts(1);
  for (const char c : name) {
    if (separates(c))
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

std::string lowered(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

/// The words of a part of a name: apart by underscores, hyphens and spaces.
std::vector<std::string> wordsOf(const std::string& part) {
  std::vector<std::string> words(1);
  for (const char c : lowered(part)) {
    if (c == '_' || c == '-' || c == ' ')
      words.emplace_back();
    else
      words.back() += c;
  }
  return words;
}

std::string joined(const Parts& parts, std::size_t from, std::size_t to) {
  std::string text;
  for (std::size_t i = from; i < to; ++i) text += (i > from ? "." : "") + parts[i];
  return text;
}

/// Without what separates: copies of weights often have it taken out of their names.
std::string squashed(const Parts& parts, std::size_t from) {
  std::string text;
  for (std::size_t i = from; i < parts.size(); ++i) text += parts[i];
  return text;
}

bool isNumber(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

bool saysAveraged(const std::string& part) {
  static const std::set<std::string_view> words{"ema", "swa", "averaged", "shadow", "polyak", "ewma", "emas"};
  const std::string lower = lowered(part);
  if (lower == "modelema" || lower == "emamodel" || lower == "average_model" || lower == "model_avg")
    return true;
  return std::ranges::any_of(wordsOf(part), [](const std::string& word) { return words.contains(word); });
}

class Finder {
 public:
  explicit Finder(std::span<const TensorName> tensors)
      : m_tensors(tensors), m_training(tensors.size()), m_averaged(tensors.size()) {
    for (const TensorName& tensor : tensors) m_parts.push_back(partsOf(tensor.name));
  }

  TrainingParts find() {
    findMoments();
    for (const auto& [first, second] : momentPairs) findPairs(first, second);
    findRandomStates();
    findScalers();
    findAveraged();
    TrainingParts found;
    found.leftOut = m_training;
    std::vector<bool> kept(m_tensors.size());
    for (std::size_t i = 0; i < kept.size(); ++i) {
      found.leftOut[i] = m_training[i] || m_averaged[i];
      kept[i] = !found.leftOut[i];
    }
    found.training = wholeParts(m_tensors, m_training, kept);
    found.averaged = wholeParts(m_tensors, m_averaged, kept);
    return found;
  }

 private:
  void findMoments() {
    std::set<std::string> owners;  // of moments
    for (std::size_t i = 0; i < m_parts.size(); ++i)
      for (std::size_t k = 0; k < m_parts[i].size(); ++k) {
        if (!momentWords.contains(m_parts[i][k])) continue;
        m_training[i] = true;
        owners.insert(joined(m_parts[i], 0, k));
      }
    for (std::size_t i = 0; i < m_parts.size(); ++i)
      if (besideMoments.contains(m_parts[i].back()) &&
          owners.contains(joined(m_parts[i], 0, m_parts[i].size() - 1)))
        m_training[i] = true;
  }

  /// All that stands under "first" and "second" of one owner, where the names and shapes below are the same,
  /// and are those of weights elsewhere.
  void findPairs(std::string_view first, std::string_view second) {
    std::map<std::string, std::map<std::string, std::vector<std::size_t>>> owners;
    for (std::size_t i = 0; i < m_parts.size(); ++i)
      for (std::size_t k = 0; k + 1 < m_parts[i].size(); ++k)
        if (m_parts[i][k] == first || m_parts[i][k] == second)
          owners[joined(m_parts[i], 0, k)][m_parts[i][k]].push_back(i);
    for (const auto& [owner, both] : owners) {
      if (both.size() != 2) continue;
      const std::size_t from = owner.empty() ? 1 : partsOf(owner).size() + 1;
      const auto& ones = both.begin()->second;
      if (namesBelow(ones, from) != namesBelow(both.rbegin()->second, from)) continue;
      std::set<std::size_t> all(ones.begin(), ones.end());
      all.insert(both.rbegin()->second.begin(), both.rbegin()->second.end());
      if (!haveCounterparts(ones, from, all)) continue;
      for (const std::size_t i : all) m_training[i] = true;
      markCount(owner);
    }
  }

  void markCount(const std::string& owner) {
    for (std::size_t i = 0; i < m_parts.size(); ++i)
      if ((m_parts[i].back() == "count" || m_parts[i].back() == "step") && m_tensors[i].shape.empty() &&
          joined(m_parts[i], 0, m_parts[i].size() - 1) == owner)
        m_training[i] = true;
  }

  std::set<NameAndShape> namesBelow(const std::vector<std::size_t>& tensors, std::size_t from) const {
    std::set<NameAndShape> names;
    for (const std::size_t i : tensors) names.emplace(squashed(m_parts[i], from), m_tensors[i].shape);
    return names;
  }

  /// The end of every name that stays, from each of its parts on, with the shape.
  std::set<NameAndShape> endsOfOthers(const std::set<std::size_t>& without) const {
    std::set<NameAndShape> ends;
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
      if (m_training[i] || m_averaged[i] || without.contains(i)) continue;
      for (std::size_t k = 0; k < m_parts[i].size(); ++k)
        ends.emplace(squashed(m_parts[i], k), m_tensors[i].shape);
    }
    return ends;
  }

  /// Whether nearly all of the tensors have a namesake of the same shape among the others, whatever parts
  /// both names begin with.
  bool haveCounterparts(const std::vector<std::size_t>& tensors, std::size_t from,
                        const std::set<std::size_t>& without) const {
    const auto ends = endsOfOthers(without);
    if (ends.empty()) return false;
    const std::size_t begin = from + commonParts(tensors, from);
    if (std::ranges::all_of(tensors, [&](std::size_t i) {
          return isNumber(squashed(m_parts[i], begin)) || m_tensors[i].shape.empty();
        }))
      return haveShapes(tensors, without);
    std::size_t matched = 0, counted = 0;
    for (const std::size_t i : tensors) {
      if (m_tensors[i].shape.empty()) continue;  // how many updates, and the like
      ++counted;
      bool found = false;
      for (std::size_t k = from; k <= begin && !found; ++k)
        found = ends.contains({squashed(m_parts[i], k), m_tensors[i].shape});
      matched += found;
    }
    return counted > 0 && matched * 10 >= counted * 9;
  }

  /// Of a list without names: whether the others have tensors of all these shapes.
  bool haveShapes(const std::vector<std::size_t>& tensors, const std::set<std::size_t>& without) const {
    std::multiset<Shape> shapes;
    for (std::size_t i = 0; i < m_parts.size(); ++i)
      if (!m_training[i] && !without.contains(i)) shapes.insert(m_tensors[i].shape);
    std::size_t matched = 0;
    for (const std::size_t i : tensors) {
      if (m_tensors[i].shape.empty()) continue;
      const auto found = shapes.find(m_tensors[i].shape);
      if (found == shapes.end()) return false;
      shapes.erase(found);
      ++matched;
    }
    return matched > 0;
  }

  /// How many parts all these names share from `from` on, the last one of each aside.
  std::size_t commonParts(const std::vector<std::size_t>& tensors, std::size_t from) const {
    std::size_t common = 0;
    for (;; ++common)
      for (const std::size_t i : tensors) {
        const Parts &one = m_parts[i], &first = m_parts[tensors.front()];
        if (from + common + 1 >= one.size() || from + common + 1 >= first.size() ||
            one[from + common] != first[from + common])
          return common;
      }
  }

  void findRandomStates() {
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
      if (!m_tensors[i].integer || m_tensors[i].shape.size() != 1) continue;
      for (const std::string& part : m_parts[i])
        for (const std::string& word : wordsOf(part))
          if (word == "rng" || word == "rngs") m_training[i] = true;
    }
  }

  /// The scale of losses in half precision, with how long it has held.
  void findScalers() {
    std::set<std::string> owners;
    for (const Parts& parts : m_parts)
      if (parts.back() == "_growth_tracker" || parts.back() == "growth_tracker")
        owners.insert(joined(parts, 0, parts.size() - 1));
    for (std::size_t i = 0; i < m_parts.size(); ++i)
      if (owners.contains(joined(m_parts[i], 0, m_parts[i].size() - 1)) && m_tensors[i].shape.empty())
        m_training[i] = true;
  }

  void findAveraged() {
    std::map<std::string, std::vector<std::size_t>> copies;  // by the name down to the part that says so
    for (std::size_t i = 0; i < m_parts.size(); ++i)
      for (std::size_t k = 0; k + 1 < m_parts[i].size(); ++k)
        if (!m_training[i] && saysAveraged(m_parts[i][k])) {
          copies[joined(m_parts[i], 0, k + 1)].push_back(i);
          break;
        }
    for (const auto& [name, tensors] : copies) {
      const std::set<std::size_t> all(tensors.begin(), tensors.end());
      if (!haveCounterparts(tensors, partsOf(name).size(), all)) continue;
      for (const std::size_t i : tensors) m_averaged[i] = true;
    }
  }

  std::span<const TensorName> m_tensors;
  std::vector<Parts> m_parts;
  std::vector<bool> m_training, m_averaged;
};

}  // namespace

std::vector<std::string> wholeParts(std::span<const TensorName> tensors, const std::vector<bool>& chosen,
                                    const std::vector<bool>& others) {
  std::set<std::string> taken;  // beginnings of the names of others
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    if (!others[i]) continue;
    const Parts parts = partsOf(tensors[i].name);
    for (std::size_t k = 1; k <= parts.size(); ++k) taken.insert(joined(parts, 0, k));
  }
  std::vector<std::string> found;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    if (!chosen[i]) continue;
    const Parts parts = partsOf(tensors[i].name);
    std::size_t k = 1;
    while (k < parts.size() && taken.contains(joined(parts, 0, k))) ++k;
    if (const std::string name = joined(parts, 0, k); seen.insert(name).second) found.push_back(name);
  }
  return found;
}

TrainingParts trainingParts(std::span<const TensorName> tensors) { return Finder(tensors).find(); }

}  // namespace lapidary::core
