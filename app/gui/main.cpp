// SPDX-License-Identifier: GPL-3.0-or-later
// The desktop program: options, language, theme, and the main window.
#include <QCommandLineParser>
#include <QFileInfo>
#include <QIcon>
#include <QProcess>
#include <QTemporaryDir>
#include <QTimer>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "app/common/version.h"
#include "app/gui/demo_tour.h"
#include "app/gui/guarded_application.h"
#include "app/gui/manual_pictures.h"
#include "resources/resources.h"
#include "ui/files/file_filters.h"
#include "ui/files/open_model.h"
#include "ui/look/language.h"
#include "ui/look/platform_messages.h"
#include "ui/look/theme.h"
#include "ui/window/main_window.h"

namespace {

using namespace lapidary::ui;

struct Options {
  QStringList files;
  QString data, language, theme, tour, pictures, demo;
};

QMap<QString, Appearance> appearances() {
  return {{"dark", Appearance::Dark}, {"light", Appearance::Light}, {"system", Appearance::System}};
}

/// An option that was given with another word ends the program, as unknown options do.
void requireOneOf(const QCommandLineParser& parser, const QCommandLineOption& option,
                  const QStringList& words) {
  if (!parser.isSet(option) || words.contains(parser.value(option))) return;
  std::fprintf(stderr, "lapidary: --%s is one of %s, not \"%s\".\n", qPrintable(option.names().front()),
               qPrintable(words.join(", ")), qPrintable(parser.value(option)));
  std::exit(1);
}

Options parsed(const QCoreApplication& application) {
  QCommandLineParser parser;
  parser.setApplicationDescription("Cut a neural network while looking at it.");
  parser.addHelpOption();
  const QCommandLineOption version({"v", "version"}, "Print version, commit and libraries, and exit.");
  parser.addPositionalArgument("file",
                               "A model (" + modelEndingsText() +
                                   ") or a saved session; each further file "
                                   "gets a window of its own.",
                               "[file...]");
  const QCommandLineOption data("data",
                                "Data to measure on: npz, CSV, a folder, or IMAGES:LABELS; FILE:train, "
                                "FILE:val or FILE:test takes a part.",
                                "where");
  const QCommandLineOption demo("demo", "Open the embedded demo.");
  const QCommandLineOption language("lang", "en or zh_CN.", "language");
  const QCommandLineOption theme("theme", "light, dark or system.", "theme");
  const QCommandLineOption tour(
      "demo-tour", "Go through the demo without a hand and leave pictures, bundle and summary in the folder.",
      "folder");
  const QCommandLineOption pictures(
      "manual-pictures",
      "Make the pictures of the manual without a hand, in the folder; the audit among them is of the file.",
      "folder");
  parser.addOptions({version, data, demo, language, theme, tour, pictures});
  parser.process(application);
  if (parser.isSet(version)) {
    std::puts(lapidary::app::versionText("lapidary").c_str());
    std::exit(0);
  }
  requireOneOf(parser, language, {"en", "zh_CN"});
  requireOneOf(parser, theme, appearances().keys());
  return {parser.positionalArguments(),
          parser.value(data),
          parser.value(language),
          parser.value(theme),
          parser.value(tour),
          parser.value(pictures),
          parser.isSet(demo) ? QStringLiteral("demo:lenet5") : QString()};
}

/// Saved sessions and the list of recent files hold for every folder. Embedded models have no path.
QString absolutePath(const QString& file) {
  return QFileInfo::exists(file) ? QFileInfo(file).absoluteFilePath() : file;
}

void openWanted(MainWindow& window, const Options& options) {
  if (!options.demo.isEmpty())
    window.openModel({options.demo, absoluteData(options.data), {}});
  else if (!options.files.isEmpty())
    window.openPath(absolutePath(options.files.front()), absoluteData(options.data));
}

/// A window holds one model: file managers hand over all files that were chosen, and each further one gets a
/// process of its own, which can end without taking the others along.
void startForFurtherFiles(const Options& options) {
  for (const QString& file : options.files.mid(options.demo.isEmpty() ? 1 : 0)) {
    QStringList words;
    const auto hand = [&words](const QString& name, const QString& value) {
      if (!value.isEmpty()) words << QStringLiteral("--%1=%2").arg(name, value);
    };
    hand(QStringLiteral("data"), options.data);
    hand(QStringLiteral("lang"), options.language);
    hand(QStringLiteral("theme"), options.theme);
    words << QStringLiteral("--") << file;
    if (!QProcess::startDetached(QCoreApplication::applicationFilePath(), words))
      qWarning("Could not start a window for %s; open it from the menu instead.", qPrintable(file));
  }
}

/// Help and walks need no screen, and before there is an application only the bare words can be read.
void prepareEnvironment(int argc, char** argv, const QTemporaryDir& ownSettings) {
  bool walk = false, words = false;
  for (int i = 1; i < argc; ++i) {
    const QByteArray word(argv[i]);
    walk = walk || word.startsWith("--demo-tour") || word.startsWith("--manual-pictures");
    words = words || word == "-h" || word == "-v" || word.startsWith("--help") || word == "--version";
  }
  const bool screen =
      !qEnvironmentVariableIsEmpty("DISPLAY") || !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY");
  if ((walk || words) && !screen && qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
    qputenv("QT_QPA_PLATFORM", "offscreen");
  if (walk) qputenv("XDG_CONFIG_HOME", ownSettings.path().toUtf8());
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error to tell, not an end
  QTemporaryDir ownSettings;      // a walk neither shows nor changes what the person has
  prepareEnvironment(argc, argv, ownSettings);
  dropPlatformNoise();
  GuardedApplication application(argc, argv);
  QCoreApplication::setApplicationName("Lapidary");
  QCoreApplication::setApplicationVersion(LAPIDARY_VERSION);
  // By this a Wayland desktop finds name and icon.
  QGuiApplication::setDesktopFileName("org.lapidary.lapidary");
  lapidary::loadResources();
  QApplication::setWindowIcon(QIcon(":/icons/lapidary.svg"));
  const Options options = parsed(application);
  options.language.isEmpty() ? language::install(language::current()) : language::install(options.language);
  auto& theme = Theme::instance();
  options.theme.isEmpty() ? theme.apply() : theme.useForThisRun(appearances().value(options.theme));
  MainWindow window;
  if (!options.tour.isEmpty()) {
    window.resize(1440, 900);
    window.show();
    return runDemoTour(window, options.tour);
  }
  if (!options.pictures.isEmpty()) {
    window.resize(1280, 800);
    window.show();
    return makeManualPictures(window, options.pictures,
                              options.files.isEmpty() ? QString() : absolutePath(options.files.front()));
  }
  window.setAskingBeforeClose(true);
  window.startAutosaving();
  application.onFailure([&window](const QString& message) { window.tellFailure(message); });
  window.show();
  startForFurtherFiles(options);
  QTimer::singleShot(0, &window, [&] { openWanted(window, options); });
  const int status = QApplication::exec();
  application.onFailure({});
  return status;
}
