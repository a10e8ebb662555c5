// SPDX-License-Identifier: GPL-3.0-or-later
// Files beside a target while it is being made: their names tell who makes them, so that what a killed
// program left behind can be told from what a living one still writes.
#pragma once

#include <string>

namespace lapidary::core {

/// ".NAME.lapidary-HOST-PROCESS-NUMBER.KIND" in the target's folder, another one each time. HOST is a hash of
/// the machine's name.
std::string scratchPath(const std::string& target, const std::string& kind);

/// Removes such files from the folder where the process that made them, on this machine, lives no more.
/// Folders that this process looked through a few seconds ago are left alone.
void removeLeftovers(const std::string& folder);

/// Puts a scratch file in the place of the target, with the permissions of the file that it replaces, in one
/// step that survives a power cut where the file system can. Links are followed. Throws Error(CannotWrite)
/// naming the target.
void putInPlace(const std::string& scratch, const std::string& target);

/// The file that a link points to, so that it is replaced and not the link.
std::string withoutLink(const std::string& path);

}  // namespace lapidary::core
