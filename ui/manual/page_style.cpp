// SPDX-License-Identifier: GPL-3.0-or-later
// Walks the blocks, fragments and tables of the document.
#include "ui/manual/page_style.h"

#include <QFontDatabase>
#include <QImage>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocument>
#include <QTextFrame>
#include <QTextList>
#include <QTextTable>
#include <QUrl>
#include <algorithm>
#include <cmath>
#include <vector>

#include "ui/look/theme.h"

namespace lapidary::ui {

namespace {

struct Piece {
  int start, length;
  QTextCharFormat format;
};

std::vector<Piece> piecesOf(const QTextBlock& block) {
  std::vector<Piece> pieces;
  for (auto it = block.begin(); !it.atEnd(); ++it) {
    const QTextFragment fragment = it.fragment();
    pieces.push_back({fragment.position(), fragment.length(), fragment.charFormat()});
  }
  return pieces;
}

/// All of them first: changing formats while walking moves the fragments.
std::vector<Piece> piecesOf(const QTextDocument& document) {
  std::vector<Piece> pieces;
  for (QTextBlock block = document.begin(); block.isValid(); block = block.next())
    for (const Piece& piece : piecesOf(block)) pieces.push_back(piece);
  return pieces;
}

QTextCursor selected(QTextDocument& document, const Piece& piece) {
  QTextCursor cursor(&document);
  cursor.setPosition(piece.start);
  cursor.setPosition(piece.start + piece.length, QTextCursor::KeepAnchor);
  return cursor;
}

double scaleOf(int level) { return level == 1 ? 1.75 : level == 2 ? 1.35 : level == 3 ? 1.12 : 1.0; }

bool isCode(const QTextBlockFormat& format) {
  return format.hasProperty(QTextFormat::BlockCodeFence) ||
         format.hasProperty(QTextFormat::BlockCodeLanguage) || format.nonBreakableLines();
}

/// The height of a line that holds a picture is that of the picture, and not to be multiplied.
bool hasPicture(const QTextBlock& block) { return block.text().contains(QChar::ObjectReplacementCharacter); }

class PageStyle {
 public:
  PageStyle(QTextDocument& document, int pixels) : m_document(document), m_pixels(pixels) {
    m_code = QFontDatabase::systemFont(QFontDatabase::FixedFont).families();
    m_code << QStringLiteral("Noto Sans CJK SC") << QStringLiteral("WenQuanYi Micro Hei Mono");
  }

  void apply() {
    styleRoot();
    for (QTextBlock block = m_document.begin(); block.isValid(); block = block.next()) styleBlock(block);
    for (const Piece& piece : piecesOf(m_document)) stylePiece(piece);
    styleTables(m_document.rootFrame());
  }

 private:
  QColor color(Role role) const { return Theme::instance().color(role); }
  double em(double times) const { return times * m_pixels; }

  void styleRoot() {
    QTextFrameFormat format = m_document.rootFrame()->frameFormat();
    format.setMargin(em(1.6));
    m_document.rootFrame()->setFrameFormat(format);
  }

  void styleBlock(const QTextBlock& block) {
    QTextBlockFormat format = block.blockFormat();
    QTextCursor cursor(block);
    const int level = format.headingLevel();
    if (level > 0)
      styleHeading(block, format, level);
    else if (isCode(format))
      styleCode(block, format);
    else
      styleText(block, format);
    cursor.setBlockFormat(format);
  }

  void styleHeading(const QTextBlock& block, QTextBlockFormat& format, int level) {
    format.setTopMargin(level == 1 ? 0 : em(level == 2 ? 1.5 : 1.1));
    format.setBottomMargin(em(0.5));
    QTextCharFormat characters;
    QFont font = m_document.defaultFont();
    font.setPixelSize(static_cast<int>(std::lround(em(scaleOf(level)))));
    font.setWeight(QFont::Bold);
    characters.setFont(font);
    characters.setForeground(color(Role::Text));
    QTextCursor cursor(block);
    cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
    cursor.mergeCharFormat(characters);
  }

  void styleCode(const QTextBlock& block, QTextBlockFormat& format) {
    const bool first = !isCode(block.previous().blockFormat());
    const bool last = !block.next().isValid() || !isCode(block.next().blockFormat());
    format.setBackground(color(Role::Ground));
    format.setTopMargin(first ? em(0.3) : 0);
    format.setBottomMargin(last ? em(0.9) : 0);
    format.setNonBreakableLines(false);  // a long line is folded, not cut off
  }

