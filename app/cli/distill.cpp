// SPDX-License-Identifier: GPL-3.0-or-later
// distill: train a smaller model on what the model answers, write it, and show both side by side.
#include "core/finetune/distill.h"

#include <csignal>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.h"
#include "core/finetune/distill_forecast.h"
#include "core/finetune/student_comparison.h"
#include "core/io/common/format.h"
#include "core/student/make_student.h"
#include "core/support/error.h"
#include "core/support/json_text.h"
#include "evaluation_warnings.h"
#include "idle_settings.h"
#include "runtime_check.h"
#include "terminal/output.h"
#include "terminal/signal_watch.h"
#include "terminal/warnings.h"
#include "train_options.h"

namespace lapidary::cli {
namespace {

using namespace core;

/// Words, a JSON file, or a model file.
StudentSpec specFrom(const std::string& given) {
  if (looksLikeStudentWords(given)) return studentFromWords(given);
  if (given.ends_with(".json")) return withContext(given, [&] { return studentFromJson(readText(given)); });
  if (!std::filesystem::exists(given))
    throw Error(ErrorKind::Usage,
                "--student: '" + given +
                    "' is neither a file nor begins with one of mlp, cnn, transformer, narrow, "
                    "shallow");
  StudentSpec spec;
  spec.kind = StudentKind::File;
  spec.path = given;
  return spec;
}

template <class Value>
Json orNull(const std::optional<Value>& value) {
  return value ? Json(*value) : Json();
}

struct DistillCommand {
  const CLI::App* command = nullptr;
  CommonOptions common;
  DataOptions data;
  TrainOptions training;
  std::string student, out, unlabelled, preprocess, features, checkpoint;
  double featureWeight = 1;

  void run() {
    blockSignals({SIGINT}, true);
    const StudentSpec spec = specFrom(student);
    requireTarget(out);
    requireCheckpoint(checkpoint, common.model, out);
    const Opened opened = openSession(common, data);
    if (opened.session->data() == nullptr) throw Error(ErrorKind::Usage, "a distillation needs --data");
    warnOfIdleTraining(*command, training, readsImages(opened.session->model()));
    warnOfIdle(*command, {{"--feature-weight", features.empty(), "no values are compared; give --features"}});
    const auto [learning, reporting] = trainingParts(training, opened);
    warnOfLabels(*opened.session);
    Session::Options options;
    options.workers = common.threads;
    if (common.memory > 0) options.memoryBytes = common.memory << 20;
    const Session learningSession(opened.session->model(), learning, options),
        reportingSession(opened.session->model(), reporting, options);
    if (!training.test.empty()) warnOfLabels(reportingSession);
    const Model untrained =
        makeStudent(spec, learningSession.model(), studentTask(learningSession), training.settings.seed);
    tellSizes(spec, untrained, learningSession.model());
    const DistillRequest request = requestFor(spec, untrained, learningSession);
    if (checkpoint.empty() || !std::filesystem::exists(checkpoint))
      noteForecast(forecastDistill(learningSession, untrained, request, {}), request.train.epochs);
    const Distilled distilled =
        distill(learningSession, untrained, request, interruptible(), noteEpochs(request.train.epochs));
    const auto seen = studentData(*reporting, distilled.model, request.preprocess);
    const SavedFile saved =
        Session(distilled.model, seen, options).save({}, out, terminalProgress("checking"));
    warnOfRuntime(saved);
    const StudentComparison found =
        compareStudent(reportingSession, reopened(distilled.model), *seen, terminalProgress("comparing"));
    report(spec, distilled, found, saved, learning->size());
  }

 private:
  static void tellSizes(const StudentSpec& spec, const Model& untrained, const Model& teacher) {
    const Format& onnx = *formatForPath("model.onnx");
    const auto mine = onnx.sizeOf(untrained), theirs = onnx.sizeOf(teacher);
    note("student " + toWords(spec) + ": " + countText(untrained.parameters()) + " parameters, " +
         bytesText(mine) + ", " + numberText(static_cast<double>(theirs) / static_cast<double>(mine)) +
         " times smaller than the teacher");
  }

  DistillRequest requestFor(const StudentSpec& spec, const Model& untrained,
                            const Session& learningSession) const {
    DistillRequest request;
    request.train = settingsOf(training, learningSession.workers());
    // Statistics of fresh weights fit nothing yet.
    if (spec.fresh) request.train.normStatistics = NormStatistics::Batch;
    request.loss = training.loss;
    request.patience = training.patience;
    request.checkpoint = checkpoint;
    if (!unlabelled.empty()) request.unlabelled = openData(unlabelled);
    request.preprocess = studentPreprocess(untrained, learningSession);
    if (features.empty()) return request;
    const std::size_t equals = features.find('=');
    if (equals == std::string::npos)
      throw Error(ErrorKind::Usage, "--features takes two names of values: TEACHER=STUDENT");
    request.features = {features.substr(0, equals), features.substr(equals + 1), featureWeight};
    return request;
  }

  /// Given, or beside the student's file.
  std::optional<Preprocess> studentPreprocess(const Model& untrained, const Session& learningSession) const {
    if (preprocess.empty()) return preprocessBeside(untrained, learningSession.data()->source());
    const PreprocessChoice choice = withContext(preprocess, [&] {
      return readPreprocess(untrained, learningSession.data()->source(), mapFile(preprocess),
                            PreprocessOrigin::Given);
    });
    for (const DataWarning& warning : choice.warnings) warn(warning);
    return choice.preprocess;
  }

