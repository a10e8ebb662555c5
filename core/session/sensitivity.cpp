// SPDX-License-Identifier: GPL-3.0-or-later
// Fills the sensitivity matrix with what a session measures.
#include "core/analyze/trials/sensitivity.h"

#include "core/session/trials.h"

namespace lapidary::core {
namespace {

class Scan {
 public:
  using OnMatrix = std::function<void(const SensitivityMatrix&, const SensitivityCell*)>;

  Scan(const Session& session, Session::State& state, const SensitivityRequest& request,
       const Progress& progress, const OnMatrix& onMatrix)
      : m_model(session.model()),
        m_state(state),
        m_request(request),
        m_progress(progress),
        m_onMatrix(onMatrix),
        m_trials(session, state, progress) {}

  SensitivityMatrix run() {
    lay();
    tell(nullptr);
    if (m_trials.total() == 0) return std::move(m_matrix);
    SensitivityMeter meter{m_trials.kind(), m_trials.total(), {}};
    meter.extend = [this](SensitivityCell& cell, std::size_t samples) { extend(cell, samples); };
    race(m_matrix.cells, meter, m_request.race, m_progress,
         [this](const SensitivityCell& cell) { tell(&cell); });
    return std::move(m_matrix);
  }

 private:
  void tell(const SensitivityCell* cell) const {
    if (m_onMatrix) m_onMatrix(m_matrix, cell);
  }

  Recipe recipeOf(const SensitivityCell& cell) const {
    Recipe recipe;
    const CutSetting& setting = m_matrix.settings[cell.column];
    if (!m_request.reverse) {
      recipe.set(m_model.layer(m_matrix.layers[cell.row]).name, setting.edit);
      return recipe;
    }
    for (std::size_t row = 0; row < m_matrix.layers.size(); ++row)
      if (row != cell.row) recipe.set(m_model.layer(m_matrix.layers[row]).name, setting.edit);
    return recipe;
  }

  /// Bytes and weights, which cost no run; the order of work comes from them.
  void lay() {
    m_matrix.kind = m_trials.kind();
    m_matrix.reverse = m_request.reverse;
    m_matrix.total = m_trials.total();
    m_matrix.settings = m_request.settings;
    m_matrix.layers = m_request.layers;
    if (m_matrix.layers.empty())
      for (std::uint32_t i = 0; i < m_model.layers.size(); ++i) m_matrix.layers.push_back(LayerId{i});
    const std::uint64_t before = m_trials.bytes({}, m_request.size, m_progress);
    const std::size_t rows = m_matrix.layers.size();
    for (std::size_t row = 0; row < rows; ++row)
      for (std::size_t column = 0; column < m_matrix.settings.size(); ++column)
        m_matrix.cells.push_back(laid(row, column, before));
    if (m_request.reverse)
      for (std::size_t column = 0; column < m_matrix.settings.size(); ++column)
        m_matrix.allLayers.push_back(laid(rows, column, before));
  }

  SensitivityCell laid(std::size_t row, std::size_t column, std::uint64_t before) {
    m_progress.check();
    SensitivityCell cell{row, column, {}, {}, 0, {}, false, {}};
    try {
      const Recipe recipe = recipeOf(cell);
      cell.bytesSaved = static_cast<std::int64_t>(before) -
                        static_cast<std::int64_t>(m_trials.bytes(recipe, m_request.size, m_progress));
      if (!m_request.reverse)
        if (const auto made = m_state.cutter.cut(recipe, m_matrix.layers[row]))
          cell.weightSnrDb = made->snrDb;
    } catch (const Error& error) {
      cell.failure = error.what();
      cell.sharp = true;
    }
    return cell;
  }

  /// In reverse a cell starts from what its setting on all layers computes above the layer left out.
  void extend(SensitivityCell& cell, std::size_t samples) {
    if (m_request.reverse) {
      SensitivityCell& whole = m_matrix.allLayers[cell.column];
      m_trials.extend(recipeOf(whole), samples, whole.trial, m_progress, true);
      whole.drop = dropOf(whole.trial, m_matrix.kind);
    }
    m_trials.extend(recipeOf(cell), samples, cell.trial, m_progress);
  }

  const Model& m_model;
  Session::State& m_state;
  const SensitivityRequest& m_request;
  const Progress& m_progress;
  const OnMatrix& m_onMatrix;
  Trials m_trials;
  SensitivityMatrix m_matrix;
};

}  // namespace

SensitivityMatrix Session::sensitivity(
    const SensitivityRequest& request, const Progress& progress,
    const std::function<void(const SensitivityMatrix&, const SensitivityCell*)>& onMatrix) const {
  return Scan(*this, *m_state, request, progress, onMatrix).run();
}

}  // namespace lapidary::core
