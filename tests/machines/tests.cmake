# Many machines: the array tasks of a Slurm of one node that the test starts and stops, with root; skipped with the reason
# where it cannot start.
add_test(NAME machines.slurm COMMAND ${PYTHON3} ${CMAKE_CURRENT_SOURCE_DIR}/machines/check_slurm.py $<TARGET_FILE:dividend>
  ${PROJECT_SOURCE_DIR})
set_tests_properties(machines.slurm PROPERTIES LABELS machines TIMEOUT 600 SKIP_RETURN_CODE 77 RUN_SERIAL ON)
