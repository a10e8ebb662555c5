// SPDX-License-Identifier: GPL-3.0-or-later
// The fields of sounds, and the dialog over a folder of them: what is typed is what the network sees.
#include "core/data/preprocess_sound.h"

#include <gtest/gtest.h>

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <cmath>
#include <fstream>
#include <numbers>

#include "tests/core/files/wav_bytes.h"
#include "tests/core/run/graph_building.h"
#include "tests/support/temporary_folder.h"
#include "tests/ui/demo.h"
#include "ui/preprocess/network_input.h"
#include "ui/preprocess/preprocess_dialog.h"
#include "ui/preprocess/preprocess_form.h"
#include "ui/preprocess/sound_form.h"

namespace lapidary::ui {
namespace {

namespace io = core::testing;

core::SoundPreprocess everyKey() {
  core::SoundPreprocess sound;
  sound.rate = 16000;
  sound.length = 12345;
  sound.features = core::SoundFeatures::LogMel;
  sound.window = 400;
  sound.hop = 160;
  sound.mels = 64;
  sound.fmin = 133.33334;
  sound.fmax = 6855.4976;
  sound.log = core::LogKind::Decibel;
  sound.floor = 1e-10;
  sound.melScale = core::MelScale::Slaney;
  sound.center = true;
  return sound;
}

template <class Widget>
Widget& named(const QWidget& parent, const QString& name) {
  for (Widget* widget : parent.findChildren<Widget*>())
    if (widget->accessibleName() == name) return *widget;
  throw std::runtime_error("no field " + name.toStdString());
}

TEST(SoundForm, HoldsEveryKeyAndEveryAbsentOne) {
  SoundForm form;
  QSignalSpy edited(&form, &SoundForm::edited);
  for (const core::SoundPreprocess& sound : {everyKey(), core::SoundPreprocess()}) {
    form.setValue(sound);
    EXPECT_EQ(form.value(), sound);
  }
  EXPECT_EQ(edited.size(), 0);
  EXPECT_EQ(named<QSpinBox>(form, "Rate").text(), "automatic");
  EXPECT_EQ(named<QDoubleSpinBox>(form, "Highest frequency").text(), "automatic");
}

TEST(SoundForm, ShowsBandsOnlyWhereThereAreAny) {
  SoundForm form;
  form.setValue(everyKey());
  EXPECT_FALSE(named<QSpinBox>(form, "Mel bands").isHidden());
  named<QComboBox>(form, "Features").setCurrentIndex(1);
  EXPECT_EQ(form.value()->features, core::SoundFeatures::Samples);
  EXPECT_TRUE(named<QSpinBox>(form, "Mel bands").isHidden());
  EXPECT_FALSE(named<QSpinBox>(form, "Rate").isHidden());
}

TEST(SoundForm, SaysWhichFieldIsWrong) {
  SoundForm form;
  for (const char* text : {"0", "-1", "much", ""}) {
    named<QLineEdit>(form, "Floor").setText(text);
    EXPECT_FALSE(form.value().has_value()) << text;
    EXPECT_TRUE(form.problem().contains(text));
  }
}

TEST(PreprocessForm, AsksOfSoundsOrOfPictures) {
  PreprocessForm form;
  auto& sounds = *form.findChild<SoundForm*>();
  EXPECT_TRUE(sounds.isHidden());
  form.setSounds(true);
  EXPECT_FALSE(sounds.isHidden());
  form.setValue({});
  EXPECT_EQ(form.value(), core::Preprocess()) << "no key where nothing is asked for";
  sounds.setValue(everyKey());
  EXPECT_EQ(form.value()->sound, everyKey());
}

/// Two seconds of a low tone, and of a high one; a model that takes 20 bands of 50 frames.
class SoundDialog : public testing::Test {
 protected:
  SoundDialog() {
    write("high/b.wav", 3200);
    write("low/a.wav", 200);
    core::testing::GraphBuilder b(13);
    const core::ValueId x = b.input("x", {-1, 1, 20, 50});
    b.output(
        b.node("MatMul", {b.node("Flatten", {x}), b.weight("w", core::testing::randomTensor({1000, 2}, 1))}));
    core::Model model = b.model();
    model.layers = core::findLayers(*model.graph);
    m_source = core::openData(m_folder.path());
    const auto data = std::make_shared<const core::Dataset>(
        m_source, core::choosePreprocess(model, *m_source).preprocess, model);
    m_document.open(std::make_shared<const core::Session>(std::move(model), data, core::Session::Options{}));
  }

