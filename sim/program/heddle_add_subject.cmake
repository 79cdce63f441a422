# heddle_add_subject.cmake - does for a CMake target what `heddle cc` does on the command line.
#
# heddle_add_subject(NAME
#     SOURCES ...         C and C++ files
#     [COMPILER g++]      or clang++, or a path to either
#     [SLOT 0]            address slot; modules that are loaded together need different ones
#     [FLAGS ...]         for every source: -I -D -std ...; include directories must be absolute
#     [LINK_FLAGS ...]    -l -L ...
#     [OUTPUT file.so])   default: NAME.so in the current binary folder
#
# Makes a target NAME whose property SUBJECT_FILE is the file. Each source is compiled by itself and
# again only when it or what it includes has changed.
function(heddle_add_subject name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "COMPILER;SLOT;OUTPUT" "SOURCES;FLAGS;LINK_FLAGS")
    if(arg_UNPARSED_ARGUMENTS OR NOT arg_SOURCES)
        message(FATAL_ERROR "heddle_add_subject(${name}): wants SOURCES; unknown: "
            "${arg_UNPARSED_ARGUMENTS}")
    endif()
    if(NOT arg_COMPILER)
        set(arg_COMPILER g++)
    endif()
    if(NOT arg_SLOT)
        set(arg_SLOT 0)
    endif()
    if(NOT arg_OUTPUT)
        set(arg_OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${name}.so)
    endif()
    # Inside heddle's own build the tool is a target; elsewhere it is the installed one.
    if(TARGET heddle_cc)
        set(cc $<TARGET_FILE:heddle_cc>)
        set(runtime heddle_cc heddle_subject)
    else()
        find_program(HEDDLE_CC heddle_cc REQUIRED)
        set(cc ${HEDDLE_CC})
        set(runtime ${HEDDLE_CC})
    endif()
    set(compile ${cc})
    if(HEDDLE_CCACHE_COMPILERS)
        # A ccache that is told of a base directory shortens the names in dependency files to such that
        # ninja and the runner look for elsewhere: each build would compile all subjects again, and the
        # runner the whole model for each variant.
        set(compile ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=
            --modify PATH=path_list_prepend:${HEDDLE_CCACHE_COMPILERS} ${cc})
    endif()
    list(APPEND arg_FLAGS -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)

    set(objects)
    foreach(source ${arg_SOURCES})
        cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
        cmake_path(RELATIVE_PATH source BASE_DIRECTORY ${CMAKE_SOURCE_DIR} OUTPUT_VARIABLE short)
        string(REPLACE ".." "up" short ${short})
        set(object ${CMAKE_CURRENT_BINARY_DIR}/${name}.dir/${short}.o)
        cmake_path(GET object PARENT_PATH folder)
        add_custom_command(OUTPUT ${object}
            COMMAND ${CMAKE_COMMAND} -E make_directory ${folder}
            COMMAND ${compile} -c --compiler ${arg_COMPILER} ${arg_FLAGS}
                -MD -MF ${object}.d -MT ${object} -o ${object} ${source}
            DEPENDS ${source} ${runtime}
            DEPFILE ${object}.d
            # The same for every preset, so that what one compiled the others find in the cache.
            WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
            COMMENT "Compiling subject ${short} (${arg_COMPILER})"
            COMMAND_EXPAND_LISTS VERBATIM)
        list(APPEND objects ${object})
    endforeach()
    add_custom_command(OUTPUT ${arg_OUTPUT}
        COMMAND ${cc} --compiler ${arg_COMPILER} --slot ${arg_SLOT} -o ${arg_OUTPUT}
            ${objects} ${arg_LINK_FLAGS}
        DEPENDS ${objects} ${runtime}
        COMMENT "Linking subject ${name}"
        COMMAND_EXPAND_LISTS VERBATIM)
    add_custom_target(${name} DEPENDS ${arg_OUTPUT})
    set_target_properties(${name} PROPERTIES SUBJECT_FILE ${arg_OUTPUT})
endfunction()
