// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/method_picker.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QStandardItemModel>
#include <QWheelEvent>
#include <algorithm>

#include "ui/widgets/labels.h"

namespace lapidary::ui {

namespace {

constexpr int lineRole = Qt::UserRole + 1, tipRole = Qt::UserRole + 2;

/// In a panel that scrolls, the wheel is for the panel: it must not change a method by passing over it.
class WheelFreeList : public QComboBox {
 public:
  using QComboBox::QComboBox;

 protected:
  void wheelEvent(QWheelEvent* event) override { event->ignore(); }
};

QString tipOf(const MethodText& text) {
  return text.paper.isEmpty() ? text.line : text.line + QLatin1Char('\n') + text.paper;
}

}  // namespace

MethodPicker::MethodPicker(const QString& accessibleName, QWidget* parent)
    : QWidget(parent), m_list(new WheelFreeList(this)), m_line(makeLabel({}, "caption")) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(4);
  column->addWidget(m_list);
  column->addWidget(m_line);
  m_line->setWordWrap(true);
  m_line->setAlignment(Qt::AlignLeft | Qt::AlignTop);
  m_list->setAccessibleName(accessibleName);
  m_list->setPlaceholderText(tr("mixed"));
  m_list->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  m_list->setMaxVisibleItems(20);
  connect(m_list, &QComboBox::activated, this, [this](int index) {
    showLine();
    emit chosen(m_list->itemData(index).toInt());
  });
}

void MethodPicker::add(int id, const MethodText& text) {
  m_list->addItem(text.name, id);
  const int index = m_list->count() - 1;
  m_list->setItemData(index, text.line, lineRole);
  m_list->setItemData(index, tipOf(text), tipRole);
  m_list->setItemData(index, tipOf(text), Qt::ToolTipRole);
  showLine();
  reserveRoom();
}

void MethodPicker::addHeading(const QString& title) {
  m_list->addItem(title);
  auto* items = qobject_cast<QStandardItemModel*>(m_list->model());
  if (items == nullptr) return;
  QStandardItem* heading = items->item(m_list->count() - 1);
  heading->setFlags(Qt::NoItemFlags);
  QFont font = m_list->font();
  font.setBold(true);
  heading->setFont(font);
  if (m_list->currentIndex() == m_list->count() - 1) m_list->setCurrentIndex(-1);
}

void MethodPicker::setCurrent(int id) {
  m_list->setCurrentIndex(m_list->findData(id));
  showLine();
}

int MethodPicker::current() const {
  const int index = m_list->currentIndex();
  return index < 0 ? -1 : m_list->itemData(index).toInt();
}

void MethodPicker::setOffered(int id, bool offered, const QString& why) {
  auto* items = qobject_cast<QStandardItemModel*>(m_list->model());
  const int index = m_list->findData(id);
  if (items != nullptr && index >= 0) items->item(index)->setEnabled(offered);
  if (index < 0) return;
  const QString tip = m_list->itemData(index, tipRole).toString();
  m_list->setItemData(index, why.isEmpty() ? tip : tip + QLatin1Char('\n') + why, Qt::ToolTipRole);
}

void MethodPicker::choose(int id) {
  const int index = m_list->findData(id);
  if (index < 0) return;
  m_list->setCurrentIndex(index);
  emit m_list->activated(index);
}

void MethodPicker::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  reserveRoom();
}

void MethodPicker::reserveRoom() {
  int height = 0;
  for (int i = 0; i < m_list->count(); ++i) {
    const QString line = m_list->itemData(i, lineRole).toString();
    const QRect room(0, 0, m_line->width(), 1000);
    height = std::max(height, m_line->fontMetrics().boundingRect(room, Qt::TextWordWrap, line).height());
  }
  m_line->setMinimumHeight(height);
}

void MethodPicker::showLine() {
  const int index = m_list->currentIndex();
  m_line->setText(index < 0 ? tr("The selected layers differ.")
                            : m_list->itemData(index, lineRole).toString());
  m_list->setToolTip(index < 0 ? QString() : m_list->itemData(index, Qt::ToolTipRole).toString());
}

}  // namespace lapidary::ui
