#pragma once
// Makes file operations of this process fail, on demand. Linking fault_injection.cpp into a test program puts its
// write, rename, unlink ... in front of the C library's, for our code, SQLite and LevelDB alike. fault_preload.cpp does
// it for a whole program.

namespace unstick::testing {

enum class Fault {
    none,
    once,       ///< the operation fails with EIO, later ones work again
    disk_full,  ///< this and every later operation that needs space fails with ENOSPC; removing still works
    quota,      ///< the same with EDQUOT
    read_only,  ///< this and every later operation fails with EROFS
    read,       ///< counted is what reads: this fails with EIO
    kill,       ///< the process is killed (SIGKILL) just before the operation
    torn,       ///< half of a write reaches the file, then the process is killed; other operations work
};

/// From now on, counting starts at 1: the fault hits the operation with this number.
/// Counted is what changes names or bytes on disk or makes them durable (Fault::read: what opens a file in a folder, looks
/// at one, reads bytes or names); standard output and error are not.
void inject(Fault fault, int at_operation);

/// Operations counted since inject().
int operations();

}  // namespace unstick::testing
