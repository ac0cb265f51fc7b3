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
# A disk that fails at the n-th call, by a library that is loaded before the program's own; not with sanitizers, which
# must come first themselves.
if(NOT DIVIDEND_SANITIZE)
  add_library(fault_shim SHARED ${CMAKE_CURRENT_SOURCE_DIR}/workbook/fault_shim.c)
  target_link_libraries(fault_shim PRIVATE ${CMAKE_DL_LIBS})
  add_test(NAME workbook.faults
    COMMAND ${PYTHON3} ${CMAKE_CURRENT_SOURCE_DIR}/workbook/check_faults.py $<TARGET_FILE:dividend> $<TARGET_FILE:fault_shim>)
  set_tests_properties(workbook.faults PROPERTIES LABELS workbook TIMEOUT 900 WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
endif()
