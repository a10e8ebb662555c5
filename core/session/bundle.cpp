#include "core/session/bundle.h"

#include <filesystem>

#include "core/files/scratch_file.h"
#include "core/files/sha256.h"
#include "core/io/common/format.h"
#include "core/report/bundle_samples.h"
#include "core/session/robustness.h"

namespace lapidary::core {
namespace {

/// A bundle without samples beside the target, which goes at the end.
class PlainBundle {
 public:
  explicit PlainBundle(const std::string& target) : m_path(scratchPath(target, "zip")) {}
  ~PlainBundle() {
    std::error_code ignored;
    std::filesystem::remove(m_path, ignored);
  }
  PlainBundle(const PlainBundle&) = delete;
  PlainBundle& operator=(const PlainBundle&) = delete;
  const std::string& path() const { return m_path; }

 private:
  std::string m_path;
};

}  // namespace

SavedFile saveBundle(const Session& session, const Recipe& recipe, const std::string& path,
                     const BundleExtras& extras, const Progress& progress) {
  if (!path.ends_with(".zip"))
    throw Error(ErrorKind::Usage,
                path + ": only a bundle holds more than the model; the ending must be .zip");
  if (extras.attacks || extras.detectorOfFalseAlarms) {
    requireAttackable(session);
    if (session.qualityKind() == QualityKind::Noise)
      throw Error(ErrorKind::Unsupported, path + ": attacks need outputs that are scores of classes");
  }
  if (!extras.samples) return session.save(recipe, path, extras, progress);
  if (session.data() == nullptr || !session.data()->source().pictorial())
    throw Error(ErrorKind::Usage, path + ": there are no pictures among the data that a bundle could hold");
  const PlainBundle plain(path);
  SavedFile saved = session.save(recipe, plain.path(), extras, progress);
  return withContext("writing " + path, [&] {
    const Bytes bundle = mapFile(plain.path());
    std::map<std::size_t, Picture> samples;
    for (const std::size_t sample : explainedSamples(bundle))
      samples[sample] = session.data()->source().picture(sample);
    const Bytes whole = withSamples(bundle, samples);
    writeFileAtomically(path, [&](const Append& append) { append(whole.view); });
    saved.path = path;
    saved.bytes = whole.view.size();
    saved.sha256 = sha256(whole.view);
    return saved;
  });
}

}  // namespace lapidary::core
