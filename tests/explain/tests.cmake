# What dividend explain prints, in every format, read back and added up.
find_program(PYTHON3 NAMES python3 REQUIRED)
add_test(NAME explain.formats COMMAND ${PYTHON3} ${CMAKE_CURRENT_SOURCE_DIR}/explain/test_formats.py
  $<TARGET_FILE:dividend> ${PROJECT_SOURCE_DIR})
set_tests_properties(explain.formats PROPERTIES LABELS explain TIMEOUT 600)
