// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of the audit of the weights.
#include <array>

#include "core/audit/rules/rule_tables.h"

namespace lapidary::core {
namespace {

constexpr std::array<AuditRule, 11> weightRuleTable{{
    {"weight-not-finite", Severity::High, "Weights that are infinite or not a number",
     "One such weight makes every answer that it touches meaningless, or hides values from comparisons.",
     "Get the file again, or train the layer anew; find out what wrote it."},
    {"weight-dead-channel", Severity::Note, "Channels whose weights are all zero",
     "They take time and bytes and tell nothing; what follows sees a constant.",
     "Remove them: prune the layer by channels."},
    {"weight-unread-channel", Severity::Note, "Channels that nothing reads",
     "All weights that read them are zero, so their output can never matter.",
     "Remove them: prune the layer by channels."},
    {"weight-same-channel", Severity::Note, "Channels that repeat another to the bit",
     "They say the same twice; in a network whose weights were drawn at random that does not happen by "
     "itself.",
     "Find out whether the network was widened on purpose; remove the copies."},
    {"weight-near-channel", Severity::Note, "Channels that nearly repeat another",
     "They say almost the same twice (cosine above 0.9999, after their means).",
     "Try removing them, and measure."},
    {"weight-outlier", Severity::Medium, "Weights far from all others of their layer",
     "Training leaves tails, not single weights that stand alone: a flipped bit or a planted value does. "
     "They also "
     "spoil the grid of a quantization.",
     "Compare the file's SHA-256 with its source; set the weight to the layer's median and measure."},
    {"weight-odd-spectrum", Severity::Low, "A layer whose singular values do not fit its peers",
     "A direction that was added afterwards, or weights that were never trained, show in the spectrum.",
     "Find out whether the layer was trained like the others."},
    {"weight-hidden-text", Severity::High, "Text in the low bits of weights",
     "The low bits of trained weights look like noise. Text there was written by someone.",
     "Do not pass the file on; rounding the weights to 16 bits erases it."},
    {"weight-hidden-file", Severity::Critical, "A file in the low bits of weights",
     "The low bits hold the beginning of a file. Malware has been carried in models in this way.",
     "Do not pass the file on; rounding the weights to 16 bits erases it."},
    {"weight-uneven-bits", Severity::Medium, "Low bits that are not the noise that training leaves",
     "Where weights differ in all their bits, the lowest ones are spread evenly. Here they are not.",
     "Ask where the weights come from; rounding them to 16 bits erases what may hide there."},
    {"weight-random-bits", Severity::Medium, "Bits that are noise where training leaves order",
     "Either a stretch of weights has low bits that its neighbours lack, or even the high bits are spread as "
     "if drawn "
     "at random: encrypted or packed data look so.",
     "Ask where the weights come from; rounding them to 16 bits erases what hides in the low bits."},
}};

}  // namespace

std::span<const AuditRule> weightRules() { return weightRuleTable; }

}  // namespace lapidary::core
