# Writes a C file with the identity of the engine: the SHA-256 over names (below src/) and SHA-256 of the sources
# whose numbers a result is made of, in the order of their names, so that neither the directory nor the compiler
# nor its flags count: cmake -DSRC=src -DLIST=names.txt -DOUT=engine.c -P EngineIdentity.cmake
file(STRINGS "${LIST}" names)
set(lines "engine 1\n")
foreach(name IN LISTS names)
  file(SHA256 "${SRC}/${name}" digest)
  string(APPEND lines "${name} ${digest}\n")
endforeach()
string(SHA256 identity "${lines}")
file(WRITE "${OUT}" "#include \"base/engine.h\"\n\nconst char *engine_identity(void)\n{\n    return \"${identity}\";\n}\n")
