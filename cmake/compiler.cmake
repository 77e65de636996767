# SPDX-License-Identifier: GPL-2.0-or-later
# Which compiler, when nobody said: clang 19 if it is there, for it is the one that instruments
# subjects and fuzz targets; else the system's. Included before project().
if(NOT CMAKE_C_COMPILER AND NOT DEFINED ENV{CC})
  find_program(FAULTLINE_CLANG clang-19)
  if(FAULTLINE_CLANG)
    set(CMAKE_C_COMPILER ${FAULTLINE_CLANG} CACHE FILEPATH "C compiler")
  endif()
endif()
if(NOT CMAKE_CXX_COMPILER AND NOT DEFINED ENV{CXX})
  find_program(FAULTLINE_CLANGXX clang++-19)
  if(FAULTLINE_CLANGXX)
    set(CMAKE_CXX_COMPILER ${FAULTLINE_CLANGXX} CACHE FILEPATH "C++ compiler")
  endif()
endif()
