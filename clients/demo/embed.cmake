# Writes OUT, a C++ file that defines the files of FOLDER as the texts that demo_data.h declares.
set(code "#include \"clients/demo/demo_data.h\"\n\nnamespace turnabout::demo {\nnamespace {\n")
foreach(pair "members.csv=MembersCsv" "places.csv=PlacesCsv" "rules.json=RulesJson")
  string(REPLACE "=" ";" pair ${pair})
  list(GET pair 0 file)
  list(GET pair 1 name)
  file(READ ${FOLDER}/${file} text HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${text}")
  string(REPLACE "0x0a," "0x0a,\n" bytes "${bytes}")
  string(APPEND code "\nconstexpr unsigned char k${name}[] = {\n${bytes}};\n")
  string(APPEND functions "\nabsl::string_view ${name}() {\n"
         "  return {reinterpret_cast<const char*>(k${name}), sizeof(k${name})};\n}\n")
endforeach()
file(WRITE ${OUT} "${code}\n}  // namespace\n${functions}\n}  // namespace turnabout::demo\n")
