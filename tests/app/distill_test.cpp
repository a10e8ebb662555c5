// SPDX-License-Identifier: GPL-3.0-or-later
// distill from the command line: the file is the student that was measured, smaller and nearly as good;
// mistakes are named before anything is trained.
#include <gmock/gmock.h>

#include "tests/app/command.h"

namespace lapidary {
namespace {

using test::digits;
using test::Finished;
using test::Folder;
using test::lapidary;
using test::lenet300;
using test::trainingDigits;
using testing::HasSubstr;
using testing::Not;

const std::string common = "distill " + lenet300 + " --data " + trainingDigits + " --test " + digits;

TEST(DistillCommand, TheFileIsAsGoodAsItSays) {
  const Folder folder;
  const std::string out = folder / "student.onnx";
  const Finished found = lapidary(common + " --student mlp:24 --epochs 4 --rate 0.003 --json -o " + out);
  ASSERT_EQ(found.status, 0) << found.err;
  EXPECT_THAT(found.err, HasSubstr("student mlp:24: 19,090 parameters"));
  EXPECT_THAT(found.err, HasSubstr("forecast: about "));
  EXPECT_THAT(found.err, HasSubstr("s for 4 epochs on this machine"));
  EXPECT_THAT(found.err, HasSubstr("the others take"));
  const auto json = found.json();
  EXPECT_NEAR(json["top1_teacher"].get<double>(), 0.986, 1e-9);
  EXPECT_GT(json["top1_student"].get<double>(), 0.85);
  EXPECT_LT(json["top1_student_low"], json["top1_student"]);
  EXPECT_GT(json["agreement"].get<double>(), 0.85);
  EXPECT_LT(json["bytes_out"].get<double>() * 10, json["bytes_in"].get<double>());
  EXPECT_EQ(std::filesystem::file_size(out), json["bytes_out"]);
  EXPECT_EQ(json["epochs"].size(), 5u);
  EXPECT_EQ(json["confusion_student"].size(), 100u);
  EXPECT_EQ(json["student"]["hidden"], nlohmann::json::array({24}));
  const Finished again = lapidary("evaluate " + out + " --data " + digits + " --json --preprocess " +
                                  test::demo + "lenet300.preprocess.json");
  ASSERT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(again.json()["top1"], json["top1_student"]);
}

TEST(DistillCommand, AStudentGoesOnFromAFileAndIsCut) {
  const Folder folder;
  const std::string first = folder / "first.onnx", second = folder / "second.lapidary";
  const Finished before = lapidary(common + " --student narrow:0.1 --epochs 1 --json -o " + first);
  ASSERT_EQ(before.status, 0) << before.err;
  const Finished found = lapidary(common + " --student " + first + " --epochs 1 --json -o " + second);
  ASSERT_EQ(found.status, 0) << found.err;
  EXPECT_EQ(found.json()["epochs"][0]["held_out"], before.json()["epochs"].back()["held_out"]);
  const Finished cut = lapidary("compress " + second + " --bits 4 --json -o " + (folder / "cut.onnx"));
  ASSERT_EQ(cut.status, 0) << cut.err;
  EXPECT_LT(cut.json()["bytes_out"], cut.json()["bytes_in"]);
}

TEST(DistillCommand, NamesWhatIsMissing) {
  const Folder folder;
  const std::string out = " -o " + (folder / "x.onnx");
  const auto expectRefused = [&](const std::string& rest, const std::string& why) {
    const Finished refused = lapidary(common + rest);
    EXPECT_NE(refused.status, 0) << rest;
    EXPECT_THAT(refused.err, HasSubstr(why));
    EXPECT_THAT(refused.err, Not(HasSubstr("epoch")));
  };
  expectRefused(out, "--student");
  expectRefused(" --student cnn:8,kernel=4" + out, "has to be odd");
  expectRefused(" --student /nowhere.onnx" + out, "/nowhere.onnx");
  expectRefused(" --student mlp:8 -o x.fish", "x.fish");
  expectRefused(" --student mlp:8", "-o OUT");
  expectRefused(" --student mlp:8 -o " + lenet300, "is given for MODEL too");
  expectRefused(" --student shallow:0.5" + out, "no residual blocks");
  expectRefused(" --student mlp:8 --features ip1" + out, "TEACHER=STUDENT");
  EXPECT_FALSE(std::filesystem::exists(folder / "x.onnx"));
}

}  // namespace
}  // namespace lapidary
