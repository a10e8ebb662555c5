// SPDX-License-Identifier: GPL-3.0-or-later
// Layout of the banner.
#include "ui/widgets/banner.h"

#include <QBoxLayout>

#include "ui/look/theme.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {

Banner::Banner(QWidget* parent)
    : QFrame(parent),
      m_mark(new QLabel),
      m_text(new QLabel),
      m_accept(makeButton({}, "")),
      m_close(makeButton(tr("Dismiss"), "flat")) {
  setProperty("look", "card");
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(16, 8, 8, 8);
  row->setSpacing(12);
  m_text->setWordWrap(true);
  m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
  connect(m_accept, &QPushButton::clicked, this, [this] {
    hide();
    emit accepted();
  });
  connect(m_close, &QPushButton::clicked, this, [this] {
    hide();
    emit dismissed();
  });
  row->addWidget(m_mark, 0, Qt::AlignVCenter);
  row->addWidget(m_text, 1);
  row->addWidget(m_accept, 0, Qt::AlignVCenter);
  row->addWidget(m_close, 0, Qt::AlignVCenter);
  hide();
}

void Banner::show(const QString& text, bool severe) {
  m_accept->hide();
  m_close->setText(tr("Dismiss"));
  showText(text, severe);
}

void Banner::ask(const QString& text, const QString& accept, const QString& refuse) {
  m_accept->setText(accept);
  m_accept->show();
  m_close->setText(refuse);
  showText(text, false);
}

void Banner::showText(const QString& text, bool severe) {
  m_mark->setText(severe ? QStringLiteral("▲") : QStringLiteral("●"));
  m_mark->setStyleSheet("color: " + Theme::instance().color(severe ? Role::Loss : Role::Gain).name());
  m_text->setText(text);
  setVisible(true);
}

QString Banner::text() const { return m_text->text(); }

}  // namespace lapidary::ui
