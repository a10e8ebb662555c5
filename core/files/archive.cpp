// SPDX-License-Identifier: GPL-3.0-or-later
// Zip archives through QuaZip over memory: reading with limits, writing with fixed time stamps.
#include "core/files/archive.h"

#include <quazip/quazip.h>
#include <quazip/quazipfile.h>

#include <QtCore/QBuffer>
#include <QtCore/QByteArray>
#include <QtCore/QDateTime>
#include <QtCore/QFile>
#include <QtCore/QString>
#include <algorithm>
#include <cstring>
#include <limits>
#include <mutex>
#include <set>

#include "core/files/zip_directory.h"
#include "core/support/buffer_pool.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

/// No deflate stream expands further: a match of 258 bytes takes at least two bits.
constexpr std::uint64_t maxDeflateRatio = 1032;
constexpr std::uint16_t methodStored = 0;
constexpr std::uint16_t methodDeflated = 8;
constexpr std::uint16_t flagEncrypted = 1;

Error memberError(const std::string& name, const std::string& what) {
  return invalidInput("archive member '" + name + "' " + what);
}

}  // namespace

namespace {

/// Bytes to read from. Unlike QBuffer it refuses positions beyond the end, which damaged archives ask
/// for, without a word on standard error.
class MemoryDevice final : public QIODevice {
 public:
  explicit MemoryDevice(std::span<const std::byte> bytes) : m_bytes(bytes) {}

  bool isSequential() const override { return false; }
  qint64 size() const override { return static_cast<qint64>(m_bytes.size()); }
  bool seek(qint64 position) override {
    if (position < 0 || position > size()) return false;
    m_at = static_cast<std::size_t>(position);
    return QIODevice::seek(position);
  }

 protected:
  qint64 readData(char* to, qint64 most) override {
    const std::size_t count = std::min(static_cast<std::size_t>(most), m_bytes.size() - m_at);
    if (count > 0) std::memcpy(to, m_bytes.data() + m_at, count);
    m_at += count;
    return static_cast<qint64>(count);
  }
  qint64 writeData(const char*, qint64) override { return -1; }

 private:
  std::span<const std::byte> m_bytes;
  std::size_t m_at = 0;
};

}  // namespace

struct ArchiveReader::State {
  explicit State(Bytes source) : bytes(std::move(source)), device(bytes.view), zip(&device) {}

  void list();
  void checkReadable(const QuaZipFileInfo64& info, const std::string& name, std::uint64_t limit) const;
  Bytes unpack(const std::string& name, std::uint64_t size);

  Bytes bytes;
  MemoryDevice device;
  QuaZip zip;
  std::vector<ArchiveMember> members;
  std::mutex mutex;  ///< QuaZip has one current member
};

void ArchiveReader::State::list() {
  std::set<std::string> names;
  for (bool more = zip.goToFirstFile(); more; more = zip.goToNextFile()) {
    QuaZipFileInfo64 info;
    if (!zip.getCurrentFileInfo(&info)) break;
    std::string name = info.name.toStdString();
    if (name.empty() || name.back() == '/') continue;  // a folder
    if (!names.insert(name).second) throw memberError(name, "is in the archive twice");
    members.push_back({std::move(name), info.uncompressedSize, info.compressedSize});
  }
  if (zip.getZipError() != UNZ_OK) throw invalidInput("the zip archive's directory is damaged");
}

void ArchiveReader::State::checkReadable(const QuaZipFileInfo64& info, const std::string& name,
                                         std::uint64_t limit) const {
  if (info.flags & flagEncrypted) throw memberError(name, "is encrypted; unpack it with its password first");
  if (info.method != methodStored && info.method != methodDeflated)
    throw memberError(name, "uses compression method " + std::to_string(info.method) +
                                ", only stored (0) and deflated (8) can be read");
  const std::uint64_t size = info.uncompressedSize;
  if (size > limit)
    throw memberError(name, "declares " + std::to_string(size) + " bytes, at most " + std::to_string(limit) +
                                " are allowed");
  const std::uint64_t packed = info.compressedSize;
  if (packed > bytes.view.size())
    throw memberError(name, "declares " + std::to_string(packed) +
                                " compressed bytes, the whole archive has " +
                                std::to_string(bytes.view.size()));
  if (info.method == methodStored && size != packed)
    throw memberError(name, "is stored uncompressed, but declares " + std::to_string(size) + " bytes in " +
                                std::to_string(packed));
  if (size / maxDeflateRatio > packed)
    throw memberError(name, "declares " + std::to_string(size) + " bytes, more than its " +
                                std::to_string(packed) + " compressed bytes can hold");
}

