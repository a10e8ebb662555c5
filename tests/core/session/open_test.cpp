// SPDX-License-Identifier: GPL-3.0-or-later
// Every kind of request opens; what cannot be read is named with its file; each phase can be cancelled.
#include "core/session/open.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "core/io/common/format.h"
#include "core/io/numpy/npz.h"
#include "tests/support/demo_files.h"
#include "tests/support/messages.h"
#include "tests/support/temporary_folder.h"

namespace lapidary::core {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string lenet = demo + "lenet5.onnx", digitsFile = demo + "digits_test.npz";

InMemory inMemory(const std::string& path) { return {mapFile(path), fs::path(path).filename().string()}; }

OpenRequest requestOf(const std::string& model, const std::string& data = "") {
  OpenRequest request;
  request.model = AtPath{model};
  if (!data.empty()) request.data = AtPath{data};
  return request;
}

Preprocess scaledBy(double scale) {
  Preprocess made;
  made.channels = PixelChannels::Gray;
  made.scale = scale;
  return made;
}

class OpenTest : public ::testing::Test {
 protected:
  std::string path(const std::string& name) const { return m_folder.path(name); }
  std::string write(const std::string& name, const std::string& text) const {
    return m_folder.write(name, text);
  }
  /// Four samples that LeNet-5 cannot take.
  std::string misfit() const {
    const std::map<std::string, Tensor> arrays{{"x", Tensor::from<float>({4, 7}, std::vector<float>(28))}};
    writeFileAtomically(path("misfit.npz"), [&](const Append& append) { writeNpz(arrays, append); });
    return path("misfit.npz");
  }
  std::string refusal(const OpenRequest& request) const {
    return m_folder.withoutPath(testing::messageOf([&] { open(request); }));
  }

