// SPDX-License-Identifier: GPL-3.0-or-later
// Text and beginnings of files in the low bits of neighbouring weights.
#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <unordered_set>

#include "core/audit/rules/audit_rules.h"
#include "core/audit/weights/weight_checks.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

constexpr std::size_t leastText = 96, leastValues = 24, leastLetters = 10;

/// The bits of a weight that are read, and which of them comes first.
struct BitPlane {
  unsigned bits = 8;
  bool lowFirst = true;
};

std::vector<BitPlane> bitPlanes() {
  std::vector<BitPlane> planes{{1, true}, {1, false}};
  for (const unsigned bits : {2u, 3u, 4u, 8u, 16u, 24u})
    for (const bool lowFirst : {true, false}) planes.push_back({bits, lowFirst});
  return planes;
}

/// Every byte with its bits in the other order.
constexpr std::array<std::uint8_t, 256> mirrored = [] {
  std::array<std::uint8_t, 256> table{};
  for (unsigned byte = 0; byte < 256; ++byte)
    for (unsigned bit = 0; bit < 8; ++bit)
      if (byte >> bit & 1) table[byte] = static_cast<std::uint8_t>(table[byte] | 0x80 >> bit);
  return table;
}();

/// The last 16 bytes that went by, as if they ended at the last bit.
struct Passing {
  std::uint64_t older = 0, newer = 0;
  void push(unsigned bit) {
    older = older << 1 | newer >> 63;
    newer = newer << 1 | bit;
  }
  /// Byte `i` of 16.
  std::uint8_t at(std::size_t i, bool reversed) const {
    const std::uint64_t half = i < 8 ? older : newer;
    const auto byte = static_cast<std::uint8_t>(half >> (8 * (7 - i % 8)));
    return reversed ? mirrored[byte] : byte;
  }
};

using Head = std::array<std::uint8_t, 16>;

bool startsWith(const Head& head, std::string_view bytes) {
  return std::memcmp(head.data(), bytes.data(), bytes.size()) == 0;
}

bool isZip(const Head& h) {
  constexpr std::array<unsigned, 6> methods{0, 8, 9, 12, 14, 93};
  return startsWith(h, std::string_view("PK\3\4", 4)) && h[4] <= 63 && h[5] <= 3 && h[9] == 0 &&
         std::ranges::find(methods, h[8]) != methods.end();
}

bool isGzip(const Head& h) {
  constexpr std::array<unsigned, 5> systems{0, 3, 10, 11, 255};
  return startsWith(h, "\x1f\x8b\x08") && (h[3] == 0 || h[3] == 8) && (h[8] == 0 || h[8] == 2 || h[8] == 4) &&
         std::ranges::find(systems, h[9]) != systems.end();
}

bool isPickle(const Head& h) {
  return h[0] == 0x80 && (h[1] == 4 || h[1] == 5) && h[2] == 0x95 && h[7] == 0 && h[8] == 0 && h[9] == 0 &&
         h[10] == 0;
}

bool isElf(const Head& h) {
  return startsWith(h,
                    "\x7f"
                    "ELF") &&
         (h[4] == 1 || h[4] == 2) && (h[5] == 1 || h[5] == 2) && h[6] == 1;
}

/// The kind of file that the 16 bytes begin; a chance of less than 1e-13 at any one offset of noise.
const char* fileAt(const Head& h) {
  if (isZip(h)) return "a zip archive";
  if (isGzip(h)) return "a gzip stream";
  if (isPickle(h)) return "a pickle";
  if (isElf(h)) return "a program (ELF)";
  if (startsWith(h, "\x89PNG\r\n\x1a\n")) return "a PNG picture";
  if (startsWith(h, "%PDF-1.")) return "a PDF document";
  if (startsWith(h, std::string_view("\xFD"
                                     "7zXZ\0",
                                     6)))
    return "an xz stream";
  if (startsWith(h, "7z\xBC\xAF\x27\x1C")) return "a 7z archive";
  if (startsWith(h, "This program can")) return "a program (Windows)";
  if (startsWith(h, "#!/bin/") || startsWith(h, "#!/usr/")) return "a script";
  if (startsWith(h, "-----BEGIN ")) return "a key or certificate";
  return nullptr;
}

/// First bytes of any of those; most places end here.
std::array<bool, 256> firstBytes() {
  std::array<bool, 256> first{};
  for (const unsigned byte : {0x50u, 0x1fu, 0x80u, 0x7fu, 0x89u, 0x25u, 0xFDu, 0x37u, 0x54u, 0x23u, 0x2Du})
    first[byte] = true;
  return first;
}

bool printable(std::uint8_t byte) {
  return (byte >= 32 && byte < 127) || byte == '\n' || byte == '\t' || byte == '\r';
}

std::string planeText(const BitPlane& plane) {
  if (plane.bits == 1) return "the lowest bit";
  if (plane.bits == 8) return "the lowest byte";
  return plane.bits < 8 ? "the lowest " + std::to_string(plane.bits) + " bits"
                        : "the lowest " + std::to_string(plane.bits / 8) + " bytes";
}

/// Few values that stand there again and again, as the anchors of a detector do, carry nothing.
bool isTable(std::span<const std::uint32_t> words) {
  constexpr std::size_t mostValues = 256, timesEach = 32;
  std::unordered_set<std::uint32_t> values;
  for (const std::uint32_t word : words)
    if (values.insert(word).second && values.size() > mostValues) return false;
  return words.size() >= timesEach * values.size();
}

