#pragma once
// Debian 12 has Catch2 2.13, newer systems have Catch2 3: one include for both.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
