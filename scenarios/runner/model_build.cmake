# model_build.cmake - heddle_model_build: modules of variants, made from the model and patches. A library
# of its own: it starts compilers and loads nothing, so its tests need no machine.
include_guard(GLOBAL)
set(sources model_build.cc model_cache.cc model_compile.cc model_includes.cc model_manifest.cc
    model_objects.cc model_patch.cc model_sources.cc model_tree.cc object_cache.cc sha1.cc)
list(TRANSFORM sources PREPEND ${CMAKE_CURRENT_LIST_DIR}/)
set(headers ${sources})
list(TRANSFORM headers REPLACE "cc$" "h")
heddle_library(heddle_model_build
    SOURCES ${sources}
    HEADERS ${headers}
    LIBS Threads::Threads
    PRIVATE_LIBS heddle_scenario heddle_program fmt::fmt)
