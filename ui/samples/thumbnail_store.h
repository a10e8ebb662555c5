// SPDX-License-Identifier: GPL-3.0-or-later
// Small pictures of samples, made off the GUI thread as they come into sight.
#pragma once

#include <QCache>
#include <QImage>
#include <QObject>
#include <deque>
#include <memory>

#include "core/data/dataset.h"

namespace lapidary::ui {

class BackgroundJob;

class ThumbnailStore : public QObject {
  Q_OBJECT

 public:
  explicit ThumbnailStore(QObject* parent = nullptr);

  void setData(std::shared_ptr<const core::Dataset> data);
  const std::shared_ptr<const core::Dataset>& data() const { return m_data; }
  /// Null while it is being made (or where the sample has none); `arrived` follows then.
  QImage thumbnail(std::size_t sample);

  static constexpr int side = 88;  ///< pixels of the longer side, for twice the density

 signals:
  void arrived(qulonglong sample);

 private:
  void startNext();

  std::shared_ptr<const core::Dataset> m_data;
  QCache<qulonglong, QImage> m_images{4000};
  std::deque<std::size_t> m_wanted;  ///< newest first
  BackgroundJob* m_job;
};

}  // namespace lapidary::ui
