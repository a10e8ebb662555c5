// Layout of the banner.
#include "ui/widgets/banner.h"

#include <QBoxLayout>

#include "ui/theme.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {

Banner::Banner(QWidget* parent) : QFrame(parent), m_mark(new QLabel), m_text(new QLabel) {
  setProperty("look", "card");
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(16, 8, 8, 8);
  row->setSpacing(12);
  m_text->setWordWrap(true);
  m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
  auto* close = makeButton(tr("Dismiss"), "flat");
  connect(close, &QPushButton::clicked, this, &QWidget::hide);
  row->addWidget(m_mark, 0, Qt::AlignTop);
  row->addWidget(m_text, 1);
  row->addWidget(close, 0, Qt::AlignTop);
  hide();
}

void Banner::show(const QString& text, bool severe) {
  m_mark->setText(severe ? QStringLiteral("▲") : QStringLiteral("●"));
  m_mark->setStyleSheet("color: " + Theme::instance().color(severe ? Role::Loss : Role::Gain).name());
  m_text->setText(text);
  setVisible(true);
}

QString Banner::text() const { return m_text->text(); }

}  // namespace lapidary::ui
