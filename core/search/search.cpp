// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/search.h"

#include <algorithm>
#include <limits>

#include "core/search/search_proposals.h"

namespace lapidary::core {
namespace {

constexpr std::size_t batchSize = 8;
/// Samples on which edits of one layer are compared: divergences settle long before accuracies do.
constexpr std::size_t singleSamples = 200, fewestOfSingle = 40;
/// Points of the path measured at once, to find where on it the floor lies.
constexpr std::size_t sections = 4;
/// Shares of the time that is left when it begins that what comes before the first plan may take.
constexpr double sizesShare = 0.35, singlesShare = 0.45;

/// How many edits of single layers are measured at once, and on how many samples, so that in the time there
/// is as many of them as can be are seen.
class SinglesPace {
 public:
  SinglesPace(std::optional<double> seconds, std::size_t samples)
      : m_left(seconds), m_most(samples), m_samples(samples) {
    if (m_left) m_samples = std::min(fewestOfSingle, samples), m_batch = 1;
  }

  bool hasTime() const { return !m_left || *m_left > 0; }
  std::size_t batch() const { return m_batch; }
  std::size_t samples() const { return m_samples; }

  void learn(double seconds, std::size_t measured, std::size_t remaining) {
    if (!m_left) return;
    *m_left -= seconds;
    const double each = std::max(1e-9, seconds / static_cast<double>(measured));
    const double perSample = each / static_cast<double>(m_samples);
    m_batch = static_cast<std::size_t>(std::clamp(*m_left / each, 1.0, static_cast<double>(batchSize)));
    const double share = *m_left / (perSample * static_cast<double>(std::max<std::size_t>(1, remaining)));
    m_samples = static_cast<std::size_t>(std::clamp(
        share, static_cast<double>(std::min(fewestOfSingle, m_most)), static_cast<double>(m_most)));
  }

 private:
  std::optional<double> m_left;
  std::size_t m_most, m_samples, m_batch = batchSize;
};

class Searcher {
 public:
  Searcher(const std::vector<std::string>& layers, const SearchRequest& request, CandidateMeter& meter,
           const SearchHooks& hooks, const Progress& progress)
      : m_layers(layers),
        m_request(request),
        m_meter(meter),
        m_hooks(hooks),
        m_progress(progress),
        m_points(request, meter.kind(), meter.total()),
        m_random(request.seed) {}

  SearchResult run() {
    m_result.samples = m_meter.total();
    m_result.bytesBefore = m_meter.bytes({});
    try {
      buildTable();
      measureSingles();
      measurePlan();
      if (m_planned) refine();
    } catch (const Cancelled&) {
      m_result.end = timeLeft() <= 0 ? SearchEnd::Time : SearchEnd::Stopped;
    }
    m_result.leftOut.plan = !m_planned;
    finish();
    return std::move(m_result);
  }

 private:
  using Stage = SearchProgress::Stage;

  void tell(Stage stage, std::size_t done, std::size_t total, const Candidate* latest = nullptr) {
    m_result.seconds = m_meter.elapsed();
    if (m_hooks.onProgress) m_hooks.onProgress({stage, done, total, &m_result, latest});
    m_progress.check();
  }

  /// Seconds; without a limit there is always more.
  double timeLeft() const {
    return m_request.seconds ? *m_request.seconds - m_meter.elapsed()
                             : std::numeric_limits<double>::infinity();
  }

  void buildTable() {
    const auto moves = joinedMoves(m_request);
    m_result.leftOut.edits = m_layers.size() * (moves.size() - 1);
    tell(Stage::Sizes, 0, m_layers.size());
    const double until = timeLeft() * (1 - sizesShare);
    m_table.emplace(
        m_layers, moves, m_meter, [this](std::size_t done) { tell(Stage::Sizes, done, m_layers.size()); },
        [this, until] { return !m_request.seconds || timeLeft() > until; });
    m_result.leftOut.edits = m_table->unseen();
  }

  void measureSingles() {
    const auto seeds = m_table->seeds();
    m_result.leftOut.singles = seeds.size();
    const double until = timeLeft() * (1 - singlesShare);
    SinglesPace pace(m_request.seconds ? std::optional(timeLeft() - until) : std::nullopt,
                     std::min(singleSamples, m_meter.total()));
    for (std::size_t at = 0; at < seeds.size() && pace.hasTime();) {
      tell(Stage::Singles, at, seeds.size());
      const double start = m_meter.elapsed();
      const std::size_t end = std::min(seeds.size(), at + pace.batch());
      const RaceRule rule{pace.samples(), std::nullopt};
      std::vector<Recipe> batch;
      for (std::size_t i = at; i < end; ++i)
        batch.push_back(m_table->single(seeds[i].first, seeds[i].second));
      const auto measured = m_meter.measure(batch, rule);
      for (std::size_t i = 0; i < measured.size(); ++i)
        m_table->setDamage(seeds[at + i].first, seeds[at + i].second,
                           measured[i].trial.meanDivergence().value_or(0));
      m_result.singles += measured.size();
      m_result.leftOut.singles -= measured.size();
      m_progress.check();
      at = end;
      pace.learn(m_meter.elapsed() - start, batch.size(), seeds.size() - end);
    }
    m_table->interpolate();
  }

