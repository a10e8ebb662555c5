// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/version.h"

#include <bzlib.h>
#include <lz4.h>
#include <lzma.h>
#include <openssl/crypto.h>
#include <sndfile.h>
#include <soxr.h>
#include <yaml.h>
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
  const std::string bzip2 = BZ2_bzlibVersion();  // "1.0.8, 13-Jul-2019"
  all.push_back({"bzip2", bzip2.substr(0, bzip2.find(','))});
  all.push_back({"liblzma", lzma_version_string()});
  all.push_back({"LZ4", LZ4_versionString()});
  all.push_back({"libyaml", yaml_get_version_string()});
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
