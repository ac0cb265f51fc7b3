# report.html read by a parser: well-formed, safe, said in words too. scripts/page looks at it in a browser.
find_program(PYTHON3 NAMES python3 REQUIRED)
add_test(NAME page.report COMMAND ${PYTHON3} ${CMAKE_CURRENT_SOURCE_DIR}/page/test_page.py $<TARGET_FILE:dividend>
  ${PROJECT_SOURCE_DIR})
set_tests_properties(page.report PROPERTIES LABELS page TIMEOUT 300)
