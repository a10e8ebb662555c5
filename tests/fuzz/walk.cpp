// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/walk.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "core/analyze/sizes/footprint.h"
#include "core/compress/cut/cutter.h"
#include "core/io/common/format.h"
#include "core/run/executor.h"
#include "core/run/gradient.h"
#include "core/support/buffer_pool.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/uniform_recipe.h"

namespace lapidary::fuzz {
namespace {

using namespace core;

constexpr std::int64_t mostParameters = 1 << 16, mostInputElements = 1 << 12;

/// Asks for a stop after a while: loops of a hostile graph may be endless.
class Deadline {
 public:
  Deadline() : m_thread([this] { wait(); }) {}
  ~Deadline() {
    {
      const std::lock_guard lock(m_mutex);
      m_over = true;
    }
    m_wake.notify_all();
    m_thread.join();
  }
  std::stop_token token() const { return m_stop.get_token(); }

 private:
  void wait() {
    std::unique_lock lock(m_mutex);
    if (!m_wake.wait_for(lock, std::chrono::milliseconds(300), [this] { return m_over; }))
      m_stop.request_stop();
  }

  std::stop_source m_stop;
  std::mutex m_mutex;
  std::condition_variable m_wake;
  bool m_over = false;
  std::thread m_thread;
};

/// Small numbers of both signs, ones where they are whole.
Tensor inputOf(const Value& value) {
  Shape shape;
  for (const Dimension& dimension : value.shape.value_or(std::vector<Dimension>{}))
    shape.push_back(dimension.size.value_or(2));
  if (elementCount(shape) > mostInputElements) throw Error(ErrorKind::Unsupported, "large input");
  TensorBuilder numbers(DType::Float32, shape);
  const DType type = value.dtype.value_or(DType::Float32);
  for (std::int64_t i = 0; i < numbers.size(); ++i)
    numbers.as<float>()[static_cast<std::size_t>(i)] = isFloating(type) ? static_cast<float>(i % 7) - 3 : 1;
  return convert(std::move(numbers).build(), type);
}

void cutAndWrite(const Model& model) {
  const Cutter cutter(model);
  const FootprintMeter meter(cutter);
  for (const Quantize quantize : {Quantize{}, Quantize{Scheme::Affine, 4, Granularity::Channel, 0}}) {
    const Recipe recipe = uniformRecipe(model, {0.5, true, quantize});
    attempt([&] { meter.measure(recipe); });
    attempt([&] {
      const Model cut = cutter.apply(recipe);
      for (const Format& format : modelFormats())
        if (format.write != nullptr) attempt([&] { format.write(cut, [](auto) {}, {}); });
    });
  }
}

void runForward(const Model& model, const std::vector<Tensor>& inputs, std::stop_token stop) {
  for (const bool fuse : {true, false}) {
    RunOptions options;
    options.stop = stop;
    attempt([&] { Executor(model, {fuse, nullptr}).run(model, inputs, options); });
  }
}

void runBackward(const Model& model, const std::vector<Tensor>& inputs, std::stop_token stop) {
  GradientRequest request{inputs, model.graph->inputs, {}, [](std::span<const Tensor> outputs) {
                            std::vector<Tensor> seeds;
                            for (const Tensor& output : outputs)
                              seeds.push_back(isFloating(output.dtype()) ? toFloat32(output) : Tensor{});
                            return seeds;
                          }};
  attempt([&] { gradients(model, request, stop); });
}

void run(const Model& model) {
  if (!model.runnable() || !lackingOps(model).empty()) return;
  std::vector<Tensor> inputs;
  for (const ValueId input : model.graph->inputs) inputs.push_back(inputOf(model.graph->value(input)));
  const Deadline deadline;
  runForward(model, inputs, deadline.token());
  runBackward(model, inputs, deadline.token());
}

}  // namespace

void walk(const Model& model) {
  if (model.parameters() > mostParameters) return;
  refuseBuffersAbove(largestArray);
  for (const Layer& layer : model.layers) attempt([&] { layerWeight(model, layer); });
  attempt([&] { cutAndWrite(model); });
  attempt([&] { run(model); });
}

}  // namespace lapidary::fuzz
