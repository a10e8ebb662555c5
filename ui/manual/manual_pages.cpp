// SPDX-License-Identifier: GPL-3.0-or-later
// Reading, the stand-in for what is not translated, and anchors across languages.
#include "ui/manual/manual_pages.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QUrl>
#include <algorithm>

namespace lapidary::ui {

namespace {

struct Tr {
  Q_DECLARE_TR_FUNCTIONS(Manual)
};

const QString originalLanguage = QStringLiteral("en");

int indexOf(const std::vector<MarkdownSection>& sections, const QString& anchor) {
  const auto named = [&](const MarkdownSection& section) {
    return section.level > 0 && (section.anchor == anchor || section.heading.toLower() == anchor);
  };
  const auto found = std::find_if(sections.begin(), sections.end(), named);
  return found == sections.end() ? -1 : static_cast<int>(found - sections.begin());
}

QString titleOf(const std::vector<MarkdownSection>& sections, const QString& file) {
  for (const auto& section : sections)
    if (section.level > 0) return section.heading;
  return QFileInfo(file).completeBaseName();
}

/// As a quotation below the title, so that the title stays the first heading.
QString withNotice(const QString& markdown) {
  const QString notice =
      QStringLiteral("> ") + Tr::tr("This page is not translated yet; it is shown in English.");
  const qsizetype end = markdown.startsWith(QLatin1String("# ")) ? markdown.indexOf(QLatin1Char('\n')) : 0;
  if (end < 0) return markdown + QStringLiteral("\n\n") + notice;
  return markdown.left(end) + QStringLiteral("\n\n") + notice + QStringLiteral("\n\n") + markdown.mid(end);
}

}  // namespace

ManualPlace ManualPlace::parse(const QString& target, const QString& currentFile) {
  const qsizetype mark = target.indexOf(QLatin1Char('#'));
  const QString file = mark < 0 ? target : target.left(mark);
  const QString anchor = mark < 0 ? QString() : target.mid(mark + 1);
  return {file.isEmpty() ? currentFile : QFileInfo(file).fileName(),
          QUrl::fromPercentEncoding(anchor.toUtf8()).toLower()};
}

ManualPages::ManualPages(const QString& language, const QString& root)
    : m_root(root), m_language(language), m_home(QStringLiteral("index.md")) {
  QStringList files =
      QDir(m_root + QLatin1Char('/') + originalLanguage).entryList({"*.md"}, QDir::Files, QDir::Name);
  files += QDir(m_root + QLatin1Char('/') + m_language).entryList({"*.md"}, QDir::Files, QDir::Name);
  files.removeDuplicates();
  m_pages.reserve(static_cast<std::size_t>(files.size()));
  for (const QString& file : files) load(file);
  sortAsHomeLinks();
}

QString ManualPages::read(const QString& language, const QString& file) const {
  QFile source(QStringLiteral("%1/%2/%3").arg(m_root, language, file));
  return source.open(QIODevice::ReadOnly) ? QString::fromUtf8(source.readAll()) : QString();
}

void ManualPages::load(const QString& file) {
  ManualPage page{file, {}, read(m_language, file), {}, true};
  if (page.markdown.isEmpty()) {
    page.markdown = withNotice(read(originalLanguage, file));
    page.translated = false;
  }
  page.sections = sectionsOf(page.markdown);
  page.title = titleOf(page.sections, file);
  m_pages.push_back(std::move(page));
}

void ManualPages::sortAsHomeLinks() {
  const ManualPage* home = find(m_home);
  if (home == nullptr) {
    if (!m_pages.empty()) m_home = m_pages.front().file;
    return;
  }
  QStringList order{m_home};
  // What is said before the first part is an introduction, and no list.
  const QString lists =
      home->markdown.mid(std::max<qsizetype>(0, home->markdown.indexOf(QLatin1String("\n## "))));
  for (const QString& link : linksOf(lists) + linksOf(home->markdown))
    order << ManualPlace::parse(link, m_home).file;
  const auto rank = [&order](const ManualPage& page) {
    const qsizetype at = order.indexOf(page.file);
    return at < 0 ? order.size() : at;
  };
  std::stable_sort(m_pages.begin(), m_pages.end(),
                   [&](const ManualPage& a, const ManualPage& b) { return rank(a) < rank(b); });
}

const ManualPage* ManualPages::find(const QString& file) const {
  const auto found =
      std::find_if(m_pages.begin(), m_pages.end(), [&](const ManualPage& page) { return page.file == file; });
  return found == m_pages.end() ? nullptr : &*found;
}

int ManualPages::sectionOf(const ManualPage& page, const QString& anchor) const {
  if (anchor.isEmpty()) return -1;
  if (const int own = indexOf(page.sections, anchor); own >= 0) return own;
  if (m_language == originalLanguage || !page.translated) return -1;
  const int same = indexOf(sectionsOf(read(originalLanguage, page.file)), anchor);
  return same < static_cast<int>(page.sections.size()) ? same : -1;
}

QString ManualPages::picturePath(const QString& name) const {
  for (const QString& base :
       {m_root + QLatin1Char('/') + m_language, m_root, m_root + QLatin1Char('/') + originalLanguage}) {
    const QString path = QDir::cleanPath(base + QLatin1Char('/') + name);
    if (path.startsWith(m_root) && QFileInfo(path).isFile()) return path;
  }
  return {};
}

}  // namespace lapidary::ui