Bytes ArchiveReader::State::unpack(const std::string& name, std::uint64_t size) {
  // minizip stops at the declared size; a longer stream then fails its checksum.
  QuaZipFile file(&zip);
  if (!file.open(QIODevice::ReadOnly)) throw memberError(name, "has a damaged header");
  const auto memory = allocateBuffer(size);
  std::uint64_t done = 0;
  while (done < size) {
    constexpr std::uint64_t piece = 64u << 20;  // minizip counts a read in 32 bits
    const qint64 got = file.read(reinterpret_cast<char*>(memory.get()) + done,
                                 static_cast<qint64>(std::min(piece, size - done)));
    if (got <= 0) break;
    done += static_cast<std::uint64_t>(got);
  }
  if (file.getZipError() != UNZ_OK) throw memberError(name, "has damaged compressed data");
  if (done < size)
    throw memberError(name, "ends after " + std::to_string(done) + " of " + std::to_string(size) + " bytes");
  file.close();
  if (file.getZipError() == UNZ_CRCERROR) throw memberError(name, "has a wrong checksum (CRC-32)");
  if (file.getZipError() != UNZ_OK) throw memberError(name, "has damaged compressed data");
  return {memory, {memory.get(), static_cast<std::size_t>(size)}};
}

ArchiveReader::ArchiveReader(Bytes bytes) : m_state(std::make_unique<State>(std::move(bytes))) {
  m_state->zip.setFileNameCodec("UTF-8");
  if (readZipDirectory(m_state->bytes.view).entries.empty())
    return;  // QuaZip reads a first entry at any rate
  if (!m_state->zip.open(QuaZip::mdUnzip)) throw invalidInput("the zip archive cannot be opened");
  m_state->list();
}

ArchiveReader::~ArchiveReader() = default;

const std::vector<ArchiveMember>& ArchiveReader::members() const { return m_state->members; }

Bytes ArchiveReader::read(const std::string& name, std::uint64_t limitBytes) const {
  const std::lock_guard lock(m_state->mutex);
  QuaZipFileInfo64 info;
  if (!m_state->zip.isOpen() ||
      !m_state->zip.setCurrentFile(QString::fromStdString(name), QuaZip::csSensitive) ||
      !m_state->zip.getCurrentFileInfo(&info))
    throw invalidInput("the archive has no member '" + name + "'");
  m_state->checkReadable(info, name, limitBytes);
  return m_state->unpack(name, info.uncompressedSize);
}

struct ArchiveWriter::State {
  State() : content(std::make_shared<QByteArray>()), buffer(content.get()), zip(&buffer) { start(); }
  explicit State(const std::string& target) : path(target), file(QString::fromStdString(target)), zip(&file) {
    start();
  }

  void start();

  std::shared_ptr<QByteArray> content;  ///< null where there is a file
  std::string path;
  QBuffer buffer;
  QFile file;
  QuaZip zip;
};

void ArchiveWriter::State::start() {
  zip.setDataDescriptorWritingEnabled(false);  // sizes stand in the local headers
  zip.setUtf8Enabled(true);
  if (!zip.open(QuaZip::mdCreate)) throw Error(ErrorKind::CannotWrite, "cannot start a zip archive");
}

ArchiveWriter::ArchiveWriter() : m_state(std::make_unique<State>()) {}
ArchiveWriter::ArchiveWriter(const std::string& path) : m_state(std::make_unique<State>(path)) {}
ArchiveWriter::~ArchiveWriter() = default;

void ArchiveWriter::add(const std::string& name, std::span<const std::byte> bytes, bool deflate) {
  QuaZipNewInfo info(QString::fromStdString(name));
  info.dateTime = QDateTime(QDate(1980, 1, 1), QTime(0, 0), Qt::UTC);  // the earliest a zip can tell
  info.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ReadGroup |
                      QFileDevice::ReadOther);
  // Deflate may add a little to incompressible data: leave room below the 32-bit limit.
  m_state->zip.setZip64Enabled(bytes.size() > std::numeric_limits<std::uint32_t>::max() - (16u << 20));
  QuaZipFile file(&m_state->zip);
  bool good = file.open(QIODevice::WriteOnly, info, nullptr, 0, deflate ? methodDeflated : methodStored);
  for (std::size_t done = 0; good && done < bytes.size();) {
    const std::size_t piece = std::min<std::size_t>(bytes.size() - done, 64u << 20);
    good = file.write(reinterpret_cast<const char*>(bytes.data()) + done, static_cast<qint64>(piece)) ==
           static_cast<qint64>(piece);
    done += piece;
  }
  file.close();
  if (!good || file.getZipError() != ZIP_OK)
    throw Error(ErrorKind::CannotWrite, "cannot add '" + name + "' to the zip archive");
}

Bytes ArchiveWriter::finish() {
  m_state->zip.close();
  if (m_state->zip.getZipError() != ZIP_OK)
    throw Error(ErrorKind::CannotWrite, "cannot finish the zip archive");
  if (!m_state->content) {
    m_state->file.close();
    if (m_state->file.error() != QFileDevice::NoError)
      throw Error(ErrorKind::CannotWrite, m_state->path + ": " + m_state->file.errorString().toStdString());
    return mapFile(m_state->path);
  }
  const auto& content = m_state->content;
  return {content, std::as_bytes(std::span(content->constData(), static_cast<std::size_t>(content->size())))};
}

}  // namespace lapidary::core
