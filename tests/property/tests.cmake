# Random cohorts and trees against an oracle in another language. scripts/soak runs many more.
find_program(PYTHON3 NAMES python3 REQUIRED)
add_test(NAME property.health_oracle
  COMMAND ${PYTHON3} ${CMAKE_CURRENT_SOURCE_DIR}/property/health_oracle.py $<TARGET_FILE:dividend> 1 40)
set_tests_properties(property.health_oracle PROPERTIES LABELS property TIMEOUT 900)
