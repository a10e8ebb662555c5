// SPDX-License-Identifier: GPL-3.0-or-later
// A person's own data: where samples come from, and how they become the model's inputs.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/data/data_part.h"
#include "core/data/data_warning.h"
#include "core/data/preprocess.h"
#include "core/files/image.h"
#include "core/files/sound.h"
#include "core/model/model.h"

namespace lapidary::core {

/// Raw samples with optional labels. Implementations are immutable and thread-safe.
class DataSource {
 public:
  virtual ~DataSource() = default;
  virtual std::size_t size() const = 0;
  virtual bool labelled() const = 0;
  /// Class index of sample i; only where labelled.
  virtual std::int64_t label(std::size_t i) const = 0;
  /// May be empty; otherwise at least one more than the largest label.
  virtual const std::vector<std::string>& classNames() const = 0;
  /// A file name, or the index as text.
  virtual std::string sampleName(std::size_t i) const = 0;
  /// Whether `picture` gives something (image files, or arrays shaped like pictures).
  virtual bool pictorial() const = 0;
  virtual Picture picture(std::size_t i) const = 0;
  /// Whether `sound` gives something (files of sounds).
  virtual bool audible() const { return false; }
  /// Throws Error(InvalidInput) where the source holds no sounds.
  virtual Sound sound(std::size_t i) const;
  /// Arrays by the name of the graph input they feed (one unnamed entry feeds the only input), without
  /// the batch axis. Empty where the source holds pictures or sounds, which go through the preprocess.
  virtual std::vector<std::pair<std::string, Tensor>> arrays(std::size_t i) const = 0;
  /// A short description: "1,000 pictures in 10 classes" is composed by others from kind and numbers.
  virtual std::string kind() const = 0;  ///< "npz", "idx", "folder", "csv"
  /// As openData takes it; of data in several parts with the part that was taken.
  virtual std::string path() const = 0;
  /// Of one file of data.
  virtual DataParts parts() const { return {}; }
  /// What was left out when it was read.
  virtual const std::vector<DataWarning>& warnings() const;
};

/// Arrays of the data that feed no input of the model.
std::vector<DataWarning> unusedArrays(const Model& model, const DataSource& data);

/// Opens `npz`, `IMAGES:LABELS` (IDX, gz too), a folder of class folders, a CSV of file,label, or a
/// folder of files without class folders (no labels). `FILE:test` (or val, train) takes that part of an npz
/// or a CSV. The files are pictures or sounds. Throws Error(InvalidInput).
std::shared_ptr<const DataSource> openData(const std::string& where);
/// An npz in memory (the embedded demo).
std::shared_ptr<const DataSource> openNpzData(const Bytes& bytes, const std::string& name);

/// A sensible preprocess from the model's input and the data: layout, channels and size from the
/// shape; 0..255 data with scale 1/255; no mean and std. Sounds: what `completed` makes of the first.
Preprocess guessPreprocess(const Model& model, const DataSource& data);

struct PreprocessChoice {
  Preprocess preprocess;
  PreprocessOrigin origin = PreprocessOrigin::Guessed;
  std::size_t triedForms = 0, triedSamples = 0;  ///< of origin Tried
  /// Keys that a document does not name, with the values that were guessed for them: "rate 8000, mels 40".
  std::string guessed = {};
  std::vector<DataWarning> warnings = {};  ///< of what a document leaves open, or has no effect here
};
/// A document, with keys that it leaves open guessed from the model's input and the data; sounds' from the
/// first sound. Throws Error(InvalidInput) naming the key.
PreprocessChoice readPreprocess(const Model& model, const DataSource& data, const Bytes& json,
                                PreprocessOrigin origin);
/// `<model>.preprocess.json`, `<model without ending>.preprocess.json` or `preprocessor_config.json` beside
/// the model, or the last in the folder above a folder `onnx`; else the guess.
PreprocessChoice choosePreprocess(const Model& model, const DataSource& data);

/// Samples as the model's inputs. Thread-safe; prepared samples are kept up to a budget.
class Dataset {
 public:
  /// Throws Error(InvalidInput) if the samples cannot feed the model, saying which shape was expected.
  Dataset(std::shared_ptr<const DataSource> source, Preprocess preprocess, const Model& model,
          PreprocessOrigin origin = PreprocessOrigin::Given);
  ~Dataset();

  const DataSource& source() const { return *m_source; }
  const std::shared_ptr<const DataSource>& sharedSource() const { return m_source; }
  const Preprocess& preprocess() const { return m_preprocess; }
  PreprocessOrigin preprocessOrigin() const { return m_origin; }
  std::size_t size() const { return m_source->size(); }
  bool labelled() const { return m_source->labelled(); }

  /// The graph's inputs for these samples, stacked along a batch axis, in graph order.
  std::vector<Tensor> inputs(std::span<const std::size_t> samples) const;
  /// Bytes of prepared samples, from now on; those that are kept already stay.
  void keepAtMost(std::size_t bytes) const;
  /// A fixed order that is stratified by class: every prefix holds the classes in about their share.
  const std::vector<std::size_t>& order() const { return m_order; }
  /// Differs between datasets and preprocesses; part of cache keys.
  std::uint64_t id() const { return m_id; }

 private:
  struct Store;
  std::shared_ptr<const DataSource> m_source;
  Preprocess m_preprocess;
  PreprocessOrigin m_origin;
  std::vector<InputSpec> m_specs;
  std::vector<std::size_t> m_order;
  std::uint64_t m_id = 0;
  std::unique_ptr<Store> m_store;
};

}  // namespace lapidary::core
