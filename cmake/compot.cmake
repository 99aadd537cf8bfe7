# Flags that every target of the project has, and the two functions that make a test or a fuzzer.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)

set(COMPOT_TARGET "host" CACHE STRING "host or m4")
set(COMPOT_SANITIZE "" CACHE STRING "comma-separated sanitizers, e.g. address,undefined")
option(COMPOT_FUZZ "Build the fuzzers too (clang only)" OFF)
set(COMPOT_DEPS ${CMAKE_SOURCE_DIR}/.deps CACHE PATH "where tools/install.sh unpacks sources and Boost")

find_program(CCACHE ccache)
if(CCACHE)
    set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

# The same trace on every machine: no contraction into FMA anywhere.
add_compile_options(-ffp-contract=off)
if(COMPOT_SANITIZE)
    add_compile_options(-fsanitize=${COMPOT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${COMPOT_SANITIZE})
endif()
if(COMPOT_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link)
    add_link_options(-fuse-ld=lld)
endif()

# Code that runs once is compiled quickest without optimisation: half the time for a test's source.
# Libraries keep the preset's level, for fuzzers run them a million times.
function(compot_compile_quickly target)
    if(COMPOT_FUZZ)
        target_compile_options(${target} PRIVATE -O0)
    endif()
endfunction()

# Our own code is held to this; code that is unpacked into .deps/ is not.
add_library(compot_warnings INTERFACE)
target_compile_options(compot_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Werror -Wconversion -Wsign-conversion -Wshadow -Wnull-dereference
    -Wdouble-promotion -Wformat=2
    $<$<COMPILE_LANGUAGE:CXX>:-Wold-style-cast>
    $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:GNU>>:-Wuseless-cast -Wduplicated-cond -Wlogical-op>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND (COMPOT_SANITIZE OR NOT CMAKE_BUILD_TYPE STREQUAL "Debug"))
    # g++ 12 sees null dereferences inside inlined libstdc++ code when it optimises or instruments.
    target_compile_options(compot_warnings INTERFACE -Wno-null-dereference)
endif()

if(COMPOT_TARGET STREQUAL "m4")
    # A cast to std::uint32_t or std::size_t that the host needs is useless here, and the other way.
    target_compile_options(compot_warnings INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-useless-cast>)
endif()

# The ground floor and all floors above include each other as floor/room/file.
add_library(compot_includes INTERFACE)
target_include_directories(compot_includes INTERFACE ${CMAKE_SOURCE_DIR})

# compot_test(core_base SOURCES a_test.cpp LIBS compot_core): one gtest binary, one ctest entry.
function(compot_test name)
    cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
    if(COMPOT_TARGET STREQUAL "m4")
        return()
    endif()
    find_package(GTest REQUIRED)
    add_executable(test_${name} ${ARG_SOURCES})
    compot_compile_quickly(test_${name})
    target_link_libraries(test_${name} PRIVATE ${ARG_LIBS} compot_warnings GTest::gtest GTest::gtest_main)
    add_test(NAME ${name} COMMAND test_${name} --gtest_output=json:${CMAKE_BINARY_DIR}/results/${name}.json
        WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    # Files of one test are in the way of none of another build, or of another test.
    file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/tmp_${name})
    set_tests_properties(${name} PROPERTIES ENVIRONMENT "TEST_TMPDIR=${CMAKE_CURRENT_BINARY_DIR}/tmp_${name}")
endfunction()

# compot_fuzzer(profile SOURCES profile_fuzz.cpp LIBS compot_core): a libFuzzer binary in the fuzz preset.
# ./test runs it for half a minute, from the seeds in vectors/fuzz/profile/ if there are any.
function(compot_fuzzer name)
    cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
    if(NOT COMPOT_FUZZ)
        return()
    endif()
    add_executable(fuzz_${name} ${ARG_SOURCES})
    target_link_libraries(fuzz_${name} PRIVATE ${ARG_LIBS} compot_warnings -fsanitize=fuzzer)
endfunction()
