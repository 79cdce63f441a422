# The programs of test/programs/weak, one subject a line of weakened.txt, named as its line: the tests read the
# same file.
set(weakened ${PROJECT_SOURCE_DIR}/test/programs/weak/weakened.txt)
set(weak_subjects ${CMAKE_CURRENT_BINARY_DIR}/subjects)
set(all_weak_subjects "")
file(MAKE_DIRECTORY ${weak_subjects})
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${weakened})
file(STRINGS ${weakened} rows REGEX "^[a-z]")
foreach(row ${rows})
    string(REGEX REPLACE "#.*" "" row "${row}")
    separate_arguments(row UNIX_COMMAND "${row}")
    list(POP_FRONT row sc tso c11 source)
    cmake_path(GET source STEM name)
    list(JOIN row "_" macros)
    string(REPLACE "=" "_" name "${name}_${macros}")
    list(TRANSFORM row PREPEND "-D")
    heddle_add_subject(weak_${name}
        SOURCES ${PROJECT_SOURCE_DIR}/test/programs/weak/${source}
        COMPILER g++
        FLAGS -I${PROJECT_SOURCE_DIR} -O1 -Wall -Wextra
            $<$<BOOL:${CMAKE_COMPILE_WARNING_AS_ERROR}>:-Werror> ${row}
        OUTPUT ${weak_subjects}/${name}.g++.so)
    list(APPEND all_weak_subjects weak_${name})
endforeach()

# Those of prog.c that peers.txt counts.
set(peers ${CMAKE_CURRENT_SOURCE_DIR}/peers.txt)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${peers})
file(STRINGS ${peers} rows REGEX "^[a-z]")
foreach(row ${rows})
    separate_arguments(row UNIX_COMMAND "${row}")
    list(POP_FRONT row program t n sc tso c11 given_up)
    set(name ${program}_${t}_${n})
    set(orders "")
    if(row)
        set(name ${name}_${row})
        set(orders -DHEDDLE_${row})
    endif()
    heddle_add_subject(weak_${name}
        SOURCES ${PROJECT_SOURCE_DIR}/test/programs/prog.c
        COMPILER g++
        FLAGS -DP_${program} -DT=${t} -DN=${n} ${orders}
        OUTPUT ${weak_subjects}/${name}.g++.so)
    list(APPEND all_weak_subjects weak_${name})
endforeach()
add_custom_target(heddle_weak_subjects DEPENDS ${all_weak_subjects})

heddle_test(heddle_weak_program_test
    SOURCES missing_orders_test.cc peers_test.cc weak_program_test.cc weakened_rows.cc ../sim/child.cc
        ../sim/explored.cc
    LIBS fmt::fmt
    DEFINITIONS HEDDLE_SUBJECT_DIR="${weak_subjects}"
        HEDDLE_PEERS="${peers}"
        HEDDLE_WEAK_PROGRAMS="${PROJECT_SOURCE_DIR}/test/programs/weak")
heddle_machine(heddle_weak_program_test)
add_dependencies(heddle_weak_program_test heddle_weak_subjects)
