#pragma once

namespace unstick {

/// Gives the calling thread a table of open files of its own, with what is open now, where the system can do that
/// (Linux): threads that open and close thousands of files then do not wait for each other. For threads that leave
/// nothing open: what is opened in one is closed with it.
void own_descriptors();

}  // namespace unstick
