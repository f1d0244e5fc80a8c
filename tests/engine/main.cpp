// The entry point of the Catch2 binaries for wasm; natively Catch2's own library has it. Compiled
// once, because it is slow to build.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
