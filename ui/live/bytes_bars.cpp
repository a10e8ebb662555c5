// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of the outcome's footprint.
#include "ui/live/bytes_bars.h"

#include "core/analyze/sizes/footprint.h"
#include "ui/look/number_text.h"

namespace lapidary::ui {

namespace {

using core::Form;

QString formatName(const Document& document) {
  const std::string_view name = core::sizeFormat(document.session()->model()).name;
  return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

/// The sizes that are known of the whole file before every form has been measured.
std::optional<std::uint64_t> knownBytes(Form form, const core::Footprint& footprint) {
  if (footprint.forms) return core::bytesIn(form, footprint.forms->total);
  if (form == Form::File && footprint.fileAfter > 0) return footprint.fileAfter;
  return std::nullopt;
}

}  // namespace

BytesBars::BytesBars(Document& document, QWidget* parent)
    : PairBars(QStringLiteral("bytes-per-layer"), parent), m_document(document) {
  setToolTip(tr("Bytes of each layer in the file: before (slate) and after the cut (jade)"));
  connect(&document, &Document::outcomeChanged, this, &BytesBars::refresh);
  connect(&document, &Document::opened, this, &BytesBars::refresh);
  refresh();
}

QString BytesBars::formName(core::Form form) const {
  switch (form) {
    case Form::Dense:
      return tr("Dense float32");
    case Form::Packed:
      return tr("Packed integers");
    case Form::File:
      return tr("As %1").arg(formatName(m_document));
    case Form::Zipped:
      return tr("%1, zipped").arg(formatName(m_document));
    case Form::Lapidary:
      return tr(".lapidary");
  }
  return {};
}

QString BytesBars::formTip(core::Form form) const {
  switch (form) {
    case Form::Dense:
      return tr("The original file with every weight as a 32-bit float.");
    case Form::Packed:
      return tr("Integers in as few bits as they need, one behind the other; zeros take their place.");
    case Form::File:
      return tr("The file that Export writes. Integers take 4, 8 or 16 bits; zeros take their place.");
    case Form::Zipped:
      return tr("That file in a zip (deflate).");
    case Form::Lapidary:
      return tr(
          "The same file, entropy-coded: zeros and frequent values take a fraction of a bit. "
          "lapidary-cli unpack gives the file back byte for byte.");
  }
  return {};
}

PairBars::Row BytesBars::wholeRow(core::Form form) const {
  const auto& footprint = m_document.outcome().footprint;
  const auto bytes = knownBytes(form, footprint);
  const double before =
      static_cast<double>(footprint.forms ? footprint.forms->total.dense : footprint.fileBefore);
  return {formName(form), bytes ? bytesText(*bytes) : QStringLiteral("–"), formTip(form), before,
          bytes ? static_cast<double>(*bytes) : 0};
}

QString BytesBars::layerTip(std::size_t layer) const {
  const auto& forms = m_document.outcome().footprint.forms;
  if (!forms || layer >= forms->layers.size()) return {};
  QStringList lines;
  for (const Form form : core::allForms)
    lines << tr("%1: %2").arg(formName(form), bytesText(core::bytesIn(form, forms->layers[layer])));
  return lines.join(QLatin1Char('\n'));
}

QString BytesBars::warning() const {
  const auto& footprint = m_document.outcome().footprint;
  if (!footprint.forms || !core::zerosSaveNothing(*footprint.forms, footprint.zeros, footprint.parameters))
    return {};
  return tr("Zeros take their place in %1: what they save shows zipped or as .lapidary.")
      .arg(formatName(m_document));
}

void BytesBars::refresh() {
  std::vector<Row> rows;
  const auto& footprint = m_document.outcome().footprint;
  const bool any = m_document.session() && footprint.fileAfter > 0;
  DataTable table{{tr("Layer"), tr("Bytes before"), tr("Bytes after")}};
  if (any)
    for (const Form form : core::allForms) {
      rows.push_back(wholeRow(form));
      table.front().push_back(formName(form));
    }
  for (std::size_t i = 0; i < footprint.layers.size(); ++i) {
    const auto& layer = footprint.layers[i];
    const QString name = QString::fromStdString(m_document.session()->model().layer(layer.layer).name);
    const QString numbers =
        layer.bytesAfter == layer.bytesBefore
            ? bytesText(layer.bytesBefore)
            : QStringLiteral("%1 → %2").arg(bytesText(layer.bytesBefore), bytesText(layer.bytesAfter));
    rows.push_back({name, numbers, layerTip(i), static_cast<double>(layer.bytesBefore),
                    static_cast<double>(layer.bytesAfter)});
    table.push_back({name, QString::number(layer.bytesBefore), QString::number(layer.bytesAfter)});
    for (const Form form : core::allForms)
      table.back().push_back(footprint.forms && i < footprint.forms->layers.size()
                                 ? QString::number(core::bytesIn(form, footprint.forms->layers[i]))
                                 : QString());
  }
  setRows(std::move(rows));
  setTable(std::move(table));
  emit changed();
}

}  // namespace lapidary::ui
