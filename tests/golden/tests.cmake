# report.html and workbook.xlsx as text, against results/; and the same bytes whatever the place, language and threads.
find_program(PYTHON3 NAMES python3 REQUIRED)
add_test(NAME golden.documents
  COMMAND ${PYTHON3} ${CMAKE_CURRENT_SOURCE_DIR}/golden/documents.py check $<TARGET_FILE:dividend> ${PROJECT_SOURCE_DIR})
add_test(NAME golden.same_bytes
  COMMAND ${PYTHON3} ${CMAKE_CURRENT_SOURCE_DIR}/golden/same_bytes.py $<TARGET_FILE:dividend> ${PROJECT_SOURCE_DIR})
set_tests_properties(golden.documents golden.same_bytes PROPERTIES LABELS golden TIMEOUT 900)
