// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/cut/output_error_label.h"

#include "ui/look/number_text.h"

namespace lapidary::ui {

OutputErrorLabel::OutputErrorLabel(Document& document, QWidget* parent)
    : QLabel(parent), m_document(document) {
  setProperty("look", "caption");
  setWordWrap(true);
  setToolTip(
      tr("Squared error of the layer's output over its square, on the calibration samples.\n"
         "The plain method prunes by magnitude and rounds to nearest."));
  setVisible(false);
  connect(&document, &Document::outcomeChanged, this, &OutputErrorLabel::measure);
  connect(&document, &Document::selectionChanged, this, &OutputErrorLabel::measure);
  connect(&document, &Document::recipeChanged, this, [this] { setVisible(false); });
}

void OutputErrorLabel::measure() {
  const auto session = m_document.session();
  if (!session || m_document.selection().size() != 1 || !m_document.outcome().final) return setVisible(false);
  m_job.start([this, session, recipe = m_document.shownRecipe(),
               layer = m_document.currentLayer()](const core::Progress&) -> BackgroundJob::Deliver {
    return [this, errors = session->cutter().outputErrors(recipe, layer)] { show(errors); };
  });
}

void OutputErrorLabel::show(const std::optional<core::OutputErrors>& errors) {
  setVisible(errors.has_value());
  if (!errors) return;
  const QString chosen = percentText(errors->chosen, 2);
  setText(errors->chosen == errors->plain
              ? tr("Output error %1").arg(chosen)
              : tr("Output error %1 · the plain method gives %2").arg(chosen, percentText(errors->plain, 2)));
}

}  // namespace lapidary::ui
