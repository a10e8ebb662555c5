// SPDX-License-Identifier: GPL-3.0-or-later
// What a teacher is worth: small students of LeNet-5 with and without it, three seeds each. Settings were
// chosen on the held-out part of the training digits; the test digits are read once by every finished
// student.
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "core/data/data_split.h"
#include "core/finetune/distill.h"
#include "core/finetune/student_comparison.h"
#include "core/io/common/format.h"
#include "core/student/make_student.h"
#include "tests/bench/ratio.h"
#include "tests/support/demo_digits.h"

namespace lapidary::bench {
namespace {

using namespace core;

constexpr std::uint64_t seeds[]{1, 2, 3};

struct Sample {
  std::vector<double> top1;
  double mean() const {
    double sum = 0;
    for (const double value : top1) sum += value;
    return sum / static_cast<double>(top1.size());
  }
  double deviation() const {
    double sum = 0;
    for (const double value : top1) sum += (value - mean()) * (value - mean());
    return std::sqrt(sum / static_cast<double>(top1.size() - 1));
  }
};

/// Welch's t of the difference of two means.
double tOf(const Sample& a, const Sample& b) {
  const double n = static_cast<double>(a.top1.size());
  return (a.mean() - b.mean()) /
         std::sqrt((a.deviation() * a.deviation() + b.deviation() * b.deviation()) / n);
}

struct LabelCase {
  std::string name;
  std::shared_ptr<const Dataset> labelled;
  std::shared_ptr<const DataSource> unlabelled;  ///< for the teacher's students alone
  double heldOut = 0.1;
};

class Bench {
 public:
  Bench()
      : m_teacher(readModel(demo + "lenet5.onnx")),
        m_validation(m_teacher, digits(m_teacher, "digits_test.npz"), {}) {}

  void run() {
    const auto all = digits(m_teacher, "digits_train.npz");
    const DataSplit few = splitData(*all, m_teacher, 500.0 / static_cast<double>(all->size()), 0);
    const LabelCase cases[]{{"all_labels", all, nullptr, 0.1},
                            {"500_labels", few.reporting, few.choosing->sharedSource(), 0.2}};
    for (const char* words : {"cnn:4-8", "cnn:8-16,kernel=5"})
      for (const LabelCase& labels : cases) compare(words, labels);
  }

 private:
  void compare(const std::string& words, const LabelCase& labels) {
    Sample with, without;
    for (const std::uint64_t seed : seeds) {
      without.top1.push_back(top1Of(words, labels, seed, false));
      with.top1.push_back(top1Of(words, labels, seed, true));
    }
    std::printf("%s, %s: %.2f %% (sd %.2f) without the teacher, %.2f %% (sd %.2f) with it\n", words.c_str(),
                labels.name.c_str(), 100 * without.mean(), 100 * without.deviation(), 100 * with.mean(),
                100 * with.deviation());
    // The 97.5 % quantile of Student's t with 4 degrees of freedom.
    printRatio(words.substr(0, words.find(',')) + "_" + labels.name + "_t", tOf(with, without), Goal::AtLeast,
               2.78);
  }

  double top1Of(const std::string& words, const LabelCase& labels, std::uint64_t seed, bool taught) {
    const Session training(m_teacher, labels.labelled, {});
    const Model student = makeStudent(studentFromWords(words), m_teacher, studentTask(training), seed);
    const auto bytes = static_cast<double>(formatForPath("x.onnx")->sizeOf(student));
    if (bytes * 10 > static_cast<double>(m_teacher.source.fileBytes))
      std::printf("%s has more than a tenth of the teacher's bytes\n", words.c_str());
    DistillRequest request;
    request.train.optimizer.kind = OptimizerKind::Adam;
    request.train.rate = {.base = 5e-3, .schedule = RateSchedule::Cosine};
    request.train.epochs = 30;
    request.train.seed = seed;
    request.train.workers = training.workers();
    request.loss = {taught ? 0.9 : 0.0, 8, 0};
    if (taught) request.unlabelled = labels.unlabelled;
    request.heldOut = labels.heldOut;
    request.patience = 10;
    const Distilled distilled = distill(training, student, request, {});
    const auto data = studentData(*m_validation.data(), distilled.model);
    const StudentComparison found = compareStudent(m_validation, distilled.model, *data, {});
    std::printf("  %s, %s, seed %llu, %s: %.0f bytes, epoch %zu, top-1 %.2f %% (teacher %.2f %%)\n",
                words.c_str(), labels.name.c_str(), static_cast<unsigned long long>(seed),
                taught ? "with" : "without", bytes, distilled.best, 100 * *found.quality.top1,
                100 * *found.quality.originalTop1);
    std::fflush(stdout);
    return *found.quality.top1;
  }

  Model m_teacher;
  Session m_validation;
};

}  // namespace
}  // namespace lapidary::bench

int main() { lapidary::bench::Bench().run(); }
