// SPDX-License-Identifier: GPL-3.0-or-later
// Batches, newest wishes first: what has scrolled out of sight comes last.
#include "ui/samples/thumbnail_store.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "ui/document/background_job.h"
#include "ui/samples/sample_image.h"

namespace lapidary::ui {
namespace {

constexpr std::size_t batchSize = 16;
constexpr std::size_t mostWanted = 256;

QImage thumbnailOf(const core::Dataset& data, std::size_t sample) {
  try {
    const QImage image = sampleImage(data, sample);
    const QSize box(ThumbnailStore::side, ThumbnailStore::side);
    if (image.isNull()) return image;
    const bool shrinks = image.width() > box.width() || image.height() > box.height();
    return image.scaled(box, Qt::KeepAspectRatio,
                        shrinks ? Qt::SmoothTransformation : Qt::FastTransformation);
  } catch (const core::Error&) {
    return {};  // a damaged picture has no thumbnail; evaluating it says what is wrong
  }
}

}  // namespace

ThumbnailStore::ThumbnailStore(QObject* parent) : QObject(parent), m_job(new BackgroundJob(this)) {
  connect(m_job, &BackgroundJob::finished, this, &ThumbnailStore::startNext);
}

void ThumbnailStore::setData(std::shared_ptr<const core::Dataset> data) {
  m_job->cancel();
  m_data = std::move(data);
  m_images.clear();
  m_wanted.clear();
}

QImage ThumbnailStore::thumbnail(std::size_t sample) {
  if (!m_data || sample >= m_data->size()) return {};
  if (const QImage* known = m_images.object(sample)) return *known;
  if (std::find(m_wanted.begin(), m_wanted.end(), sample) == m_wanted.end()) m_wanted.push_front(sample);
  if (m_wanted.size() > mostWanted) m_wanted.pop_back();
  if (!m_job->running()) startNext();
  return {};
}

void ThumbnailStore::startNext() {
  if (m_wanted.empty() || !m_data) return;
  const std::size_t count = std::min(batchSize, m_wanted.size());
  const std::vector<std::size_t> batch(m_wanted.begin(),
                                       m_wanted.begin() + static_cast<std::ptrdiff_t>(count));
  m_job->start([data = m_data, batch, this](const core::Progress& progress) -> BackgroundJob::Deliver {
    std::vector<std::pair<std::size_t, QImage>> made;
    for (const std::size_t sample : batch) {
      progress.check();
      made.emplace_back(sample, thumbnailOf(*data, sample));
    }
    return [this, made] {
      for (const auto& [sample, image] : made) {
        m_images.insert(sample, new QImage(image));
        std::erase(m_wanted, sample);
        emit arrived(sample);
      }
    };
  });
}

}  // namespace lapidary::ui
