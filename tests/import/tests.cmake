# From Excel: templates and their round trips, mistakes at their cells; files that mean harm; LibreOffice.
find_program(PYTHON3 NAMES python3 REQUIRED)
foreach(name import files office)
  add_test(NAME import.${name}
    COMMAND ${PYTHON3} ${CMAKE_CURRENT_SOURCE_DIR}/import/check_${name}.py $<TARGET_FILE:dividend>)
  set_tests_properties(import.${name} PROPERTIES LABELS import TIMEOUT 1200 SKIP_RETURN_CODE 77
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
endforeach()
