// SPDX-License-Identifier: GPL-3.0-or-later
// Segments are ordinary checkable buttons, so keyboard and screen readers work as usual.
#include "ui/widgets/segmented_control.h"

#include <QGridLayout>
#include <QPushButton>

#include "ui/look/theme.h"

namespace lapidary::ui {

namespace {

/// Room for the text as it stands when chosen, in the style sheet's 12 px.
int neededWidth(const QString& text) {
  QFont font = Theme::instance().body();
  font.setPixelSize(12);
  font.setWeight(QFont::DemiBold);
  return QFontMetrics(font).horizontalAdvance(text) + 10;
}

}  // namespace

SegmentedControl::SegmentedControl(int columns, QWidget* parent)
    : QFrame(parent), m_grid(new QGridLayout(this)), m_columns(columns) {
  setProperty("look", "segments");
  m_grid->setContentsMargins(1, 1, 1, 1);
  m_grid->setSpacing(1);
  connect(&m_group, &QButtonGroup::idClicked, this, &SegmentedControl::chosen);
}

void SegmentedControl::add(int id, const QString& text, const QString& tip) {
  const int index = static_cast<int>(m_group.buttons().size());
  const int row = m_columns > 0 ? index / m_columns : 0;
  const int column = m_columns > 0 ? index % m_columns : index;
  auto* button = new QPushButton(text, this);
  button->setProperty("look", "segment");
  button->setCheckable(true);
  button->setToolTip(tip);
  button->setCursor(Qt::PointingHandCursor);
  button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  button->setMinimumWidth(neededWidth(text));
  m_group.addButton(button, id);
  m_grid->addWidget(button, row, column);
  m_grid->setColumnStretch(column, m_columns > 0 ? 1 : static_cast<int>(text.size()) + 4);
}

void SegmentedControl::setCurrent(int id) {
  if (auto* wanted = m_group.button(id)) {
    wanted->setChecked(true);
    return;
  }
  auto* checked = m_group.checkedButton();
  if (checked == nullptr) return;
  m_group.setExclusive(false);
  checked->setChecked(false);
  m_group.setExclusive(true);
}

}  // namespace lapidary::ui