  /// Reads what the file holds; of a file without a graph the weights alone, which saving has compared.
  Model reopened(const Model& model) const {
    const Format* format = formatForPath(out);
    return format != nullptr && format->loses.empty() ? readModel(out) : model;
  }

  void report(const StudentSpec& spec, const Distilled& distilled, const StudentComparison& found,
              const SavedFile& saved, std::size_t learned) const {
    if (common.json) return print(jsonOf(spec, distilled, found, saved, learned));
    const Quality& quality = found.quality;
    printLine(saved.path + ": " + bytesText(saved.bytes) + ", epoch " + std::to_string(distilled.best));
    printRuntimeCheck(saved);
    std::vector<std::vector<std::string>> rows{{"", "teacher", "student"}};
    if (quality.top1)
      rows.push_back({"top-1 on " + countText(static_cast<std::int64_t>(quality.samples)) + " samples",
                      shareText(quality.originalTop1, found.teacherInterval),
                      shareText(quality.top1, quality.top1Interval)});
    rows.push_back({"agreement", "", shareText(quality.agreement, quality.agreementInterval)});
    rows.push_back({"parameters", countText(found.teacherParameters), countText(found.studentParameters)});
    rows.push_back({"bytes as ONNX", bytesText(found.teacherBytes), bytesText(found.studentBytes)});
    rows.push_back({"one sample, one thread", milliseconds(found.latency.original),
                    milliseconds(found.latency.seconds)});
    if (found.drift) rows.push_back({"saliency, rank correlation", "", numberText(found.drift->rank.mean)});
    printTable(rows);
  }

  static std::string milliseconds(double seconds) { return numberText(seconds * 1e3) + " ms"; }
  static std::string shareText(const std::optional<double>& share, const std::optional<Interval>& interval) {
    if (!share) return "";
    if (!interval) return percentText(*share);
    return percentText(*share) + " (" + percentText(interval->low) + " to " + percentText(interval->high) +
           ")";
  }

  static Json jsonOf(const StudentSpec& spec, const Distilled& distilled, const StudentComparison& found,
                     const SavedFile& saved, std::size_t learned) {
    const Quality& q = found.quality;
    const auto low = [](const std::optional<Interval>& i) { return i ? Json(i->low) : Json(); };
    const auto high = [](const std::optional<Interval>& i) { return i ? Json(i->high) : Json(); };
    Json json{{"student", parseOrderedJson(toJson(spec))},
              {"bytes_in", found.teacherBytes},
              {"bytes_out", saved.bytes},
              {"parameters_in", found.teacherParameters},
              {"parameters_out", found.studentParameters},
              {"top1_teacher", orNull(q.originalTop1)},
              {"top1_teacher_low", low(found.teacherInterval)},
              {"top1_teacher_high", high(found.teacherInterval)},
              {"top1_student", orNull(q.top1)},
              {"top1_student_low", low(q.top1Interval)},
              {"top1_student_high", high(q.top1Interval)},
              {"change", orNull(q.change)},
              {"change_low", low(q.changeInterval)},
              {"change_high", high(q.changeInterval)},
              {"agreement", orNull(q.agreement)},
              {"agreement_low", low(q.agreementInterval)},
              {"agreement_high", high(q.agreementInterval)},
              {"seconds_teacher", found.latency.original},
              {"seconds_student", found.latency.seconds},
              {"saliency_kept", found.drift ? Json(found.drift->rank.mean) : Json()},
              {"classes", found.answers.classes},
              {"confusion_teacher", found.answers.originalConfusion},
              {"confusion_student", found.answers.confusion},
              {"best_epoch", distilled.best},
              {"learned_on", learned},
              {"reported_on", q.samples},
              {"epochs", epochsJson(distilled.epochs)},
              {"out", saved.path},
              {"sha256", saved.sha256}};
    addRuntimeCheck(json, saved);
    return json;
  }
};

}  // namespace

void addDistill(CLI::App& program) {
  CLI::App* command =
      program.add_subcommand("distill", "Train a smaller model on what the model, its teacher, answers");
  const auto distill = std::make_shared<DistillCommand>();
  distill->training.patience = 5;
  distill->training.settings.epochs = 30;
  distill->command = command;
  addCommon(*command, distill->common);
  addData(*command, distill->data, OutputMeans::File)->required();
  command
      ->add_option("--student", distill->student,
                   "mlp:64-32, cnn:8-16,kernel=5,pool=2,head=flat|global, "
                   "transformer:32,depth=2,heads=4,patch=7,feed_forward=64, narrow:0.3, shallow:0.5 "
                   "(both: ,weights=inherited|fresh), a JSON file with the same words, or a model file")
      ->type_name("WORDS|FILE")
      ->required();
  command->add_option("-o,--output", distill->out, "File to write; the ending picks the format")
      ->type_name("FILE");
  addTraining(*command, distill->training, "the model: 0 trains without it, 1 without labels");
  command
      ->add_option("--unlabelled", distill->unlabelled,
                   "Further data, of which the teacher alone says what they are")
      ->type_name("DATA");
  command->add_option("--features", distill->features,
                      "Two values inside that should be alike: TEACHER=STUDENT, by name and of one shape");
  command->add_option("--feature-weight", distill->featureWeight, "Of their mean squared difference")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command
      ->add_option("--student-preprocess", distill->preprocess,
                   "How samples become the student's input (default: beside its file, or the teacher's)")
      ->type_name("FILE")
      ->check(CLI::ExistingFile.description(""));
  addCheckpoint(*command, distill->checkpoint);
  command->callback([distill] { distill->run(); });
}

}  // namespace lapidary::cli
