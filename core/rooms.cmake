# SPDX-License-Identifier: GPL-3.0-or-later
# How rooms and programs are compiled, and where the rules of who uses whom are written down.

# What most files of the core include. Lean: every file pays for what stands here.
set(LAPIDARY_STANDARD_HEADERS <algorithm> <array> <atomic> <bit> <cmath> <cstdint> <cstring> <filesystem> <functional>
  <limits> <map> <memory> <mutex> <numeric> <optional> <set> <span> <string> <string_view> <thread> <utility> <variant>
  <vector>)

# lapidary_precompile(TARGET HEADERS ...), or REUSE of another target's.
function(lapidary_precompile target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "REUSE" "HEADERS")
  if(NOT LAPIDARY_PRECOMPILE)
    return()
  endif()
  if(arg_REUSE)
    target_precompile_headers(${target} REUSE_FROM ${arg_REUSE})
  else()
    target_precompile_headers(${target} PRIVATE ${arg_HEADERS})
  endif()
  set_target_properties(${target} PROPERTIES CXX_COMPILER_LAUNCHER "")  # ccache would parse all of it again
  # GCC 12 no longer sees then that its bug 105651 stands in a system header.
  target_compile_options(${target} PRIVATE "$<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overflow;-Wno-array-bounds>")
endfunction()

# lapidary_batches(TARGET FILES): compiles that many files of the target at once, where batches are asked for.
function(lapidary_batches target files)
  if(LAPIDARY_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${files})
    # A class that a .cpp file defines may hold types of that file alone: GCC takes the file for a header here.
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  endif()
endfunction()

# lapidary_batch_together(TARGET NAME ROOM...): compiles the files of these rooms of the window at once, where batches
# are asked for.
function(lapidary_batch_together target name)
  if(NOT LAPIDARY_UNITY)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  foreach(room ${ARGN})
    file(GLOB sources ${CMAKE_CURRENT_SOURCE_DIR}/${room}/*.cpp)
    set_source_files_properties(${sources} PROPERTIES UNITY_GROUP ${name})
  endforeach()
endfunction()

# lapidary_room(FOLDER [IN FOLDER] [BATCH FILES] [USES FOLDER...] [LINK LIBRARY...]): the sources that stand in a
# folder, and the rooms whose headers they may include. IN: the room is a part of that one and is compiled with it, so
# that small rooms fill batches together; what it may include stays its own. BATCH: so many files at once in place of
# 16, for the operators, which are long and may fuse a product with a sum.
function(lapidary_room folder)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "IN;BATCH" "USES;LINK")
  string(REPLACE "/" "_" name lapidary_${folder})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cpp ${CMAKE_SOURCE_DIR}/${folder}/*.h)
  if(arg_IN)
    if(arg_BATCH)
      message(FATAL_ERROR "${folder} is compiled with ${arg_IN}: BATCH is said there")
    endif()
    string(REPLACE "/" "_" whole lapidary_${arg_IN})
    add_library(${name} INTERFACE)
    target_sources(${whole} PRIVATE ${sources})
    target_link_libraries(${whole} PRIVATE ${arg_LINK})
    lapidary_rule(${folder} ${arg_USES})
    return()
  endif()
  add_library(${name} OBJECT ${sources})
  target_link_libraries(${name} PUBLIC lapidary_flags Threads::Threads PRIVATE ${arg_LINK})
  set_property(GLOBAL APPEND PROPERTY LAPIDARY_CORE_OBJECTS $<TARGET_OBJECTS:${name}>)
  lapidary_rule(${folder} ${arg_USES})
  if(arg_BATCH)
    if(arg_BATCH GREATER 1)
      lapidary_batches(${name} ${arg_BATCH})
    endif()
    lapidary_share_headers(${name} computing ${LAPIDARY_STANDARD_HEADERS})
  else()
    # Quantized values are a float32 product, rounded, and then a sum: never one fused multiply-add. Comparisons that
    # may trap would keep loops from being vectorised.
    target_compile_options(${name} PRIVATE -ffp-contract=off -fno-trapping-math)
    lapidary_batches(${name} 16)
    lapidary_share_headers(${name} quiet ${LAPIDARY_STANDARD_HEADERS} <nlohmann/json.hpp>)
  endif()
endfunction()

# lapidary_share_headers(TARGET NAME HEADER...): precompiles headers once for all targets that say the same name, which
# have the same flags.
function(lapidary_share_headers target name)
  get_property(first GLOBAL PROPERTY LAPIDARY_HEADERS_${name})
  if(first)
    lapidary_precompile(${target} REUSE ${first})
  else()
    lapidary_precompile(${target} HEADERS ${ARGN})
    set_property(GLOBAL PROPERTY LAPIDARY_HEADERS_${name} ${target})
  endif()
endfunction()

# lapidary_rule(FOLDER FOLDER...): notes which rooms a room may include.
function(lapidary_rule folder)
  string(REPLACE ";" " " uses "${ARGN}")
  set_property(GLOBAL APPEND PROPERTY LAPIDARY_RULES "${folder}: ${uses}")
endfunction()

# lapidary_write_rules(FILE): writes what every room may include, a line each, for the test of the rules.
function(lapidary_write_rules file)
  get_property(rules GLOBAL PROPERTY LAPIDARY_RULES)
  list(JOIN rules "\n" text)
  file(CONFIGURE OUTPUT ${file} CONTENT "${text}\n")
endfunction()