  void styleText(const QTextBlock& block, QTextBlockFormat& format) const {
    const bool inTable = QTextCursor(block).currentTable() != nullptr;
    const bool inList = block.textList() != nullptr;
    format.setLineHeight(hasPicture(block) ? 100 : inTable ? 120 : 140, QTextBlockFormat::ProportionalHeight);
    format.setTopMargin(0);
    format.setBottomMargin(inTable ? 0 : em(inList ? 0.3 : 0.75));
    if (format.hasProperty(QTextFormat::BlockQuoteLevel)) {
      format.setLeftMargin(em(1.2));
      format.setRightMargin(em(1.2));
    }
  }

  void stylePiece(const Piece& piece) {
    QTextCharFormat format;
    const QTextBlock block = m_document.findBlock(piece.start);
    const bool quoted = block.blockFormat().hasProperty(QTextFormat::BlockQuoteLevel);
    if (piece.format.fontFixedPitch() || isCode(block.blockFormat())) {
      format.setFontFamilies(m_code);
      format.setProperty(QTextFormat::FontPixelSize, static_cast<int>(std::lround(em(0.92))));
      if (!isCode(block.blockFormat())) format.setBackground(color(Role::Ground));
    }
    if (quoted) format.setForeground(color(Role::Muted));
    if (!piece.format.anchorHref().isEmpty()) {
      format.setForeground(color(Role::Cut));
      format.setFontUnderline(false);
    }
    if (!format.isEmpty()) selected(m_document, piece).mergeCharFormat(format);
  }

  void styleTables(QTextFrame* frame) {
    for (QTextFrame* child : frame->childFrames()) {
      if (auto* table = qobject_cast<QTextTable*>(child)) styleTable(*table);
      styleTables(child);
    }
  }

  void styleTable(QTextTable& table) {
    QTextTableFormat format = table.format();
    format.setBorder(1);
    format.setBorderStyle(QTextFrameFormat::BorderStyle_Solid);
    format.setBorderBrush(color(Role::Line));
    format.setBorderCollapse(true);
    format.setCellPadding(em(0.4));
    format.setCellSpacing(0);
    format.setBottomMargin(em(0.9));
    format.setWidth(QTextLength(QTextLength::PercentageLength, 100));
    table.setFormat(format);
    for (int column = 0; column < table.columns(); ++column) {
      QTextTableCell cell = table.cellAt(0, column);
      QTextCharFormat head = cell.format();
      head.setBackground(color(Role::Ground));
      cell.setFormat(head);
    }
  }

  QTextDocument& m_document;
  int m_pixels;
  QStringList m_code;
};

}  // namespace

bool isExternal(const QString& link) {
  return !QUrl(link).scheme().isEmpty() || link.startsWith(QLatin1String("//"));
}

void stylePage(QTextDocument& document, int pixels) { PageStyle(document, pixels).apply(); }

void spellOutExternalLinks(QTextDocument& document) {
  std::vector<Piece> pieces = piecesOf(document);
  for (auto piece = pieces.rbegin(); piece != pieces.rend(); ++piece) {  // from the end: places stay right
    const QString link = piece->format.anchorHref();
    if (link.isEmpty() || !isExternal(link)) continue;
    QTextCursor cursor = selected(document, *piece);
    const bool named = cursor.selectedText() != link;
    const bool ends = piece == pieces.rbegin() || (piece - 1)->format.anchorHref() != link;
    QTextCharFormat plain = piece->format;
    for (const auto property : {QTextFormat::IsAnchor, QTextFormat::AnchorHref, QTextFormat::ForegroundBrush,
                                QTextFormat::FontUnderline, QTextFormat::TextUnderlineStyle})
      plain.clearProperty(property);
    cursor.setCharFormat(plain);
    cursor.setPosition(piece->start + piece->length);
    if (named && ends) cursor.insertText(QStringLiteral(" (%1)").arg(link), plain);
  }
}

void fitPictures(QTextDocument& document, int width) {
  for (const Piece& piece : piecesOf(document)) {
    if (!piece.format.isImageFormat()) continue;
    QTextImageFormat format = piece.format.toImageFormat();
    const auto picture = document.resource(QTextDocument::ImageResource, QUrl(format.name())).value<QImage>();
    if (picture.isNull()) continue;
    const double shown = std::min(picture.width(), width);
    format.setWidth(shown);
    format.setHeight(shown * picture.height() / picture.width());
    selected(document, piece).setCharFormat(format);
  }
}

}  // namespace lapidary::ui
