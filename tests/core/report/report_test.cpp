// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <regex>

#include "core/files/archive.h"
#include "core/files/sha256.h"
#include "core/io/common/format.h"
#include "core/report/bundle.h"
#include "core/report/colormap.h"
#include "core/report/heatmap.h"
#include "core/report/html_writer.h"

namespace lapidary::core {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

BundleContent sampleContent() {
  BundleContent content;
  auto graph = std::make_shared<Graph>();
  content.original.graph = graph;
  content.original.source.path = "/somewhere/private/<net>.onnx";
  Layer layer;
  layer.name = "conv<1>";
  layer.opType = "Conv";
  layer.shape = {2, 1, 3, 3};
  content.original.layers = {layer};
  content.recipe.set("conv<1>", {{PruneMode::Sparsity, 0.5}, {}});
  static const std::vector<std::byte> file(100, std::byte{7});
  content.modelFile = {nullptr, file};
  content.outcome.footprint.fileBefore = 1'725'129;
  content.outcome.footprint.fileAfter = 100;
  content.outcome.footprint.parameters = 18;
  content.outcome.footprint.zeros = 9;
  content.outcome.footprint.layers = {{LayerId{0}, 18, 9, 32, 72, 18, {}}};
  Quality quality;
  quality.samples = 2000;
  quality.top1 = 0.984;
  quality.top1Interval = Interval{0.977, 0.988};
  quality.originalTop1 = 0.985;
  quality.change = -0.001;
  quality.changeInterval = Interval{-0.003, 0.001};
  content.outcome.quality = quality;
  BundleContent::Heatmap maps;
  maps.sample = 5;
  maps.sampleName = "5 & co";
  maps.truth = 3;
  maps.original = {SaliencyMethod::Gradient, 2, 2, {0, 1, 2, 3}, 3, 0.9};
  maps.cut = {SaliencyMethod::Gradient, 2, 2, {0, 1, 3, 2}, 3, 0.8};
  content.heatmaps = {maps};
  content.createdUtc = "2026-01-01T00:00:00Z";
  return content;
}

TEST(Report, ShowsTheFiguresAndEscapesNames) {
  const std::string html = htmlReport(sampleContent());
  EXPECT_THAT(html, HasSubstr("98.40 %"));
  EXPECT_THAT(html, HasSubstr("\u22120.10"));
  EXPECT_THAT(html, HasSubstr("from 1.73 MB as ONNX"));
  EXPECT_THAT(html, HasSubstr("conv&lt;1&gt;"));
  EXPECT_THAT(html, Not(HasSubstr("conv<1>")));
  EXPECT_THAT(html, HasSubstr("5 &amp; co"));
}

TEST(Report, TellsWhatTheCutDidToReasonsClassesAndConfidence) {
  BundleContent content = sampleContent();
  EXPECT_THAT(htmlReport(content), Not(HasSubstr("What is left of its reasons")));
  content.outcome.drift =
      SaliencyDrift{{"gradient", 64, 0.1}, 64, {0.93, {0.91, 0.95}}, {0.88, {0.8, 0.9}}, {0.7, {0.6, 0.8}}};
  const std::vector<RatedAnswer> answers{{0.9, true}, {0.8, false}, {0.99, true}};
  content.outcome.reliability = content.outcome.originalReliability = reliabilityOf(answers);
  content.classes = {ClassChange{1, 5, 4, 2, 3, 1, 0.8, 0.4, {0.4, 0.9}, {0.1, 0.7}, -0.4, {-0.8, 0.1}}};
  content.classNames = {"cat", "<dog>"};
  const std::string html = htmlReport(content);
  EXPECT_THAT(html, HasSubstr("What is left of its reasons"));
  EXPECT_THAT(html, HasSubstr("Overlap of the top 10.0 %"));
  EXPECT_THAT(html, HasSubstr("0.930"));
  EXPECT_THAT(html, HasSubstr("Reliability diagram"));
  EXPECT_THAT(html, HasSubstr("&lt;dog&gt;"));
  EXPECT_THAT(html, HasSubstr("\u221240.00"));
  const auto manifest = nlohmann::json::parse(manifestJson(content, {}));
  EXPECT_EQ(manifest["figures"]["saliency_kept"]["ssim"]["mean"], 0.88);
  EXPECT_EQ(manifest["figures"]["classes"][0]["lost"], 3);
}

TEST(Report, WritesFiguresByTheirWords) {
  static constexpr FigureWords told{"told_again", "Told again", FigureUnit::Share};
  BundleContent content = sampleContent();
  content.outcome.figures = {Figure{&told, 0.25, {0.2, 0.31}, 1200}};
  const std::string html = htmlReport(content);
  EXPECT_THAT(html, HasSubstr("Told again</span><b>25.00 %</b>"));
  EXPECT_THAT(html, HasSubstr("95 % 20.00 % to 31.00 %, 1,200 samples"));
  const auto figures = nlohmann::json::parse(manifestJson(content, {}))["figures"];
  EXPECT_EQ(figures["told_again"], 0.25);
  EXPECT_EQ(figures["told_again_interval"], (std::vector<double>{0.2, 0.31}));
}

TEST(Report, OpensAloneAndKeepsFoldersPrivate) {
  const std::string html = htmlReport(sampleContent());
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("http")));
  EXPECT_THAT(html, Not(HasSubstr("/somewhere")));
  EXPECT_THAT(html, HasSubstr("data:image/png;base64,iVBOR"));
  EXPECT_THAT(html, HasSubstr("<svg"));
}

