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
