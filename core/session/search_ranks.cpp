// SPDX-License-Identifier: GPL-3.0-or-later
// A search whose candidates are shared out over ranks: rank 0 decides, all measure.
#include <cstring>
#include <thread>

#include "core/session/search_meter.h"

namespace lapidary::core {
namespace {

/// A batch as it travels: the rule, then a recipe a line; no recipe: the search is over.
struct Errand {
  RaceRule rule;
  std::vector<Recipe> recipes;
  std::vector<Measurement> begun;
};

std::vector<std::byte> bytesOf(const std::string& text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

std::string textOf(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// A double by its bits, as a whole number: the same on every rank to the last bit.
std::string exact(double value) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return std::to_string(bits);
}

double exactly(const std::string& word) {
  const std::uint64_t bits = std::stoull(word);
  double value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

std::string toText(const Errand& errand) {
  std::string text = std::to_string(errand.rule.samples) + '\n' +
                     (errand.rule.hopeless ? exact(*errand.rule.hopeless) : "-") + '\n' +
                     (errand.rule.latency ? "1" : "0") + '\n' + (errand.rule.saliency ? "1" : "0") + '\n';
  for (std::size_t i = 0; i < errand.recipes.size(); ++i)
    text += toLine(errand.recipes[i], errand.begun[i]) + '\n';
  return text;
}

Errand errandOf(const std::string& text) {
  Errand errand;
  std::size_t at = 0;
  const auto line = [&] {
    const std::size_t end = text.find('\n', at);
    if (end == std::string::npos)
      throw Error(ErrorKind::InvalidInput, "rank 0 sent a message that is too short");
    const std::string found = text.substr(at, end - at);
    at = end + 1;
    return found;
  };
  errand.rule.samples = std::stoull(line());
  const std::string hopeless = line();
  if (hopeless != "-") errand.rule.hopeless = exactly(hopeless);
  errand.rule.latency = line() == "1";
  errand.rule.saliency = line() == "1";
  while (at < text.size()) {
    auto [recipe, begun] = fromLine(line());
    errand.recipes.push_back(std::move(recipe));
    errand.begun.push_back(begun);
  }
  return errand;
}

/// Races the recipes of an errand wherever they are handed to.
RankWork workOf(SessionMeter& meter, const Errand& errand) {
  RankWork work;
  work.items = errand.recipes.size();
  work.compute = [&meter, &errand](std::size_t i) {
    return bytesOf(toLine(errand.recipes[i], meter.race(errand.recipes[i], errand.rule, errand.begun[i])));
  };
  return work;
}

/// On rank 0.
class LeadingMeter final : public SessionMeter {
 public:
  LeadingMeter(Ranks& ranks, const Session& session, Session::State& state, const SearchRequest& request,
               SearchJournal* journal, const Progress& progress)
      : SessionMeter(session, state, request, journal, progress), m_ranks(ranks) {}

  std::vector<Measurement> measure(const std::vector<Recipe>& batch, const RaceRule& rule) override {
    std::vector<Measurement> measured(batch.size());
    std::vector<std::size_t> indices;
    Errand errand{rule, {}, {}};
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (auto found = known(batch[i], rule)) {
        measured[i] = std::move(*found);
        continue;
      }
      indices.push_back(i);
      errand.recipes.push_back(batch[i]);
      errand.begun.push_back(begun(batch[i], rule));
    }
    if (indices.empty()) return measured;
    send(errand);
    RankWork work = workOf(*this, errand);
    work.done = [&](std::size_t item, const std::vector<std::byte>& result) {
      measured[indices[item]] = fromLine(textOf(result)).second;
      keep(errand.recipes[item], measured[indices[item]]);
    };
    shareOverRanks(m_ranks, work, {progress().stop, {}});
    return measured;
  }

  void finish() { send({}); }

 private:
  void send(const Errand& errand) {
    const auto bytes = bytesOf(toText(errand));
    for (unsigned rank = 1; rank < m_ranks.count(); ++rank) m_ranks.send(rank, bytes);
  }

  Ranks& m_ranks;
};

RankMessage await(Ranks& ranks, const Progress& progress) {
  constexpr std::chrono::microseconds pause{200};
  for (;;) {
    progress.check();
    if (auto message = ranks.receive()) return std::move(*message);
    std::this_thread::sleep_for(pause);
  }
}

void follow(Ranks& ranks, SessionMeter& meter, const Progress& progress) {
  for (;;) {
    const Errand errand = errandOf(textOf(await(ranks, progress).bytes));
    if (errand.recipes.empty()) return;
    RankWork work = workOf(meter, errand);
    shareOverRanks(ranks, work, {progress.stop, {}});
  }
}

}  // namespace

SearchResult Session::searchOver(Ranks& ranks, const SearchRequest& request, const SearchHooks& hooks,
                                 const Progress& progress) const {
  if (ranks.rank() != 0) {
    SessionMeter meter(*this, *m_state, request, nullptr, progress);
    follow(ranks, meter, progress);
    return {};
  }
  LeadingMeter meter(ranks, *this, *m_state, request, hooks.journal, progress);
  std::vector<std::string> layers;
  for (const Layer& layer : model().layers) layers.push_back(layer.name);
  SearchResult result = searchCuts(layers, request, meter, hooks, progress);
  meter.finish();
  result.resumed = meter.resumed();
  return result;
}

}  // namespace lapidary::core
