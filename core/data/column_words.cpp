// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/column_words.h"

#include <algorithm>
#include <array>
#include <span>

namespace lapidary::core {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::array<std::string_view, 35> fileWords{
    "filename",  "file",      "filepath",  "imagefilename", "imagefile", "imagepath",     "imagefilepath",
    "image",     "imagename", "img",       "imgpath",       "imgname",   "imgfile",       "imgfilename",
    "picture",   "photo",     "audio",     "audiofile",     "audiopath", "audiofilename", "sound",
    "wav",       "wavfile",   "recording", "path",          "fullpath",  "relativepath",  "relpath",
    "filenames", "files",     "images",    "paths",         "fname",     "imageid",       "imgid"};
constexpr std::array<std::string_view, 24> labelWords{
    "label",      "labels",       "y",        "class",     "classes",  "classlabel",
    "classid",    "classindex",   "classidx", "classname", "labelid",  "labelidx",
    "labelname",  "target",       "targets",  "targetid",  "category", "categories",
    "categoryid", "categoryname", "lbl",      "ys",        "gt",       "groundtruth"};
constexpr std::array<std::string_view, 15> samplesWords{"x",       "images", "image",    "data",   "features",
                                                        "feature", "inputs", "input",    "imgs",   "img",
                                                        "samples", "xs",     "pictures", "sounds", "audio"};
constexpr std::array<std::string_view, 8> partColumns{"split", "subset", "set",          "partition",
                                                      "phase", "usage",  "datasetsplit", "part"};

/// Without what stands between words, and without what Excel may put around them.
std::string bare(std::string_view word) {
  std::string text;
  for (const char c : lowerCase(word))
    if (c != '_' && c != '-' && c != ' ' && c != '.' && c != '/') text += c;
  return text;
}

std::optional<std::size_t> rankIn(Words words, std::string_view word) {
  const auto found = std::ranges::find(words, bare(word));
  if (found == words.end()) return std::nullopt;
  return static_cast<std::size_t>(found - words.begin());
}

}  // namespace

std::string lowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

std::optional<std::size_t> fileWordRank(std::string_view word) { return rankIn(fileWords, word); }
std::optional<std::size_t> labelWordRank(std::string_view word) { return rankIn(labelWords, word); }
std::optional<std::size_t> samplesWordRank(std::string_view word) { return rankIn(samplesWords, word); }
bool isPartColumnWord(std::string_view word) { return rankIn(partColumns, word).has_value(); }

}  // namespace lapidary::core
