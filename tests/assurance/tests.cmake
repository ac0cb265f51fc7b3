# Sign-off, assumptions, checks, CHEERS and gaps as a user meets them.
find_program(PYTHON3 NAMES python3 REQUIRED)
add_test(NAME assurance.holds COMMAND ${PYTHON3} ${CMAKE_CURRENT_SOURCE_DIR}/assurance/check_assurance.py
  $<TARGET_FILE:dividend> ${PROJECT_SOURCE_DIR})
set_tests_properties(assurance.holds PROPERTIES LABELS assurance TIMEOUT 600)
add_test(NAME assurance.sources COMMAND ${PYTHON3} ${CMAKE_CURRENT_SOURCE_DIR}/assurance/check_sources.py
  $<TARGET_FILE:dividend> ${PROJECT_SOURCE_DIR})
set_tests_properties(assurance.sources PROPERTIES LABELS assurance TIMEOUT 300)
