// SPDX-License-Identifier: GPL-3.0-or-later
// The pages of the manual in one language; where a page has no translation, the English one stands in.
#pragma once

#include <QString>
#include <QStringList>
#include <vector>

#include "ui/manual/markdown_outline.h"

namespace lapidary::ui {

struct ManualPage {
  QString file;      ///< "cut.md"
  QString title;     ///< its first heading
  QString markdown;  ///< as it is to be shown: with a sentence atop where the translation is missing
  std::vector<MarkdownSection> sections;
  bool translated = true;
};

/// A place in the manual: "cut.md#channels", "cut.md", or "#channels" of the page that it is said on.
struct ManualPlace {
  QString file, anchor;

  static ManualPlace parse(const QString& target, const QString& currentFile = {});
  QString text() const { return anchor.isEmpty() ? file : file + QLatin1Char('#') + anchor; }
};

class ManualPages {
 public:
  /// `root` holds a folder for each language and pages.json; by itself the one compiled in.
  explicit ManualPages(const QString& language, const QString& root = QStringLiteral(":/manual"));

  /// The home page first, then the others in the order in which it links to them.
  const std::vector<ManualPage>& pages() const { return m_pages; }
  const ManualPage* find(const QString& file) const;  ///< null: there is no such page
  const QString& homeFile() const { return m_home; }

  /// The index of the section that an anchor names, -1 if none. Anchors of the English page are understood in
  /// every language, as the heading in the same place: the table of the help key has no others.
  int sectionOf(const ManualPage& page, const QString& anchor) const;
  /// The file that a page names as a picture; empty if there is none.
  QString picturePath(const QString& name) const;

 private:
  QString read(const QString& language, const QString& file) const;
  void load(const QString& file);
  void sortAsHomeLinks();

  QString m_root, m_language, m_home;
  std::vector<ManualPage> m_pages;
};

}  // namespace lapidary::ui
