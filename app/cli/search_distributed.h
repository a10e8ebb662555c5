// SPDX-License-Identifier: GPL-3.0-or-later
// search --distributed: the candidates shared over the ranks of mpirun.
#pragma once

#include <functional>

#include "core/support/ranks.h"
#include "search_report.h"

namespace lapidary::cli {

/// Hears of what is found so far.
using OnSearch = std::function<void(const SearchReport&)>;

/// Joins the ranks, runs `search` on each and shows rank 0's report. Where a rank is lost, rank 0 prints the
/// best so far and ends with statusLost; the journal holds every measurement.
void searchDistributed(const std::function<SearchReport(core::Ranks&, const OnSearch&)>& search,
                       const std::function<void(const SearchReport&)>& show, bool json);

}  // namespace lapidary::cli
