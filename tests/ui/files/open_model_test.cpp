// SPDX-License-Identifier: GPL-3.0-or-later
// The window opens what the core opens, with the same warnings, and its dialogs show all that can be opened.
#include "ui/files/open_model.h"

#include <gtest/gtest.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include "core/io/common/format.h"
#include "core/session/open.h"
#include "ui/files/file_filters.h"
#include "ui/files/warning_text.h"

namespace lapidary::ui {
namespace {

const QString demo = QStringLiteral(LAPIDARY_SOURCE_DIR "/resources/demo/");

class OpenModelTest : public testing::Test {
 protected:
  QString path(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
  void writeBytes(const QString& name, const QByteArray& bytes) {
    QFile file(name);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(bytes);
  }
  QTemporaryDir m_folder;
};

core::Opened openedByTheCore(const QString& model, const QString& data) {
  core::OpenRequest request;
  request.model = core::AtPath{model.toStdString()};
  if (!data.isEmpty()) request.data = core::AtPath{data.toStdString()};
  return core::open(request);
}

TEST_F(OpenModelTest, WarningsArePreciselyThoseOfTheCore) {
  core::writeModel(core::readModel((demo + "lenet5.onnx").toStdString()), path("w.npz").toStdString());
  for (const QString& model : {demo + "lenet5.onnx", path("w.npz")}) {
    const OpenedModel window = openModel({model, {}, {}}, nullptr, {});
    const core::Opened core = openedByTheCore(model, {});
    ASSERT_EQ(window.warnings.size(), core.warnings.size());
    for (std::size_t i = 0; i < core.warnings.size(); ++i) {
      EXPECT_EQ(window.warnings[i].kind, core.warnings[i].kind);
      EXPECT_EQ(window.warnings[i].detail, core.warnings[i].detail);
      EXPECT_TRUE(noticeText(window).contains(warningText(core.warnings[i])));
    }
  }
  EXPECT_EQ(openModel({path("w.npz"), {}, {}}, nullptr, {}).warnings.size(), 1u);
}

TEST_F(OpenModelTest, FilesAndTheEmbeddedDemoGiveTheSame) {
  const OpenedModel embedded = openModel({"demo:lenet5", {}, {}}, nullptr, {});
  const OpenedModel files = openModel({demo + "lenet5.onnx", demo + "digits_test.npz", {}}, nullptr, {});
  EXPECT_EQ(embedded.preprocessOrigin, core::PreprocessOrigin::BesideModel);
  EXPECT_EQ(files.preprocessOrigin, core::PreprocessOrigin::BesideModel);
  EXPECT_EQ(embedded.session->data()->preprocess(), files.session->data()->preprocess());
  EXPECT_EQ(embedded.session->data()->order(), files.session->data()->order());
  EXPECT_EQ(embedded.modelName, files.modelName);
}

TEST_F(OpenModelTest, TheDigitsOfTheDemoFeedOtherModels) {
  const OpenedModel opened = openModel({demo + "lenet5.onnx", OpenRequest::demoDigits(), {}}, nullptr, {});
  EXPECT_EQ(opened.session->data()->size(), 2000u);
}

TEST_F(OpenModelTest, AnotherPreprocessLeavesTheModelAsItIs) {
  QFile::copy(demo + "lenet5.onnx", path("m.onnx"));
  const OpenedModel first = openModel({path("m.onnx"), {}, {}}, nullptr, {});
  QFile::remove(path("m.onnx"));
  core::Preprocess half;
  half.channels = core::PixelChannels::Gray;
  half.scale = 0.5;
  const OpenedModel again = openModel({path("m.onnx"), demo + "digits_test.npz", half}, &first, {});
  EXPECT_EQ(again.session->model().graph, first.session->model().graph);
  EXPECT_EQ(again.preprocessOrigin, core::PreprocessOrigin::Given);
  EXPECT_EQ(again.session->data()->preprocess(), half);
  EXPECT_THROW(openModel({path("m.onnx"), {}, {}}, nullptr, {}), core::Error);
}

TEST_F(OpenModelTest, DialogsShowEveryEndingInEitherCase) {
  const QStringList models = modelPatterns().split(' ');
  for (const std::string_view ending : core::modelEndings()) {
    const QString text = QString::fromStdString(std::string(ending));
    EXPECT_TRUE(QDir::match(models, "model" + text)) << ending;
    for (const QString& shown : {text, text.toUpper()})
      EXPECT_TRUE(models.contains("*" + shown)) << shown.toStdString();
  }
  EXPECT_FALSE(QDir::match(models, "notes.txt"));
  EXPECT_EQ(graphPatterns(), "*.onnx *.ONNX *.lapidary *.LAPIDARY");
  EXPECT_EQ(dataPatterns(), "*.npz *.NPZ *.csv *.CSV *.tsv *.TSV");
  EXPECT_TRUE(modelEndingsText().endsWith(".bin or .ckpt"));
  EXPECT_EQ(endingFor("safetensors"), ".safetensors");
}

TEST_F(OpenModelTest, DropsAreToldByTheirNames) {
  for (const QString& data :
       {m_folder.path(), path("list.CSV"), path("t10k-images-idx3-ubyte"), path("x.gz")})
    EXPECT_TRUE(looksLikeData(data)) << data.toStdString();
  for (const char* model :
       {"m.onnx", "m.npz", "m.npy", "m.th", "idx-files/m.onnx", "idx/m.pt", "my-idx3.onnx"})
    EXPECT_FALSE(looksLikeData(path(model))) << model;
  writeBytes(path("pictures"), QByteArray::fromHex("00000803000000010000000100000001ff"));
  EXPECT_TRUE(looksLikeData(path("pictures")));
  writeBytes(path("short"), QByteArray::fromHex("0000"));
  EXPECT_FALSE(looksLikeData(path("short")));
  EXPECT_TRUE(looksLikeArrays(path("d.npz")));
  EXPECT_TRUE(looksLikeArrays(path("d.NPZ")));
  EXPECT_FALSE(looksLikeArrays(path("d.npy")));
}

}  // namespace
}  // namespace lapidary::ui
