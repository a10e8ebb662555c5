// SPDX-License-Identifier: GPL-3.0-or-later
// The JSON form of a session: version 1, or 2 in an archive with repaired weights.
#include "ui/files/session_file.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "core/data/data_part.h"
#include "ui/files/session_archive.h"

namespace lapidary::ui {

namespace {

constexpr int plainVersion = 1, version = 2;

QJsonObject parsedObject(const std::string& json) {
  return QJsonDocument::fromJson(QByteArray::fromStdString(json)).object();
}

std::string textOf(const QJsonValue& value) {
  return QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact).toStdString();
}

QJsonObject toJson(const QualityValue& value) {
  return {{"value", value.value},
          {"low", value.interval.low},
          {"high", value.interval.high},
          {"decibel", value.decibel}};
}

QualityValue valueFrom(const QJsonObject& object) {
  return {object["value"].toDouble(),
          {object["low"].toDouble(), object["high"].toDouble()},
          object["decibel"].toBool()};
}

QJsonObject toJson(const Visit& visit) {
  QJsonObject object{{"recipe", parsedObject(core::toJson(visit.recipe))},
                     {"bytes", static_cast<qint64>(visit.bytes)},
                     {"samples", static_cast<qint64>(visit.samples)}};
  for (const TradeOffFigure& figure : tradeOffFigures())
    if (const QualityValue* value = visit.on(figure.axis)) object[QLatin1String(figure.key)] = toJson(*value);
  return object;
}

Visit visitFrom(const QJsonObject& object) {
  Visit visit;
  visit.recipe = core::recipeFromJson(textOf(object["recipe"]));
  visit.bytes = static_cast<std::uint64_t>(object["bytes"].toInteger());
  visit.samples = static_cast<std::size_t>(object["samples"].toInteger());
  for (const TradeOffFigure& figure : tradeOffFigures()) {
    const QLatin1String key(figure.key);
    if (!object.contains(key)) continue;
    const QualityValue value = valueFrom(object[key].toObject());
    if (figure.axis == TradeOffAxis::Quality)
      visit.quality = value;
    else
      visit.figures[figure.axis] = value;
  }
  return visit;
}

[[noreturn]] void refuse(const QString& path, const QString& what) {
  throw core::Error(core::ErrorKind::InvalidInput,
                    (QStringLiteral("reading %1: %2").arg(path, what)).toStdString());
}

QString foundFile(const QString& path, const QDir& folder) {
  if (path.isEmpty() || path.startsWith(QLatin1String("demo:")) || QFileInfo::exists(path)) return path;
  const QString beside = folder.filePath(QFileInfo(path).fileName());
  return QFileInfo::exists(beside) ? beside : path;
}

/// A path of the demo is no file.
bool isGone(const QString& path) {
  return !path.isEmpty() && !path.startsWith(QLatin1String("demo:")) && !QFileInfo::exists(path);
}

/// The path itself, or the file of that name beside the session if the path is gone.
QString found(const QString& path, const QDir& folder) {
  const auto colon = path.indexOf(QLatin1Char(':'));
  if (path.startsWith(QLatin1String("demo:")) || colon < 0 || QFileInfo::exists(path))
    return foundFile(path, folder);
  // A part of a file of data, which is no file by itself, or an IDX pair.
  const core::DataPlace place = core::dataPlace(path.toStdString());
  if (place.part)
    return QString::fromStdString(
        core::pathOf({foundFile(QString::fromStdString(place.file), folder).toStdString(), place.part}));
  return foundFile(path.left(colon), folder) + QLatin1Char(':') + foundFile(path.mid(colon + 1), folder);
}

/// The whole file, or the document of an archive, which `archive` then holds.
QByteArray readText(const QString& path, core::Bytes& archive) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) refuse(path, file.errorString());
  if (!isSessionArchive(file.peek(4))) return file.readAll();
  return core::withContext("reading " + path.toStdString(), [&] {
    archive = core::mapFile(path.toStdString());
    return sessionText(archive);
  });
}

QJsonObject readObject(const QString& path, core::Bytes& archive) {
  const QByteArray text = readText(path, archive);
  QJsonParseError error;
  const auto document = QJsonDocument::fromJson(text, &error);
  if (error.error != QJsonParseError::NoError)
    refuse(path, QStringLiteral("not JSON at byte %1: %2").arg(error.offset).arg(error.errorString()));
  const auto object = document.object();
  const int stored = object["lapidarySession"].toInt();
  if (stored < 1)
    refuse(path, QStringLiteral("key 'lapidarySession' with a version is missing; is this a saved session?"));
  if (stored > version)
    refuse(
        path,
        QStringLiteral("version %1 of the format is newer than this program (%2)").arg(stored).arg(version));
  return object;
}

}  // namespace

void writeSession(const SavedSession& session, const QString& path, const core::Progress& progress) {
  QJsonArray visits, selection;
  for (const auto& visit : session.visits) visits.append(toJson(visit));
  for (const auto& layer : session.selection) selection.append(layer);
  const auto repaired = repairedOf(session);
  QJsonObject object{
      {"lapidarySession", repaired.empty() ? plainVersion : version},
      {"model", session.request.model},
      {"data", session.request.data},
      {"recipe", parsedObject(core::toJson(session.recipe))},
      {"visited", visits},
      {"view",
       QJsonObject{{"selection", selection}, {"tab", session.tab}, {"liveChart", session.liveChart}}}};
  if (session.request.preprocess)
    object["preprocess"] = parsedObject(core::toJson(*session.request.preprocess));
  if (!session.request.scoresOutput.isEmpty()) object["scoresOutput"] = session.request.scoresOutput;
  const QByteArray text = QJsonDocument(object).toJson();
  core::withContext("writing " + path.toStdString(), [&] {
    if (!repaired.empty()) return writeSessionArchive(text, repaired, path, progress);
    core::writeFileAtomically(path.toStdString(), [&](const core::Append& append) {
      append(std::as_bytes(std::span(text.constData(), static_cast<std::size_t>(text.size()))));
    });
  });
}

SavedSession readSession(const QString& path) {
  SavedSession session;
  const auto object = readObject(path, session.archive);
  return core::withContext("reading " + path.toStdString(), [&] {
    const QDir folder = QFileInfo(path).dir();
    session.request.model = found(object["model"].toString(), folder);
    session.request.data = found(object["data"].toString(), folder);
    if (session.request.model.isEmpty()) refuse(path, QStringLiteral("key 'model' is missing"));
    if (object.contains("preprocess"))
      session.request.preprocess = core::preprocessFromJson(textOf(object["preprocess"]));
    session.request.scoresOutput = object["scoresOutput"].toString();
    session.recipe = core::recipeFromJson(textOf(object["recipe"]));
    for (const auto visit : object["visited"].toArray())
      session.visits.push_back(visitFrom(visit.toObject()));
    const auto view = object["view"].toObject();
    for (const auto layer : view["selection"].toArray()) session.selection << layer.toString();
    session.tab = view["tab"].toInt();
    session.liveChart = view["liveChart"].toInt();
    return session;
  });
}

QString missingFile(const QString& path) {
  const auto colon = path.indexOf(QLatin1Char(':'));
  if (colon < 0 || !isGone(path)) return isGone(path) ? path : QString();
  const core::DataPlace place = core::dataPlace(path.toStdString());
  const QStringList files = place.part ? QStringList(QString::fromStdString(place.file))
                                       : QStringList{path.left(colon), path.mid(colon + 1)};
  for (const QString& file : files)
    if (isGone(file)) return file;
  return {};
}

}  // namespace lapidary::ui
