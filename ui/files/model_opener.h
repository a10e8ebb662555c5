// SPDX-License-Identifier: GPL-3.0-or-later
// Opens models and data in the background and gives the document the result.
#pragma once

#include "ui/document/background_job.h"
#include "ui/document/document.h"
#include "ui/files/open_model.h"

namespace lapidary::ui {

class ModelOpener : public QObject {
  Q_OBJECT

 public:
  explicit ModelOpener(Document& document);

  /// Opens another model, with data or without. `prepare` then does in the background what needs the model;
  /// where it throws, nothing is opened.
  using Prepare = std::function<void(const core::Session&, const core::Progress&)>;
  void open(const OpenRequest& request, const Prepare& prepare = {});
  /// Other data, or another preprocess, for the model that is open; recipe and undo stay. `scoresOutput`: the
  /// output that holds the scores of classes; absent: as before for the same data, chosen for others.
  void reopen(const QString& data, const std::optional<core::Preprocess>& preprocess,
              const std::optional<QString>& scoresOutput = std::nullopt);
  void cancel() { m_job.cancel(); }
  void close();

  bool busy() const { return m_job.running(); }
  QString busyWith() const { return m_busyWith; }
  /// Gives what is open now; no session where nothing is.
  const OpenedModel& current() const { return m_current; }

 signals:
  void opened();  ///< after Document::opened
  void busyChanged();
  void failed(const QString& message);

 private:
  void start(const OpenRequest& request, bool keepRecipe, const Prepare& prepare);

  Document& m_document;
  OpenedModel m_current;
  QString m_busyWith;
  BackgroundJob m_job;
};

}  // namespace lapidary::ui
