# Warnings are errors; a cache for the compiler and a fast linker where the machine has them; sanitizers by name.
add_compile_options(-Wall -Wextra -Werror -Wno-sign-compare -fno-omit-frame-pointer)
add_link_options(-fuse-ld=lld)

set(TURNABOUT_SANITIZE "" CACHE STRING "address, thread or fuzzer; empty for none")
if(TURNABOUT_SANITIZE STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=address,undefined)
elseif(TURNABOUT_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread)
  add_link_options(-fsanitize=thread)
elseif(TURNABOUT_SANITIZE STREQUAL "fuzzer")
  add_compile_options(-fsanitize=fuzzer-no-link,address)
  add_link_options(-fsanitize=address)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

# turnabout_allocator(TARGET): jemalloc for a program in which one thread takes memory and another gives it back, as one
# that serves calls does. Sanitizers bring their own.
function(turnabout_allocator target)
  if(NOT TURNABOUT_SANITIZE)
    target_link_libraries(${target} PRIVATE ${JEMALLOC_LIBRARY})
  endif()
endfunction()
