# SPDX-License-Identifier: GPL-2.0-or-later
# Release builds are optimised across files: a scheduling point crosses six of them, each with a
# function of a few instructions, and inlining these makes a schedule a quarter cheaper. Sanitizer
# builds are left alone, but for fuzz targets. Included after project().
option(FAULTLINE_LTO "Optimise Release builds and fuzz targets across files, where the tools for it are there" ON)
# Targets for libFuzzer, too: what they spend their time in is the same. Other engines' compilers have LTO modes
# of their own, and who gives the engine gives the flags as well (cmake/fuzzing.cmake).
set(lto_for_fuzzing OFF)
if(FAULTLINE_FUZZERS AND NOT DEFINED ENV{LIB_FUZZING_ENGINE} AND CMAKE_C_COMPILER_ID MATCHES "Clang"
   AND NOT CMAKE_C_COMPILER MATCHES "afl-|hfuzz-")
  set(lto_for_fuzzing ON)
endif()
if(NOT FAULTLINE_LTO)
  return()
endif()
if(NOT lto_for_fuzzing AND (NOT CMAKE_BUILD_TYPE STREQUAL "Release" OR "${CMAKE_C_FLAGS}" MATCHES "-fsanitize"))
  return()
endif()
if(CMAKE_C_COMPILER_ID MATCHES "Clang")
  # Its intermediate code is for its own linker.
  include(CheckLinkerFlag)
  check_linker_flag(C -fuse-ld=lld FAULTLINE_HAVE_LLD)
  if(NOT FAULTLINE_HAVE_LLD)
    return()
  endif()
  set(CMAKE_EXE_LINKER_FLAGS "${CMAKE_EXE_LINKER_FLAGS} -fuse-ld=lld")
  # Programs are small enough to be looked at as a whole, which is worth twice what "thin" is; a fuzz target
  # runs 7 % more inputs.
  foreach(language C CXX)
    set(CMAKE_${language}_COMPILE_OPTIONS_IPO -flto=full)
    set(CMAKE_${language}_LINK_OPTIONS_IPO -flto=full)
  endforeach()
endif()
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  # As the engine has it: a function is inlined only where its instructions are allowed.
  add_compile_options(-mpopcnt)
endif()
if(NOT "${CMAKE_C_FLAGS}" MATCHES "-fsanitize")
  # At a place of its own, known when it is linked, the program need not look for its tables before it indexes
  # them: 3 % of a schedule. Shared objects are told -fPIC after these flags, and stay what they are.
  string(APPEND CMAKE_C_FLAGS " -fno-pie")
  string(APPEND CMAKE_CXX_FLAGS " -fno-pie")
  string(APPEND CMAKE_EXE_LINKER_FLAGS " -no-pie")
endif()
include(CheckIPOSupported)
check_ipo_supported(RESULT FAULTLINE_HAVE_IPO LANGUAGES C CXX)
set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ${FAULTLINE_HAVE_IPO})