  /// Where a candidate may stop early: surely worse than the floor, or, with bytes alone to keep within, than
  /// the best so far.
  RaceRule rule() const {
    RaceRule rule{m_meter.total(), std::nullopt, m_request.maxLatency.has_value(),
                  m_request.minSaliency.has_value()};
    if (m_request.maxDrop) rule.hopeless = m_request.maxDrop;
    if (m_points.seeksQuality() && m_points.best())
      rule.hopeless = m_points.all()[*m_points.best()].candidate.drop + 0.01;
    return rule;
  }

  void measure(const std::vector<Choice>& choices, Stage stage) {
    std::vector<Recipe> batch;
    std::vector<std::uint64_t> bytes;  // before the runs: what is measured when a stop comes must count
    for (const Choice& choice : choices) {
      batch.push_back(m_table->recipeOf(choice));
      bytes.push_back(m_meter.bytes(batch.back()));
    }
    const auto measured = m_meter.measure(batch, rule());
    const std::size_t first = m_points.all().size();
    for (std::size_t i = 0; i < measured.size(); ++i)
      m_points.add(choices[i], batch[i], bytes[i], measured[i]);
    m_points.judge();
    m_result.evaluated = m_points.all().size();
    for (std::size_t i = first; i < m_points.all().size(); ++i) {
      finish();
      tell(stage, m_result.evaluated, m_request.mostCandidates, &m_points.all()[i].candidate);
    }
    m_progress.check();
  }

  void finish() {
    m_result.front = m_points.frontCandidates();
    m_result.best = m_points.bestCandidate();
    m_result.seconds = m_meter.elapsed();
  }

  /// Sections of the path, narrowed around where it crosses the floor or the budget; for the whole front
  /// sections all over it.
  void measurePlan() {
    const auto path = m_table->path();
    if (timeLeft() <= 0) return end(SearchEnd::Time);
    measure({path.front()}, Stage::Plan);
    const bool everywhere = !m_request.maxDrop && !m_request.maxBytes;
    std::size_t low = 0, high = path.size() - 1;
    const std::size_t parts = everywhere ? 6 * sections : sections;
    while (high > low) {
      std::vector<std::size_t> indices;
      for (std::size_t k = 1; k <= parts; ++k) {
        const std::size_t index = low + k * (high - low) / parts;
        if (!m_points.known(path[index]) && (indices.empty() || indices.back() != index))
          indices.push_back(index);
      }
      if (indices.empty()) break;
      if (timeLeft() <= 0) return end(SearchEnd::Time);
      std::vector<Choice> choices;
      for (const std::size_t index : indices) choices.push_back(path[index]);
      const std::size_t first = m_points.all().size();
      measure(choices, Stage::Plan);
      if (everywhere) break;
      std::size_t within = low;
      for (std::size_t i = 0; i < indices.size(); ++i) {
        if (!goesOn(m_points.all()[first + i].candidate)) {
          high = indices[i] - 1;
          break;
        }
        within = indices[i];
      }
      low = within;
    }
    m_planned = true;
  }

  /// Whether the path may go on from here: it becomes smaller and worse.
  bool goesOn(const Candidate& candidate) const {
    if (m_points.seeksQuality()) return candidate.bytes > *m_request.maxBytes;
    return m_points.nearFloor(candidate);
  }

  /// The best point mostly; sometimes another valid one, or a smaller one that is not quite valid, so that
  /// the search leaves its rut.
  const SearchPoint& base() {
    const auto& front = m_points.front();
    if (front.empty()) return m_points.all().front();
    const std::uint64_t die = m_random() % 4;
    if (!m_request.maxDrop && !m_request.maxBytes) return m_points.all()[front[m_random() % front.size()]];
    if (!m_points.best()) return m_points.all()[front[die % 2 == 0 ? 0 : front.size() - 1]];
    if (die == 0)
      return oneOfSmallest([this](const Candidate& candidate) { return m_points.valid(candidate); });
    if (die == 1)
      return oneOfSmallest([this](const Candidate& candidate) { return m_points.nearFloor(candidate); });
    return m_points.all()[*m_points.best()];
  }

