// SPDX-License-Identifier: GPL-3.0-or-later
// Sounds in the window: a waveform stands for a sample, and long signals fit under their saliency.
#include <gtest/gtest.h>

#include <QImage>
#include <cmath>
#include <fstream>

#include "tests/core/files/wav_bytes.h"
#include "tests/core/run/graph_building.h"
#include "tests/support/temporary_folder.h"
#include "tests/ui/demo.h"
#include "ui/saliency/saliency_view.h"
#include "ui/saliency/sample_explanation.h"
#include "ui/samples/sample_image.h"

namespace lapidary::ui {
namespace {

namespace io = core::testing;

int inkedRows(const QImage& image, int x) {
  int rows = 0;
  for (int y = 0; y < image.height(); ++y) rows += qAlpha(image.pixel(x, y)) > 0;
  return rows;
}

TEST(WaveImage, IsAsTallAsTheSoundIsLoud) {
  core::Sound sound{8000, {}};
  for (int i = 0; i < 8000; ++i)
    sound.samples.push_back((i < 4000 ? 0.1F : 0.4F) * (i % 2 == 0 ? 1.0F : -1.0F));
  const QImage image = waveImage(sound, Qt::red);
  EXPECT_EQ(image.width(), image.height());
  EXPECT_GT(inkedRows(image, image.width() - 2), image.height() * 9 / 10) << "the loudest fills the strip";
  EXPECT_NEAR(inkedRows(image, 2), image.height() / 4, 2);
  EXPECT_EQ(inkedRows(waveImage({8000, {0, 0, 0}}, Qt::red), 5), 1) << "silence is a line";
  EXPECT_EQ(inkedRows(waveImage({8000, {}}, Qt::red), 5), 0);
}

/// Two classes of 3,000 samples, and two sounds in class folders.
class SoundSamples : public testing::Test {
 protected:
  SoundSamples() {
    write("left/a.wav", '\x20');
    write("right/b.wav", '\x7e');
    core::testing::GraphBuilder b(13);
    const core::ValueId x = b.input("x", {-1, 3000});
    b.output(b.node("MatMul", {x, b.weight("w", core::testing::randomTensor({3000, 2}, 1))}));
    core::Model model = b.model();
    model.layers = core::findLayers(*model.graph);
    const auto source = core::openData(m_folder.path());
    const auto data = std::make_shared<const core::Dataset>(
        source, core::choosePreprocess(model, *source).preprocess, model);
    m_session = std::make_shared<const core::Session>(std::move(model), data, core::Session::Options{});
  }

  void write(const std::string& name, char value) {
    std::string samples;
    for (int i = 0; i < 2500; ++i) samples += static_cast<char>(i % 2 == 0 ? value : -value);
    const std::string path = m_folder.path(name);
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << io::wav({1, 1, 8000, 8}, samples);
  }

  io::TemporaryFolder m_folder;
  std::shared_ptr<const core::Session> m_session;
};

TEST_F(SoundSamples, StandAsWaveforms) {
  const QImage image = sampleImage(*m_session->data(), 0);
  EXPECT_EQ(image.width(), image.height());
  EXPECT_EQ(m_session->data()->preprocess().sound->length, 3000);
}

TEST_F(SoundSamples, AreExplainedInAsManyBarsAsCanBeSeen) {
  const auto found = explainSample(*m_session, {}, {}, {});
  EXPECT_EQ(found->signal.size(), 1024u);
  EXPECT_EQ(found->explanation.original.values.size(), 1024u);
  EXPECT_EQ(found->difference.size(), 1024u);
  const std::size_t one[] = {0};
  const core::Tensor input = m_session->data()->inputs(one).front();
  double loudest = 0, shown = 0;
  for (const float value : input.as<float>()) loudest = std::max(loudest, std::fabs(double{value}));
  for (const float value : found->signal) shown = std::max(shown, std::fabs(double{value}));
  EXPECT_EQ(shown, loudest) << "peaks are kept";
}

}  // namespace
}  // namespace lapidary::ui
