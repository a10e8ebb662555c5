// SPDX-License-Identifier: GPL-3.0-or-later
// The dialogs that the main window opens.
#pragma once

#include <QRect>
#include <QString>
#include <optional>

namespace lapidary::ui {

class AuditDialog;
class DistillDialog;
class ExportDialog;
class MainWindow;
class RepairDialog;
class SearchDialog;
class SettingsDialog;
class ShortcutsDialog;

/// Those that return a dialog do not block: the window stays alive behind it. Null where they need a model
/// and none is open.
class Dialogs {
 public:
  explicit Dialogs(MainWindow& window) : m_window(window) {}

  /// Ask for a file and open it.
  void openModel();
  void openSession();
  void openData();
  void preprocess();
  /// Asks where to save the session; empty where the user changed their mind.
  QString sessionTarget(const QString& present) const;

  /// Deleted when closed.
  ExportDialog* exportModel();
  /// The one that is open, or a new one.
  SearchDialog* search();
  RepairDialog* repair();
  DistillDialog* distil();
  /// Looks into the file that is open, or was refused last.
  AuditDialog* audit();
  SettingsDialog* settings();
  ShortcutsDialog* shortcuts();
  void about();

  /// Before and after the window is built anew, in another language: dialogs at rest are closed, and the
  /// settings come back as they were.
  void putAway();
  void bringBack();

 private:
  struct Away {
    int page = 0;
    QRect geometry;
  };
  SettingsDialog* makeSettings();
  template <class Dialog>
  void watch(Dialog& dialog);
  template <class Dialog>
  void putAwayIdle();
  bool isOpen() const;

  MainWindow& m_window;
  std::optional<Away> m_away;  ///< the settings, while the window is built anew
};

}  // namespace lapidary::ui
