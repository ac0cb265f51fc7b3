# Every recipe of docs/cookbook.md, run as its reader would.
find_program(PYTHON3 NAMES python3 REQUIRED)
add_test(NAME cookbook.recipes COMMAND ${PYTHON3} ${CMAKE_CURRENT_SOURCE_DIR}/cookbook/check_cookbook.py
  $<TARGET_FILE:dividend> ${PROJECT_SOURCE_DIR})
set_tests_properties(cookbook.recipes PROPERTIES LABELS cookbook TIMEOUT 1800)
