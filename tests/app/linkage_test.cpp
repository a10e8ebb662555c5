// SPDX-License-Identifier: GPL-3.0-or-later
// No network: what the programs link, by the linker's own lists, and what their objects ask of the system.
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "command.h"

namespace lapidary::test {
namespace {

namespace fs = std::filesystem;

std::string outputOf(const std::string& command) {
  std::string text;
  FILE* pipe = ::popen((command + " 2>/dev/null").c_str(), "r");
  char buffer[4096];
  while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, pipe)) text.append(buffer, got);
  ::pclose(pipe);
  return text;
}

std::set<std::string> matches(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  std::set<std::string> found;
  for (auto it = std::sregex_iterator(text.begin(), text.end(), regex); it != std::sregex_iterator(); ++it)
    found.insert((*it)[1]);
  return found;
}

/// The libraries that the program itself asks for.
std::set<std::string> needed(const std::string& file) {
  return matches(outputOf("readelf -d '" + file + "'"), "NEEDED.*\\[(.*)\\]");
}

/// Everything that is loaded with it, and the path of each library.
std::map<std::string, std::string> loaded(const std::string& file) {
  std::map<std::string, std::string> paths;
  const std::string text = outputOf("ldd '" + file + "'");
  const std::regex line("(\\S+) => (\\S+)");
  for (auto it = std::sregex_iterator(text.begin(), text.end(), line); it != std::sregex_iterator(); ++it)
    paths[(*it)[1]] = (*it)[2];
  return paths;
}

/// Any version of them, and parts such as libevent_core.
const std::regex network(
    "lib(Qt6(Network|WebSockets|HttpServer|WebEngine|RemoteObjects)|curl|ssl|gnutls|nghttp|ssh|neon|"
    "soup|"
    "proxy|cares|ldns|zmq|grpc|event|uv|resolv).*");

/// MPI is for many machines: lapidary-cli has it where it was found, and nothing but MPI may bring a library
/// of the network.
bool broughtByMpi(const std::string& library, const std::map<std::string, std::string>& paths) {
  std::set<std::string> reached;
  std::vector<std::string> open{"libmpi.so.40"};
  while (!open.empty()) {
    const std::string name = open.back();
    open.pop_back();
    if (!reached.insert(name).second || !paths.contains(name)) continue;
    for (const std::string& next : needed(paths.at(name))) open.push_back(next);
  }
  return reached.contains(library);
}

std::vector<std::string> programs() { return {LAPIDARY_CLI, LAPIDARY_WINDOW}; }

TEST(Linkage, NoLibraryOfTheNetwork) {
  if (outputOf("readelf --version").empty()) GTEST_SKIP() << "skipped: no readelf";
  for (const std::string& program : programs()) {
    const auto paths = loaded(program);
    ASSERT_FALSE(paths.empty()) << program;
    const bool mpi = needed(program).contains("libmpi.so.40");
    EXPECT_FALSE(mpi && program == LAPIDARY_WINDOW);
    for (const std::string& library : needed(program))
      EXPECT_FALSE(std::regex_match(library, network)) << library;
    for (const auto& [library, path] : paths)
      EXPECT_FALSE(std::regex_match(library, network) && !(mpi && broughtByMpi(library, paths)))
          << program << " loads " << library;
  }
}

TEST(Linkage, NoCallOfTheNetwork) {
  const std::set<std::string> calls{"socket",      "connect",       "bind",       "listen",   "accept",
                                    "getaddrinfo", "gethostbyname", "sendto",     "recvfrom", "sendmsg",
                                    "recvmsg",     "socketpair",    "getnameinfo"};
  for (const std::string& program : programs()) {
    const std::string text = outputOf("nm -D --undefined-only '" + program + "'");
    ASSERT_NE(text.find("memcpy"), std::string::npos) << program;
    for (const std::string& name : matches(text, "U (\\w+)"))
      EXPECT_FALSE(calls.contains(name)) << program << ": " << name;
    EXPECT_EQ(text.find("QNetwork"), std::string::npos) << program;
    EXPECT_EQ(text.find("QTcpSocket"), std::string::npos) << program;
  }
}

/// libcrypto has sockets and HTTP beside its mathematics: only what hashes, reads keys and verifies may be
/// called.
TEST(Linkage, NoCallOfTheNetworkIntoLibcrypto) {
  const std::regex permitted(
      "(EVP|ERR|OPENSSL)_\\w+|OpenSSL_version|PEM_read_bio_PUBKEY|d2i_PUBKEY|BIO_new_mem_buf|BIO_free_all");
  for (const std::string& program : programs()) {
    const auto calls = matches(outputOf("nm -D --undefined-only '" + program + "'"), "U (\\w+)@OPENSSL");
    EXPECT_TRUE(calls.contains("EVP_DigestVerify")) << program;
    for (const std::string& name : calls)
      EXPECT_TRUE(std::regex_match(name, permitted)) << program << ": " << name;
  }
}

}  // namespace
}  // namespace lapidary::test
