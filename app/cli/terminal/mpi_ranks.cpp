// SPDX-License-Identifier: GPL-3.0-or-later
#include "mpi_ranks.h"

#include <cstdlib>
#include <list>

#ifdef LAPIDARY_HAS_MPI
#define OMPI_SKIP_MPICXX 1
#define MPICH_SKIP_MPICXX 1
#include <mpi.h>

namespace lapidary::cli {
namespace {

constexpr int tag = 1;

class MpiRanks final : public core::Ranks {
 public:
  MpiRanks() {
    int provided = 0, rank = 0, count = 1;
    if (MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided) != MPI_SUCCESS)
      throw core::Error(core::ErrorKind::Usage, "MPI could not be started: start the program with mpirun");
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &count);
    m_rank = static_cast<unsigned>(rank);
    m_count = static_cast<unsigned>(count);
  }
  ~MpiRanks() override {
    for (Sending& sending : m_sending) MPI_Wait(&sending.request, MPI_STATUS_IGNORE);
    MPI_Finalize();
  }
  MpiRanks(const MpiRanks&) = delete;

  unsigned rank() const override { return m_rank; }
  unsigned count() const override { return m_count; }

  void send(unsigned to, std::span<const std::byte> bytes) override {
    forgetSent();
    Sending& sending = m_sending.emplace_back();
    sending.bytes.assign(bytes.begin(), bytes.end());
    MPI_Isend(sending.bytes.data(), static_cast<int>(sending.bytes.size()), MPI_BYTE, static_cast<int>(to),
              tag, MPI_COMM_WORLD, &sending.request);
  }

  std::optional<core::RankMessage> receive() override {
    forgetSent();
    int there = 0, size = 0;
    MPI_Status status;
    MPI_Iprobe(MPI_ANY_SOURCE, tag, MPI_COMM_WORLD, &there, &status);
    if (there == 0) return std::nullopt;
    MPI_Get_count(&status, MPI_BYTE, &size);
    core::RankMessage message{static_cast<unsigned>(status.MPI_SOURCE), {}};
    message.bytes.resize(static_cast<std::size_t>(size));
    MPI_Recv(message.bytes.data(), size, MPI_BYTE, status.MPI_SOURCE, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    return message;
  }

 private:
  struct Sending {
    std::vector<std::byte> bytes;
    MPI_Request request = MPI_REQUEST_NULL;
  };

  void forgetSent() {
    m_sending.remove_if([](Sending& sending) {
      int sent = 0;
      MPI_Test(&sending.request, &sent, MPI_STATUS_IGNORE);
      return sent != 0;
    });
  }

  unsigned m_rank = 0, m_count = 1;
  std::list<Sending> m_sending;
};

}  // namespace

std::unique_ptr<core::Ranks> joinRanks() { return std::make_unique<MpiRanks>(); }

std::string mpiVersion() {
  char text[MPI_MAX_LIBRARY_VERSION_STRING];
  int length = 0;
  MPI_Get_library_version(text, &length);  // the one call that may come before MPI_Init
  return std::string(text, static_cast<std::size_t>(length))
      .substr(0, std::string(text).find_first_of(",\n"));
}

void endAllRanks(int status) {
  MPI_Abort(MPI_COMM_WORLD, status);
  std::_Exit(status);
}

}  // namespace lapidary::cli

#else

namespace lapidary::cli {

std::unique_ptr<core::Ranks> joinRanks() {
  throw core::Error(core::ErrorKind::Usage,
                    "--distributed needs MPI, and this program was built without it: install libopenmpi-dev "
                    "and build again");
}

std::string mpiVersion() { return {}; }

void endAllRanks(int status) { std::_Exit(status); }

}  // namespace lapidary::cli

#endif
