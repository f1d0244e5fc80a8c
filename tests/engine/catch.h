// The test framework, Catch2 2, as one header, which can be precompiled. Tests include this file
// and nothing of Catch2 itself.
#pragma once

#include <catch2/catch.hpp>
