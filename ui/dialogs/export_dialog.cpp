// SPDX-License-Identifier: GPL-3.0-or-later
// The export dialog's controls and its job.
#include "ui/dialogs/export_dialog.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QDesktopServices>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QLineEdit>
#include <QMessageBox>
#include <QProgressBar>
#include <QStandardPaths>
#include <QUrl>

#include "core/session/save_target.h"
#include "ui/files/file_filters.h"
#include "ui/files/runtime_text.h"
#include "ui/look/number_text.h"
#include "ui/look/settings.h"
#include "ui/look/theme.h"
#include "ui/manual/help.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/segmented_control.h"

namespace lapidary::ui {

namespace {

QString endingOf(int kind) {
  switch (kind) {
    case ExportDialog::Bundle:
      return QStringLiteral(".zip");
    case ExportDialog::Safetensors:
      return endingFor("safetensors");
    case ExportDialog::Npz:
      return endingFor("NumPy npz");
    case ExportDialog::Lapidary:
      return endingFor("Lapidary");
    default:
      return endingFor("ONNX");
  }
}

/// Whether the path ends as files of this kind do, in whatever case.
bool isOfKind(const QString& path, int kind) {
  return kind == ExportDialog::Bundle ? core::isBundlePath(path.toStdString())
                                      : path.endsWith(endingOf(kind), Qt::CaseInsensitive);
}

QString lastFolder() {
  const QString fallback = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
  const QString folder = settings::value("exportFolder", fallback).toString();
  return QDir(folder).exists() ? folder : QDir::homePath();
}

}  // namespace

ExportDialog::ExportDialog(Document& document, const QString& baseName, QWidget* parent)
    : QDialog(parent),
      m_document(document),
      m_folder(lastFolder()),
      m_baseName(baseName),
      m_kinds(new SegmentedControl),
      m_contains(makeLabel({}, "muted")),
      m_result(new QLabel),
      m_withData(new QCheckBox(tr("With the samples behind the heatmaps, which are copies of the data"))),
      m_withAttacks(new QCheckBox(tr("With its robustness and a detector of tampered inputs"))),
      m_path(new QLineEdit),
      m_progress(new QProgressBar),
      m_browse(makeButton(tr("Browse…"), "")),
      m_write(makeButton(tr("Export"), "primary")),
      m_close(makeButton(tr("Close"), "")),
      m_show(makeButton(tr("Show in folder"), "")) {
  setWindowTitle(tr("Export"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(24, 20, 24, 20);
  column->setSpacing(12);
  column->addWidget(makeGroupCaption(tr("Kind of file")));
  addKinds();
  column->addWidget(m_kinds);
  m_contains->setWordWrap(true);
  m_path->setAccessibleName(tr("File to write"));
  m_contains->setMinimumHeight(52);
  m_contains->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  column->addWidget(m_contains);
  column->addWidget(m_withData);
  m_withAttacks->setToolTip(
      tr("Attacks the original and the cut with the first 200 samples, fits a detector to up to 1000, and "
         "writes both "
         "into the report: half a minute for the demo, minutes for larger models"));
  column->addWidget(m_withAttacks);
  column->addWidget(makeGroupCaption(tr("Where to")));
  auto* row = new QHBoxLayout;
  row->addWidget(m_path, 1);
  row->addWidget(m_browse);
  column->addLayout(row);
  column->addWidget(makeResult());
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(8);
  buttons->addWidget(m_show);
  buttons->addWidget(help::addTo(this));
  buttons->addStretch();
  buttons->addWidget(m_close);
  buttons->addWidget(m_write);
  column->addLayout(buttons);
  m_write->setDefault(true);
  m_show->hide();
  setMinimumWidth(640);  // a SHA-256 in one line, however wide its digits
  connect(m_kinds, &SegmentedControl::chosen, this, &ExportDialog::chooseKind);
  connect(m_browse, &QPushButton::clicked, this, &ExportDialog::browse);
  connect(m_write, &QPushButton::clicked, this, &ExportDialog::write);
  connect(m_show, &QPushButton::clicked, this, &ExportDialog::showInFolder);
  connect(m_close, &QPushButton::clicked, this, [this] { m_job.running() ? m_job.cancel() : reject(); });
  connect(&m_job, &BackgroundJob::started, this, [this] { showBusy(true); });
  connect(&m_job, &BackgroundJob::finished, this, [this] { showBusy(false); });
  connect(&m_job, &BackgroundJob::cancelled, this, [this] {
    showBusy(false);
    m_result->setText(tr("Cancelled; nothing was written."));
  });
  connect(&m_job, &BackgroundJob::failed, this, &ExportDialog::showFailure);
  connect(&m_job, &BackgroundJob::progressed, this, [this](qulonglong done, qulonglong total) {
    m_progress->setRange(0, static_cast<int>(total));
    m_progress->setValue(static_cast<int>(done));
  });
  chooseKind(
      settings::value("exportKind", m_document.session()->model().runnable() ? Onnx : Safetensors).toInt());
}

void ExportDialog::addKinds() {
  // A file of weights has no graph to write as ONNX or to report on.
  if (m_document.session()->model().runnable()) {
    m_kinds->add(Onnx, tr("ONNX"), tr("The model alone, ready for ONNX Runtime"));
    m_kinds->add(Bundle, tr("Bundle (zip)"), tr("Model, recipe, report and heatmaps in one file"));
  }
  m_kinds->add(Lapidary, tr(".lapidary"), tr("The model packed as small as it goes"));
  m_kinds->add(Safetensors, tr("safetensors"), tr("The weights alone"));
  m_kinds->add(Npz, tr("npz"), tr("The weights alone, for NumPy"));
}

QWidget* ExportDialog::makeResult() {
  auto* box = new QWidget;
  auto* column = new QVBoxLayout(box);
  column->setContentsMargins(0, 4, 0, 4);
  m_progress->setTextVisible(false);
  m_progress->setRange(0, 0);
  m_progress->hide();
  m_result->setWordWrap(true);
  m_result->setTextInteractionFlags(Qt::TextSelectableByMouse);
  m_result->setMinimumHeight(96);
  m_result->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  column->addWidget(m_progress);
  column->addWidget(m_result);
  return box;
}

void ExportDialog::chooseKind(int kind) {
  if (m_kinds->button(kind) == nullptr) kind = Safetensors;
  m_kinds->setCurrent(kind);
  const core::Dataset* samples = m_document.session()->data();
  m_withData->setVisible(kind == Bundle && samples != nullptr && samples->source().pictorial());
  m_withAttacks->setVisible(kind == Bundle &&
                            m_document.session()->qualityKind() == core::QualityKind::Accuracy);
  const QString size = bytesText(m_document.outcome().footprint.fileAfter);
  switch (kind) {
    case Onnx:
      m_contains->setText(
          tr("The whole model as shown, %1: pruned weights as zeros, quantized ones as integers with "
             "DequantizeLinear. Runs in ONNX Runtime.")
              .arg(size));
      break;
    case Bundle:
      m_contains->setText(
          tr("The ONNX model (%1), the recipe, a report that opens alone in a browser, heatmaps before and "
             "after, and a manifest with SHA-256 and figures.")
              .arg(size));
      break;
    case Lapidary:
      m_contains->setText(lapidaryContains());
      break;
    case Safetensors:
      m_contains->setText(tr("All weights as cut, integers with their scales; the graph is not part of it."));
      break;
    default:
      m_contains->setText(tr("All weights as cut, as NumPy arrays; the graph is not part of it."));
      break;
  }
  if (m_path->isModified()) m_folder = QFileInfo(m_path->text()).path();
  m_path->setText(QDir(m_folder).filePath(m_baseName + endingOf(kind)));
}

QString ExportDialog::lapidaryContains() const {
  const bool graph = m_document.session()->model().runnable();
  const QString what = graph ? tr("The ONNX model as shown, packed as small as it goes.")
                             : tr("All weights as cut, packed as small as they go.");
  const auto& forms = m_document.outcome().footprint.forms;
  const QString size =
      forms ? QLatin1Char(' ') + tr("About %1.").arg(bytesText(forms->total.lapidary)) : QString();
  return what + size + QLatin1Char(' ') +
         tr("This program opens it; lapidary-cli unpack gives back the file that was packed, byte for byte.");
}

void ExportDialog::browse() {
  const QString ending = endingOf(m_kinds->current());
  const QString path =
      QFileDialog::getSaveFileName(this, tr("Export"), m_path->text(), QStringLiteral("*%1").arg(ending),
                                   nullptr, QFileDialog::DontConfirmOverwrite);
  if (path.isEmpty()) return;
  m_path->setText(isOfKind(path, m_kinds->current()) ? path : path + ending);
  m_folder = QFileInfo(path).path();
}

void ExportDialog::write() {
  const QString path = m_path->text().trimmed();
  const int kind = m_kinds->current();
  if (path.isEmpty()) return;
  const QString target = isOfKind(path, kind) ? path : path + endingOf(kind);
  m_path->setText(target);
  if (QFileInfo::exists(target) && (!m_saved || m_saved->path != target.toStdString()) &&
      QMessageBox::question(this, tr("Export"), tr("%1 exists. Write over it?").arg(target)) !=
          QMessageBox::Yes)
    return;
  m_saved.reset();
  m_result->setText(tr("Writing, reopening and measuring…"));
  const core::BundleExtras extras = chosenExtras();
  m_job.start([this, session = m_document.session(), recipe = m_document.recipe(), target,
               extras](const core::Progress& progress) -> BackgroundJob::Deliver {
    const auto saved = session->save(recipe, target.toStdString(), extras, progress);
    return [this, saved] { showResult(saved); };
  });
}

core::BundleExtras ExportDialog::chosenExtras() const {
  core::BundleExtras extras;
  if (m_kinds->current() != Bundle) return extras;
  extras.samples = m_withData->isChecked();
  if (!m_withAttacks->isChecked()) return extras;
  extras.attacks.emplace();
  extras.detectorOfFalseAlarms = 0.05;
  return extras;
}

void ExportDialog::showBusy(bool busy) {
  m_progress->setVisible(busy);
  if (busy) m_progress->setRange(0, 0);
  for (QWidget* widget : {static_cast<QWidget*>(m_kinds), static_cast<QWidget*>(m_path),
                          static_cast<QWidget*>(m_browse), static_cast<QWidget*>(m_write),
                          static_cast<QWidget*>(m_withData), static_cast<QWidget*>(m_withAttacks)})
    widget->setEnabled(!busy);
  m_close->setText(busy ? tr("Cancel") : tr("Close"));
}

void ExportDialog::showResult(const core::SavedFile& saved) {
  m_saved = saved;
  const QFileInfo info(QString::fromStdString(saved.path));
  settings::setValue("exportFolder", info.absolutePath());
  settings::setValue("exportKind", m_kinds->current());
  QStringList lines{tr("✓ %1 written, %2").arg(info.fileName(), bytesText(saved.bytes))};
  if (saved.quality && saved.quality->top1)
    lines << tr("Reopened and measured: top-1 %1 on %2 samples")
                 .arg(percentText(*saved.quality->top1, 2),
                      countText(static_cast<std::int64_t>(saved.quality->samples)));
  else if (saved.quality && saved.quality->agreement)
    lines << tr("Reopened and measured: %1 agree with the original, of %2 samples")
                 .arg(percentText(*saved.quality->agreement, 2),
                      countText(static_cast<std::int64_t>(saved.quality->samples)));
  else
    lines << tr("Reopened and compared: what was read back is what was written.");
  if (const QString check = runtimeText(saved); !check.isEmpty()) lines << check;
  lines << tr("SHA-256 %1").arg(QString::fromStdString(saved.sha256));
  m_result->setText(lines.join(QLatin1Char('\n')));
  m_show->show();
  emit written();
}

void ExportDialog::showFailure(const QString& message) {
  showBusy(false);
  m_result->setText(QStringLiteral("▲ ") + message);
}

void ExportDialog::showInFolder() {
  if (m_saved)
    QDesktopServices::openUrl(
        QUrl::fromLocalFile(QFileInfo(QString::fromStdString(m_saved->path)).absolutePath()));
}

}  // namespace lapidary::ui
