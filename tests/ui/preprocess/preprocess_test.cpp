// SPDX-License-Identifier: GPL-3.0-or-later
// Typed numbers, fields that hold every preprocess, and the ranges of what the network sees.
#include <gtest/gtest.h>

#include <QLineEdit>
#include <QSignalSpy>

#include "ui/preprocess/network_input.h"
#include "ui/preprocess/number_list.h"
#include "ui/preprocess/preprocess_form.h"

namespace lapidary::ui {
namespace {

TEST(NumberList, ReadsWhatPeopleType) {
  EXPECT_EQ(numbersFrom("0.485, 0.456;0.406"), (std::vector<double>{0.485, 0.456, 0.406}));
  EXPECT_EQ(numbersFrom("  "), std::vector<double>{});
  EXPECT_FALSE(numbersFrom("0.5, x").has_value());
  EXPECT_FALSE(numbersFrom("nan").has_value());
  EXPECT_EQ(textOf({0.5, -1}), "0.5, -1");
}

TEST(NumberList, AScaleMayBeAFraction) {
  EXPECT_DOUBLE_EQ(*scaleFrom("1/255"), 1.0 / 255);
  EXPECT_DOUBLE_EQ(*scaleFrom("0.5"), 0.5);
  EXPECT_DOUBLE_EQ(*scaleFrom(""), 1);
  EXPECT_FALSE(scaleFrom("1/0").has_value());
  EXPECT_FALSE(scaleFrom("1/2/3").has_value());
}

TEST(PreprocessForm, HoldsEveryKey) {
  core::Preprocess preprocess;
  preprocess.resize = 256;
  preprocess.crop = 224;
  preprocess.layout = core::PixelLayout::NHWC;
  preprocess.channels = core::PixelChannels::BGR;
  preprocess.scale = 1.0 / 255;
  preprocess.mean = {0.485, 0.456, 0.406};
  preprocess.std = {0.229, 0.224, 0.225};
  preprocess.dtype = core::DType::UInt8;
  preprocess.sound = core::SoundPreprocess{};
  preprocess.sound->hop = 128;
  PreprocessForm form;
  QSignalSpy edited(&form, &PreprocessForm::edited);
  form.setValue(preprocess);
  EXPECT_EQ(edited.size(), 0);
  ASSERT_TRUE(form.value().has_value());
  EXPECT_EQ(*form.value(), preprocess);
  preprocess.resize = {};
  preprocess.size = {256, 320};
  preprocess.resample = core::Resampling::Bicubic;
  form.setValue(preprocess);
  EXPECT_EQ(*form.value(), preprocess);
  form.setValue({});
  EXPECT_EQ(*form.value(), core::Preprocess{});
}

TEST(PreprocessForm, SaysWhichFieldIsWrong) {
  PreprocessForm form;
  form.setValue({});
  for (QLineEdit* line : form.findChildren<QLineEdit*>())
    if (line->placeholderText() == "0") line->setText("0.5; abc");
  EXPECT_FALSE(form.value().has_value());
  EXPECT_TRUE(form.problem().contains("0.5; abc"));
}

TEST(NetworkInput, RangesAreThoseOfEachChannel) {
  const core::Tensor first = core::Tensor::from<float>({2, 1, 2}, {1, 3, -4, 0});
  const auto ranges = channelRanges(first, core::PixelLayout::NCHW);
  ASSERT_EQ(ranges.size(), 2U);
  EXPECT_EQ(ranges[0].least, 1);
  EXPECT_EQ(ranges[0].most, 3);
  EXPECT_EQ(ranges[0].mean, 2);
  EXPECT_EQ(ranges[1].mean, -2);
  const core::Tensor last = core::Tensor::from<float>({1, 2, 2}, {1, -4, 3, 0});
  const auto same = channelRanges(last, core::PixelLayout::NHWC);
  EXPECT_EQ(same[0].mean, 2);
  EXPECT_EQ(same[1].least, -4);
}

}  // namespace
}  // namespace lapidary::ui
