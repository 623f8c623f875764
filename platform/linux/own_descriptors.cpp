#include "platform/own_descriptors.h"

#include <sched.h>

namespace unstick {

void own_descriptors()
{
    (void)::unshare(CLONE_FILES);  // refused in some sandboxes: then the threads share one, and wait a little
}

}  // namespace unstick
