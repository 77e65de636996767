# SPDX-License-Identifier: GPL-2.0-or-later
# Which engine the fuzz targets are linked to, and what all code is compiled with for it. Whoever sets
# LIB_FUZZING_ENGINE, as OSS-Fuzz does, gives all flags in CFLAGS and CXXFLAGS too, and none are added.
# Included after project().
option(FAULTLINE_FUZZERS "Build the fuzz targets" OFF)
if(NOT FAULTLINE_FUZZERS)
  return()
endif()
if(DEFINED ENV{LIB_FUZZING_ENGINE})
  set(FAULTLINE_FUZZING_ENGINE $ENV{LIB_FUZZING_ENGINE} CACHE STRING "What fuzz targets are linked with")
elseif(NOT DEFINED CACHE{FAULTLINE_FUZZING_ENGINE})
  # libFuzzer, of clang; AFL++'s compiler takes the same option for its own driver.
  set(FAULTLINE_FUZZING_ENGINE -fsanitize=fuzzer CACHE STRING "What fuzz targets are linked with")
  set(FAULTLINE_FUZZING_FLAGS -fsanitize=fuzzer-no-link CACHE STRING "What all code is compiled with for it")
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
