#pragma once
// The commands, one file each. Each fills in the job's report; none prints. What they are made of is in stages/.

#include "../stages/job.h"

namespace unstick::commands {

void fix(Job& job);
void why(Job& job);
void test(Job& job);
void undo(Job& job);
void runs(Job& job);
void profiles(Job& job);
void doctor(Job& job);

}  // namespace unstick::commands
