// SPDX-License-Identifier: GPL-3.0-or-later
// How deep the documents of this program may nest.
#pragma once

namespace lapidary::core {

/// Far more than any of them needs. JSON that is nested without end costs a stack on every way through it,
/// messages included: readers of documents refuse it while they parse.
constexpr int deepestDocument = 64;

}  // namespace lapidary::core
