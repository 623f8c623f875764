# What every adapter has to do, on every system: one program.
set(adapter_suite contract/adapter_suite_test.cpp contract/caches_test.cpp contract/in_use_test.cpp
  contract/runs_test.cpp)
