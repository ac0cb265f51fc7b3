# Disks that are full or broken at the n-th call, for every output of a run: a sample here, every call by scripts/soak. Not
# with sanitizers: their leak checker traces the program itself.
if(NOT DIVIDEND_SANITIZE AND CMAKE_SYSTEM_NAME STREQUAL "Linux" AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  add_executable(inject ${CMAKE_CURRENT_SOURCE_DIR}/faults/inject.c)
  target_link_libraries(inject PRIVATE dividend_compile_options)
  add_test(NAME faults.outputs
    COMMAND ${PYTHON3} ${CMAKE_CURRENT_SOURCE_DIR}/faults/check_faults.py $<TARGET_FILE:dividend> $<TARGET_FILE:inject>
      ${PROJECT_SOURCE_DIR})
  set_tests_properties(faults.outputs PROPERTIES LABELS faults TIMEOUT 900 SKIP_RETURN_CODE 77)
endif()
