# heddle_model_manifest.cmake - tells the runner how a model was built, so that it can make variants.
#
# heddle_model_manifest(NAME
#     SOURCES ...        as given to heddle_add_subject(NAME ...), in the same order
#     [FLAGS ...] [LINK_FLAGS ...] [COMPILER g++] [SLOT 0]    the same again
#     [ROOT dir]         the folder that holds model/; default: the top of the project
#     [CACHE dir]        where variants are kept; default: build/variants in the top of the project,
#                        shared by all presets, since how a subject is compiled depends on none
#     [INSTALL])         installs the module and the manifest
#
# Writes NAME's manifest beside its module, model.so -> model.manifest, each time that the module was
# linked: so it is newer than all objects, and its sums are those of what they were made from. The
# target is NAME_manifest and belongs to `all`.
if(CMAKE_SCRIPT_MODE_FILE)
    # -D HEAD=file -D ROOT=dir -D OUTPUT=file: adds the sums to what is known at configure time.
    file(READ ${HEAD} text)
    string(REGEX MATCHALL "\nobject [^\n]+" objects "${text}")
    foreach(line IN LISTS objects)
        string(REPLACE "\nobject " "" object "${line}")
        if(NOT EXISTS ${object} OR NOT EXISTS ${object}.d)
            message(FATAL_ERROR "${object} or its .d is missing: heddle_add_subject() names its "
                "objects otherwise than heddle_model_manifest() believes")
        endif()
    endforeach()
    # What `heddle cc` is made of. Not the built tool: that differs between presets.
    set(top ${CMAKE_CURRENT_LIST_DIR}/..)
    file(GLOB_RECURSE files RELATIVE ${top} ${top}/sim/program/cc*.h ${top}/sim/program/cc*.cc
        ${top}/sim/program/*.def ${top}/sim/program/runtime/*)
    set(sums "${RUNTIME_COMPILER}")
    foreach(file IN LISTS files ITEMS sim/annotate.h sim/annotate_packet.h
            sim/machine/layout.h)
        file(SHA1 ${top}/${file} sum)
        string(APPEND sums "\n${file} ${sum}")
    endforeach()
    string(SHA1 tool "${sums}")
    string(APPEND text "tool ${tool}\n")
    file(GLOB_RECURSE files RELATIVE ${ROOT} ${ROOT}/model/*.h ${ROOT}/model/*.cc
        ${ROOT}/model/*.c ${ROOT}/model/*.def)
    foreach(file IN LISTS files)
        file(SHA1 ${ROOT}/${file} sum)
        string(APPEND text "sum ${sum} ${file}\n")
    endforeach()
    file(WRITE ${OUTPUT} "${text}")
    return()
endif()

set(heddle_model_manifest_script ${CMAKE_CURRENT_LIST_FILE})

function(heddle_model_manifest name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "INSTALL" "COMPILER;SLOT;ROOT;CACHE"
        "SOURCES;FLAGS;LINK_FLAGS")
    if(arg_UNPARSED_ARGUMENTS OR NOT arg_SOURCES)
        message(FATAL_ERROR "heddle_model_manifest(${name}): wants SOURCES; unknown: "
            "${arg_UNPARSED_ARGUMENTS}")
    endif()
    foreach(default COMPILER=g++ SLOT=0 ROOT=${PROJECT_SOURCE_DIR}
            CACHE=${PROJECT_SOURCE_DIR}/build/variants)
        string(REGEX MATCH "^([A-Z]+)=(.*)$" matched ${default})
        if(NOT DEFINED arg_${CMAKE_MATCH_1})
            set(arg_${CMAKE_MATCH_1} ${CMAKE_MATCH_2})
        endif()
    endforeach()

    set(head "heddle model manifest 1\nroot ${arg_ROOT}\ncache ${arg_CACHE}\n")
    string(APPEND head "compiler ${arg_COMPILER}\nslot ${arg_SLOT}\n")
    foreach(kind FLAG LINK_FLAG)
        string(TOLOWER ${kind} word)
        foreach(flag IN LISTS arg_${kind}S)
            # A generator expression may leave nothing.
            string(APPEND head "$<$<BOOL:${flag}>:${word} ${flag}\n>")
        endforeach()
    endforeach()
    set(paths "")
    foreach(source IN LISTS arg_SOURCES)
        cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
        cmake_path(RELATIVE_PATH source BASE_DIRECTORY ${arg_ROOT} OUTPUT_VARIABLE in_model)
        cmake_path(RELATIVE_PATH source BASE_DIRECTORY ${CMAKE_SOURCE_DIR} OUTPUT_VARIABLE short)
        string(REPLACE ".." "up" short ${short})
        set(object ${CMAKE_CURRENT_BINARY_DIR}/${name}.dir/${short}.o)
        string(APPEND head "source ${in_model}\nobject ${object}\n")
        list(APPEND paths ${source})
    endforeach()

    get_target_property(module ${name} SUBJECT_FILE)
    cmake_path(REPLACE_EXTENSION module LAST_ONLY manifest OUTPUT_VARIABLE manifest)
    set(head_file ${CMAKE_CURRENT_BINARY_DIR}/${name}.manifest.head)
    file(GENERATE OUTPUT ${head_file} CONTENT "${head}")
    add_custom_command(OUTPUT ${manifest}
        COMMAND ${CMAKE_COMMAND} -D HEAD=${head_file} -D ROOT=${arg_ROOT} -D OUTPUT=${manifest}
            -D "RUNTIME_COMPILER=${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}"
            -P ${heddle_model_manifest_script}
        DEPENDS ${module} ${paths} ${head_file} ${heddle_model_manifest_script}
        COMMENT "Writing the manifest of ${name}"
        VERBATIM)
    add_custom_target(${name}_manifest ALL DEPENDS ${manifest})
    add_dependencies(${name}_manifest ${name})
    if(arg_INSTALL)
        install(FILES ${module} ${manifest} DESTINATION lib/heddle)
    endif()
endfunction()
