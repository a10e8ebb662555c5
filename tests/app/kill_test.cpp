// SPDX-License-Identifier: GPL-3.0-or-later
// Programs killed at random moments of saving: what stood there before, or all of what comes after, and no
// rest.
//     LAPIDARY_KILLS=200 build/ci/tests/test_app --gtest_filter='Kill.*'
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <random>
#include <thread>

#include "command.h"
#include "core/files/archive.h"
#include "core/files/scratch_file.h"
#include "core/files/sha256.h"
#include "core/finetune/checkpoint.h"
#include "core/io/common/format.h"
#include "core/search/search_journal.h"

namespace lapidary::test {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

/// How many times in all; the kinds of file share them.
std::size_t kills() {
  const char* asked = std::getenv("LAPIDARY_KILLS");
  return asked != nullptr ? std::strtoul(asked, nullptr, 10) : 20;
}

pid_t started(const std::vector<std::string>& words) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  const int nowhere = ::open("/dev/null", O_WRONLY);
  ::dup2(nowhere, 1);
  ::dup2(nowhere, 2);
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  ::execv(arguments[0], arguments.data());
  ::_exit(127);
}

int ended(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

bool hasScratch(const std::string& folder) {
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().filename().string().find(".lapidary-") != std::string::npos) return true;
  return false;
}

/// Ends the child at a moment of its `seconds`; every other time at one of its writing, which is short.
void kill(pid_t child, double seconds, const std::string& folder, bool writing, std::mt19937_64& random) {
  std::uniform_real_distribution<double> share(0, 1);
  const Clock::time_point end =
      Clock::now() + std::chrono::duration_cast<Clock::duration>(Seconds(2 * seconds));
  if (writing)
    while (!hasScratch(folder) && Clock::now() < end) std::this_thread::yield();
  std::this_thread::sleep_for(Seconds(writing ? 0.02 * share(random) : seconds * share(random)));
  ::kill(child, SIGKILL);
}

/// The bundle names its time: another one is as good as whole.
bool isWholeBundle(const std::string& path) {
  try {
    const core::ArchiveReader zip(core::mapFile(path));
    const core::Bytes text = zip.read("manifest.json", 1 << 24);
    const auto manifest = nlohmann::json::parse(
        std::string_view(reinterpret_cast<const char*>(text.view.data()), text.view.size()));
    for (const auto& file : manifest.at("files"))
      if (core::sha256(zip.read(file.at("name"), 1 << 24).view) != file.at("sha256")) return false;
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

struct Count {
  std::size_t old = 0, fresh = 0, rests = 0;
};

void saveAndKill(const std::string& ending, std::size_t times, Count& count, std::mt19937_64& random) {
  const Folder folder, source;
  const std::string target = folder / ("out" + ending);
  std::vector<std::string> words{LAPIDARY_CLI, "compress", lenet300, "--sparsity", "0.8",
                                 "--bits",     "8",        "-o",     target};
  if (ending == ".zip") words.insert(words.end(), {"--data", digits});
  std::vector<std::string> oldWords = words;
  oldWords[4] = "0.3";
  ASSERT_EQ(ended(started(oldWords)), 0);
  const std::string old = contentOf(target);
  const Clock::time_point start = Clock::now();
  ASSERT_EQ(ended(started(words)), 0);
  const double seconds = Seconds(Clock::now() - start).count();
  const std::string fresh = contentOf(target);
  for (std::size_t i = 0; i < times; ++i) {
    std::ofstream(target, std::ios::binary) << old;
    const pid_t child = started(words);
    kill(child, seconds, folder / "", i % 2 == 1, random);
    ended(child);
    const std::string found = contentOf(target);
    ASSERT_TRUE(found == old || found == fresh || (ending == ".zip" && isWholeBundle(target)))
        << target << " kill " << i;
    ++(found == old ? count.old : count.fresh);
    count.rests += hasScratch(folder / "");
  }
  ASSERT_EQ(ended(started(words)), 0);
  EXPECT_FALSE(hasScratch(folder / "")) << "the next save leaves what killed ones left";
}

TEST(Kill, SavingAndExportingLeavesTheOldFileOrTheWholeNewOne) {
  std::mt19937_64 random(1);
  Count count;
  const std::vector<std::string> endings{".onnx", ".lapidary", ".zip", ".safetensors", ".npz"};
  for (const std::string& ending : endings)
    saveAndKill(ending, std::max<std::size_t>(1, kills() / endings.size()), count, random);
  std::printf(
      "%zu kills: %zu old files whole, %zu new files whole, %zu rests of writing, all removed by the next "
      "save\n",
      count.old + count.fresh, count.old, count.fresh, count.rests);
}

/// Runs `work` in a process of its own, over and over, and kills it soon.
void killWorker(const std::function<void()>& work, std::mt19937_64& random) {
  const pid_t child = ::fork();
  if (child == 0)
    for (;;) work();
  std::this_thread::sleep_for(Seconds(std::uniform_real_distribution<double>(0.001, 0.02)(random)));
  ::kill(child, SIGKILL);
  ended(child);
}

core::SavedTraining training(float value) {
  core::SavedTraining saved;
  saved.state.numbers = {std::vector<float>(20'000, value)};
  saved.state.optimizer.first = saved.state.optimizer.second = saved.state.numbers;
  saved.epochs.resize(1);
  return saved;
}

TEST(Kill, ACheckpointIsAlwaysWhole) {
  const Folder folder;
  const core::Checkpoint checkpoint(folder / "c.npz", "subject");
  checkpoint.save(training(0));
  std::mt19937_64 random(2);
  float last = 0;
  for (std::size_t i = 0; i < kills(); ++i) {
    float value = last;
    killWorker([&] { checkpoint.save(training(value += 1)); }, random);
    const auto found = checkpoint.load();
    ASSERT_TRUE(found);
    for (const float number : found->state.numbers.at(0)) ASSERT_EQ(number, found->state.numbers[0][0]);
    ASSERT_GE(found->state.numbers[0][0], last);
    last = found->state.numbers[0][0];
  }
  core::removeLeftovers(folder / "");
  std::printf("%zu kills: every checkpoint whole, the last the %.0fth\n", kills(), static_cast<double>(last));
}

TEST(Kill, AJournalLosesNoMoreThanItsLastLine) {
  const Folder folder;
  const std::string path = folder / "j.jsonl";
  std::mt19937_64 random(3);
  std::size_t known = 0;
  core::Recipe recipe;
  core::Measurement measured;
  measured.trial.samples = 10;
  for (std::size_t i = 0; i < kills(); ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      core::SearchJournal journal(path, "subject");
      for (;;) journal.add(recipe, measured);
    }
    std::this_thread::sleep_for(Seconds(std::uniform_real_distribution<double>(0, 0.003)(random)));
    ::kill(child, SIGKILL);
    ended(child);
    const core::SearchJournal journal(path, "subject");
    ASSERT_GE(journal.size(), known);
    known = journal.size();
    if (known > 20'000) {
      fs::remove(path);
      known = 0;
    }
  }
  std::printf("%zu kills: no measurement of the journal was lost\n", kills());
}

}  // namespace
}  // namespace lapidary::test
