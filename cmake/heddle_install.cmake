# heddle_install.cmake - what makes find_package(heddle) work from an installed tree.

include(CMakePackageConfigHelpers)
set(heddle_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/heddle)

get_property(heddle_exported GLOBAL PROPERTY heddle_exported)
if(heddle_exported)
    install(EXPORT heddle NAMESPACE heddle:: FILE heddleTargets.cmake
        DESTINATION ${heddle_package_dir})
    configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/heddleConfig.cmake.in
        ${PROJECT_BINARY_DIR}/heddleConfig.cmake INSTALL_DESTINATION ${heddle_package_dir})
    # Until 1.0 a new minor version may change anything.
    write_basic_package_version_file(${PROJECT_BINARY_DIR}/heddleConfigVersion.cmake
        COMPATIBILITY SameMinorVersion)
    install(FILES ${PROJECT_BINARY_DIR}/heddleConfig.cmake
        ${PROJECT_BINARY_DIR}/heddleConfigVersion.cmake DESTINATION ${heddle_package_dir})
endif()

if(TARGET heddle)
    install(TARGETS heddle RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
