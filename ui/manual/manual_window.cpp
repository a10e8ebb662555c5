// SPDX-License-Identifier: GPL-3.0-or-later
// Assembly, keys, and the way from place to place.
#include "ui/manual/manual_window.h"

#include <QAction>
#include <QBoxLayout>
#include <QCloseEvent>
#include <QScrollBar>
#include <QSplitter>
#include <QToolButton>

#include "ui/look/language.h"
#include "ui/look/settings.h"
#include "ui/manual/manual_sidebar.h"
#include "ui/manual/manual_view.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {

namespace {

constexpr int zoomStep = 10;

const QKeySequence backKeys(Qt::ALT | Qt::Key_Left), forwardKeys(Qt::ALT | Qt::Key_Right),
    homeKeys(Qt::ALT | Qt::Key_Home), largerKeys(Qt::CTRL | Qt::Key_Plus),
    smallerKeys(Qt::CTRL | Qt::Key_Minus), usualKeys(Qt::CTRL | Qt::Key_0);

void describe(QToolButton* tool, const QString& text, const QKeySequence& keys) {
  tool->setToolTip(QStringLiteral("%1 (%2)").arg(text, keys.toString(QKeySequence::NativeText)));
  tool->setAccessibleName(text);
}

}  // namespace

ManualWindow::ManualWindow(const QString& root, QWidget* parent)
    : QWidget(parent, Qt::Window),
      m_root(root),
      m_sidebar(new ManualSidebar),
      m_view(new ManualView),
      m_splitter(new QSplitter(Qt::Horizontal)),
      m_back(makeTool(QStringLiteral("←"))),
      m_forward(makeTool(QStringLiteral("→"))),
      m_home(makeTool({})),
      m_smaller(makeTool(QStringLiteral("−"))),
      m_usual(makeTool({})),
      m_larger(makeTool(QStringLiteral("+"))) {
  setObjectName(QStringLiteral("manual"));
  setAttribute(Qt::WA_QuitOnClose, false);  // the program ends with its main window
  setMinimumSize(560, 360);
  m_splitter->addWidget(m_sidebar);
  m_splitter->addWidget(makePage());
  m_splitter->setProperty("look", "line");
  m_splitter->setHandleWidth(1);
  m_splitter->setChildrenCollapsible(false);
  m_splitter->setStretchFactor(1, 1);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(m_splitter);
  connectParts();
  addKeys();
  restoreLook();
  load();
}

ManualWindow::~ManualWindow() {
  if (isVisible()) close();
}

QToolButton* ManualWindow::makeTool(const QString& sign) {
  auto* tool = new QToolButton;
  tool->setText(sign);
  tool->setProperty("look", "button");
  tool->setFocusPolicy(Qt::TabFocus);
  return tool;
}

QWidget* ManualWindow::makePage() {
  auto* page = new QWidget;
  auto* row = new QHBoxLayout;
  row->setContentsMargins(12, 12, 12, 8);
  row->setSpacing(6);
  for (auto* tool : {m_back, m_forward, m_home}) row->addWidget(tool);
  row->addStretch();
  for (auto* tool : {m_smaller, m_usual, m_larger}) row->addWidget(tool);
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addLayout(row);
  column->addWidget(makeRule());
  column->addWidget(m_view, 1);
  return page;
}

void ManualWindow::connectParts() {
  connect(m_back, &QToolButton::clicked, this, &ManualWindow::goBack);
  connect(m_forward, &QToolButton::clicked, this, &ManualWindow::goForward);
  connect(m_home, &QToolButton::clicked, this, &ManualWindow::goHome);
  connect(m_smaller, &QToolButton::clicked, this, [this] { m_view->setZoom(m_view->zoom() - zoomStep); });
  connect(m_usual, &QToolButton::clicked, this, [this] { m_view->setZoom(ManualView::usual); });
  connect(m_larger, &QToolButton::clicked, this, [this] { m_view->setZoom(m_view->zoom() + zoomStep); });
  connect(m_view, &ManualView::zoomChanged, this, &ManualWindow::showZoom);
  connect(m_view, &ManualView::linkAsked, this,
          [this](const QString& target) { go(ManualPlace::parse(target, m_place.file)); });
  connect(m_sidebar, &ManualSidebar::wanted, this,
          [this](const ManualPlace& place, const std::vector<SearchTerm>& terms) {
            go(place);
            m_view->markTerms(terms);
            m_view->revealMark(m_pages->sectionOf(*m_pages->find(place.file), place.anchor));
          });
}

