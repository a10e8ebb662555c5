// SPDX-License-Identifier: GPL-3.0-or-later
// A row for each key of a slider, a table, a picture or a field.
#include "ui/actions/control_keys.h"

#include <QCoreApplication>

namespace lapidary::ui {

namespace {

struct ControlTr {
  Q_DECLARE_TR_FUNCTIONS(ControlKeys)
};

/// Collects the rows of one control.
class Rows {
 public:
  Rows(std::vector<ActionInfo>& rows, const char* id, const QString& group,
       KeyContext context = KeyContext::Control)
      : m_rows(rows), m_id(QLatin1String(id)), m_group(group), m_context(context) {}

  void add(const char* id, const QString& text, const QList<QKeySequence>& keys,
           const QString& gesture = {}) {
    m_rows.push_back(
        {m_id + QLatin1Char('.') + QLatin1String(id), m_group, text, text, keys, m_context, false, gesture});
  }

 private:
  std::vector<ActionInfo>& m_rows;
  QString m_id, m_group;
  KeyContext m_context;
};

void addMoves(std::vector<ActionInfo>& rows) {
  Rows slider(rows, "slider", ControlTr::tr("Sliders"));
  slider.add("step", ControlTr::tr("Move by a step"),
             {Qt::Key_Left, Qt::Key_Right, Qt::Key_Up, Qt::Key_Down});
  slider.add("ten", ControlTr::tr("Move by ten steps"), {Qt::Key_PageUp, Qt::Key_PageDown});
  slider.add("ends", ControlTr::tr("Move to an end"), {Qt::Key_Home, Qt::Key_End});
  slider.add("start", ControlTr::tr("Back to the start value"), {}, ControlTr::tr("double click"));
  Rows histogram(rows, "histogram", ControlTr::tr("Histogram of weights"));
  histogram.add("step", ControlTr::tr("Move the threshold"), {Qt::Key_Left, Qt::Key_Right});
  histogram.add("ten", ControlTr::tr("Move the threshold by ten steps"), {Qt::Key_PageUp, Qt::Key_PageDown});
  histogram.add("zero", ControlTr::tr("Threshold 0"), {Qt::Key_Home});
  Rows picture(rows, "picture", ControlTr::tr("Pictures of weights and maps"));
  picture.add("zoom", ControlTr::tr("Zoom in or out"), {Qt::Key_Plus, Qt::Key_Minus}, ControlTr::tr("wheel"));
  picture.add("all", ControlTr::tr("Show all"), {Qt::Key_0}, ControlTr::tr("double click"));
  picture.add("cell", ControlTr::tr("Move to another cell"),
              {Qt::Key_Left, Qt::Key_Right, Qt::Key_Up, Qt::Key_Down});
}

void addTables(std::vector<ActionInfo>& rows) {
  Rows table(rows, "table", ControlTr::tr("Tables"));
  table.add("row", ControlTr::tr("Move to another row"), {Qt::Key_Up, Qt::Key_Down});
  table.add("all", ControlTr::tr("Select all rows"), {Qt::CTRL | Qt::Key_A});
  table.add("copy", ControlTr::tr("Copy the table"), {Qt::CTRL | Qt::Key_C});
  table.add("use", ControlTr::tr("Use the chosen cell or sample"), {Qt::Key_Return, Qt::Key_Space});
  Rows measure(rows, "measurement", ControlTr::tr("Measurements"));
  measure.add("start", ControlTr::tr("Measure, in the fields of the Planner"), {Qt::Key_Return});
  measure.add("stop", ControlTr::tr("Stop, and leave what was measured"), {Qt::Key_Escape});
  Rows button(rows, "button", ControlTr::tr("Buttons"));
  button.add("press", ControlTr::tr("Press the button"), {Qt::Key_Space});
}

void addFields(std::vector<ActionInfo>& rows) {
  Rows field(rows, "field", ControlTr::tr("Fields that are typed in"), KeyContext::Field);
  field.add("undo", ControlTr::tr("Take back what was typed"), {Qt::CTRL | Qt::Key_Z});
  field.add("all", ControlTr::tr("Select all of the text"), {Qt::CTRL | Qt::Key_A});
  field.add("cut", ControlTr::tr("Cut, copy, paste text"),
            {Qt::CTRL | Qt::Key_X, Qt::CTRL | Qt::Key_C, Qt::CTRL | Qt::Key_V});
}

}  // namespace

std::vector<ActionInfo> controlKeys() {
  std::vector<ActionInfo> rows;
  addMoves(rows);
  addTables(rows);
  addFields(rows);
  return rows;
}

}  // namespace lapidary::ui
