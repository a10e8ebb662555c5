// Rows of the outcome's footprint.
#include "ui/live/bytes_bars.h"

#include "ui/number_text.h"

namespace lapidary::ui {

BytesBars::BytesBars(Document& document, QWidget* parent)
    : PairBars(QStringLiteral("bytes-per-layer"), parent), m_document(document) {
  setToolTip(tr("Bytes of each layer in the file: before (slate) and after the cut (jade)"));
  connect(&document, &Document::outcomeChanged, this, &BytesBars::refresh);
  connect(&document, &Document::opened, this, &BytesBars::refresh);
  refresh();
}

void BytesBars::refresh() {
  std::vector<Row> rows;
  DataTable table{{tr("Layer"), tr("Bytes before"), tr("Bytes after")}};
  for (const auto& layer : m_document.outcome().footprint.layers) {
    const QString name = QString::fromStdString(m_document.session()->model().layer(layer.layer).name);
    const QString numbers =
        layer.bytesAfter == layer.bytesBefore
            ? bytesText(layer.bytesBefore)
            : QStringLiteral("%1 → %2").arg(bytesText(layer.bytesBefore), bytesText(layer.bytesAfter));
    rows.push_back(
        {name, numbers, {}, static_cast<double>(layer.bytesBefore), static_cast<double>(layer.bytesAfter)});
    table.push_back({name, QString::number(layer.bytesBefore), QString::number(layer.bytesAfter)});
  }
  setRows(std::move(rows));
  setTable(std::move(table));
}

}  // namespace lapidary::ui
