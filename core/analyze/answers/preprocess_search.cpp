// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/answers/preprocess_search.h"

#include <algorithm>
#include <chrono>

#include "core/analyze/answers/batch_runner.h"
#include "core/analyze/answers/predictions.h"
#include "core/analyze/answers/predictor.h"
#include "core/data/dataset_prepare.h"
#include "core/data/sample_subset.h"
#include "core/run/executor.h"
#include "core/support/clock.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

constexpr std::size_t mostSamples = 100, fewestSamples = 20;
constexpr std::size_t clearGainPercent = 3;
constexpr double mostSeconds = 20;
constexpr std::size_t pictureBytes = std::size_t{256} << 20;

Preprocess form(const Preprocess& guess, double scale, std::vector<double> mean, std::vector<double> std) {
  Preprocess made = guess;
  made.scale = scale;
  made.mean = std::move(mean);
  made.std = std::move(std);
  return made;
}

/// From the simplest on; the guess itself is among them or not. Means and deviations as published with
/// the ImageNet models of torchvision, with CIFAR-10, with MNIST, and with the Caffe models of ImageNet.
std::vector<Preprocess> commonForms(const Preprocess& guess) {
  std::vector<Preprocess> forms{form(guess, 1.0 / 255, {}, {}), form(guess, 1, {}, {}),
                                form(guess, 1 / 127.5, {1}, {})};
  if (guess.channels == PixelChannels::Gray) {
    forms.push_back(form(guess, 1.0 / 255, {.1307}, {.3081}));
    return forms;
  }
  forms.push_back(form(guess, 1.0 / 255, {.485, .456, .406}, {.229, .224, .225}));
  forms.push_back(form(guess, 1.0 / 255, {.4914, .4822, .4465}, {.2470, .2435, .2616}));
  forms.push_back(form(guess, 1, {103.939, 116.779, 123.68}, {}));
  forms.back().channels = PixelChannels::BGR;
  return forms;
}

/// Classifiers of 224 x 224 are usually tested on the centre of a picture of short side 256.
bool takesCentre(const Preprocess& guess, const InputSpec& spec) {
  if (guess.resize || guess.crop || spec.shape.size() != 4) return false;
  const std::size_t first = guess.layout == PixelLayout::NHWC ? 1 : 2;
  return spec.shape[first].size == 224 && spec.shape[first + 1].size == 224;
}

Preprocess withCentre(Preprocess preprocess) {
  preprocess.resize = 256;
  preprocess.crop = 224;
  return preprocess;
}

bool canTry(const Model& model, const DataSource& data) {
  const auto specs = inputSpecs(model);
  if (!model.runnable() || !data.labelled() || !data.pictorial() || data.size() < fewestSamples) return false;
  if (specs.size() != 1 || !isFloating(specs[0].dtype) || !lackingOps(model).empty()) return false;
  return !holdsArrays(data) || arraysForInputs(data, 0, specs).front().dtype() == DType::UInt8;
}

struct FormTrial {
  Preprocess preprocess;
  std::size_t right = 0;
  double loss = 0;
};

bool better(const FormTrial& a, const FormTrial& b) {
  return a.right != b.right ? a.right > b.right : a.loss < b.loss;
}

/// The trials of one model on one set of samples.
class Search {
 public:
  Search(const Model& model, const std::shared_ptr<const DataSource>& data, const Preprocess& guess,
         unsigned workers, const Progress& progress)
      : m_model(model),
        m_executor(model, {true, nullptr}),
        m_workers(workers),
        m_progress(progress),
        m_guess(guess),
        m_forms(commonForms(guess)),
        m_centre(takesCentre(guess, inputSpecs(model)[0])) {
    std::erase(m_forms, guess);
    const Dataset whole(data, guess, model);
    std::vector<std::size_t> first = whole.order();
    first.resize(std::min(first.size(), mostSamples));
    m_samples = std::make_shared<const SampleSubset>(data, std::move(first), pictureBytes);
    m_count = m_samples->size();
  }

  PreprocessChoice best() {
    limitCount();
    const FormTrial guess = tried(m_guess);
    PreprocessChoice choice{m_guess, PreprocessOrigin::Guessed, 0, 0};
    if (!clearGain(m_count, guess.right)) return choice;
    FormTrial winner = guess;
    for (const Preprocess& each : m_forms) keepBetter(winner, each);
    if (m_centre) keepBetter(winner, withCentre(winner.preprocess));
    if (!clearGain(winner.right, guess.right)) return choice;
    return {winner.preprocess, PreprocessOrigin::Tried, m_done, m_count};
  }

 private:
  std::size_t formCount() const { return 1 + m_forms.size() + (m_centre ? 1 : 0); }

  bool clearGain(std::size_t right, std::size_t guessed) const {
    return 100 * right >= 100 * guessed + clearGainPercent * m_count;
  }

  Predictions answers(const Dataset& data, std::size_t count) const {
    Predictions predictions;
    const Predictor predictor(m_model, m_executor, data, m_workers, Remembering{});
    predictor.extend(m_model, count, predictions, {m_progress.stop, {}});
    return predictions;
  }

  /// The first run, of few samples, tells how many the whole search can afford.
  void limitCount() {
    const Clock::time_point start = Clock::now();
    const std::size_t ran = answers(Dataset(m_samples, m_guess, m_model), fewestSamples).samples.size();
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    const double affordable =
        mostSeconds * static_cast<double>(ran) / (seconds * static_cast<double>(formCount()) + 1e-9);
    if (affordable < static_cast<double>(m_count))
      m_count = std::min(m_count, std::max(fewestSamples, static_cast<std::size_t>(affordable)));
  }

  FormTrial tried(const Preprocess& preprocess) {
    const Dataset data(m_samples, preprocess, m_model);
    const Predictions predictions = answers(data, m_count);
    FormTrial trial{preprocess, 0, 0};
    for (std::size_t i = 0; i < std::min(m_count, predictions.samples.size()); ++i) {
      trial.right += predictions.samples[i].top1 == m_samples->label(data.order()[i]);
      trial.loss += predictions.samples[i].loss;
    }
    m_progress.step(++m_done, formCount());
    return trial;
  }

  /// A form that does not fit the pictures or the model is passed over.
  void keepBetter(FormTrial& winner, const Preprocess& preprocess) {
    try {
      if (FormTrial trial = tried(preprocess); better(trial, winner)) winner = std::move(trial);
    } catch (const Error&) {
      m_progress.step(++m_done, formCount());
    }
  }

  const Model& m_model;
  Executor m_executor;
  unsigned m_workers;
  const Progress& m_progress;
  Preprocess m_guess;
  std::vector<Preprocess> m_forms;
  bool m_centre;
  std::shared_ptr<const SampleSubset> m_samples;
  std::size_t m_count = 0, m_done = 0;
};

}  // namespace

PreprocessChoice findPreprocess(const Model& model, const std::shared_ptr<const DataSource>& data,
                                unsigned workers, const Progress& progress) {
  PreprocessChoice choice = choosePreprocess(model, *data);
  if (choice.origin != PreprocessOrigin::Guessed) return choice;
  try {
    if (!canTry(model, *data)) return choice;
    return Search(model, data, choice.preprocess, workers == 0 ? hardwareWorkers() : workers, progress)
        .best();
  } catch (const Error&) {
    return choice;  // what keeps the guess from running is told when the data are opened with it
  }
}

}  // namespace lapidary::core