  /// One of the smallest few of these, the best where there is none.
  const SearchPoint& oneOfSmallest(const std::function<bool(const Candidate&)>& wanted) {
    constexpr std::size_t few = 6;
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < m_points.all().size(); ++i)
      if (wanted(m_points.all()[i].candidate)) order.push_back(i);
    if (order.empty()) return m_points.all()[*m_points.best()];
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
      return m_points.all()[a].candidate.bytes < m_points.all()[b].candidate.bytes;
    });
    return m_points.all()[order[m_random() % std::min(few, order.size())]];
  }

  ProposalGoal goalFrom(const SearchPoint& base) {
    // The sum over layers that lies as far from the base's as the budget does from the base's file.
    if (m_points.seeksQuality())
      return {std::nullopt, m_table->bytesOf(base.choice) + static_cast<std::int64_t>(*m_request.maxBytes) -
                                static_cast<std::int64_t>(base.candidate.bytes)};
    if (m_request.maxDrop) {
      // Now and then further than the model thinks the floor allows: it may be wrong.
      static constexpr double reach[] = {1, 1.2, 1.5, 2};
      return {m_points.divergenceLimit(base) * reach[m_random() % std::size(reach)] * m_stretch,
              std::nullopt};
    }
    const double stretch = 0.7 + 0.6 * static_cast<double>(m_random() % 1024) / 1024;
    return {base.candidate.trial.meanDivergence().value_or(0) * stretch, std::nullopt};
  }

  std::size_t nextBatch() const {
    if (!m_request.seconds) return batchSize;
    const double each = m_perCandidate;
    if (each <= 0) return batchSize;
    return static_cast<std::size_t>(std::clamp(timeLeft() / each, 1.0, static_cast<double>(batchSize)));
  }

  void learn(const SearchPoint& base, std::size_t first) {
    const double before = base.candidate.trial.meanDivergence().value_or(0);
    for (std::size_t i = first; i < m_points.all().size(); ++i) {
      const SearchPoint& point = m_points.all()[i];
      if (const auto after = point.candidate.trial.meanDivergence())
        m_table->correct(base.choice, point.choice, *after - before);
    }
  }

  void refine() {
    SearchProposals proposals(*m_table, m_points, m_random);
    std::size_t idle = 0, empty = 0;
    while (idle < m_request.patience) {
      if (m_points.all().size() >= m_request.mostCandidates) return end(SearchEnd::Candidates);
      if (timeLeft() <= 0) return end(SearchEnd::Time);
      const SearchPoint from = base();  // a copy: points move as they grow in number
      const std::size_t room = m_request.mostCandidates - m_points.all().size();
      const auto choices = proposals.from(from, goalFrom(from), std::min(room, nextBatch()));
      if (choices.empty()) {
        if (++empty > 4 * m_request.patience) return;
        m_stretch *= 1.2;
        continue;
      }
      m_stretch = 1;
      empty = 0;
      const std::size_t first = m_points.all().size();
      const auto mark = standing();
      const double start = m_meter.elapsed();
      measure(choices, Stage::Refine);
      m_perCandidate = (m_meter.elapsed() - start) / static_cast<double>(choices.size());
      learn(from, first);
      idle = standing() == mark ? idle + 1 : 0;
    }
  }

  /// The state that has to change for the search to be getting anywhere.
  std::pair<double, std::size_t> standing() const {
    if (!m_request.maxDrop && !m_request.maxBytes) {
      double area = 0;
      for (const std::size_t i : m_points.front())
        area += static_cast<double>(m_points.all()[i].candidate.bytes) + m_points.all()[i].candidate.drop;
      return {area, m_points.front().size()};
    }
    if (!m_points.best()) return {0, 0};
    const Candidate& best = m_points.all()[*m_points.best()].candidate;
    return {best.drop, static_cast<std::size_t>(best.bytes)};
  }

  void end(SearchEnd why) { m_result.end = why; }

  const std::vector<std::string>& m_layers;
  const SearchRequest& m_request;
  CandidateMeter& m_meter;
  const SearchHooks& m_hooks;
  const Progress& m_progress;
  std::optional<SearchTable> m_table;
  SearchPoints m_points;
  std::mt19937_64 m_random;
  SearchResult m_result;
  bool m_planned = false;
  double m_perCandidate = 0;
  double m_stretch = 1;  ///< of the goal, while nothing new lies within it
};

}  // namespace

std::int64_t CandidateMeter::bytesAdded(const std::string& layer, const LayerEdit& edit) {
  Recipe recipe;
  recipe.set(layer, edit);
  return static_cast<std::int64_t>(bytes(recipe)) - static_cast<std::int64_t>(bytes({}));
}

SearchResult searchCuts(const std::vector<std::string>& layers, const SearchRequest& request,
                        CandidateMeter& meter, const SearchHooks& hooks, const Progress& progress) {
  return Searcher(layers, request, meter, hooks, progress).run();
}

}  // namespace lapidary::core
