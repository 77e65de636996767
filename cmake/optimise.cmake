# SPDX-License-Identifier: GPL-2.0-or-later
# Release builds are optimised across files: a scheduling point crosses six of them, each with a
# function of a few instructions, and inlining these makes a schedule a quarter cheaper. Sanitizer
# builds are left alone. Included after project().
option(FAULTLINE_LTO "Optimise Release builds across files, where the tools for it are there" ON)
if(NOT FAULTLINE_LTO OR NOT CMAKE_BUILD_TYPE STREQUAL "Release" OR "${CMAKE_C_FLAGS}" MATCHES "-fsanitize")
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
  # The program is small enough to be looked at as a whole, which is worth twice what "thin" is.
  set(CMAKE_C_COMPILE_OPTIONS_IPO -flto=full)
  set(CMAKE_C_LINK_OPTIONS_IPO -flto=full)
endif()
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  # As the engine has it: a function is inlined only where its instructions are allowed.
  add_compile_options(-mpopcnt)
endif()
include(CheckIPOSupported)
check_ipo_supported(RESULT FAULTLINE_HAVE_IPO LANGUAGES C)
set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ${FAULTLINE_HAVE_IPO})
