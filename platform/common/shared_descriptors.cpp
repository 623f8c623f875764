// own_descriptors.h for systems that have one table a process.

#include "platform/own_descriptors.h"

namespace unstick {

void own_descriptors() {}

}  // namespace unstick
