# Writes a C file with the bytes of a text as a constant: cmake -DTEXT=file -DNAME=name -DOUT=file.c -P EmbedText.cmake
# The texts are plain ASCII, so that every byte is a char.
file(READ "${TEXT}" bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
file(WRITE "${OUT}" "#include \"report/html.h\"\n\nconst char ${NAME}[] = {\n${bytes}0x00};\n")
