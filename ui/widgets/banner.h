// A calm line above the work: what went wrong or should be known, and a button that puts it away.
#pragma once

#include <QFrame>

class QLabel;

namespace lapidary::ui {

class Banner : public QFrame {
  Q_OBJECT

 public:
  explicit Banner(QWidget* parent = nullptr);

  /// `severe` marks a failure; otherwise it is a notice.
  void show(const QString& text, bool severe);
  QString text() const;

 private:
  QLabel *m_mark, *m_text;
};

}  // namespace lapidary::ui
