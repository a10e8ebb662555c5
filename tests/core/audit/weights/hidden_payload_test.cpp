// SPDX-License-Identifier: GPL-3.0-or-later
// Payloads hidden in the bits of trained weights: what is found and what cannot be, as a table.
#include <gtest/gtest.h>

#include <bit>
#include <random>

#include "core/audit/weights/weight_checks.h"
#include "core/io/common/format.h"

namespace lapidary::core {
namespace {

using Payload = std::vector<std::uint8_t>;

Payload noiseOf(std::size_t bytes, unsigned seed) {
  std::mt19937 random(seed);
  Payload made(bytes);
  for (auto& byte : made) byte = static_cast<std::uint8_t>(random());
  return made;
}

Payload textOf(std::size_t bytes) {
  const std::string words =
      "The low bits of a weight hardly matter to what it multiplies; who wants to carry something past a "
      "guard "
      "writes it there, a few bits at a time, and reads it back on the other side.\n";
  Payload made;
  while (made.size() < bytes) made.push_back(static_cast<std::uint8_t>(words[made.size() % words.size()]));
  return made;
}

/// The header of a first entry, and what its packed bytes look like.
Payload zipOf(std::size_t bytes) {
  Payload made{'P', 'K', 3, 4, 20, 0, 0, 0, 8, 0, 0x21, 0x5a, 0x6b, 0x57, 1,   2,   3,  4,
               0,   1,   0, 0, 0,  2, 0, 0, 5, 0, 0,    0,    'a',  '.',  'e', 'x', 'e'};
  const Payload packed = noiseOf(bytes, 5);
  made.insert(made.end(), packed.begin(), packed.end());
  made.resize(bytes);
  return made;
}

/// Puts the payload into the lowest bits of neighbouring weights from `first` on, lowest bit first; as much
/// of it as there is room for.
void embed(std::vector<float>& weights, std::size_t first, const Payload& payload, unsigned bits) {
  std::size_t bit = 0;
  for (std::size_t i = first; i < weights.size() && bit < payload.size() * 8; ++i) {
    auto word = std::bit_cast<std::uint32_t>(weights[i]);
    for (unsigned k = 0; k < bits && bit < payload.size() * 8; ++k, ++bit) {
      word &= ~(1u << k);
      word |= (payload[bit / 8] >> bit % 8 & 1u) << k;
    }
    weights[i] = std::bit_cast<float>(word);
  }
}

class HiddenPayloads : public ::testing::Test {
 protected:
  /// 65,536 trained weights, or the same as 16-bit floats that were stored as 32.
  std::vector<AuditedTensor> carrying(const Payload& payload, unsigned bits, bool halfBorn = false) const {
    const auto from = model.weights.at(model.layer(model.findLayer("ip1")).weight).as<float>();
    std::vector<float> values(from.begin(), from.begin() + 65536);
    if (halfBorn)
      for (float& value : values) value = halfToFloat(floatToHalf(value));
    embed(values, 1001, payload, bits);
    return {{"w", Tensor::from<float>({256, 256}, std::span<const float>(values))}};
  }
  static std::vector<Finding> found(const std::vector<AuditedTensor>& tensors) {
    std::vector<Finding> findings;
    findHiddenFiles(tensors, {}, 1, findings);
    findUnevenBits(tensors.front(), findings);
    return findings;
  }
  /// A line of the table: by bits that are written.
  std::string row(const std::string& kind, const Payload& payload, bool halfBorn) const {
    std::string cells;
    for (const unsigned bits : {1u, 2u, 3u, 8u, 16u, 24u})
      cells += found(carrying(payload, bits, halfBorn)).empty() ? "  no" : " yes";
    std::printf("%-24s %6zu B %s\n", (kind + (halfBorn ? ", 16-bit weights" : "")).c_str(), payload.size(),
                cells.c_str());
    return cells;
  }
  Model model = readModel(LAPIDARY_SOURCE_DIR "/resources/demo/lenet5.onnx");
};

const std::string all = " yes yes yes yes yes yes", none = "  no  no  no  no  no  no";

TEST_F(HiddenPayloads, TextAndFilesAreFound) {
  std::printf("low bits of 65,536 trained weights  1   2   3   8  16  24\n");
  EXPECT_EQ(row("nothing", {}, false), none);
  for (const std::size_t bytes : {256u, 4096u}) {
    EXPECT_EQ(row("text", textOf(bytes), false), all);
    EXPECT_EQ(row("zip", zipOf(bytes), false), all);
  }
}

/// What is spread as evenly as the bits it takes the place of leaves no trace in them.
TEST_F(HiddenPayloads, RandomBytesAreFoundWhereTrainingLeftOrder) {
  std::printf("low bits of 65,536 trained weights  1   2   3   8  16  24\n");
  EXPECT_EQ(row("random", noiseOf(4096, 9), false), none);
  EXPECT_EQ(row("random", noiseOf(20000, 9), false), "  no  no  no  no  no yes");
  EXPECT_EQ(row("nothing", {}, true), none);
  row("random", noiseOf(256, 9), true);
  EXPECT_EQ(row("random", noiseOf(4096, 9), true), all);
}

TEST_F(HiddenPayloads, AreNamedWithTheirPlace) {
  const auto findings = found(carrying(zipOf(3000), 8));
  ASSERT_FALSE(findings.empty());
  EXPECT_EQ(findings.front().id, "weight-hidden-file");
  EXPECT_EQ(findings.front().severity, Severity::Critical);
  EXPECT_NE(findings.front().what.find("zip archive at weight 1001, in the lowest byte"), std::string::npos)
      << findings.front().what;
}

}  // namespace
}  // namespace lapidary::core
