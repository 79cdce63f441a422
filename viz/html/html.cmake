# html.cmake - the HTML report as a part of heddle_viz; included by viz/CMakeLists.txt, since a file that is
# made belongs to the folder of its target. The page's files are built in.
set(html ${CMAKE_CURRENT_LIST_DIR})
set(html_scripts head.js data.js state.js pairs.js lines.js packet.js frame.js filters.js grid.js arrows.js panel.js
    keys.js main.js)
list(TRANSFORM html_scripts PREPEND ${html}/ OUTPUT_VARIABLE html_script_paths)
list(JOIN html_scripts " " html_script_names)
set(html_page ${CMAKE_CURRENT_BINARY_DIR}/page.cc)
add_custom_command(OUTPUT ${html_page}
    COMMAND ${CMAKE_COMMAND} -D OUTPUT=${html_page} -D FOLDER=${html} -D STYLE=page.css
        -D "SCRIPTS=${html_script_names}" -P ${html}/embed.cmake
    DEPENDS ${html}/page.html ${html}/page.css ${html_script_paths} ${html}/embed.cmake
    COMMENT "Building in the page of the HTML report"
    VERBATIM)
target_sources(heddle_viz
    PRIVATE html/changes.cc html/excerpts.cc html/report.cc html/run_data.cc html/tables.cc
        ${html_page}
    PUBLIC FILE_SET HEADERS FILES html/changes.h html/excerpts.h html/page.h html/report.h
        html/run_data.h html/tables.h)
