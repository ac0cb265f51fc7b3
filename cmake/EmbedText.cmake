# Writes a C file with the bytes of a text as a constant: cmake -DTEXT=file -DNAME=name -DOUT=file.c -P EmbedText.cmake
# As an array of characters, because compilers need not take a string literal of 200 kB.
file(READ "${TEXT}" bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${bytes}")
string(REGEX REPLACE "('.x0a',)" "\\1\n" bytes "${bytes}")
file(WRITE "${OUT}" "#include \"report/html.h\"\n\nconst char ${NAME}[] = {\n${bytes}0};\n")
