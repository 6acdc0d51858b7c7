# C++ from every .proto below proto/, into build/gen.
#
# turnabout_proto(): messages as the library turnabout_messages, services as turnabout_grpc. Services are compiled as
# one unit, which is twice as fast; messages cannot be.
set(TURNABOUT_GEN ${CMAKE_BINARY_DIR}/gen)
set(TURNABOUT_PROTO_ROOT ${PROJECT_SOURCE_DIR}/proto)

function(turnabout_proto)
  file(MAKE_DIRECTORY ${TURNABOUT_GEN})
  file(GLOB_RECURSE protos CONFIGURE_DEPENDS RELATIVE ${TURNABOUT_PROTO_ROOT} ${TURNABOUT_PROTO_ROOT}/*.proto)
  foreach(proto IN LISTS protos)
    string(REGEX REPLACE "[.]proto$" "" base ${proto})
    set(messages ${TURNABOUT_GEN}/${base}.pb.cc ${TURNABOUT_GEN}/${base}.pb.h)
    set(services)
    set(grpc_options)
    if(base MATCHES "_service$")
      set(services ${TURNABOUT_GEN}/${base}.grpc.pb.cc ${TURNABOUT_GEN}/${base}.grpc.pb.h)
      set(grpc_options --grpc_out=${TURNABOUT_GEN} --plugin=protoc-gen-grpc=${GRPC_CPP_PLUGIN})
      list(APPEND service_sources ${services})
    endif()
    # Ninja wants the output that protoc names first in the dependency file to come first here.
    add_custom_command(OUTPUT ${services} ${messages}
      COMMAND protobuf::protoc -I ${TURNABOUT_PROTO_ROOT} --dependency_out=${TURNABOUT_GEN}/${base}.d
              --cpp_out=${TURNABOUT_GEN} ${grpc_options} ${TURNABOUT_PROTO_ROOT}/${proto}
      DEPENDS ${TURNABOUT_PROTO_ROOT}/${proto} DEPFILE ${TURNABOUT_GEN}/${base}.d VERBATIM)
    list(APPEND message_sources ${messages})
  endforeach()
  add_library(turnabout_messages STATIC ${message_sources})
  target_include_directories(turnabout_messages SYSTEM PUBLIC ${TURNABOUT_GEN})
  target_link_libraries(turnabout_messages PUBLIC protobuf::libprotobuf)
  add_library(turnabout_grpc STATIC ${service_sources})
  set_target_properties(turnabout_grpc PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 0)
  target_link_libraries(turnabout_grpc PUBLIC turnabout_messages gRPC::grpc++)
endfunction()
