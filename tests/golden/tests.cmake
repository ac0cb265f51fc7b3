# report.html and workbook.xlsx as text, against results/; and the same bytes whatever the place, language and threads.
find_program(PYTHON3 NAMES python3 REQUIRED)
add_test(NAME golden.documents
  COMMAND ${PYTHON3} ${CMAKE_CURRENT_SOURCE_DIR}/golden/documents.py check $<TARGET_FILE:dividend> ${PROJECT_SOURCE_DIR})
add_test(NAME golden.same_bytes
  COMMAND ${PYTHON3} ${CMAKE_CURRENT_SOURCE_DIR}/golden/same_bytes.py $<TARGET_FILE:dividend> ${PROJECT_SOURCE_DIR})
# One SHA-256 over a dozen ways to make the same results; scripts/matrix runs over 100, with other compilers.
add_test(NAME golden.matrix
  COMMAND ${PYTHON3} ${CMAKE_CURRENT_SOURCE_DIR}/golden/matrix.py ${PROJECT_SOURCE_DIR} this=$<TARGET_FILE:dividend> --dozen)
add_test(NAME golden.programme_index
  COMMAND ${PYTHON3} ${CMAKE_CURRENT_SOURCE_DIR}/golden/programme_index.py check $<TARGET_FILE:dividend> ${PROJECT_SOURCE_DIR})
add_test(NAME golden.readme_figures
  COMMAND ${PYTHON3} ${CMAKE_CURRENT_SOURCE_DIR}/golden/readme_figures.py ${PROJECT_SOURCE_DIR})
set_tests_properties(golden.readme_figures PROPERTIES LABELS golden)
set_tests_properties(golden.documents golden.same_bytes golden.matrix golden.programme_index PROPERTIES LABELS golden TIMEOUT 900)
