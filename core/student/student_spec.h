// SPDX-License-Identifier: GPL-3.0-or-later
// The specification of a student: a network of the gallery, a part of the teacher, or a file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lapidary::core {

enum class StudentKind {
  Mlp,          ///< dense layers with ReLU between them; tokens are embedded and averaged
  Cnn,          ///< blocks of convolution, ReLU and max pooling, then one dense layer
  Transformer,  ///< an encoder with pre-normalisation over tokens or patches (Vaswani et al. 2017; Xiong et
                ///< al. 2020)
  Narrow,       ///< the teacher with fewer channels and heads
  Shallow,      ///< the teacher with fewer residual blocks
  File,         ///< a model file
};

enum class CnnHead {
  Flat,    ///< every position has weights of its own
  Global,  ///< the mean over all positions
};

struct StudentSpec {
  StudentKind kind = StudentKind::Cnn;
  std::vector<std::int64_t> widths{
      8, 16};                     ///< Mlp: of the hidden layers, may be none; Cnn: channels of the blocks
  std::int64_t kernel = 3;        ///< Cnn: odd
  std::int64_t pool = 2;          ///< Cnn: 1 for none
  CnnHead head = CnnHead::Flat;   ///< Cnn
  std::int64_t width = 32;        ///< Transformer: of a token; a multiple of the heads
  std::int64_t depth = 2;         ///< Transformer: blocks
  std::int64_t heads = 4;         ///< Transformer
  std::int64_t patch = 7;         ///< Transformer: side of a patch; not for tokens
  std::int64_t feedForward = 64;  ///< Transformer: width of the inner layer of a block
  double keep = 0.5;   ///< Narrow: share of channels and heads; Shallow: of residual blocks; in (0, 1]
  bool fresh = false;  ///< Narrow, Shallow, File: weights drawn anew; false: inherited
  std::string path;    ///< File

  bool operator==(const StudentSpec&) const = default;
};

/// Throws Error(InvalidInput) naming the key and what it may be.
void validate(const StudentSpec& spec);

/// Version 1; only the keys of its kind are written, and all but "format", "version" and "kind" may be
/// absent:
///   {"format": "lapidary-student", "version": 1, "kind": "cnn", "channels": [8, 16], "kernel": 3, "pool": 2,
///    "head": "flat"}
/// mlp: "hidden"; cnn: "channels", "kernel", "pool", "head" (flat, global); transformer: "width", "depth",
/// "heads", "patch", "feed_forward"; narrow and shallow: "keep", "weights" (inherited, fresh); file: "path",
/// "weights".
std::string toJson(const StudentSpec& spec, int indent = 2);
/// Throws Error(InvalidInput) naming the key and what was expected; unknown keys are errors.
StudentSpec studentFromJson(const std::string& text);

/// The same as one word for a command line: KIND or KIND:VALUE,KEY=VALUE,..., where VALUE alone is of the
/// kind's first key and lists are divided by '-': "mlp:64-32", "cnn:8-16,kernel=5,head=global",
/// "transformer:32,depth=2,heads=4", "narrow:0.3,weights=fresh". Throws as studentFromJson does.
StudentSpec studentFromWords(const std::string& words);
std::string toWords(const StudentSpec& spec);
/// Whether the part before the first ':' is a kind.
bool looksLikeStudentWords(std::string_view words);

}  // namespace lapidary::core
