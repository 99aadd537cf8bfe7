# Protobuf for host and Cat alike: nanopb's three runtime files, built from .deps/src/nanopb so that
# sanitizers see them, and its generator from Debian's nanopb package.

find_program(NANOPB_GENERATOR NAMES nanopb_generator nanopb_generator.py REQUIRED)
set(NANOPB_DIR ${COMPOT_DEPS}/src/nanopb)
if(NOT EXISTS ${NANOPB_DIR}/pb_decode.c)
    message(FATAL_ERROR "nanopb's sources are not in ${NANOPB_DIR}: run tools/install.sh")
endif()

add_library(compot_nanopb_runtime STATIC
    ${NANOPB_DIR}/pb_common.c ${NANOPB_DIR}/pb_decode.c ${NANOPB_DIR}/pb_encode.c)
target_include_directories(compot_nanopb_runtime SYSTEM PUBLIC ${NANOPB_DIR})
# Both change struct layouts, so they hold for everybody who includes pb.h.
target_compile_definitions(compot_nanopb_runtime PUBLIC PB_BUFFER_ONLY PB_NO_ERRMSG)

# compot_nanopb(compot_core core/mesh client.proto): generates core/mesh/client.pb.h and .c at build
# time (client.options beside the .proto is read) and links them to the target. Included as
# "core/mesh/client.pb.h".
function(compot_nanopb target room)
    set(out ${CMAKE_BINARY_DIR}/generated/${room})
    set(sources)
    foreach(proto ${ARGN})
        cmake_path(GET proto STEM stem)
        set(inputs ${CMAKE_SOURCE_DIR}/${room}/${proto})
        if(EXISTS ${CMAKE_SOURCE_DIR}/${room}/${stem}.options)
            list(APPEND inputs ${CMAKE_SOURCE_DIR}/${room}/${stem}.options)
        endif()
        add_custom_command(
            OUTPUT ${out}/${stem}.pb.c ${out}/${stem}.pb.h
            COMMAND ${CMAKE_COMMAND} -E make_directory ${out}
            COMMAND ${NANOPB_GENERATOR} --quiet --no-timestamp --output-dir=${out} ${proto}
            WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}/${room}
            DEPENDS ${inputs} VERBATIM)
        list(APPEND sources ${out}/${stem}.pb.c ${out}/${stem}.pb.h)
    endforeach()
    # A library of its own: a custom command is known only in the folder that states it.
    string(REPLACE "/" "_" name ${room}_proto)
    add_library(${name} STATIC ${sources})
    target_include_directories(${name} SYSTEM PUBLIC ${CMAKE_BINARY_DIR}/generated)
    target_link_libraries(${name} PUBLIC compot_nanopb_runtime)
    target_link_libraries(${target} PUBLIC ${name})
endfunction()
