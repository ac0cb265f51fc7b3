# Many machines: the array tasks of a Slurm of one node that the test starts and stops, with root; skipped with the reason
# where it cannot start.
add_test(NAME machines.slurm COMMAND ${PYTHON3} ${CMAKE_CURRENT_SOURCE_DIR}/machines/check_slurm.py $<TARGET_FILE:dividend>
  ${PROJECT_SOURCE_DIR})
set_tests_properties(machines.slurm PROPERTIES LABELS machines TIMEOUT 600 SKIP_RETURN_CODE 77 RUN_SERIAL ON)
# The same program with MPI (-DDIVIDEND_MPI=ON), where MPI can be had: built beside the other, for this test.
find_package(MPI QUIET COMPONENTS C)
if(MPI_C_FOUND AND NOT DIVIDEND_MPI)
  add_executable(dividend_mpi ${PROJECT_SOURCE_DIR}/src/main.c ${PROJECT_SOURCE_DIR}/src/batch/batch_machines.c)
  target_compile_definitions(dividend_mpi PRIVATE DIVIDEND_MPI)
  target_include_directories(dividend_mpi PRIVATE "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(dividend_mpi PRIVATE batch MPI::MPI_C dividend_compile_options)
  add_test(NAME machines.mpi COMMAND ${PYTHON3} ${CMAKE_CURRENT_SOURCE_DIR}/machines/check_mpi.py $<TARGET_FILE:dividend>
    $<TARGET_FILE:dividend_mpi> ${PROJECT_SOURCE_DIR})
else()
  add_test(NAME machines.mpi COMMAND ${CMAKE_COMMAND} -E echo "skipped: no MPI here (Debian's packages libopenmpi-dev and openmpi-bin)")
  set_tests_properties(machines.mpi PROPERTIES SKIP_REGULAR_EXPRESSION skipped)
endif()
set_tests_properties(machines.mpi PROPERTIES LABELS machines TIMEOUT 900 SKIP_RETURN_CODE 77)
