// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/joined_source.h"

#include "core/data/dataset_prepare.h"

namespace lapidary::core {

JoinedSource::JoinedSource(std::shared_ptr<const DataSource> first, std::shared_ptr<const DataSource> second)
    : m_first(std::move(first)), m_second(std::move(second)) {
  if (holdsArrays(*m_first) != holdsArrays(*m_second) || m_first->audible() != m_second->audible())
    throw Error(ErrorKind::InvalidInput, m_first->path() + " and " + m_second->path() +
                                             " hold samples of different kinds: arrays, pictures or sounds");
}

}  // namespace lapidary::core