  testing::TemporaryFolder m_folder;
};

TEST_F(OpenTest, AModelAlone) {
  const Opened opened = open(requestOf(lenet));
  EXPECT_EQ(opened.session->data(), nullptr);
  EXPECT_FALSE(opened.preprocess);
  EXPECT_TRUE(opened.warnings.empty());
  EXPECT_EQ(opened.session->model().source.path, lenet);
  EXPECT_EQ(opened.session->qualityKind(), QualityKind::Noise);
}

TEST_F(OpenTest, AModelWithDataTakesThePreprocessBesideIt) {
  const Opened opened = open(requestOf(lenet, digitsFile));
  EXPECT_EQ(opened.preprocess->origin, PreprocessOrigin::BesideModel);
  EXPECT_EQ(opened.session->data()->preprocess(), opened.preprocess->preprocess);
  EXPECT_EQ(opened.session->data()->preprocessOrigin(), PreprocessOrigin::BesideModel);
  EXPECT_EQ(opened.session->data()->size(), 2000u);
  EXPECT_EQ(opened.session->qualityKind(), QualityKind::Accuracy);
}

TEST_F(OpenTest, AModelWithoutAFileBesideItIsGuessedOrTried) {
  fs::copy_file(lenet, path("m.onnx"));
  const Opened opened = open(requestOf(path("m.onnx"), digitsFile));
  const auto source = openData(digitsFile);
  EXPECT_EQ(opened.preprocess->origin, PreprocessOrigin::Guessed);
  EXPECT_EQ(opened.preprocess->preprocess, guessPreprocess(opened.session->model(), *source));
}

TEST_F(OpenTest, WhatIsInMemoryOpensLikeTheFiles) {
  OpenRequest request;
  request.model = inMemory(lenet);
  request.data = inMemory(digitsFile);
  request.preprocess = inMemory(demo + "lenet5.preprocess.json");
  const Opened embedded = open(request), files = open(requestOf(lenet, digitsFile));
  EXPECT_EQ(embedded.preprocess->origin, PreprocessOrigin::BesideModel);
  EXPECT_EQ(embedded.preprocess->preprocess, files.preprocess->preprocess);
  EXPECT_EQ(embedded.session->data()->order(), files.session->data()->order());
  EXPECT_TRUE(embedded.session->model().source.path.empty());
  EXPECT_EQ(embedded.session->footprint({}).fileBefore, files.session->footprint({}).fileBefore);
}

TEST_F(OpenTest, AModelThatWasReadIsTakenOver) {
  const Opened first = open(requestOf(lenet));
  OpenRequest request = requestOf("", digitsFile);
  request.model = first.session->model();
  const Opened second = open(request);
  EXPECT_EQ(second.session->model().graph, first.session->model().graph);
  EXPECT_EQ(second.preprocess->origin, PreprocessOrigin::BesideModel);
}

TEST_F(OpenTest, APreprocessThatIsGivenWins) {
  OpenRequest request = requestOf(lenet, digitsFile);
  request.preprocess = AtPath{write("half.json", toJson(scaledBy(0.5)))};
  const Opened file = open(request);
  EXPECT_EQ(file.preprocess->origin, PreprocessOrigin::Given);
  EXPECT_EQ(file.preprocess->preprocess.scale, 0.5);
  request.preprocess = scaledBy(0.25);
  const Opened value = open(request);
  EXPECT_EQ(value.preprocess->origin, PreprocessOrigin::Given);
  EXPECT_EQ(value.session->data()->preprocess().scale, 0.25);
}

TEST_F(OpenTest, CalibrationDataArePreparedLikeTheData) {
  OpenRequest request = requestOf(lenet, digitsFile);
  request.preprocess = scaledBy(0.25);
  request.calibrationData = demo + "digits_train.npz";
  request.options.calibrationSamples = 8;
  const auto scaled = open(request).session->calibration({});
  EXPECT_EQ(scaled->samples, 8u);
  request.preprocess = scaledBy(0.5);
  const auto twice = open(request).session->calibration({});
  ASSERT_EQ(scaled->layers.size(), 4u);
  EXPECT_EQ(2 * scaled->layers[0].range(RangeMethod::MinMax).high,
            twice->layers[0].range(RangeMethod::MinMax).high);
}

TEST_F(OpenTest, CalibrationDataAloneAreGuessedFor) {
  OpenRequest request = requestOf(lenet);
  request.calibrationData = digitsFile;
  const Opened opened = open(request);
  EXPECT_EQ(opened.session->data(), nullptr);
  EXPECT_FALSE(opened.preprocess);
  EXPECT_EQ(opened.session->calibration({})->samples, 256u);
}

TEST_F(OpenTest, WarningsComeBackBeside) {
  writeModel(readModel(lenet), path("w.safetensors"));
  const Opened opened = open(requestOf(path("w.safetensors")));
  ASSERT_EQ(opened.warnings.size(), 1u);
  EXPECT_EQ(opened.warnings[0].kind, WarningKind::NoGraph);
}

TEST_F(OpenTest, AModelThatCannotBeReadIsNamed) {
  EXPECT_EQ(refusal(requestOf(path("none.onnx"))), "DIR/none.onnx: No such file or directory");
  EXPECT_THAT(refusal(requestOf(write("m.txt", "hello, world"))),
              HasSubstr("DIR/m.txt: not a model in a known format (.onnx .lapidary "));
  EXPECT_THAT(refusal(requestOf(write("m.onnx", "hello, world"))),
              HasSubstr("DIR/m.onnx: not an ONNX file: "));
  OpenRequest embedded;
  embedded.model = InMemory{mapFile(write("m.txt", "hello, world")), "inside.txt"};
  EXPECT_THAT(refusal(embedded), HasSubstr("inside.txt: not a model in a known format"));
}

TEST_F(OpenTest, DataThatCannotBeReadAreNamedWithWhatIsExpected) {
  EXPECT_EQ(refusal(requestOf(lenet, path("none.npz"))),
            "reading DIR/none.npz: there is no such file or folder");
  EXPECT_THAT(
      refusal(requestOf(lenet, write("d.txt", "hello, world"))),
      HasSubstr("reading DIR/d.txt: not data that can be read: an npz, IMAGES:LABELS (IDX), a folder"));
  EXPECT_EQ(
      refusal(requestOf(lenet, misfit())),
      "DIR/misfit.npz: the data cannot feed the model: samples are float32 7, the model's input 'image' "
      "expects Nx1x28x28 float32");
  OpenRequest embedded = requestOf(lenet);
  embedded.data = InMemory{mapFile(misfit()), "inside.npz"};
  EXPECT_THAT(refusal(embedded), HasSubstr("inside.npz: the data cannot feed the model: "));
}

TEST_F(OpenTest, APreprocessThatCannotBeReadIsNamed) {
  OpenRequest request = requestOf(lenet, digitsFile);
  request.preprocess = AtPath{path("none.json")};
  EXPECT_EQ(refusal(request), "DIR/none.json: No such file or directory");
  request.preprocess = AtPath{write("p.json", "{")};
  EXPECT_THAT(refusal(request), HasSubstr("DIR/p.json: the preprocess is no valid JSON"));
  request.preprocess = InMemory{mapFile(path("p.json")), "inside.json"};
  EXPECT_THAT(refusal(request), HasSubstr("inside.json: the preprocess is no valid JSON"));
  fs::copy_file(lenet, path("m.onnx"));
  write("m.preprocess.json", "{");
  EXPECT_THAT(refusal(requestOf(path("m.onnx"), digitsFile)),
              HasSubstr("reading DIR/m.preprocess.json: the preprocess is no valid JSON"));
}

TEST_F(OpenTest, CalibrationDataThatCannotBeReadAreNamed) {
  OpenRequest request = requestOf(lenet, digitsFile);
  request.calibrationData = path("none.npz");
  EXPECT_EQ(refusal(request), "reading DIR/none.npz: there is no such file or folder");
  request.calibrationData = misfit();
  EXPECT_THAT(refusal(request), HasSubstr("DIR/misfit.npz: the data cannot feed the model: "));
}

TEST_F(OpenTest, PhasesComeInOrderAndSayWhatIsKnown) {
  writeModel(readModel(lenet), path("m.lapidary"));
  OpenRequest request = requestOf(path("m.lapidary"), digitsFile);
  request.calibrationData = digitsFile;
  std::vector<OpenPhase> phases;
  std::vector<bool> known;
  request.onPhase = [&](OpenPhase phase, const Opened& soFar) {
    phases.push_back(phase);
    EXPECT_EQ(soFar.session, nullptr);
    known.push_back(soFar.preprocess.has_value());
  };
  open(request);
  EXPECT_THAT(phases, ElementsAre(OpenPhase::Model, OpenPhase::Data, OpenPhase::Preprocess,
                                  OpenPhase::Samples, OpenPhase::Calibration, OpenPhase::Session));
  EXPECT_THAT(known, ElementsAre(false, false, false, true, true, true));
  phases.clear();
  request.data = {};
  request.calibrationData = {};
  open(request);
  EXPECT_THAT(phases, ElementsAre(OpenPhase::Model, OpenPhase::Session));
}

TEST_F(OpenTest, WarningsAreKnownBeforeDataAreRefused) {
  writeModel(readModel(lenet), path("w.safetensors"));
  OpenRequest request = requestOf(path("w.safetensors"), path("none.npz"));
  std::size_t warnings = 0;
  request.onPhase = [&](OpenPhase, const Opened& soFar) { warnings = soFar.warnings.size(); };
  EXPECT_THROW(open(request), Error);
  EXPECT_EQ(warnings, 1u);
}

TEST_F(OpenTest, EachPhaseCanBeCancelled) {
  OpenRequest request = requestOf(lenet, digitsFile);
  request.calibrationData = digitsFile;
  for (const OpenPhase last : {OpenPhase::Model, OpenPhase::Data, OpenPhase::Preprocess, OpenPhase::Samples,
                               OpenPhase::Calibration, OpenPhase::Session}) {
    std::stop_source stop;
    OpenPhase reached = OpenPhase::Model;
    request.onPhase = [&](OpenPhase phase, const Opened&) {
      reached = phase;
      if (phase == last) stop.request_stop();
    };
    EXPECT_THROW(open(request, {stop.get_token(), {}}), Cancelled);
    EXPECT_EQ(reached, last);
  }
}

/// Not only between phases: trying preprocesses, which takes longest, stops between two of them. Negatives of
/// the digits keep the guess from being right at once.
TEST_F(OpenTest, TryingPreprocessesCanBeCancelled) {
  fs::copy_file(lenet, path("m.onnx"));
  auto arrays = readNpz(mapFile(digitsFile));
  std::vector<std::uint8_t> negatives;
  for (const std::uint8_t level : arrays.at("x").as<std::uint8_t>())
    negatives.push_back(static_cast<std::uint8_t>(255 - level));
  arrays.at("x") = Tensor::from<std::uint8_t>(arrays.at("x").shape(), std::move(negatives));
  writeFileAtomically(path("n.npz"), [&](const Append& append) { writeNpz(arrays, append); });
  OpenRequest request = requestOf(path("m.onnx"), path("n.npz"));
  std::stop_source stop;
  OpenPhase reached = OpenPhase::Model;
  request.onPhase = [&](OpenPhase phase, const Opened&) { reached = phase; };
  const Progress progress{stop.get_token(), [&](std::size_t, std::size_t) {
                            if (reached == OpenPhase::Preprocess) stop.request_stop();
                          }};
  EXPECT_THROW(open(request, progress), Cancelled);
  EXPECT_EQ(reached, OpenPhase::Preprocess);
}

}  // namespace
}  // namespace lapidary::core
