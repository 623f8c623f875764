#pragma once
// The commands, one file each: a line of stages (app/) that return values, and the report that is made of these at its
// end. None prints.

#include "app/context.h"

namespace unstick::commands {

/// What changes profiles reports what was done also if its journal cannot be read any more; of the others that is the
/// end (JournalUnreadable is thrown).
Report fix(const Context& context);
Report why(const Context& context);
Report test(const Context& context);
Report undo(const Context& context);
Report runs(const Context& context);
Report profiles(const Context& context);
Report doctor(const Context& context);
Report scan(const Context& context);

}  // namespace unstick::commands