TEST(Bundle, HoldsWhatItPromisesWithTheirHashes) {
  const ArchiveReader zip(makeBundle(sampleContent()).zip);
  std::vector<std::string> names;
  for (const ArchiveMember& member : zip.members()) names.push_back(member.name);
  EXPECT_THAT(names, ::testing::UnorderedElementsAre(
                         "model.onnx", "recipe.json", "report.html", "manifest.json",
                         "heatmaps/sample5_gradient_original.png", "heatmaps/sample5_gradient_cut.png",
                         "heatmaps/sample5_gradient_difference.png"));
  const Bytes manifest = zip.read("manifest.json", 1 << 20);
  const auto json = nlohmann::json::parse(
      std::string_view(reinterpret_cast<const char*>(manifest.view.data()), manifest.view.size()));
  EXPECT_EQ(json["figures"]["quality"]["samples"], 2000);
  EXPECT_EQ(json["figures"]["bytes_after"], 100);
  EXPECT_EQ(json["files"].size(), 6u);
  for (const auto& file : json["files"])
    EXPECT_EQ(file["sha256"], sha256(zip.read(file["name"], 1 << 20).view)) << file["name"];
  EXPECT_THAT(manifest.view.size(), ::testing::Gt(0u));
  EXPECT_EQ(recipeFromJson(json["recipe"].dump()), sampleContent().recipe);
}

TEST(Bundle, EqualContentGivesEqualBytes) {
  const Bytes a = makeBundle(sampleContent()).zip, b = makeBundle(sampleContent()).zip;
  EXPECT_EQ(sha256(a.view), sha256(b.view));
}

TEST(Bundle, TellsWhatEveryMemberHolds) {
  const PackedBundle bundle = makeBundle(sampleContent());
  const ArchiveReader zip(bundle.zip);
  ASSERT_EQ(bundle.members.size(), zip.members().size());
  for (std::size_t i = 0; i < bundle.members.size(); ++i) {
    const PackedMember& member = bundle.members[i];
    EXPECT_EQ(member.name, zip.members()[i].name);
    EXPECT_EQ(member.bytes, zip.members()[i].bytes);
    EXPECT_EQ(member.sha256, sha256(zip.read(member.name, 1 << 20).view)) << member.name;
  }
  EXPECT_EQ(bundle.members.back().name, "manifest.json");
}