  void write(const std::string& name, double frequency) {
    std::string samples;
    for (int i = 0; i < 16000; ++i) {
      const double value = 20000 * std::sin(2 * std::numbers::pi * frequency * i / 8000);
      samples += io::littleEndianText(static_cast<std::uint16_t>(std::lround(value)), 2);
    }
    const std::string path = m_folder.path(name);
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << io::wav({}, samples);
  }

  static int brightestRow(const QImage& image) {
    int best = 0;
    for (int y = 0; y < image.height(); ++y)
      if (qGray(image.pixel(10, y)) > qGray(image.pixel(10, best))) best = y;
    return best;
  }

  io::TemporaryFolder m_folder;
  std::shared_ptr<const core::DataSource> m_source;
  Document m_document;
};

TEST_F(SoundDialog, DrawsHighTonesAboveLowOnes) {
  const core::Model& model = m_document.session()->model();
  const core::Preprocess& preprocess = m_document.session()->data()->preprocess();
  const NetworkInput high = networkInput(*m_source, 0, preprocess, model);
  const NetworkInput low = networkInput(*m_source, 1, preprocess, model);
  ASSERT_TRUE(high.problem.isEmpty()) << high.problem.toStdString();
  EXPECT_EQ(high.seen.size(), QSize(50, 20));
  EXPECT_LT(brightestRow(high.seen) + 5, brightestRow(low.seen));
  EXPECT_EQ(high.seconds, 2);
  EXPECT_EQ(high.sound->mels, 20);
  EXPECT_FALSE(high.original.isNull());
}

TEST_F(SoundDialog, SamplesAreAWaveform) {
  core::testing::GraphBuilder b(13);
  const core::ValueId x = b.input("x", {-1, 3000});
  b.output(b.node("Relu", {x}));
  const NetworkInput input = networkInput(*m_source, 0, {}, b.model());
  ASSERT_TRUE(input.problem.isEmpty()) << input.problem.toStdString();
  EXPECT_EQ(input.sound->features, core::SoundFeatures::Samples);
  EXPECT_EQ(input.seen.width(), input.seen.height());
}

TEST_F(SoundDialog, AppliesWhatIsTyped) {
  PreprocessDialog dialog(m_document);
  dialog.show();
  auto& bands = named<QSpinBox>(dialog, "Mel bands");
  EXPECT_EQ(bands.value(), 20);
  const auto says = [&](const QString& text) {
    for (QLabel* label : dialog.findChildren<QLabel*>())
      if (label->isVisible() && label->text().contains(text)) return true;
    return false;
  };
  ASSERT_TRUE(eventually([&] { return says("20 bands"); }));
  bands.setValue(30);  // the model takes 20
  ASSERT_TRUE(eventually([&] { return says("expects"); }));
  bands.setValue(20);
  named<QDoubleSpinBox>(dialog, "Highest frequency").setValue(9000);  // more than half the rate
  ASSERT_TRUE(eventually([&] { return says("fmax"); }));
  named<QDoubleSpinBox>(dialog, "Highest frequency").setValue(3500);
  ASSERT_TRUE(eventually([&] { return says("20 bands"); }));
  QSignalSpy applied(&dialog, &PreprocessDialog::applied);
  for (QPushButton* button : dialog.findChildren<QPushButton*>())
    if (button->isDefault()) button->click();
  ASSERT_EQ(applied.size(), 1);
  EXPECT_EQ(dialog.preprocess().sound->fmax, 3500);
  EXPECT_EQ(dialog.preprocess().sound->mels, 20);
}

}  // namespace
}  // namespace lapidary::ui
