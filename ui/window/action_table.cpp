// SPDX-License-Identifier: GPL-3.0-or-later
// The rows, by menu.
#include "ui/window/action_table.h"

#include <QCoreApplication>
#include <QTabWidget>

#include "ui/cut/cut_panel.h"
#include "ui/layers/layers_panel.h"
#include "ui/look/language.h"
#include "ui/look/remembered_choice.h"
#include "ui/look/theme.h"
#include "ui/manual/help.h"
#include "ui/window/dialogs.h"
#include "ui/window/main_window.h"
#include "ui/window/part_chooser.h"
#include "ui/window/top_bar.h"
#include "ui/window/workspace.h"

namespace lapidary::ui {

namespace {

struct ActionTr {
  Q_DECLARE_TR_FUNCTIONS(Menus)
};

bool modelIsOpen(MainWindow& window) { return window.document().session() != nullptr; }

/// Collects the rows of one menu.
class MenuRows {
 public:
  MenuRows(std::vector<ActionRow>& rows, const QString& group) : m_rows(rows), m_group(group) {}

  ActionRow& add(const QString& id, const QString& text, const QString& keys, const QString& tip,
                 std::function<void(MainWindow&)> run) {
    const QList<QKeySequence> sequences = keys.isEmpty() ? QList<QKeySequence>() : QList{QKeySequence(keys)};
    m_rows.push_back({{id, m_group, text, tip, sequences, KeyContext::Window, true, {}}, std::move(run)});
    return m_rows.back();
  }
  /// Needs an open model.
  ActionRow& addOfModel(const QString& id, const QString& text, const QString& keys, const QString& tip,
                        std::function<void(MainWindow&)> run) {
    ActionRow& row = add(id, text, keys, tip, std::move(run));
    row.enabled = modelIsOpen;
    return row;
  }

