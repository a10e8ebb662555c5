// SPDX-License-Identifier: GPL-3.0-or-later
// Channels through Einsum: axes with one letter are one axis.
#include <algorithm>
#include <map>
#include <string>

#include "core/compress/structure/node_trace.h"

namespace lapidary::core {
namespace {

/// The letters of each input, and of the output; nothing where the equation has other signs in it, as an
/// ellipsis, or does not say the output.
struct Letters {
  std::vector<std::string> inputs{1};
  std::string output;
};

std::optional<Letters> lettersOf(const Node& node) {
  std::string equation = node.textOr("equation", "");
  std::erase(equation, ' ');
  const std::size_t arrow = equation.find("->");
  if (arrow == std::string::npos) return std::nullopt;
  Letters letters;
  letters.output = equation.substr(arrow + 2);
  for (const char c : equation.substr(0, arrow))
    if (c == ',')
      letters.inputs.emplace_back();
    else
      letters.inputs.back() += c;
  const auto plain = [](const std::string& text) {
    return std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
  };
  if (!plain(letters.output) || !std::ranges::all_of(letters.inputs, plain)) return std::nullopt;
  return letters.inputs.size() == node.inputs.size() ? std::optional(letters) : std::nullopt;
}

/// In a product of two activations that sums over something, an axis of both and of the result is a batch:
/// there stand attention heads.
void markBatches(NodeTrace& node, const Letters& letters, const std::map<char, TracedAxis>& axes) {
  if (letters.inputs.size() != 2 || node.in(0).constant || node.in(1).constant) return;
  const auto inBoth = [&](char c) {
    return letters.inputs[0].find(c) != std::string::npos && letters.inputs[1].find(c) != std::string::npos;
  };
  const auto inOutput = [&](char c) { return letters.output.find(c) != std::string::npos; };
  const bool sums = std::ranges::any_of(letters.inputs[0], [&](char c) { return inBoth(c) && !inOutput(c); });
  for (const auto& [letter, axis] : axes)
    if (sums && inBoth(letter) && inOutput(letter)) node.markHeads(axis);
}

}  // namespace

void traceEinsum(NodeTrace& node) {
  const auto letters = lettersOf(node.node());
  if (!letters) return node.pinInputs();
  std::map<char, TracedAxis> axes;
  for (std::size_t i = 0; i < letters->inputs.size(); ++i) {
    if (!node.ranked(i) || node.in(i).axes.size() != letters->inputs[i].size()) return node.pinInputs();
    node.pinEntries(i);
    for (std::size_t k = 0; k < letters->inputs[i].size(); ++k) {
      const TracedAxis& axis = node.in(i).axes[k];
      const auto [known, first] = axes.emplace(letters->inputs[i][k], axis);
      if (!first) known->second = node.broadcast(known->second, axis);
    }
  }
  markBatches(node, *letters, axes);
  TracedValue out{true, {}, false, {}};
  for (const char letter : letters->output) {
    if (!axes.contains(letter)) return node.pinInputs();
    out.axes.push_back(axes.at(letter));
  }
  node.out(0, std::move(out));
}

}  // namespace lapidary::core
