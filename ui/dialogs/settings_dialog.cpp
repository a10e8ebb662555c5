// SPDX-License-Identifier: GPL-3.0-or-later
// Two pages and a foot.
#include "ui/dialogs/settings_dialog.h"

#include <QBoxLayout>
#include <QTabWidget>

#include "ui/actions/keys_page.h"
#include "ui/manual/help.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {

SettingsDialog::SettingsDialog(const QList<SettingChoice>& choices, QWidget* parent)
    : QDialog(parent), m_general(new GeneralPage(choices)), m_keys(new KeysPage), m_pages(new QTabWidget) {
  setWindowTitle(tr("Settings"));
  resize(820, 640);
  m_pages->setUsesScrollButtons(false);
  m_pages->addTab(m_general, tr("General"));
  m_pages->addTab(m_keys, tr("Keys"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(20, 14, 20, 16);
  column->setSpacing(12);
  column->addWidget(m_pages, 1);
  auto* close = makeButton(tr("Close"), "primary");
  close->setAutoDefault(false);
  auto* foot = new QHBoxLayout;
  foot->addWidget(help::addTo(this));
  foot->addStretch();
  foot->addWidget(close);
  column->addLayout(foot);
  connect(close, &QPushButton::clicked, this, &QDialog::accept);
}

void SettingsDialog::showPage(Page page) { m_pages->setCurrentIndex(page); }

SettingsDialog::Page SettingsDialog::page() const { return static_cast<Page>(m_pages->currentIndex()); }

}  // namespace lapidary::ui
