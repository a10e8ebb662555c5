// SPDX-License-Identifier: GPL-3.0-or-later
// The form of a student: its kind, its sizes, and what they come to beside the teacher.
#pragma once

#include <QTimer>
#include <QWidget>
#include <map>
#include <memory>

#include "core/session/session.h"
#include "core/student/student_spec.h"

class QLabel;
class QStackedWidget;
class QVBoxLayout;

namespace lapidary::ui {

class BackgroundJob;
class ElidedLabel;
class MethodPicker;
class SegmentedControl;
class ValueSlider;

class StudentForm : public QWidget {
  Q_OBJECT

 public:
  explicit StudentForm(QWidget* parent = nullptr);

  /// The teacher; null: none. With data.
  void setSession(std::shared_ptr<const core::Session> session);
  core::StudentSpec spec() const;
  /// Whether such a student can be made; not known (false) until its sizes are.
  bool possible() const { return m_possible; }

  void setKind(core::StudentKind kind);
  void setFile(const QString& path);
  /// Of the shown kind, by name as the specification's key has it, for tests and keyboards.
  ValueSlider* slider(const QString& key) const;
  QLabel* figures() const { return m_figures; }
  MethodPicker* kinds() const { return m_kinds; }

 signals:
  void changed();
  void figuresChanged();

 private:
  QVBoxLayout* addPage(core::StudentKind kind, const QString& name, const QString& line,
                       const QString& paper = {});
  void addSlider(QVBoxLayout* page, core::StudentKind kind, const QString& key, const QString& name,
                 const QString& tip, double low, double high, double value, bool percent = false);
  void addChoice(QVBoxLayout* page, const QString& name, SegmentedControl* choice);
  SegmentedControl* addWeights(QVBoxLayout* page);
  void buildGallery();
  void buildFromTeacher();
  void buildFile();
  int valueOf(core::StudentKind kind, const char* key) const;
  void touch();
  void measure();

  std::shared_ptr<const core::Session> m_session;
  std::map<std::pair<core::StudentKind, QString>, ValueSlider*> m_sliders;
  std::map<core::StudentKind, SegmentedControl*> m_weights;  ///< inherited (0) or fresh (1)
  MethodPicker* m_kinds;
  QStackedWidget* m_pages;
  SegmentedControl *m_kernel = nullptr, *m_head = nullptr;
  ElidedLabel* m_fileName = nullptr;
  QString m_file;
  QLabel* m_figures;
  BackgroundJob* m_job;
  QTimer m_soon;
  bool m_possible = false;
};

}  // namespace lapidary::ui
