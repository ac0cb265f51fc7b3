# The workbook, read by another program: form, numbers against the .csv files, formulas, hostile words, full disks.
find_program(PYTHON3 NAMES python3 REQUIRED)
add_test(NAME workbook.holds
  COMMAND ${PYTHON3} ${CMAKE_CURRENT_SOURCE_DIR}/workbook/check_workbook.py $<TARGET_FILE:dividend>
    scenarios/cookbook/portfolio.cfg)
set_tests_properties(workbook.holds PROPERTIES LABELS workbook TIMEOUT 900
  WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
# A spreadsheet program recalculates every formula; skipped where there is none.
add_test(NAME workbook.recalculates
  COMMAND ${PYTHON3} ${CMAKE_CURRENT_SOURCE_DIR}/workbook/recalculate.py $<TARGET_FILE:dividend>
    scenarios scenarios/cookbook/portfolio.cfg)
set_tests_properties(workbook.recalculates PROPERTIES LABELS workbook TIMEOUT 900 SKIP_RETURN_CODE 77
  WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
