# heddle_dependencies.cmake - every library that heddle uses, found once; cmake/packages.txt names
# the Debian packages. Nothing is downloaded.

find_package(Threads REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(CLI11 2.1 REQUIRED)
# Some versions install their CMake files outside the folders that CMake searches by itself.
find_package(pegtl 3.2 REQUIRED PATHS /usr/share/pegtl/cmake /usr/share/taocpp/pegtl/cmake)

find_package(PkgConfig REQUIRED)
pkg_check_modules(libgvc REQUIRED IMPORTED_TARGET libgvc)  # headers; the library is loaded when it draws

if(HEDDLE_MACHINE)
    find_package(Boost 1.74 REQUIRED COMPONENTS context)
    pkg_check_modules(libdw REQUIRED IMPORTED_TARGET libdw)
    pkg_check_modules(libelf REQUIRED IMPORTED_TARGET libelf)
endif()

if(HEDDLE_TESTS)
    find_package(GTest 1.12 REQUIRED)
    find_package(benchmark 1.7 REQUIRED)
endif()
