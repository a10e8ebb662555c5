// SPDX-License-Identifier: GPL-3.0-or-later
// Registers the compiled-in resources: linked statically, they are dropped unless something names them.
#include "resources/resources.h"

#include <QtCore/qresource.h>

// Outside every namespace, as the macro demands.
static void registerLapidaryResources() { Q_INIT_RESOURCE(lapidary); }

namespace lapidary {

void loadResources() { registerLapidaryResources(); }

}  // namespace lapidary
