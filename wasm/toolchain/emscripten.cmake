# CMake's toolchain file for the web: finds Emscripten and hands over to its own file.
# First an em++ on the PATH, else what install.sh put into .tools/emscripten; only the version of version.txt,
# since the bindings use parts of Embind that change from one to the next.

file(STRINGS "${CMAKE_CURRENT_LIST_DIR}/version.txt" wanted_version)
set(candidates)
find_program(LANEGRAD_EM_CONFIG em-config NO_CMAKE_FIND_ROOT_PATH)
if(LANEGRAD_EM_CONFIG)
  execute_process(COMMAND "${LANEGRAD_EM_CONFIG}" EMSCRIPTEN_ROOT OUTPUT_VARIABLE path_root
                  OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  list(APPEND candidates "${path_root}")
endif()
list(APPEND candidates "${CMAKE_CURRENT_LIST_DIR}/../../.tools/emscripten/usr/share/emscripten")

foreach(candidate IN LISTS candidates)
  if(EXISTS "${candidate}/emscripten-version.txt")
    file(READ "${candidate}/emscripten-version.txt" version)
    string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+" version "${version}")
    if(version VERSION_EQUAL wanted_version)
      get_filename_component(emscripten_root "${candidate}" REALPATH)
      include("${emscripten_root}/cmake/Modules/Platform/Emscripten.cmake")
      return()
    endif()
  endif()
endforeach()
message(FATAL_ERROR "No Emscripten ${wanted_version} found: run ./setup.sh start")
