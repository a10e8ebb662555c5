// File, Edit, View and Help.
#include "ui/window/main_menus.h"

#include <QActionGroup>
#include <QCoreApplication>
#include <QFileInfo>
#include <QMenu>
#include <QMenuBar>
#include <QTabWidget>
#include <functional>

#include "ui/cut/cut_panel.h"
#include "ui/dialogs/about_dialog.h"
#include "ui/files/recent_files.h"
#include "ui/layers/layers_panel.h"
#include "ui/look/language.h"
#include "ui/look/remembered_choice.h"
#include "ui/look/theme.h"
#include "ui/manual/help.h"
#include "ui/window/main_window.h"
#include "ui/window/top_bar.h"
#include "ui/window/workspace.h"

namespace lapidary::ui {

namespace {

struct Tr {
  Q_DECLARE_TR_FUNCTIONS(Menus)
};

/// Adds entries to one menu; those that need an open model are enabled along with it.
class MenuBuilder {
 public:
  MenuBuilder(MainWindow& window, const QString& title)
      : m_window(window), m_menu(window.topBar()->menus()->addMenu(title)) {}

  template <class Action>
  QAction* add(const QString& text, const QKeySequence& keys, bool needsModel, Action&& action) {
    auto* entry = m_menu->addAction(text);
    entry->setShortcut(keys);
    QObject::connect(entry, &QAction::triggered, m_menu, std::forward<Action>(action));
    if (needsModel) follow(entry);
    return entry;
  }
  void separate() { m_menu->addSeparator(); }
  QMenu* submenu(const QString& title) { return m_menu->addMenu(title); }
  QMenu* menu() const { return m_menu; }

 private:
  void follow(QAction* entry) {
    const auto refresh = [entry, &window = m_window] {
      entry->setEnabled(window.document().session() != nullptr);
    };
    QObject::connect(&m_window.document(), &Document::opened, entry, refresh);
    refresh();
  }

