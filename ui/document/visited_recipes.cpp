// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps the visits.
#include "ui/document/visited_recipes.h"

namespace lapidary::ui {

namespace {

/// Fills in what is not known yet; tells whether there was any.
bool joinFigures(Visit& visit, const std::map<TradeOffAxis, QualityValue>& figures) {
  const std::size_t before = visit.figures.size();
  visit.figures.insert(figures.begin(), figures.end());
  return visit.figures.size() > before;
}

}  // namespace

VisitedRecipes::VisitedRecipes(Document& document) : m_document(document) {
  connect(&document, &Document::opened, this, [this] {
    m_visits.clear();
    m_searchFront.clear();
    emit changed();
  });
  connect(&document, &Document::outcomeChanged, this, [this] { add(m_document.outcome()); });
}

std::optional<std::size_t> VisitedRecipes::find(const core::Recipe& recipe) const {
  // The newest visit is the one asked for most often.
  for (std::size_t i = m_visits.size(); i-- > 0;)
    if (m_visits[i].recipe == recipe) return i;
  return std::nullopt;
}

std::optional<std::size_t> VisitedRecipes::current() const { return find(m_document.shownRecipe()); }

void VisitedRecipes::add(const core::Outcome& outcome) {
  const auto quality = qualityValue(outcome);
  if (!quality) return;
  const std::size_t samples = outcome.quality->samples;
  const auto known = find(outcome.recipe);
  auto figures = figuresOf(outcome);
  if (known && m_visits[*known].samples >= samples && m_visits[*known].bytes == outcome.footprint.fileAfter) {
    if (!joinFigures(m_visits[*known], figures)) return;
    return emit changed();
  }
  Visit visit{outcome.recipe, outcome.footprint.fileAfter, quality, samples, std::move(figures)};
  if (known) {
    joinFigures(visit, m_visits[*known].figures);
    m_visits[*known] = std::move(visit);
  } else {
    m_visits.push_back(std::move(visit));
  }
  emit changed();
}

void VisitedRecipes::restore(std::vector<Visit> visits) {
  m_visits = std::move(visits);
  emit changed();
}

void VisitedRecipes::setSearchFront(std::vector<Visit> front) {
  m_searchFront = std::move(front);
  emit changed();
}

std::optional<QualityValue> VisitedRecipes::originalQuality() const {
  const auto original = find({});
  return original ? m_visits[*original].quality : std::nullopt;
}

}  // namespace lapidary::ui
