// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/version.h"

#include <openssl/crypto.h>
#include <sndfile.h>
#include <soxr.h>
#include <zlib.h>
#include <zstd.h>

#include <QtGlobal>

#include "app/common/build_facts.h"

namespace lapidary::app {
namespace {

/// Some libraries say their name too: "libsndfile-1.2.0".
std::string numberOf(const std::string& version) { return version.substr(version.rfind('-') + 1); }

}  // namespace

std::vector<Library> libraries() {
  std::vector<Library> all{{"Qt", qVersion()}};
  const std::vector<Library> built = librariesOfBuild();
  all.insert(all.end(), built.begin(), built.end());
  all.push_back({"zlib", zlibVersion()});
  all.push_back({"zstd", ZSTD_versionString()});
  all.push_back({"OpenSSL", OpenSSL_version(OPENSSL_VERSION_STRING)});
  all.push_back({"libsndfile", numberOf(sf_version_string())});
  all.push_back({"libsoxr", numberOf(soxr_version())});
  return all;
}

std::string versionText(const std::string& program, const std::vector<Library>& others) {
  const std::string commit = commitOfBuild();
  std::string text = program + " " LAPIDARY_VERSION "\ncommit " + (commit.empty() ? "unknown" : commit);
  for (const std::vector<Library>& list : {libraries(), others})
    for (const Library& library : list) text += "\n" + library.name + " " + library.version;
  return text;
}

}  // namespace lapidary::app
