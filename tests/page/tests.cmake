# report.html read by a parser: well-formed, safe, said in words too; and looked at in Chromium, where it can be had.
find_program(PYTHON3 NAMES python3 REQUIRED)
add_test(NAME page.report COMMAND ${PYTHON3} ${CMAKE_CURRENT_SOURCE_DIR}/page/test_page.py $<TARGET_FILE:dividend>
  ${PROJECT_SOURCE_DIR})
add_test(NAME page.browser COMMAND ${PYTHON3} ${CMAKE_CURRENT_SOURCE_DIR}/page/browser.py $<TARGET_FILE:dividend>
  ${PROJECT_SOURCE_DIR})
set_tests_properties(page.report page.browser PROPERTIES LABELS page TIMEOUT 1800)
set_tests_properties(page.browser PROPERTIES SKIP_RETURN_CODE 77 RESOURCE_LOCK browser)
