# heddle_ccache.cmake - compiles through ccache when it is installed and nobody chose another launcher.

find_program(HEDDLE_CCACHE ccache)
mark_as_advanced(HEDDLE_CCACHE)
if(HEDDLE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # Without these ccache refuses every file that uses a precompiled header.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
        ${HEDDLE_CCACHE})
    set(CMAKE_C_COMPILER_LAUNCHER ${HEDDLE_CCACHE})
endif()

# Subjects are compiled by `heddle cc`, which looks its compilers up by name: the folder where ccache
# answers to those names goes first in its PATH (heddle_add_subject.cmake).
if(HEDDLE_CCACHE)
    find_path(HEDDLE_CCACHE_COMPILERS NAMES g++ PATHS /usr/lib/ccache /usr/lib64/ccache
        NO_DEFAULT_PATH)
    mark_as_advanced(HEDDLE_CCACHE_COMPILERS)
endif()
