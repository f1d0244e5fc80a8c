// The test framework under one name: Catch2 2.13 (one header) and Catch2 3 both work.
// Tests include this file and nothing of Catch2 itself.
#pragma once

#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_approx.hpp>
#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_all.hpp>
#include <catch2/matchers/catch_matchers_all.hpp>

using Catch::Approx;  // Catch2 2 does this itself
#else
#include <catch2/catch.hpp>
#endif