 private:
  std::vector<ActionRow>& m_rows;
  QString m_group;
};

QString inMenu(const QString& menu, const QString& submenu) {
  return QStringLiteral("%1 › %2").arg(menu, submenu);
}

void addFiles(std::vector<ActionRow>& rows) {
  const QString name = ActionTr::tr("File");
  MenuRows file(rows, name);
  file.add("file.openModel", ActionTr::tr("Open model…"), "Ctrl+O",
           ActionTr::tr("Opens a model, or a session, from a file"),
           [](MainWindow& window) { window.dialogs().openModel(); });
  file.addOfModel("file.openData", ActionTr::tr("Open data…"), "Ctrl+D",
                  ActionTr::tr("Chooses the data that the model is measured on"),
                  [](MainWindow& window) { window.dialogs().openData(); });
  auto& part =
      file.add("file.dataPart", ActionTr::tr("Part of the data…"), "Ctrl+Shift+D",
               ActionTr::tr("Chooses which part of the data is measured: the one to test on, to choose on or "
                            "to train on"),
               [](MainWindow& window) { window.topBar()->parts()->openMenu(); });
  part.enabled = [](MainWindow& window) {
    const auto& session = window.document().session();
    return session && session->data() != nullptr && session->data()->source().parts().samples.size() > 1;
  };
  file.addOfModel("file.preprocessing", ActionTr::tr("Preprocessing…"), "Ctrl+P",
                  ActionTr::tr("Sets how a picture or a sound becomes the input of the model"),
                  [](MainWindow& window) { window.dialogs().preprocess(); });
  file.add("file.audit", ActionTr::tr("Audit a file…"), "Ctrl+Shift+U",
           ActionTr::tr("Looks into a file for what could do harm, without opening it"),
           [](MainWindow& window) { window.dialogs().audit(); });
  MenuRows demo(rows, inMenu(name, ActionTr::tr("Open demo")));
  for (const auto& [id, model, title] : {std::tuple{"file.demo.lenet5", "demo:lenet5", "LeNet-5"},
                                         {"file.demo.lenet300", "demo:lenet300", "LeNet-300-100"}})
    demo.add(id, title, {}, ActionTr::tr("Opens the network %1 with handwritten digits").arg(title),
             [model = QString(model)](MainWindow& window) {
               window.openModel({model, {}, {}});
             });
}

void addSessions(std::vector<ActionRow>& rows) {
  MenuRows file(rows, ActionTr::tr("File"));
  file.add("file.openSession", ActionTr::tr("Open session…"), "Ctrl+Shift+O",
           ActionTr::tr("Goes on where a saved session ended"),
           [](MainWindow& window) { window.dialogs().openSession(); });
  file.addOfModel("file.saveSession", ActionTr::tr("Save session"), "Ctrl+S",
                  ActionTr::tr("Saves the recipe, the recipes visited and the view to the session's file"),
                  [](MainWindow& window) { window.saveSession(); });
  file.addOfModel("file.saveSessionAs", ActionTr::tr("Save session as…"), "Ctrl+Shift+S",
                  ActionTr::tr("Saves the session to another file"),
                  [](MainWindow& window) { window.saveSessionAs(); });
  file.addOfModel("file.export", ActionTr::tr("Export…"), "Ctrl+E",
                  ActionTr::tr("Writes the cut model to a file, and reads it back"),
                  [](MainWindow& window) { window.dialogs().exportModel(); });
  file.addOfModel("file.close", ActionTr::tr("Close model"), "Ctrl+W",
                  ActionTr::tr("Closes the model and returns to the first page"),
                  [](MainWindow& window) { window.closeModel(); });
  file.add("file.quit", ActionTr::tr("Quit"), "Ctrl+Q", ActionTr::tr("Ends the program"),
           [](MainWindow& window) { window.close(); });
}

void addSteps(std::vector<ActionRow>& rows) {
  MenuRows edit(rows, ActionTr::tr("Edit"));
  auto& undo = edit.add("edit.undo", ActionTr::tr("Undo"), "Ctrl+Z", ActionTr::tr("Nothing to take back"),
                        [](MainWindow& window) { window.document().undoStack()->undo(); });
  undo.enabled = [](MainWindow& window) { return window.document().undoStack()->canUndo(); };
  undo.presentTip = [](MainWindow& window) {
    const auto* stack = window.document().undoStack();
    return stack->canUndo() ? ActionTr::tr("Take back: %1").arg(stack->undoText()) : QString();
  };
  undo.shortText = QStringLiteral("↶ ") + ActionTr::tr("Undo");
  auto& redo =
      edit.add("edit.redo", ActionTr::tr("Redo"), "Ctrl+Shift+Z", ActionTr::tr("Nothing to do again"),
               [](MainWindow& window) { window.document().undoStack()->redo(); });
  redo.enabled = [](MainWindow& window) { return window.document().undoStack()->canRedo(); };
  redo.presentTip = [](MainWindow& window) {
    const auto* stack = window.document().undoStack();
    return stack->canRedo() ? ActionTr::tr("Do again: %1").arg(stack->redoText()) : QString();
  };
  redo.shortText = QStringLiteral("↷ ") + ActionTr::tr("Redo");
}

void addCuts(std::vector<ActionRow>& rows) {
  MenuRows edit(rows, ActionTr::tr("Edit"));
  edit.addOfModel("edit.resetLayer", ActionTr::tr("Reset layer"), "Ctrl+R",
                  ActionTr::tr("Takes every edit off the selected layers"),
                  [](MainWindow& window) { window.workspace()->cut()->resetLayers(); });
  edit.addOfModel("edit.resetAll", ActionTr::tr("Reset all"), "Ctrl+Shift+R",
                  ActionTr::tr("Takes every edit off all layers"),
                  [](MainWindow& window) { window.workspace()->cut()->resetAll(); });
  edit.addOfModel("edit.applyToSame", ActionTr::tr("Apply to all of the same operator"), "Ctrl+Shift+A",
                  ActionTr::tr("Gives the edit of this layer to all layers of the same operator"),
                  [](MainWindow& window) { window.workspace()->cut()->applyToSameOperator(); });
  auto& search =
      edit.addOfModel("edit.search", ActionTr::tr("Find the best cut…"), "Ctrl+B",
                      ActionTr::tr("Looks for the smallest cut within a largest drop, or a budget of bytes"),
                      [](MainWindow& window) { window.dialogs().search(); });
  search.shortText = ActionTr::tr("Find best cut…");
  edit.addOfModel("edit.repair", ActionTr::tr("Repair the cut…"), "Ctrl+T",
                  ActionTr::tr("Trains what the cut has left, and shows how long it takes first"),
                  [](MainWindow& window) { window.dialogs().repair(); });
  edit.addOfModel("edit.distil", ActionTr::tr("Distil a student…"), "Ctrl+Shift+T",
                  ActionTr::tr("Trains a smaller network to answer as this one does"),
                  [](MainWindow& window) { window.dialogs().distil(); });
}

void addChoosing(std::vector<ActionRow>& rows) {
  MenuRows edit(rows, ActionTr::tr("Edit"));
  edit.addOfModel("edit.copyRecipe", ActionTr::tr("Copy recipe"), "Ctrl+Shift+C",
                  ActionTr::tr("Puts the recipe on the clipboard, as text"),
                  [](MainWindow& window) { window.copyRecipe(); });
  edit.addOfModel("edit.pasteRecipe", ActionTr::tr("Paste recipe"), "Ctrl+Shift+V",
                  ActionTr::tr("Takes the recipe from the clipboard"),
                  [](MainWindow& window) { window.pasteRecipe(); });
  edit.addOfModel("edit.selectAll", ActionTr::tr("Select all layers"), "Ctrl+Alt+A",
                  ActionTr::tr("Selects every layer, so that an edit is made to all"),
                  [](MainWindow& window) { window.selectAllLayers(); });
  edit.addOfModel("edit.filter", ActionTr::tr("Filter layers"), "Ctrl+F",
                  ActionTr::tr("Goes to the field that filters the table of layers"),
                  [](MainWindow& window) { window.workspace()->layers()->focusFilter(); });
  edit.add("edit.settings", ActionTr::tr("Settings…"), "Ctrl+,",
           ActionTr::tr("Language, theme, memory, calibration and keys"),
           [](MainWindow& window) { window.dialogs().settings(); });
}

/// The class of the view, so that keys stay with a tab that moves.
QString tabId(const QWidget* view) {
  return QStringLiteral("view.tab.") +
         QString::fromLatin1(view->metaObject()->className()).section(QStringLiteral("::"), -1);
}

void addTabs(std::vector<ActionRow>& rows, const QTabWidget& tabs) {
  MenuRows view(rows, ActionTr::tr("View"));
  for (int i = 0; i < tabs.count(); ++i) {
    const QString keys = i < 9 ? QStringLiteral("Ctrl+%1").arg(i + 1) : QString();
    view.addOfModel(tabId(tabs.widget(i)), tabs.tabText(i), keys,
                    ActionTr::tr("Shows the tab %1").arg(tabs.tabText(i)),
                    [i](MainWindow& window) { window.workspace()->tabs()->setCurrentIndex(i); });
  }
}

void addOriginal(std::vector<ActionRow>& rows) {
  MenuRows view(rows, ActionTr::tr("View"));
  auto& shown = view.addOfModel("view.original", ActionTr::tr("Show the original"), "Ctrl+Shift+H",
                                ActionTr::tr("Shows the model without the cut, until chosen again"),
                                [](MainWindow& window) {
                                  auto& document = window.document();
                                  document.setHoldingOriginal(!document.holdingOriginal());
                                });
  shown.checked = [](MainWindow& window) { return window.document().holdingOriginal(); };
  auto& held =
      view.addOfModel("view.originalHeld", ActionTr::tr("Original while held"), "O",
                      ActionTr::tr("Shows the original for as long as the button, or the key, is held"),
                      [](MainWindow& window) { window.holdOriginalByKey(); });
  held.oncePerPress = true;
}

void addPanels(std::vector<ActionRow>& rows) {
  MenuRows view(rows, ActionTr::tr("View"));
  const auto add = [&](const char* id, const QString& text, const char* keys, Workspace::Panel panel) {
    auto& row = view.addOfModel(
        QLatin1String(id), text, QLatin1String(keys),
        ActionTr::tr("Puts the panel away, so that the tabs have its room, and brings it back"),
        [panel](MainWindow& window) {
          Workspace& workspace = *window.workspace();
          workspace.showPanel(panel, !workspace.isPanelShown(panel));
        });
    row.checked = [panel](MainWindow& window) { return window.workspace()->isPanelShown(panel); };
  };
  add("view.layersPanel", ActionTr::tr("Layers and charts"), "F9", Workspace::LayersAndCharts);
  add("view.cutPanel", ActionTr::tr("Cut panel"), "Shift+F9", Workspace::CutOfLayers);
}

void addTheme(std::vector<ActionRow>& rows) {
  MenuRows theme(rows, inMenu(ActionTr::tr("View"), ActionTr::tr("Theme")));
  const auto add = [&](const char* id, const QString& text, Appearance appearance) {
    theme
        .add(QLatin1String(id), text, {}, ActionTr::tr("Colours of the window"),
             [appearance](MainWindow&) { Theme::instance().setAppearance(appearance); })
        .checked = [appearance](MainWindow&) { return Theme::instance().appearance() == appearance; };
  };
  add("view.theme.system", ActionTr::tr("As the system"), Appearance::System);
  add("view.theme.light", ActionTr::tr("Light"), Appearance::Light);
  add("view.theme.dark", ActionTr::tr("Dark"), Appearance::Dark);
}

/// A choice that a session is opened with: what is open is opened again; recipe and undo stay.
void addRemembered(MenuRows menu, const QString& id, const RememberedChoice& choice,
                   const std::function<QString(int)>& text, const QString& tip) {
  for (const int value : choice.choices()) {
    auto& row =
        menu.add(id + QString::number(value), text(value), {}, tip, [&choice, value](MainWindow& window) {
          choice.set(value);
          const OpenRequest& request = window.opener().current().request;
          window.opener().reopen(request.data, request.preprocess);
        });
    row.checked = [&choice, value](MainWindow&) { return choice.current() == value; };
  }
}

void addMachine(std::vector<ActionRow>& rows) {
  const auto megabytes = [](int value) {
    return value < 1024 ? ActionTr::tr("%1 MB").arg(value) : ActionTr::tr("%1 GB").arg(value / 1024);
  };
  addRemembered(
      MenuRows(rows, inMenu(ActionTr::tr("View"), ActionTr::tr("Memory"))), "view.memory.", memoryBudget(),
      megabytes,
      ActionTr::tr("For activations and what is remembered of them, besides the weights. More memory makes "
                   "moves of the sliders faster; less lets large models run on small machines."));
  addRemembered(
      MenuRows(rows, inMenu(ActionTr::tr("View"), ActionTr::tr("Calibration"))), "view.calibration.",
      calibrationSamples(),
      [](int samples) { return ActionTr::tr("the first %n samples", nullptr, samples); },
      ActionTr::tr("Samples that fix the ranges of activations and that methods such as GPTQ learn from; "
                   "of fewer, all. The cut panel shows whether more would help."));
}

void addLanguages(std::vector<ActionRow>& rows) {
  MenuRows menu(rows, inMenu(ActionTr::tr("View"), ActionTr::tr("Language")));
  for (const auto& [code, name] : {std::pair{QStringLiteral("en"), QStringLiteral("English")},
                                   {QStringLiteral("zh_CN"), QStringLiteral("简体中文")}})
    menu.add(QStringLiteral("view.language.") + code, name, {},
             ActionTr::tr("Language of the window; it changes at once"),
             [code = code](MainWindow& window) { window.switchLanguage(code); })
        .checked = [code = code](MainWindow&) { return language::current() == code; };
}

void addHelp(std::vector<ActionRow>& rows) {
  MenuRows menu(rows, ActionTr::tr("Help"));
  auto& manual = menu.add("help.manual", ActionTr::tr("Manual"), "F1",
                          ActionTr::tr("Shows what the manual says about the part that has the focus"),
                          [](MainWindow& window) {
                            const QWidget* focus = window.focusWidget();
                            help::showFor(focus != nullptr ? focus : &window);
                          });
  // The same key in every dialog, which the window does not hear.
  manual.info.context = KeyContext::Program;
  manual.info.editable = false;
  menu.add("help.shortcuts", ActionTr::tr("Shortcuts"), "Ctrl+/",
           ActionTr::tr("Lists all keys of the program"),
           [](MainWindow& window) { window.dialogs().shortcuts(); });
  menu.add("help.about", ActionTr::tr("About Lapidary"), {},
           ActionTr::tr("Version, license, and what the program is built on"),
           [](MainWindow& window) { window.dialogs().about(); });
}

}  // namespace

std::vector<ActionRow> actionTable(const QTabWidget& tabs) {
  std::vector<ActionRow> rows;
  addFiles(rows);
  addSessions(rows);
  addSteps(rows);
  addCuts(rows);
  addChoosing(rows);
  addTabs(rows, tabs);
  addOriginal(rows);
  addPanels(rows);
  addTheme(rows);
  addMachine(rows);
  addLanguages(rows);
  addHelp(rows);
  return rows;
}

}  // namespace lapidary::ui
