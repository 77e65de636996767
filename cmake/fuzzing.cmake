# SPDX-License-Identifier: GPL-2.0-or-later
# Which engine the fuzz targets are linked to, and what all code is compiled with for it. Whoever sets
# LIB_FUZZING_ENGINE, as OSS-Fuzz does, gives all flags in CFLAGS and CXXFLAGS too, and none are added.
# Included after project().
option(FAULTLINE_FUZZERS "Build the fuzz targets" OFF)

set(FAULTLINE_NOT_COVERED engine world feedback check smmu kernel rpm client case_run
  CACHE STRING "Parts of core/ whose edges fuzzing engines do not see")

# Code of @target whose edges say nothing of what an input did: engines do not get to see them.
function(faultline_not_covered target)
  if(NOT FAULTLINE_FUZZERS OR NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
    return()
  endif()
  # Not all engines have their edges from the compiler.
  target_compile_options(${target} PRIVATE -Wno-unused-command-line-argument
    -fsanitize-coverage-ignorelist=${CMAKE_SOURCE_DIR}/cmake/not-covered.txt)
  if(CMAKE_C_COMPILER MATCHES "afl-")
    # AFL++'s compiler has them from a pass of its own, which this switches off.
    set(launcher ${CMAKE_COMMAND} -E env AFL_NOOPT=1 ${CMAKE_C_COMPILER_LAUNCHER})
    set_target_properties(${target} PROPERTIES C_COMPILER_LAUNCHER "${launcher}")
  endif()
endfunction()
if(NOT FAULTLINE_FUZZERS)
  return()
endif()
if(DEFINED ENV{LIB_FUZZING_ENGINE})
  set(FAULTLINE_FUZZING_ENGINE $ENV{LIB_FUZZING_ENGINE} CACHE STRING "What fuzz targets are linked with")
elseif(NOT DEFINED CACHE{FAULTLINE_FUZZING_ENGINE})
  # libFuzzer, of clang; AFL++'s compiler takes the same option for its own driver.
  set(FAULTLINE_FUZZING_ENGINE -fsanitize=fuzzer CACHE STRING "What fuzz targets are linked with")
  set(FAULTLINE_FUZZING_FLAGS -fsanitize-coverage=inline-8bit-counters,pc-table CACHE STRING "What all code is compiled with for it")
endif()
add_compile_options(${FAULTLINE_FUZZING_FLAGS})
# How features reach the engine (fuzzers/feedback.h). AFL++'s compiler takes libFuzzer's option, too, so the
# compiler is looked at first.
if("${FAULTLINE_FUZZING_ENGINE}" MATCHES "-fsanitize=fuzzer|clang_rt.fuzzer|libFuzzer" AND NOT CMAKE_C_COMPILER MATCHES "afl-|hfuzz-")
  set(feedback counters)
else()
  set(feedback sled)
endif()
set(FAULTLINE_FEEDBACK ${feedback} CACHE STRING "How features are shown to the engine: counters (libFuzzer), sled (any), none")
if(NOT FAULTLINE_FEEDBACK MATCHES "^(counters|sled|none)$")
  message(FATAL_ERROR "FAULTLINE_FEEDBACK=${FAULTLINE_FEEDBACK}: counters, sled or none")
endif()
