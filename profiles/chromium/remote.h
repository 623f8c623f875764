#pragma once
// How a Chromium is opened on a copy of a profile: docs/formats-chromium.md, "A browser opened on a copy".

#include "devtools/remote.h"

namespace unstick {

const RemoteDebugging& chromium_remote();

}  // namespace unstick
