// SPDX-License-Identifier: GPL-3.0-or-later
// Lists of changed samples, the confusion matrix and what a click in it does.
#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QListView>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

#include "ui/document/document.h"
#include "ui/samples/confusion_model.h"
#include "ui/samples/sample_image.h"
#include "ui/samples/sample_list_model.h"
#include "ui/samples/samples_view.h"
#include "ui/samples/thumbnail_store.h"

namespace lapidary::ui {
namespace {

core::ChangedSample changed(std::size_t sample, std::int64_t truth, std::int64_t before, std::int64_t after) {
  return {sample, truth, {before, 0.9, 0.5}, {after, 0.6, 0.1}};
}

/// Three classes, ten samples: 1 and 4 lost, 7 gained, 8 wrong in another way.
std::shared_ptr<const core::Comparison> comparison() {
  auto result = std::make_shared<core::Comparison>();
  result->samples = 10;
  result->classes = 3;
  result->lost = {changed(1, 0, 0, 2), changed(4, 1, 1, 2)};
  result->gained = {changed(7, 2, 0, 2)};
  result->changed = {changed(8, 1, 0, 2)};
  result->originalConfusion = {3, 0, 0, 1, 3, 0, 1, 0, 2};
  result->confusion = {2, 0, 1, 0, 2, 2, 0, 0, 3};
  return result;
}

std::vector<qulonglong> samplesOf(const SampleListModel& model) {
  std::vector<qulonglong> samples;
  for (int i = 0; i < model.rowCount(); ++i)
    samples.push_back(model.index(i).data(SampleListModel::SampleRole).toULongLong());
  return samples;
}

TEST(SampleListModel, ListsEachKindAndFiltersByCell) {
  ThumbnailStore store;
  SampleListModel model(store);
  const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
  model.setComparison(comparison());
  EXPECT_EQ(samplesOf(model), (std::vector<qulonglong>{1, 4}));
  model.setKind(SampleListModel::Gained);
  EXPECT_EQ(samplesOf(model), (std::vector<qulonglong>{7}));
  model.setKind(SampleListModel::Changed);
  EXPECT_EQ(samplesOf(model), (std::vector<qulonglong>{8}));
  model.setKind(SampleListModel::All);
  EXPECT_EQ(samplesOf(model), (std::vector<qulonglong>{1, 4, 7, 8}));
  model.setCell(std::pair<std::int64_t, std::int64_t>{1, 2});
  EXPECT_EQ(samplesOf(model), (std::vector<qulonglong>{4, 8}));
  model.setCell({});
  model.setComparison(nullptr);
  EXPECT_EQ(model.rowCount(), 0);
}

TEST(SampleListModel, FiltersByTheOriginalsAnswerWithoutLabels) {
  ThumbnailStore store;
  SampleListModel model(store);
  auto unlabelled = std::make_shared<core::Comparison>();
  unlabelled->lost = {changed(3, -1, 1, 2), changed(5, -1, 0, 2)};
  model.setComparison(unlabelled);
  model.setCell(std::pair<std::int64_t, std::int64_t>{0, 2});
  EXPECT_EQ(samplesOf(model), (std::vector<qulonglong>{5}));
}

TEST(ConfusionModel, ShowsBothTablesAndTheirDifference) {
  ConfusionModel model;
  const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
  model.setComparison(comparison(), {"cat", "dog", "owl"}, true);
  EXPECT_EQ(model.rowCount(), 3);
  EXPECT_EQ(model.index(0, 2).data().toString(), "1");
  EXPECT_EQ(model.index(1, 0).data().toString(), "");
  model.setShown(ConfusionModel::Original);
  EXPECT_EQ(model.index(1, 0).data().toString(), "1");
  model.setShown(ConfusionModel::Difference);
  EXPECT_EQ(model.count(0, 0), -1);
  EXPECT_EQ(model.index(2, 2).data().toString(), "+1");
  EXPECT_TRUE(model.index(1, 2).data(Qt::ToolTipRole).toString().contains("dog"));
  EXPECT_EQ(model.headerData(1, Qt::Horizontal).toString(), "dog");
}

TEST(ConfusionModel, ColoursGoodAndBadChangesApart) {
  ConfusionModel model;
  model.setComparison(comparison(), {}, true);
  model.setShown(ConfusionModel::Difference);
  const auto color = [&](int row, int column) {
    return model.index(row, column).data(Qt::BackgroundRole).value<QColor>();
  };
  EXPECT_NE(color(2, 2), color(0, 0));  // more right, fewer right
  EXPECT_GT(color(2, 2).blue(), color(2, 2).red());
  EXPECT_GT(color(0, 0).red(), color(0, 0).blue());
  EXPECT_FALSE(model.index(0, 1).data(Qt::BackgroundRole).isValid());
}

class SamplesViewTest : public testing::Test {
 protected:
  SamplesViewTest() : view(document) {
    view.resize(900, 500);
    view.show();
    view.showComparison(comparison());
  }
  void click(int row, int column) {
    const QRect cell = view.matrix()->visualRect(view.matrix()->model()->index(row, column));
    QTest::mouseClick(view.matrix()->viewport(), Qt::LeftButton, {}, cell.center());
  }
  std::vector<qulonglong> shown() { return samplesOf(*static_cast<SampleListModel*>(view.list()->model())); }

