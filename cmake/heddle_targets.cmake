# heddle_targets.cmake - how this project declares a library, a test, a benchmark, a fuzz target.

# Warnings for all our own code; whether they are errors is the preset's choice.
add_library(heddle_flags INTERFACE)
target_compile_options(heddle_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # All of them cry wolf over `std::string + "..."` at -O2 (GCC bugs 105329, 105651).
    foreach(warning array-bounds restrict stringop-overflow stringop-overread)
        target_compile_options(heddle_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-${warning}>)
    endforeach()
endif()

# heddle_library(heddle_NAME
#     [SOURCES ...]       none: a library of headers only
#     [HEADERS ...]       public headers, each of which must compile alone
#     [LIBS ...]          what the public headers need
#     [PRIVATE_LIBS ...]  what only the sources need, and a program must be linked with
#     [BUILD_LIBS ...])   what only the sources need, and leaves no trace (header-only packages)
#
# A static library, also known as heddle::NAME, installed and exported with its headers. Headers are
# included by their path from the top of the tree: #include "sim/trace/trace.h".
function(heddle_library name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;HEADERS;LIBS;PRIVATE_LIBS;BUILD_LIBS")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "heddle_library(${name}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
    endif()
    string(REGEX REPLACE "^heddle_" "" short_name ${name})

    if(arg_SOURCES)
        add_library(${name} STATIC ${arg_SOURCES})
        target_link_libraries(${name} PUBLIC ${arg_LIBS} PRIVATE ${arg_PRIVATE_LIBS})
        # Not ours to hand on to those who link an installed heddle.
        foreach(lib heddle_flags ${arg_BUILD_LIBS})
            target_link_libraries(${name} PRIVATE $<BUILD_INTERFACE:${lib}>)
        endforeach()
        target_compile_features(${name} PUBLIC cxx_std_20)
        set(scope PUBLIC)
    else()
        add_library(${name} INTERFACE)
        target_link_libraries(${name} INTERFACE ${arg_LIBS} ${arg_PRIVATE_LIBS})
        target_compile_features(${name} INTERFACE cxx_std_20)
        set(scope INTERFACE)
    endif()
    add_library(heddle::${short_name} ALIAS ${name})
    set_target_properties(${name} PROPERTIES EXPORT_NAME ${short_name})

    target_sources(${name} ${scope} FILE_SET HEADERS
        BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${arg_HEADERS})
    target_include_directories(${name} ${scope} $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
    if(CMAKE_VERIFY_INTERFACE_HEADER_SETS AND arg_HEADERS)
        heddle_verify_headers()
    endif()

    install(TARGETS ${name} EXPORT heddle
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/heddle)
    set_property(GLOBAL APPEND PROPERTY heddle_exported ${name})
endfunction()

# CMake's header check is a target that nothing builds by default. Here it belongs to `all`.
function(heddle_verify_headers)
    if(NOT TARGET heddle_headers)
        add_custom_target(heddle_headers ALL)
        add_dependencies(heddle_headers all_verify_interface_header_sets)
    endif()
endfunction()

# heddle_test(NAME SOURCES ... [LIBS ...] [LABELS ...] [DEFINITIONS ...] [OWN_MAIN] [NO_PCH])
#
# A GoogleTest binary whose tests are found when ctest runs. Labels that mean something to ./dev test:
#   both  the machine's tests, run under g++ and clang
#   full  too long for the budget of CI; run by ./dev test --full only
# OWN_MAIN: the sources have a main. NO_PCH: for tests compiled with flags of their own.
function(heddle_test name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "OWN_MAIN;NO_PCH" "" "SOURCES;LIBS;LABELS;DEFINITIONS")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "heddle_test(${name}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
    endif()
    add_executable(${name} ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE heddle_flags ${arg_LIBS})
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
    target_compile_definitions(${name} PRIVATE ${arg_DEFINITIONS})
    if(arg_OWN_MAIN)
        target_link_libraries(${name} PRIVATE GTest::gtest)
    else()
        target_link_libraries(${name} PRIVATE GTest::gtest GTest::gtest_main)
    endif()
    if(NOT arg_NO_PCH)
        target_precompile_headers(${name} REUSE_FROM heddle_gtest_pch)
    endif()

    gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60)
    if(arg_LABELS)
        # PROPERTIES of gtest_discover_tests loses all labels but the first; this file is read after
        # the list of tests.
        set(labels ${CMAKE_CURRENT_BINARY_DIR}/${name}_labels.cmake)
        file(CONFIGURE OUTPUT ${labels} @ONLY
            CONTENT "set_tests_properties(\${@name@_TESTS} PROPERTIES LABELS \"@arg_LABELS@\")\n")
        set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${labels})
    endif()
endfunction()

# heddle_bench(NAME SOURCES ... [LIBS ...]): a Google Benchmark binary that ./dev bench builds and runs.
function(heddle_bench name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBS")
    add_executable(${name} ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE heddle_flags ${arg_LIBS} benchmark::benchmark_main)
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bench)
    add_dependencies(heddle_benches ${name})
endfunction()

# heddle_fuzz(NAME SOURCES ... [LIBS ...]): a libFuzzer binary, made by the preset `fuzz` only.
function(heddle_fuzz name)
    if(NOT HEDDLE_FUZZ)
        return()
    endif()
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBS")
    add_executable(${name} ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE heddle_flags ${arg_LIBS})
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
endfunction()

include(GNUInstallDirs)
if(HEDDLE_TESTS)
    include(GoogleTest)
    add_custom_target(heddle_benches)

    # GoogleTest's header costs more to parse than most of our tests: parsed once for all of them.
    set(source ${PROJECT_BINARY_DIR}/heddle_gtest_pch.cc)
    file(CONFIGURE OUTPUT ${source} CONTENT "// Carries the precompiled header.\n")
    add_library(heddle_gtest_pch OBJECT EXCLUDE_FROM_ALL ${source})
    target_link_libraries(heddle_gtest_pch PRIVATE heddle_flags GTest::gtest)
    target_precompile_headers(heddle_gtest_pch PRIVATE
        <gtest/gtest.h> <map> <string> <string_view> <vector>)
endif()
