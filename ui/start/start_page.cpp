// SPDX-License-Identifier: GPL-3.0-or-later
// Layout of the start page.
#include "ui/start/start_page.h"

#include <QBoxLayout>
#include <QDir>
#include <QFileInfo>

#include "ui/files/recent_files.h"
#include "ui/widgets/card.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {

namespace {

constexpr int cardWidth = 560;

QLabel* paragraph(const QString& text) {
  auto* label = makeLabel(text, "muted");
  label->setWordWrap(true);
  return label;
}

}  // namespace

StartPage::StartPage(QWidget* parent) : QWidget(parent), m_recent(new QVBoxLayout), m_recentBox(new QWidget) {
  auto* card = new Card;
  card->setFixedWidth(cardWidth);
  auto* body = card->body();
  body->setContentsMargins(32, 24, 32, 28);
  body->setSpacing(12);
  body->addWidget(makeLabel(QStringLiteral("◆ ") + tr("Lapidary"), "heading"));
  body->addWidget(paragraph(
      tr("Cut a neural network while you look at it: prune and quantize its layers, see at once what "
         "that costs in accuracy and saves in bytes and milliseconds, and export what you saw.")));
  body->addWidget(
      paragraph(tr("Everything is measured here, on your own data; nothing leaves this machine.")));
  auto* first = new QHBoxLayout;
  first->setSpacing(8);
  auto* open = makeButton(tr("Open model…"), "primary");
  connect(open, &QPushButton::clicked, this, &StartPage::openAsked);
  first->addWidget(open);
  first->addWidget(paragraph(tr("ONNX, PyTorch, .lapidary, safetensors, npz or npy, or drop one here")), 1);
  body->addSpacing(4);
  body->addLayout(first);
  body->addWidget(makeRule());
  body->addWidget(makeLabel(tr("Open demo"), "title"));
  body->addWidget(
      paragraph(tr("Two small networks that read handwritten digits, with 2,000 test pictures.")));
  auto* demos = new QHBoxLayout;
  demos->setSpacing(8);
  for (const auto& [name, model] : {std::pair{tr("LeNet-5, convolutional"), "demo:lenet5"},
                                    std::pair{tr("LeNet-300-100, fully connected"), "demo:lenet300"}}) {
    auto* button = makeButton(name, "");
    button->setObjectName(QString(model).replace(':', '-'));
    connect(button, &QPushButton::clicked, this, [this, model = QString(model)] { emit demoAsked(model); });
    demos->addWidget(button);
  }
  demos->addStretch();
  body->addLayout(demos);
  auto* recent = new QVBoxLayout(m_recentBox);
  recent->setContentsMargins(0, 0, 0, 0);
  recent->setSpacing(6);
  recent->addWidget(makeRule());
  recent->addWidget(makeLabel(tr("Recent"), "title"));
  recent->addLayout(m_recent);
  m_recent->setSpacing(0);
  body->addWidget(m_recentBox);
  auto* column = new QVBoxLayout(this);
  column->addStretch(2);
  // Stretches beside the card, not an alignment: only so does the wrapped text get its height.
  auto* middle = new QHBoxLayout;
  middle->addStretch();
  middle->addWidget(card);
  middle->addStretch();
  column->addLayout(middle);
  column->addStretch(3);
  refresh();
}

void StartPage::refresh() {
  while (auto* item = m_recent->takeAt(0)) {
    item->widget()->deleteLater();
    delete item;
  }
  const auto paths = recent_files::list();
  for (const auto& path : paths) {
    const QFileInfo info(path);
    auto* button = makeButton(info.fileName() + QStringLiteral("   ") + info.dir().dirName(), "flat");
    button->setStyleSheet("text-align: left;");
    button->setToolTip(path);
    connect(button, &QPushButton::clicked, this, [this, path] { emit fileAsked(path); });
    m_recent->addWidget(button, 0, Qt::AlignLeft);
  }
  m_recentBox->setVisible(!paths.isEmpty());
}

}  // namespace lapidary::ui