void ManualWindow::addKeys() {
  const auto add = [this](const QList<QKeySequence>& keys, auto act) {
    auto* action = new QAction(this);
    action->setShortcuts(keys);
    connect(action, &QAction::triggered, this, act);
    addAction(action);
  };
  add({backKeys, Qt::Key_Back}, &ManualWindow::goBack);
  add({forwardKeys, Qt::Key_Forward}, &ManualWindow::goForward);
  add({homeKeys, QKeySequence::HelpContents}, &ManualWindow::goHome);
  add({QKeySequence::Find}, [this] { m_sidebar->focusSearch(); });
  add({Qt::Key_Escape}, &ManualWindow::escape);
  // The plus of many keyboards needs Shift; without, the key is an equals sign.
  add({largerKeys, Qt::CTRL | Qt::Key_Equal}, [this] { m_view->setZoom(m_view->zoom() + zoomStep); });
  add({smallerKeys}, [this] { m_view->setZoom(m_view->zoom() - zoomStep); });
  add({usualKeys}, [this] { m_view->setZoom(ManualView::usual); });
}

void ManualWindow::restoreLook() {
  if (!restoreGeometry(settings::value("manualGeometry").toByteArray())) resize(1040, 760);
  if (!m_splitter->restoreState(settings::value("manualSplitter").toByteArray()))
    m_splitter->setSizes({290, 750});
  m_view->setZoom(settings::value("manualZoom", ManualView::usual).toInt());
}

void ManualWindow::load() {
  m_pages = std::make_shared<ManualPages>(language::current(), m_root);
  m_sidebar->setPages(m_pages);
  retranslate();
  if (m_place.file.isEmpty()) return;  // nothing was asked for yet
  const ManualPage* page = m_pages->find(m_place.file);
  const int section = m_view->sectionAtTop();  // of the other language, which has the same ones
  m_view->showPage(m_pages, *page);
  m_view->scrollToSection(section);
  m_sidebar->select(*page, section);
}

void ManualWindow::retranslate() {
  setWindowTitle(tr("Lapidary manual"));
  m_view->setAccessibleName(tr("Page"));
  m_home->setText(tr("Home"));
  describe(m_back, tr("Back"), backKeys);
  describe(m_forward, tr("Forward"), forwardKeys);
  describe(m_home, tr("Home"), homeKeys);
  describe(m_smaller, tr("Smaller text"), smallerKeys);
  describe(m_usual, tr("Usual size of the text"), usualKeys);
  describe(m_larger, tr("Larger text"), largerKeys);
  showZoom();
}

void ManualWindow::open(const QString& topic) {
  if (isMinimized()) showNormal();
  show();
  raise();
  activateWindow();
  const ManualPlace place = ManualPlace::parse(topic);
  m_pages->find(place.file) != nullptr ? go(place) : goHome();
  m_view->setFocus(Qt::OtherFocusReason);
}

void ManualWindow::leave() {
  if (!m_place.file.isEmpty()) m_history.noteScroll(m_view->verticalScrollBar()->value());
}

void ManualWindow::go(const ManualPlace& place) {
  if (m_pages->find(place.file) == nullptr) return;
  leave();
  m_history.go(place);
  showVisit({place});
}

void ManualWindow::goHome() { go({m_pages->homeFile(), {}}); }

void ManualWindow::goBack() {
  leave();
  if (m_history.canGoBack()) showVisit(m_history.back());
}

void ManualWindow::goForward() {
  leave();
  if (m_history.canGoForward()) showVisit(m_history.forward());
}

void ManualWindow::showVisit(const ManualHistory::Visit& visit) {
  m_place = visit.place;
  m_back->setEnabled(m_history.canGoBack());
  m_forward->setEnabled(m_history.canGoForward());
  const ManualPage* page = m_pages->find(m_place.file);
  if (page == nullptr) return;
  m_view->showPage(m_pages, *page);
  const int section = m_pages->sectionOf(*page, m_place.anchor);
  m_view->scrollToSection(section);
  if (visit.scroll >= 0) m_view->verticalScrollBar()->setValue(visit.scroll);
  m_sidebar->select(*page, section);
}

void ManualWindow::escape() {
  if (m_sidebar->clearSearch())
    m_view->markTerms({});
  else
    close();
}

void ManualWindow::showZoom() {
  m_usual->setText(QStringLiteral("%1 %").arg(m_view->zoom()));
  m_smaller->setEnabled(m_view->zoom() > ManualView::smallest);
  m_larger->setEnabled(m_view->zoom() < ManualView::largest);
}

void ManualWindow::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::LanguageChange) load();
}

void ManualWindow::closeEvent(QCloseEvent* event) {
  settings::setValue("manualGeometry", saveGeometry());
  settings::setValue("manualSplitter", m_splitter->saveState());
  settings::setValue("manualZoom", m_view->zoom());
  event->accept();
}

void ManualWindow::mousePressEvent(QMouseEvent* event) {
  if (event->button() == Qt::BackButton)
    goBack();
  else if (event->button() == Qt::ForwardButton)
    goForward();
  else
    QWidget::mousePressEvent(event);
}

}  // namespace lapidary::ui
