// SPDX-License-Identifier: GPL-3.0-or-later
// Attacks held against PyTorch's: the same weights, samples and starts give inputs of the same losses.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <numeric>
#include <sstream>

#include "core/io/common/format.h"
#include "core/robust/attack.h"
#include "core/robust/attacked.h"
#include "tests/interop/model_files.h"
#include "tests/interop/torch_peer.h"

namespace lapidary::interop {
namespace {

using tests::assets;
using tests::demo;
using namespace core;

struct AttackSubject {
  std::string model, data;
  Preprocess preprocess;
  double strength;  ///< levels of pixels
};

struct Found {
  std::vector<double> losses;
  double signs = 0;  ///< elements that moved up less those that moved down
};

class AttackPeer {
 public:
  explicit AttackPeer(const AttackSubject& subject)
      : m_model(readModel(subject.model)),
        m_data(openData(subject.data), subject.preprocess, m_model),
        m_rows(m_data, 40),
        m_box(inputBox(m_model, m_data, StrengthUnit::Pixel)),
        m_gradient(m_model, m_box.value),
        m_ids(40) {
    std::iota(m_ids.begin(), m_ids.end(), std::size_t{0});
  }

  Found ours(const Attack& attack) const {
    const Tensor clean = m_rows.samples(), made = move(attack);
    Found found{m_gradient.of({&made, 1}, m_rows.labels().as<std::int64_t>(), {}).losses};
    for (std::size_t i = 0; i < made.as<float>().size(); ++i)
      found.signs +=
          (made.as<float>()[i] > clean.as<float>()[i]) - (made.as<float>()[i] < clean.as<float>()[i]);
    return found;
  }

  /// From the start that ours draws, which is noise of the same seed.
  Found theirs(const std::string& path, const Attack& attack) const {
    Attack start = attack;
    start.method = AttackMethod::UniformNoise;
    const bench::RawFile samples(m_rows.samples()), labels(m_rows.labels()), starts(move(start));
    bench::ScriptProcess process(
        "/usr/bin/python3", "interop/torch_attack.py",
        {path, samples.path(), labels.path(), starts.path(), bench::dimsOf(m_rows.samples())},
        "PyTorch is not there");
    std::ostringstream line;
    line.precision(9);
    line << name(attack.method) << ' ' << attack.strength * static_cast<double>(m_box.perUnit[0]) << ' '
         << attack.steps << ' ' << m_box.low[0] << ' ' << m_box.high[0];
    std::istringstream words(process.ask(line.str()));
    Found found;
    for (double value = 0; words >> value;) found.losses.push_back(value);
    found.signs = found.losses.back();
    found.losses.pop_back();
    return found;
  }

 private:
  Tensor move(const Attack& attack) const {
    const Tensor samples = m_rows.samples();
    return attacked(attack, m_box, &m_gradient, {{&samples, 1}, m_rows.labels().as<std::int64_t>(), m_ids},
                    {});
  }

  Model m_model;
  Dataset m_data;
  LabelledRows m_rows;
  InputBox m_box;
  LossGradient m_gradient;
  std::vector<std::size_t> m_ids;
};

double meanOf(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

void expectSameAttacks(const AttackSubject& subject) {
  if (std::system("/usr/bin/python3 -c 'import torch, onnx' 2>/dev/null") != 0)
    GTEST_SKIP() << "skipped: no PyTorch";
  if (!std::filesystem::exists(subject.model)) GTEST_SKIP() << "skipped: no ../shared";
  const AttackPeer peer(subject);
  const Attack fgsm{AttackMethod::Fgsm, AttackNorm::LInf, subject.strength},
      pgd{AttackMethod::Pgd, AttackNorm::LInf, subject.strength, 10, 4};
  const Found mine = peer.ours(fgsm), torch = peer.theirs(subject.model, fgsm);
  ASSERT_EQ(mine.losses.size(), torch.losses.size());
  // Of a sample that the model is sure of, the loss is so flat that rounding alone gives its gradient: such
  // ones may differ.
  std::size_t alike = 0;
  for (std::size_t i = 0; i < mine.losses.size(); ++i)
    alike += std::abs(mine.losses[i] - torch.losses[i]) <= 0.05 + 0.05 * torch.losses[i];
  EXPECT_GE(20 * alike, 19 * mine.losses.size());
  EXPECT_NEAR(meanOf(mine.losses), meanOf(torch.losses), 0.02 * meanOf(torch.losses));
  const Found steps = peer.ours(pgd), torchSteps = peer.theirs(subject.model, pgd);
  std::printf("FGSM: mean loss %.4f, PyTorch %.4f; PGD: %.4f, PyTorch %.4f; signs %.0f, PyTorch %.0f\n",
              meanOf(mine.losses), meanOf(torch.losses), meanOf(steps.losses), meanOf(torchSteps.losses),
              mine.signs, torch.signs);
  // Where a gradient is nearly zero its sign is a coin's, and the paths of many steps part.
  EXPECT_NEAR(meanOf(steps.losses), meanOf(torchSteps.losses), 0.02 * meanOf(torchSteps.losses));
  EXPECT_GT(meanOf(steps.losses), meanOf(mine.losses));
}

TEST(AttackInterop, LeNetFailsAsInTorch) {
  Preprocess gray;
  gray.channels = PixelChannels::Gray;
  gray.scale = 1.0 / 255;
  expectSameAttacks({demo + "lenet5.onnx", demo + "digits_test.npz", gray, 24});
}

TEST(AttackInterop, ResNetFailsAsInTorch) {
  Preprocess cifar;
  cifar.scale = 1.0 / 255;
  cifar.mean = {.45};
  cifar.std = {.225};  // one for all channels, as PyTorch's side here takes one strength for all
  expectSameAttacks({assets + "resnet/resnet20_cifar10.onnx", assets + "cifar10/test-1000", cifar, 2});
}

}  // namespace
}  // namespace lapidary::interop
