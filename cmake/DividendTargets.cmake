# dividend_compile_options carries the house flags; every target links it PRIVATEly.
add_library(dividend_compile_options INTERFACE)
target_compile_features(dividend_compile_options INTERFACE c_std_11)
target_compile_definitions(dividend_compile_options INTERFACE _POSIX_C_SOURCE=200809L)
# -ffp-contract=off: fused multiply-add would change bits from processor to processor.
target_compile_options(dividend_compile_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wdouble-promotion -Wstrict-prototypes
  -Wmissing-prototypes -Wwrite-strings -Wformat=2 -Wundef -Wvla -Wswitch-enum
  -ffp-contract=off -fno-common $<$<BOOL:${DIVIDEND_WERROR}>:-Werror>)
if(DIVIDEND_SANITIZE)
  target_compile_options(dividend_compile_options INTERFACE
    -fsanitize=${DIVIDEND_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(dividend_compile_options INTERFACE -fsanitize=${DIVIDEND_SANITIZE})
endif()
if(DIVIDEND_FUZZ)
  target_compile_options(dividend_compile_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(DIVIDEND_COVERAGE)
  target_compile_options(dividend_compile_options INTERFACE --coverage -fprofile-update=atomic -O0)
  target_link_options(dividend_compile_options INTERFACE --coverage)
  target_compile_definitions(dividend_compile_options INTERFACE DIVIDEND_COVERAGE)
endif()

# The instruction sets that files named *_kernels.c are compiled for; the suffix is a macro, so that the
# same source gives three sets of functions and the program picks one when it starts. -fno-math-errno and
# -fno-trapping-math change no value: they let the compiler turn choices into blends.
set(DIVIDEND_ISA_baseline "")
set(DIVIDEND_ISA_avx2 "-mavx2")
set(DIVIDEND_ISA_avx512 "-mavx512f;-mavx512dq;-mavx512vl;-mprefer-vector-width=512")

# dividend_module(NAME [USES targets]): the static library of src/NAME. Each module links the one before
# it in src/CMakeLists.txt, so that an upward call fails to link.
set(DIVIDEND_LAST_MODULE "")
function(dividend_module name)
  cmake_parse_arguments(arg "" "" "USES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/${name}/*.c")
  set(kernels ${sources})
  list(FILTER kernels INCLUDE REGEX "_kernels\\.c$")
  list(FILTER sources EXCLUDE REGEX "_kernels\\.c$")
  set(objects "")
  if(kernels)
    foreach(isa baseline avx2 avx512)
      add_library(${name}_${isa} OBJECT ${kernels})
      target_include_directories(${name}_${isa} PRIVATE
        "${PROJECT_SOURCE_DIR}/src" "${RANDOM123_INCLUDE_DIR}")
      target_compile_definitions(${name}_${isa} PRIVATE KERNEL_ISA=${isa})
      target_compile_options(${name}_${isa} PRIVATE ${DIVIDEND_ISA_${isa}}
        -fno-math-errno -fno-trapping-math $<$<NOT:$<CONFIG:Debug>>:-O3>)
      target_link_libraries(${name}_${isa} PRIVATE dividend_compile_options)
      list(APPEND objects $<TARGET_OBJECTS:${name}_${isa}>)
    endforeach()
  endif()
  if(NOT sources)
    message(FATAL_ERROR "src/${name} has no sources")
  endif()
  add_library(${name} STATIC ${sources} ${objects})
  target_include_directories(${name} PUBLIC "${PROJECT_SOURCE_DIR}/src")
  target_include_directories(${name} SYSTEM PRIVATE "${RANDOM123_INCLUDE_DIR}")
  target_link_libraries(${name} PUBLIC ${DIVIDEND_LAST_MODULE} PRIVATE dividend_compile_options ${arg_USES})
  set(DIVIDEND_LAST_MODULE ${name} PARENT_SCOPE)
endfunction()

# dividend_embed(MODULE NAME FILE): the text of a file as the constant NAME of a module.
function(dividend_embed module name file)
  get_filename_component(text "${file}" ABSOLUTE)
  set(embedded "${CMAKE_CURRENT_BINARY_DIR}/${name}.c")
  add_custom_command(OUTPUT "${embedded}"
    COMMAND ${CMAKE_COMMAND} "-DTEXT=${text}" -DNAME=${name} "-DOUT=${embedded}"
      -P "${PROJECT_SOURCE_DIR}/cmake/EmbedText.cmake"
    DEPENDS "${text}" "${PROJECT_SOURCE_DIR}/cmake/EmbedText.cmake" VERBATIM)
  target_sources(${module} PRIVATE "${embedded}")
endfunction()

# dividend_engine(MODULE modules...): engine_identity() of base/engine.h as a source of MODULE, over all sources of
# the modules but what is words alone. The names are written to a file, which changes only when they do.
function(dividend_engine module)
  set(names "")
  foreach(part IN LISTS ARGN)
    file(GLOB sources CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/src/${part}/*.[ch]")
    list(APPEND names ${sources})
  endforeach()
  list(FILTER names EXCLUDE REGEX "^base/(diagnostic|effort|engine)")
  list(SORT names)
  list(TRANSFORM names PREPEND "${PROJECT_SOURCE_DIR}/src/" OUTPUT_VARIABLE files)
  list(JOIN names "\n" lines)
  set(list "${CMAKE_CURRENT_BINARY_DIR}/engine_sources.txt")
  set(source "${CMAKE_CURRENT_BINARY_DIR}/engine_identity.c")
  file(GENERATE OUTPUT "${list}" CONTENT "${lines}\n")
  add_custom_command(OUTPUT "${source}"
    COMMAND ${CMAKE_COMMAND} "-DSRC=${PROJECT_SOURCE_DIR}/src" "-DLIST=${list}" "-DOUT=${source}"
      -P "${PROJECT_SOURCE_DIR}/cmake/EngineIdentity.cmake"
    DEPENDS ${files} "${list}" "${PROJECT_SOURCE_DIR}/cmake/EngineIdentity.cmake" VERBATIM)
  target_sources(${module} PRIVATE "${source}")
endfunction()

# dividend_test(LABEL SOURCE MODULE): a cmocka program that links one module (and those before it).
function(dividend_test label source module)
  get_filename_component(name ${source} NAME_WE)
  add_executable(${name} ${source})
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/tests")
  target_include_directories(${name} SYSTEM PRIVATE "${RANDOM123_INCLUDE_DIR}")
  target_compile_definitions(${name} PRIVATE
    PROJECT_DIR="${PROJECT_SOURCE_DIR}" DIVIDEND_PROGRAM="$<TARGET_FILE:dividend>")
  # Paths in tests are short; with sanitizers gcc no longer sees it.
  target_compile_options(${name} PRIVATE -Wno-format-truncation)
  target_link_libraries(${name} PRIVATE ${module} PkgConfig::CMOCKA PkgConfig::JANSSON PkgConfig::LIBARCHIVE
    GSL::gsl m
    Threads::Threads dividend_compile_options)
  add_test(NAME ${label}.${name} COMMAND ${name})
  set_tests_properties(${label}.${name} PROPERTIES LABELS ${label} TIMEOUT 900
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
endfunction()