  MainWindow& m_window;
  QMenu* m_menu;
};

void fillRecent(QMenu* menu, MainWindow& window) {
  QObject::connect(menu, &QMenu::aboutToShow, menu, [menu, &window] {
    menu->clear();
    for (const auto& path : recent_files::list())
      menu->addAction(QFileInfo(path).fileName(), menu, [path, &window] { window.openPath(path); })
          ->setToolTip(path);
    if (menu->isEmpty()) menu->addAction(Tr::tr("Nothing yet"))->setEnabled(false);
  });
}

void buildFile(MainWindow& window) {
  MenuBuilder file(window, Tr::tr("&File"));
  file.add(Tr::tr("Open model…"), QKeySequence::Open, false, [&window] { window.openModelDialog(); });
  file.add(Tr::tr("Open data…"), QKeySequence("Ctrl+D"), true, [&window] { window.openDataDialog(); });
  file.add(Tr::tr("Preprocessing…"), QKeySequence("Ctrl+P"), true, [&window] { window.preprocessDialog(); });
  auto* demo = file.submenu(Tr::tr("Open demo"));
  demo->addAction("LeNet-5", demo, [&window] { window.openModel({"demo:lenet5", {}, {}}); });
  demo->addAction("LeNet-300-100", demo, [&window] { window.openModel({"demo:lenet300", {}, {}}); });
  fillRecent(file.submenu(Tr::tr("Recent")), window);
  file.add(Tr::tr("Audit a file…"), QKeySequence("Ctrl+Shift+U"), false, [&window] { window.auditDialog(); });
  file.separate();
  file.add(Tr::tr("Open session…"), QKeySequence("Ctrl+Shift+O"), false,
           [&window] { window.openSessionDialog(); });
  file.add(Tr::tr("Save session"), QKeySequence::Save, true, [&window] { window.saveSession(); });
  file.add(Tr::tr("Save session as…"), QKeySequence("Ctrl+Shift+S"), true,
           [&window] { window.saveSessionAs(); });
  file.separate();
  file.add(Tr::tr("Export…"), QKeySequence("Ctrl+E"), true, [&window] { window.exportDialog(); });
  file.add(Tr::tr("Close model"), QKeySequence("Ctrl+W"), true, [&window] { window.closeModel(); });
  file.separate();
  file.add(Tr::tr("Quit"), QKeySequence("Ctrl+Q"), false, [&window] { window.close(); });
}

void buildEdit(MainWindow& window) {
  MenuBuilder edit(window, Tr::tr("&Edit"));
  auto* stack = window.document().undoStack();
  const auto follow = [stack](QAction* entry, void (QUndoStack::*changed)(bool), bool now) {
    QObject::connect(stack, changed, entry, &QAction::setEnabled);
    entry->setEnabled(now);
  };
  follow(edit.add(Tr::tr("Undo"), QKeySequence::Undo, false, [stack] { stack->undo(); }),
         &QUndoStack::canUndoChanged, stack->canUndo());
  follow(edit.add(Tr::tr("Redo"), QKeySequence::Redo, false, [stack] { stack->redo(); }),
         &QUndoStack::canRedoChanged, stack->canRedo());
  edit.separate();
  edit.add(Tr::tr("Reset layer"), QKeySequence("Ctrl+R"), true,
           [&window] { window.workspace()->cut()->resetLayers(); });
  edit.add(Tr::tr("Reset all"), QKeySequence("Ctrl+Shift+R"), true,
           [&window] { window.workspace()->cut()->resetAll(); });
  edit.add(Tr::tr("Apply to all of the same operator"), QKeySequence("Ctrl+Shift+A"), true,
           [&window] { window.workspace()->cut()->applyToSameOperator(); });
  edit.separate();
  edit.add(Tr::tr("Find the best cut…"), QKeySequence("Ctrl+B"), true, [&window] { window.searchDialog(); });
  edit.add(Tr::tr("Repair the cut…"), QKeySequence("Ctrl+T"), true, [&window] { window.repairDialog(); });
  edit.add(Tr::tr("Distil a student…"), QKeySequence("Ctrl+Shift+T"), true,
           [&window] { window.distillDialog(); });
  edit.separate();
  edit.add(Tr::tr("Copy recipe"), QKeySequence("Ctrl+Shift+C"), true, [&window] { window.copyRecipe(); });
  edit.add(Tr::tr("Paste recipe"), QKeySequence("Ctrl+Shift+V"), true, [&window] { window.pasteRecipe(); });
  edit.separate();
  edit.add(Tr::tr("Select all layers"), QKeySequence("Ctrl+Alt+A"), true, [&window] {
    std::vector<core::LayerId> all;
    for (std::uint32_t i = 0; i < window.document().session()->model().layers.size(); ++i) all.push_back({i});
    window.document().select(std::move(all));
  });
  edit.add(Tr::tr("Filter layers"), QKeySequence::Find, true,
           [&window] { window.workspace()->layers()->focusFilter(); });
}

template <class Choose>
void addChoices(QMenu* menu, const QList<std::pair<QString, QVariant>>& choices, const QVariant& now,
                Choose choose) {
  auto* group = new QActionGroup(menu);
  for (const auto& [text, value] : choices) {
    auto* entry = menu->addAction(text, menu, [choose, chosen = value] { choose(chosen); });
    entry->setCheckable(true);
    entry->setChecked(value == now);
    group->addAction(entry);
  }
}

/// A choice that a session is opened with: what is open is opened again; recipe and undo stay.
void addRemembered(QMenu* menu, MainWindow& window, const RememberedChoice& choice,
                   const std::function<QString(int)>& text, const QString& tip) {
  menu->setToolTip(tip);
  menu->menuAction()->setToolTip(tip);
  QList<std::pair<QString, QVariant>> entries;
  for (const int value : choice.choices()) entries.append({text(value), value});
  addChoices(menu, entries, choice.current(), [&window, &choice](const QVariant& value) {
    choice.set(value.toInt());
    const OpenRequest& request = window.opener().current().request;
    window.opener().reopen(request.data, request.preprocess);
  });
}

void addMemory(QMenu* menu, MainWindow& window) {
  const auto text = [](int mebibytes) {
    return mebibytes < 1024 ? Tr::tr("%1 MB").arg(mebibytes) : Tr::tr("%1 GB").arg(mebibytes / 1024);
  };
  addRemembered(
      menu, window, memoryBudget(), text,
      Tr::tr("For activations and what is remembered of them, besides the weights. More memory makes "
             "moves of the sliders faster; less lets large models run on small machines."));
}

void addCalibration(QMenu* menu, MainWindow& window) {
  addRemembered(
      menu, window, calibrationSamples(),
      [](int samples) { return Tr::tr("the first %n samples", nullptr, samples); },
      Tr::tr("Samples that fix the ranges of activations and that methods such as GPTQ learn from; "
             "of fewer, all. The cut panel shows whether more would help."));
}

void buildView(MainWindow& window) {
  MenuBuilder view(window, Tr::tr("&View"));
  auto* tabs = window.workspace()->tabs();
  for (int i = 0; i < tabs->count(); ++i)
    view.add(tabs->tabText(i), QKeySequence(QStringLiteral("Ctrl+%1").arg(i + 1)), true,
             [tabs, i] { tabs->setCurrentIndex(i); });
  view.separate();
  auto* hold = view.add(Tr::tr("Show the original"), QKeySequence("Ctrl+Shift+H"), true, [&window] {
    window.document().setHoldingOriginal(!window.document().holdingOriginal());
  });
  hold->setCheckable(true);
  QObject::connect(&window.document(), &Document::recipeChanged, hold,
                   [hold, &window] { hold->setChecked(window.document().holdingOriginal()); });
  view.separate();
  const auto appearance = [](Appearance a) { return QVariant(static_cast<int>(a)); };
  addChoices(view.submenu(Tr::tr("Theme")),
             {{Tr::tr("As the system"), appearance(Appearance::System)},
              {Tr::tr("Light"), appearance(Appearance::Light)},
              {Tr::tr("Dark"), appearance(Appearance::Dark)}},
             appearance(Theme::instance().appearance()), [](const QVariant& value) {
               Theme::instance().setAppearance(static_cast<Appearance>(value.toInt()));
             });
  addMemory(view.submenu(Tr::tr("Memory")), window);
  addCalibration(view.submenu(Tr::tr("Calibration")), window);
  addChoices(view.submenu(Tr::tr("Language")), {{"English", "en"}, {QStringLiteral("简体中文"), "zh_CN"}},
             language::current(),
             [&window](const QVariant& value) { window.switchLanguage(value.toString()); });
}

void buildHelp(MainWindow& window) {
  MenuBuilder help(window, Tr::tr("&Help"));
  help.add(Tr::tr("Manual"), QKeySequence::HelpContents, false, [&window] {
    const QWidget* focus = window.focusWidget();
    help::showFor(focus != nullptr ? focus : &window);
  });
  help.add(Tr::tr("Shortcuts"), QKeySequence("Ctrl+/"), false,
           [&window] { showShortcuts(&window, window.topBar()->menus()->findChildren<QAction*>()); });
  help.add(Tr::tr("About Lapidary"), {}, false, [&window] { showAbout(&window); });
}

}  // namespace

void buildMenus(MainWindow& window) {
  buildFile(window);
  buildEdit(window);
  buildView(window);
  buildHelp(window);
}

}  // namespace lapidary::ui
