// SPDX-License-Identifier: GPL-3.0-or-later
// distill from the command line: the file is the student that was measured, smaller and nearly as good;
// mistakes are named before anything is trained.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>

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

/// Ended by Ctrl-C once there is a checkpoint, and by a kill: the same command ends with the same bits.
TEST(DistillCommand, GoesOnFromItsCheckpoint) {
  const Folder folder;
  const std::string out = folder / "student.onnx", checkpoint = folder / "c.npz";
  const std::string command = "distill " + lenet300 + " --data " + digits +
                              " --student mlp:16 --epochs 12 --patience 12 --rate 0.003 --json -o ";
  const Finished whole = lapidary(command + (folder / "whole.onnx"));
  ASSERT_EQ(whole.status, 0) << whole.err;
  const std::string asked = command + out + " --checkpoint " + checkpoint;
  for (const std::string signal : {"INT", "KILL"}) {
    const std::string run = "bash -c 'set -m; " + std::string(LAPIDARY_CLI) + " " + asked +
                            " >/dev/null 2>&1 & p=$!; while [ ! -e " + checkpoint +
                            " ] && kill -0 $p 2>/dev/null; do sleep 0.01; done; kill -" + signal +
                            " $p; wait $p' 2>/dev/null";
    ASSERT_NE(std::system(run.c_str()), -1);
    EXPECT_TRUE(std::filesystem::exists(checkpoint)) << signal;
  }
  const Finished rest = lapidary(asked);
  ASSERT_EQ(rest.status, 0) << rest.err;
  EXPECT_THAT(rest.err, HasSubstr("going on from the checkpoint"));
  EXPECT_THAT(rest.err, Not(HasSubstr("forecast")));
  EXPECT_EQ(rest.json()["epochs"], whole.json()["epochs"]);
  EXPECT_TRUE(test::contentOf(out) == test::contentOf(folder / "whole.onnx"));
  EXPECT_FALSE(std::filesystem::exists(checkpoint));
}

TEST(DistillCommand, ACheckpointThatCannotServeIsRefused) {
  const Folder folder;
  const std::string out = folder / "student.onnx", checkpoint = folder / "c.npz",
                    command = "distill " + lenet300 + " --data " + digits +
                              " --student mlp:8 --epochs 1 -o " + out + " --checkpoint ";
  folder.write("c.npz", "damaged");
  const Finished damaged = lapidary(command + checkpoint);
  EXPECT_EQ(damaged.status, 3);
  EXPECT_THAT(damaged.err, HasSubstr("c.npz (remove it"));
  EXPECT_EQ(test::contentOf(checkpoint), "damaged");
  for (const std::string& name : {out, folder / "none/c.npz", lenet300}) {
    const Finished refused = lapidary(command + name);
    EXPECT_EQ(refused.status, 2) << name << refused.err;
    EXPECT_THAT(refused.err, Not(HasSubstr("epoch"))) << name;
  }
  EXPECT_FALSE(std::filesystem::exists(out));
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