TEST(Bundle, HoldsSamplesWhereTheyAreGivenAndSaysSo) {
  BundleContent content = sampleContent();
  content.dataName = "digits.npz";
  content.dataSha256 = "abc";
  EXPECT_THAT(htmlReport(content), HasSubstr(std::string(noSamplesNote)));
  EXPECT_EQ(nlohmann::json::parse(manifestJson(content, {}))["data"].dump(),
            R"({"copied":false,"name":"digits.npz","sha256":"abc"})");
  content.samples[5] = {2, 2, 1, {0, 80, 160, 255}};
  EXPECT_THAT(htmlReport(content), HasSubstr("This bundle holds copies of 1 sample of the data"));
  EXPECT_THAT(htmlReport(content), Not(HasSubstr(std::string(noSamplesNote))));
  EXPECT_THAT(manifestJson(content, {}), HasSubstr(R"("data": {
    "name": "digits.npz",
    "copied": true,
    "sha256": "abc",
    "copied_samples": 1
  })"));
  const ArchiveReader zip(makeBundle(content).zip);
  const Picture found = decodePicture(zip.read("samples/sample5.png", 1 << 20));
  EXPECT_EQ(found.pixels, content.samples[5].pixels);
}

TEST(HtmlWriter, Base64AgreesWithTheStandardsExamples) {  // RFC 4648, section 10
  const auto encoded = [](std::string_view text) { return base64(std::as_bytes(std::span(text))); };
  EXPECT_EQ(encoded(""), "");
  EXPECT_EQ(encoded("f"), "Zg==");
  EXPECT_EQ(encoded("fo"), "Zm8=");
  EXPECT_EQ(encoded("foo"), "Zm9v");
  EXPECT_EQ(encoded("foobar"), "Zm9vYmFy");
}

TEST(HtmlWriter, NumbersReadAsPeopleWriteThem) {
  EXPECT_EQ(bytesText(999'999), "1.00 MB");
  EXPECT_EQ(grouped(-1234567), "\u22121,234,567");
  EXPECT_EQ(significant(0.0142), "0.0142");
  EXPECT_EQ(significant(-9.996), "\u221210.0");
  EXPECT_EQ(percent(-0.5), "\u221250.00 %");
  EXPECT_EQ(points(0.0012), "+0.12");
  EXPECT_EQ(points(-0.0012), "\u22120.12");
  EXPECT_EQ(points(-0.00001), "0.00");
}

TEST(Colormap, ZeroIsNeutralAndEndsDiffer) {
  const Rgb middle = divergingColor(0);
  EXPECT_EQ(middle[0], middle[2]);
  EXPECT_GT(divergingColor(-1)[2], divergingColor(-1)[0]);
  EXPECT_GT(divergingColor(1)[0], divergingColor(1)[2]);
  EXPECT_EQ(divergingColor(5), divergingColor(1));
}

TEST(Colormap, SequentialLightnessRises) {
  const auto luminance = [](const Rgb& c) { return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]; };
  for (double x = 0; x < 0.95; x += 0.05)
    EXPECT_LT(luminance(sequentialColor(x)), luminance(sequentialColor(x + 0.05)));
}

TEST(Heatmap, EnlargesByWholeFactorsAndSharesTheRange) {
  const BundleContent content = sampleContent();
  const auto& maps = content.heatmaps[0];
  EXPECT_EQ(sharedRange(maps.original, maps.cut), 3);
  const Picture picture = heatmapPicture(maps.original, 3, 8);
  EXPECT_EQ(picture.width, 8);
  EXPECT_EQ(picture.pixels.size(), 8u * 8 * 3);
  const Picture same = differencePicture(maps.original, maps.original, 3, 8);
  EXPECT_EQ(same.pixels.front(), divergingColor(0)[0]);
}

}  // namespace
}  // namespace lapidary::core