/// Reads one plane of all tensors as one stream of bits.
class PlaneScan {
 public:
  PlaneScan(const BitPlane& plane, const std::vector<AuditedTensor>& tensors, const Progress& progress)
      : m_plane(plane), m_tensors(tensors), m_progress(progress) {}

  std::vector<Finding> run() {
    for (const AuditedTensor& tensor : m_tensors) {
      if (tensor.tensor.dtype() != DType::Float32) continue;
      m_current = &tensor;
      m_files.clear();
      m_runs.fill(0);
      m_longest = 0;
      const auto values = tensor.tensor.as<float>();
      m_words = {reinterpret_cast<const std::uint32_t*>(values.data()), values.size()};
      m_isTable = isTable(m_words);
      for (m_at = 0; m_at < m_words.size(); ++m_at) {
        if (m_at % 65536 == 0) m_progress.check();
        pushWord(m_words[m_at]);
      }
      tell();
    }
    return std::move(m_findings);
  }

 private:
  void pushWord(std::uint32_t word) {
    for (unsigned k = 0; k < m_plane.bits; ++k)
      push(word >> (m_plane.lowFirst ? k : m_plane.bits - 1 - k) & 1);
  }

  void push(unsigned bit) {
    m_passing.push(bit);
    ++m_pushed;
    const std::uint8_t last = m_passing.at(15, m_plane.lowFirst);
    std::size_t& run = m_runs[m_pushed % 8];
    if (!printable(last)) {
      if (run >= leastText && run > m_longest && isText(run)) m_longest = run;
      run = 0;
    } else {
      ++run;
    }
    if (m_first[m_passing.at(0, m_plane.lowFirst)] && m_pushed >= 128) lookForFile();
  }

  void lookForFile() {
    Head head;
    for (std::size_t i = 0; i < head.size(); ++i) head[i] = m_passing.at(i, m_plane.lowFirst);
    const char* what = fileAt(head);
    if (what == nullptr || m_files.size() >= 4) return;
    const std::size_t back = (128 + m_plane.bits - 1) / m_plane.bits;
    const std::string found =
        std::string(what) + " at weight " + std::to_string(m_at + 1 - std::min(m_at + 1, back));
    if (std::ranges::find(m_files, found) == m_files.end()) m_files.push_back(found);
  }

  /// Few values whose bits are printable by chance, as those of a coarse grid, are no text.
  bool isText(std::size_t run) const {
    const std::size_t weights = std::min(m_at, (leastText * 8 + m_plane.bits - 1) / m_plane.bits);
    const std::size_t skipped = std::min(m_at - weights, (run - leastText) * 8 / m_plane.bits / 2);
    const auto stretch = m_words.subspan(m_at - weights - skipped, weights);
    const std::unordered_set<std::uint32_t> values(stretch.begin(), stretch.end());
    if (values.size() < leastValues || m_isTable) return false;
    std::unordered_set<std::uint32_t> letters;
    const std::uint32_t mask = m_plane.bits >= 8 ? 0xFF : (1u << m_plane.bits) - 1;
    for (const std::uint32_t value : values) letters.insert(value & mask);
    return m_plane.bits < 8 || letters.size() >= leastLetters;
  }

  void tell() {
    for (std::size_t& run : m_runs) {
      if (run >= leastText && run > m_longest && isText(run)) m_longest = run;
      run = 0;
    }
    const std::string place = "weight '" + m_current->name + "'";
    if (m_longest > 0)
      m_findings.push_back(findingOf(
          "weight-hidden-text", place,
          std::to_string(m_longest) + " characters in a row in " + planeText(m_plane) + " of the weights"));
    for (const std::string& file : m_files)
      m_findings.push_back(
          findingOf("weight-hidden-file", place, file + ", in " + planeText(m_plane) + " of the weights"));
  }

  const BitPlane m_plane;
  const std::vector<AuditedTensor>& m_tensors;
  const Progress& m_progress;
  const std::array<bool, 256> m_first = firstBytes();
  const AuditedTensor* m_current = nullptr;
  bool m_isTable = false;
  std::span<const std::uint32_t> m_words;
  std::size_t m_at = 0, m_longest = 0;
  std::uint64_t m_pushed = 0;
  Passing m_passing;
  std::array<std::size_t, 8> m_runs{};
  std::vector<std::string> m_files;
  std::vector<Finding> m_findings;
};

}  // namespace

void findHiddenFiles(const std::vector<AuditedTensor>& tensors, const Progress& progress, unsigned workers,
                     std::vector<Finding>& findings) {
  const std::vector<BitPlane> planes = bitPlanes();
  std::vector<std::vector<Finding>> found(planes.size());
  std::atomic<std::size_t> done = 0;
  parallelFor(planes.size(), workers, [&](std::size_t i, unsigned) {
    found[i] = PlaneScan(planes[i], tensors, progress).run();
    progress.step(++done, planes.size());
  });
  // One payload can be read in several planes and orders: the finding of the widest plane stays.
  std::vector<Finding> kept;
  for (auto some = found.rbegin(); some != found.rend(); ++some)
    for (const Finding& finding : *some)
      if (std::ranges::none_of(kept, [&](const Finding& other) {
            return other.id == finding.id && other.place == finding.place;
          }))
        kept.push_back(finding);
  findings.insert(findings.end(), kept.begin(), kept.end());
}

}  // namespace lapidary::core
