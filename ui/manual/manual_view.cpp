// SPDX-License-Identifier: GPL-3.0-or-later
// Rendering, pictures from the manual's own folder, and scrolling to headings, for which Qt makes no anchors.
#include "ui/manual/manual_view.h"

#include <QAbstractTextDocumentLayout>
#include <QImage>
#include <QKeyEvent>
#include <QScrollBar>
#include <QTextBlock>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "ui/look/theme.h"
#include "ui/manual/folded_text.h"
#include "ui/manual/manual_pages.h"
#include "ui/manual/page_style.h"

namespace lapidary::ui {

namespace {
constexpr int textPixels = 14;
constexpr int headingGap = 8;  // above a heading that was scrolled to
}  // namespace

ManualView::ManualView(QWidget* parent) : QTextBrowser(parent) {
  setOpenLinks(false);
  setUndoRedoEnabled(false);
  setStyleSheet(QStringLiteral("lapidary--ui--ManualView { border: none; border-radius: 0; padding: 0; }"));
  connect(this, &QTextBrowser::anchorClicked, this, [this](const QUrl& url) {
    if (!isExternal(url.toString())) emit linkAsked(url.toString());
  });
  connect(&Theme::instance(), &Theme::changed, this, &ManualView::restyle);
}

void ManualView::showPage(std::shared_ptr<const ManualPages> pages, const ManualPage& page) {
  m_pages = std::move(pages);
  m_markdown = page.markdown;
  m_lead = !page.sections.empty() && page.sections.front().level == 0;
  m_marked.clear();
  render();
  scrollToSection(-1);
}

void ManualView::render() {
  const int pixels = static_cast<int>(std::lround(textPixels * m_zoom / 100.0));
  QFont font = Theme::instance().body();
  font.setPixelSize(pixels);
  document()->setDefaultFont(font);
  document()->setDocumentMargin(0);
  setMarkdown(m_markdown);
  spellOutExternalLinks(*document());
  stylePage(*document(), pixels);
  fitPictures(*document(), pictureWidth());
  QTextCursor start = textCursor();
  start.movePosition(QTextCursor::Start);
  setTextCursor(start);
  markTerms(m_marked);
}

void ManualView::restyle() {
  if (m_pages == nullptr) return;
  const QScrollBar* bar = verticalScrollBar();
  const double share = bar->maximum() > 0 ? static_cast<double>(bar->value()) / bar->maximum() : 0;
  render();
  verticalScrollBar()->setValue(static_cast<int>(std::lround(share * verticalScrollBar()->maximum())));
}

/// The position in the document at which the heading of a section begins; 0 for the top.
int ManualView::positionOf(int section) const {
  const std::vector<int> positions = headingPositions(*document());
  const int heading = section - (m_lead ? 1 : 0);
  const bool known = heading > 0 && heading < static_cast<int>(positions.size());
  return known ? positions[static_cast<std::size_t>(heading)] : 0;
}

void ManualView::scrollToSection(int section) {
  const int position = positionOf(section);
  const QRectF box = document()->documentLayout()->blockBoundingRect(document()->findBlock(position));
  verticalScrollBar()->setValue(position == 0 ? 0 : static_cast<int>(box.top()) - headingGap);
}

void ManualView::revealMark(int section) {
  const int from = positionOf(section);
  const auto after = [from](const ExtraSelection& mark) { return mark.cursor.selectionStart() >= from; };
  const auto marks = extraSelections();
  const auto first = std::find_if(marks.begin(), marks.end(), after);
  if (first == marks.end()) return;
  const int bottom = cursorRect(first->cursor).bottom();
  if (bottom > viewport()->height())
    verticalScrollBar()->setValue(verticalScrollBar()->value() + bottom - viewport()->height() / 3);
}

int ManualView::sectionAtTop() const {
  const int top = verticalScrollBar()->value() + 2 * headingGap;
  int section = m_lead ? 0 : -1;
  for (const int position : headingPositions(*document())) {
    const QRectF box = document()->documentLayout()->blockBoundingRect(document()->findBlock(position));
    if (box.top() > top) break;
    ++section;
  }
  return section;
}

void ManualView::setZoom(int percent) {
  const int bounded = std::clamp(percent, smallest, largest);
  if (bounded == m_zoom) return;
  m_zoom = bounded;
  restyle();
  emit zoomChanged();
}

void ManualView::markTerms(const std::vector<SearchTerm>& terms) {
  m_marked = terms;
  const FoldedText folded = foldedText(document()->toRawText());
  QTextCharFormat look;
  look.setBackground(Theme::instance().color(Role::CutSoft));
  QList<ExtraSelection> marks;
  for (const SearchTerm& term : terms)
    for (const Occurrence& seen : occurrencesOf(term, folded.text)) {
      const auto [start, length] = folded.originOf(seen.start, seen.length);
      QTextCursor cursor(document());
      cursor.setPosition(static_cast<int>(start));
      cursor.setPosition(static_cast<int>(start + length), QTextCursor::KeepAnchor);
      marks.append({cursor, look});
    }
  std::sort(marks.begin(), marks.end(), [](const ExtraSelection& a, const ExtraSelection& b) {
    return a.cursor.selectionStart() < b.cursor.selectionStart();
  });
  setExtraSelections(marks);
}

QVariant ManualView::loadResource(int type, const QUrl& name) {
  if (type != QTextDocument::ImageResource || m_pages == nullptr || isExternal(name.toString())) return {};
  const QString path = m_pages->picturePath(name.path());
  return path.isEmpty() ? QVariant() : QImage(path);
}

int ManualView::pictureWidth() const {
  const double margins = 2 * document()->rootFrame()->frameFormat().leftMargin();
  return std::max(120, static_cast<int>(viewport()->width() - margins));
}

void ManualView::resizeEvent(QResizeEvent* event) {
  const int section = sectionAtTop();
  QTextBrowser::resizeEvent(event);
  fitPictures(*document(), pictureWidth());
  if (section > 0 && event->oldSize().width() != event->size().width()) scrollToSection(section);
}

void ManualView::wheelEvent(QWheelEvent* event) {
  if (!event->modifiers().testFlag(Qt::ControlModifier)) return QTextBrowser::wheelEvent(event);
  setZoom(m_zoom + (event->angleDelta().y() > 0 ? 10 : -10));
  event->accept();
}

void ManualView::keyPressEvent(QKeyEvent* event) {
  // The browser's own history knows nothing of these pages.
  if (event->modifiers().testFlag(Qt::AltModifier)) return event->ignore();
  QTextBrowser::keyPressEvent(event);
}

void ManualView::doSetSource(const QUrl&, QTextDocument::ResourceType) {}

}  // namespace lapidary::ui
