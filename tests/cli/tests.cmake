# Files for machines that run jobs, read back by Python's own parsers.
add_test(NAME cli.ci COMMAND python3 ${CMAKE_CURRENT_SOURCE_DIR}/cli/check_ci.py $<TARGET_FILE:dividend> ${PROJECT_SOURCE_DIR})
set_tests_properties(cli.ci PROPERTIES LABELS cli TIMEOUT 900)
# On a pseudo-terminal: plots and progress.
add_test(NAME cli.terminal
  COMMAND ${PYTHON3} ${CMAKE_CURRENT_SOURCE_DIR}/cli/terminal.py $<TARGET_FILE:dividend> ${PROJECT_SOURCE_DIR})
set_tests_properties(cli.terminal PROPERTIES LABELS cli TIMEOUT 900)
add_test(NAME cli.plausibility COMMAND python3 ${CMAKE_CURRENT_SOURCE_DIR}/cli/check_plausibility.py $<TARGET_FILE:dividend> ${PROJECT_SOURCE_DIR})
set_tests_properties(cli.plausibility PROPERTIES LABELS cli TIMEOUT 900)
add_test(NAME cli.engine COMMAND python3 ${CMAKE_CURRENT_SOURCE_DIR}/cli/check_engine.py $<TARGET_FILE:dividend> ${PROJECT_SOURCE_DIR}
  ${PROJECT_BINARY_DIR}/src/engine_sources.txt)
set_tests_properties(cli.engine PROPERTIES LABELS cli TIMEOUT 300)
# Versions of evidence, and the cookbook's story of two studies of one programme.
add_test(NAME cli.evidence COMMAND python3 ${CMAKE_CURRENT_SOURCE_DIR}/cli/check_evidence.py $<TARGET_FILE:dividend> ${PROJECT_SOURCE_DIR})
set_tests_properties(cli.evidence PROPERTIES LABELS cli TIMEOUT 900)
# Two runs compared, their causes against runs by hand, in git repositories of the test's own.
add_test(NAME cli.diff COMMAND python3 ${CMAKE_CURRENT_SOURCE_DIR}/cli/check_diff.py $<TARGET_FILE:dividend> ${PROJECT_SOURCE_DIR})
set_tests_properties(cli.diff PROPERTIES LABELS cli TIMEOUT 1800)
# Reruns of what changed; the cache is the test's own.
add_test(NAME cli.state COMMAND python3 ${CMAKE_CURRENT_SOURCE_DIR}/cli/check_state.py $<TARGET_FILE:dividend> ${PROJECT_SOURCE_DIR})
set_tests_properties(cli.state PROPERTIES LABELS cli TIMEOUT 1800)
add_test(NAME cli.workflow COMMAND python3 ${CMAKE_CURRENT_SOURCE_DIR}/cli/check_workflow.py $<TARGET_FILE:dividend> ${PROJECT_SOURCE_DIR})
set_tests_properties(cli.workflow PROPERTIES LABELS cli TIMEOUT 900)
add_test(NAME cli.history COMMAND python3 ${CMAKE_CURRENT_SOURCE_DIR}/cli/check_history.py $<TARGET_FILE:dividend> ${PROJECT_SOURCE_DIR})
set_tests_properties(cli.history PROPERTIES LABELS cli TIMEOUT 900)
# Killed, interrupted, damaged and in parts: the same bytes. scripts/soak kills 2,000 times (DIVIDEND_KILLS).
add_test(NAME cli.resume COMMAND python3 ${CMAKE_CURRENT_SOURCE_DIR}/cli/check_resume.py $<TARGET_FILE:dividend> ${PROJECT_SOURCE_DIR})
set_tests_properties(cli.resume PROPERTIES LABELS cli TIMEOUT 900)
# What a board reads: deals that can be paid, what to fund, what a return leaves out.
add_test(NAME cli.board_words COMMAND python3 ${CMAKE_CURRENT_SOURCE_DIR}/cli/check_board_words.py $<TARGET_FILE:dividend> ${PROJECT_SOURCE_DIR})
set_tests_properties(cli.board_words PROPERTIES LABELS cli TIMEOUT 900)
# What a district with files of its own is told before a run.
add_test(NAME cli.inputs COMMAND python3 ${CMAKE_CURRENT_SOURCE_DIR}/cli/check_inputs.py $<TARGET_FILE:dividend> ${PROJECT_SOURCE_DIR})
set_tests_properties(cli.inputs PROPERTIES LABELS cli TIMEOUT 300)
