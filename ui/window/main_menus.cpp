// SPDX-License-Identifier: GPL-3.0-or-later
// The actions of File, Edit, View and Help, in their order.
#include "ui/window/main_menus.h"

#include <QActionGroup>
#include <QCoreApplication>
#include <QFileInfo>
#include <QMenu>
#include <QMenuBar>

#include "ui/files/recent_files.h"
#include "ui/window/main_window.h"
#include "ui/window/top_bar.h"
#include "ui/window/window_actions.h"

namespace lapidary::ui {

namespace {

struct MenuTr {
  Q_DECLARE_TR_FUNCTIONS(Menus)
};

/// Fills one menu with actions of the table.
class MenuFiller {
 public:
  MenuFiller(MainWindow& window, const QString& title)
      : m_actions(window.actions()), m_menu(window.topBar()->menus()->addMenu(title)) {
    m_menu->setToolTipsVisible(true);
  }

  /// An empty id is a line.
  void add(std::initializer_list<const char*> ids) {
    for (const char* id : ids)
      if (*id == '\0')
        m_menu->addSeparator();
      else
        m_menu->addAction(m_actions.at(QLatin1String(id)));
  }
  void addAll(const QString& prefix) { m_menu->addActions(m_actions.startingWith(prefix)); }
  QMenu* submenu(const QString& title) {
    QMenu* menu = m_menu->addMenu(title);
    menu->setToolTipsVisible(true);
    return menu;
  }
  /// The actions whose ids start so; of those with a mark, one has it.
  void addSubmenu(const QString& title, const QString& prefix) {
    QMenu* menu = submenu(title);
    auto* group = new QActionGroup(menu);
    for (QAction* action : m_actions.startingWith(prefix)) {
      menu->addAction(action);
      if (action->isCheckable()) group->addAction(action);
    }
  }

 private:
  WindowActions& m_actions;
  QMenu* m_menu;
};

/// Files are no actions: they come and go.
void fillRecent(QMenu* menu, MainWindow& window) {
  QObject::connect(menu, &QMenu::aboutToShow, menu, [menu, &window] {
    menu->clear();
    for (const auto& path : recent_files::list())
      menu->addAction(QFileInfo(path).fileName(), menu, [path, &window] { window.openPath(path); })
          ->setToolTip(path);
    if (menu->isEmpty()) menu->addAction(MenuTr::tr("Nothing yet"))->setEnabled(false);
  });
}

void buildFile(MainWindow& window) {
  MenuFiller file(window, MenuTr::tr("&File"));
  file.add({"file.openModel", "file.openData", "file.dataPart", "file.preprocessing"});
  file.addSubmenu(MenuTr::tr("Open demo"), QStringLiteral("file.demo."));
  QMenu* recent = file.submenu(MenuTr::tr("Recent"));
  recent->setObjectName(QStringLiteral("recent"));
  fillRecent(recent, window);
  file.add({"file.audit", "", "file.openSession", "file.saveSession", "file.saveSessionAs", "", "file.export",
            "file.close", "", "file.quit"});
}

void buildEdit(MainWindow& window) {
  MenuFiller edit(window, MenuTr::tr("&Edit"));
  edit.add({"edit.undo", "edit.redo", "", "edit.resetLayer", "edit.resetAll", "edit.applyToSame", "",
            "edit.search", "edit.repair", "edit.distil", "", "edit.copyRecipe", "edit.pasteRecipe", "",
            "edit.selectAll", "edit.filter", "", "edit.settings"});
}

void buildView(MainWindow& window) {
  MenuFiller view(window, MenuTr::tr("&View"));
  view.addAll(QStringLiteral("view.tab."));
  view.add({"", "view.layersPanel", "view.cutPanel", "", "view.original", ""});
  view.addSubmenu(MenuTr::tr("Theme"), QStringLiteral("view.theme."));
  view.addSubmenu(MenuTr::tr("Memory"), QStringLiteral("view.memory."));
  view.addSubmenu(MenuTr::tr("Calibration"), QStringLiteral("view.calibration."));
  view.addSubmenu(MenuTr::tr("Language"), QStringLiteral("view.language."));
}

void buildHelp(MainWindow& window) {
  MenuFiller help(window, MenuTr::tr("&Help"));
  help.add({"help.manual", "help.shortcuts", "help.about"});
}

}  // namespace

void buildMenus(MainWindow& window) {
  buildFile(window);
  buildEdit(window);
  buildView(window);
  buildHelp(window);
}

}  // namespace lapidary::ui
