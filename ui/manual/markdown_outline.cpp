// SPDX-License-Identifier: GPL-3.0-or-later
// Qt's own reader of Markdown is asked, so that nothing is understood in two ways.
#include "ui/manual/markdown_outline.h"

#include <QHash>
#include <QTextBlock>
#include <QTextDocument>

namespace lapidary::ui {

namespace {

QString anchorOf(const QString& heading) {
  QString anchor;
  for (const QChar c : heading.toLower())
    if (c.isSpace())
      anchor += QLatin1Char('-');
    else if (c.isLetterOrNumber() || c == QLatin1Char('-') || c == QLatin1Char('_'))
      anchor += c;
  return anchor;
}

template <class See>
void eachFragment(const QTextDocument& document, See&& see) {
  for (QTextBlock block = document.begin(); block.isValid(); block = block.next())
    for (auto it = block.begin(); !it.atEnd(); ++it) see(it.fragment().charFormat());
}

QString plainText(const QTextBlock& block) {
  return block.text().remove(QChar::ObjectReplacementCharacter).simplified();
}

}  // namespace

std::vector<MarkdownSection> sectionsOf(const QTextDocument& document) {
  std::vector<MarkdownSection> sections;
  QHash<QString, int> seen;
  for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
    const QString text = plainText(block);
    if (const int level = block.blockFormat().headingLevel(); level > 0) {
      QString anchor = anchorOf(text);
      if (const int earlier = seen[anchor]++; earlier > 0) anchor += QStringLiteral("-%1").arg(earlier);
      sections.push_back({level, text, anchor, {}});
      continue;
    }
    if (text.isEmpty()) continue;
    if (sections.empty()) sections.emplace_back();
    QString& below = sections.back().text;
    if (!below.isEmpty()) below += QLatin1Char('\n');
    below += text;
  }
  return sections;
}

std::vector<MarkdownSection> sectionsOf(const QString& markdown) {
  QTextDocument document;
  document.setMarkdown(markdown);
  return sectionsOf(document);
}

QStringList linksOf(const QString& markdown) {
  QTextDocument document;
  document.setMarkdown(markdown);
  QStringList links;
  eachFragment(document, [&](const QTextCharFormat& format) {
    if (!format.anchorHref().isEmpty()) links << format.anchorHref();
  });
  links.removeDuplicates();
  return links;
}

QStringList picturesOf(const QString& markdown) {
  QTextDocument document;
  document.setMarkdown(markdown);
  QStringList pictures;
  eachFragment(document, [&](const QTextCharFormat& format) {
    if (format.isImageFormat()) pictures << format.toImageFormat().name();
  });
  return pictures;
}

std::vector<int> headingPositions(const QTextDocument& document) {
  std::vector<int> positions;
  for (QTextBlock block = document.begin(); block.isValid(); block = block.next())
    if (block.blockFormat().headingLevel() > 0) positions.push_back(block.position());
  return positions;
}

}  // namespace lapidary::ui