  Document document;
  SamplesView view;
};

TEST_F(SamplesViewTest, AClickInTheMatrixFiltersTheList) {
  EXPECT_EQ(shown(), (std::vector<qulonglong>{1, 4}));
  click(1, 2);
  EXPECT_EQ(shown(), (std::vector<qulonglong>{4}));
  click(2, 2);  // only a gained one stands there
  EXPECT_EQ(shown(), (std::vector<qulonglong>{7}));
}

TEST_F(SamplesViewTest, AClickOnASampleAsksToExplainIt) {
  QSignalSpy activated(&view, &SamplesView::sampleActivated);
  QTest::mouseClick(view.list()->viewport(), Qt::LeftButton, {},
                    view.list()->visualRect(view.list()->model()->index(1, 0)).center());
  ASSERT_EQ(activated.size(), 1);
  EXPECT_EQ(activated[0][0].value<std::size_t>(), 4U);
}

TEST(SampleImage, TurnsInputsIntoPictures) {
  const core::Tensor gray = core::Tensor::from<float>({1, 2, 2}, {-1, 0, 0, 1});
  const QImage image = inputImage(gray, core::PixelLayout::NCHW);
  ASSERT_EQ(image.size(), QSize(2, 2));
  EXPECT_EQ(qGray(image.pixel(0, 0)), 0);
  EXPECT_EQ(qGray(image.pixel(1, 1)), 255);
  const core::Tensor nhwc = core::Tensor::from<float>({1, 2, 2, 3}, {1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0});
  const QImage colour = inputImage(nhwc, core::PixelLayout::NHWC);
  EXPECT_EQ(colour.pixelColor(0, 0), QColor(255, 0, 0));
  EXPECT_EQ(colour.pixelColor(1, 0), QColor(0, 255, 0));
  EXPECT_EQ(colour.pixelColor(0, 1), QColor(0, 0, 255));
  EXPECT_TRUE(inputImage(core::Tensor::from<float>({1, 40}, std::vector<float>(40, 0.0F)), {}).isNull());
}

TEST(SampleImage, KeepsThePixelsOfPictures) {
  const core::Picture picture{2, 1, 3, {255, 0, 0, 0, 0, 255}};
  const QImage image = toImage(picture);
  EXPECT_EQ(image.pixelColor(0, 0), QColor(255, 0, 0));
  EXPECT_EQ(image.pixelColor(1, 0), QColor(0, 0, 255));
  EXPECT_TRUE(toImage({0, 0, 3, {}}).isNull());
}

}  // namespace
}  // namespace lapidary::ui
